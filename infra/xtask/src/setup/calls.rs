//! Every program a deployment is made with, as it is called.

use super::Setting;
use super::shell::Call;

/// What a look before the first change runs.
pub(super) fn checks() -> Vec<Call> {
    let lines = ["aws --version", "sam --version", "openssl version"];
    let mut calls: Vec<Call> = lines.iter().map(|line| Call::new(line, &[])).collect();
    calls.push(Call::new("aws sts get-caller-identity --query Account --output text", &[]));
    calls.push(Call::new(
        "aws lambda get-account-settings --output text \
         --query AccountLimit.ConcurrentExecutions",
        &[],
    ));
    calls
}

/// Builds all functions; run from `infra`, like everything here.
pub(super) fn build() -> Call {
    Call::new("cargo xtask build", &[])
}

/// Deploys a stack, with one parameter other than the configuration has it.
pub(super) fn deploy(setting: &Setting, stack: &str, more: Option<(&str, &str)>) -> Call {
    let mut call = Call::new(
        &format!("sam deploy --config-file samconfig.toml --config-env {}.{stack}", setting.env),
        &[],
    );
    let asks = if setting.yes { "--no-confirm-changeset" } else { "--confirm-changeset" };
    call.0.push(asks.to_owned());
    if let Some((name, value)) = more {
        // What is named here takes the place of all that the configuration names.
        call.0.push("--parameter-overrides".to_owned());
        let others = overrides(setting, stack).into_iter();
        call.0.extend(others.filter(|other| !other.starts_with(&format!("{name}="))));
        call.0.push(format!("{name}={value}"));
    }
    call
}

/// The parameters that the configuration gives a stack.
pub(super) fn overrides(setting: &Setting, stack: &str) -> Vec<String> {
    let head = format!("[\"{}.{stack}\".deploy.parameters]", setting.env);
    let lines = setting.config.lines().skip_while(|line| **line != head).skip(1);
    let own = lines.take_while(|line| !line.starts_with("[\""));
    let list = own.skip_while(|line| !line.starts_with("parameter_overrides")).skip(1);
    let entries = list.take_while(|line| *line != "]");
    entries.map(|line| line.trim().trim_end_matches(',').trim_matches('"').to_owned()).collect()
}

/// A value in the parameter store.
pub(super) fn place(setting: &Setting, name: &str) -> Call {
    let name = format!("/interlock/{}/{name}", setting.env);
    let line = "aws ssm get-parameter --query Parameter.Value --output text --name";
    Call::new(line, &[&name])
}

/// An output of a stack.
pub(super) fn output(setting: &Setting, stack: &str, name: &str, region: Option<&str>) -> Call {
    let stack = format!("interlock-{}-{stack}", setting.env);
    let query = format!("Stacks[0].Outputs[?OutputKey=='{name}'].OutputValue | [0]");
    let mut call = Call::new(
        "aws cloudformation describe-stacks --output text --stack-name",
        &[&stack, "--query", &query],
    );
    if let Some(region) = region {
        call.0.extend(["--region".to_owned(), region.to_owned()]);
    }
    call
}

/// The present value of a secret.
pub(super) fn secret(arn: &str) -> Call {
    let line = "aws secretsmanager get-secret-value --query SecretString --output text";
    Call::new(line, &["--secret-id", arn])
}

/// Replaces a secret by what is fed to it.
pub(super) fn put_secret(arn: &str) -> Call {
    let line = "aws secretsmanager put-secret-value --secret-string file:///dev/stdin";
    Call::new(line, &["--secret-id", arn])
}

/// New keys of Cal.com, printed.
pub(super) fn new_keys() -> Call {
    Call::new("sh calcom-keys.sh", &[])
}

/// A new secret for webhooks, printed.
pub(super) fn new_hook() -> Call {
    Call::new("openssl rand -hex 32", &[])
}

/// What the step of keys runs.
pub(super) fn keys(setting: &Setting) -> Vec<Call> {
    vec![place(setting, "CalcomKeysArn"), new_keys(), put_secret("<ARN>")]
}

/// What the step of the webhook secret runs.
pub(super) fn hook(setting: &Setting) -> Vec<Call> {
    vec![place(setting, "WebhookSecretArn"), new_hook(), put_secret("<ARN>")]
}

/// Looks for an image of a commit.
pub(super) fn image(setting: &Setting, kind: &str, commit: &str) -> Call {
    let repository = format!("interlock-{}-calcom-{kind}", setting.env);
    let tag = format!("imageTag={commit}");
    Call::new("aws ecr describe-images --repository-name", &[&repository, "--image-ids", &tag])
}

/// Starts the build of both images.
pub(super) fn start_build(setting: &Setting) -> Call {
    let project = format!("interlock-{}-calcom-images", setting.env);
    let line = "aws codebuild start-build --query build.id --output text --project-name";
    Call::new(line, &[&project])
}

/// How far a build is.
pub(super) fn build_status(id: &str) -> Call {
    let line = "aws codebuild batch-get-builds --output text --query builds[0].buildStatus --ids";
    Call::new(line, &[id])
}

/// What the step of images runs.
pub(super) fn images(setting: &Setting) -> Vec<Call> {
    let commit = "<commit>";
    vec![
        image(setting, "web", commit),
        image(setting, "api", commit),
        start_build(setting),
        build_status("<build>"),
    ]
}

/// The value of `Started` the network stack has, or nothing where there is no such stack.
pub(super) fn is_started(setting: &Setting) -> Call {
    let stack = format!("interlock-{}-network-calcom", setting.env);
    let query = "Stacks[0].Parameters[?ParameterKey=='Started'].ParameterValue | [0]";
    Call::new(
        "aws cloudformation describe-stacks --output text --stack-name",
        &[&stack, "--query", query],
    )
}

/// Runs a task once.
pub(super) fn run_task([cluster, task, subnets, group]: [&str; 4]) -> Call {
    let network = format!(
        "awsvpcConfiguration={{subnets=[{subnets}],securityGroups=[{group}],\
         assignPublicIp=DISABLED}}"
    );
    let line = "aws ecs run-task --launch-type FARGATE --query tasks[0].taskArn --output text";
    let more = ["--cluster", cluster, "--task-definition", task, "--network-configuration"];
    let mut call = Call::new(line, &more);
    call.0.push(network);
    call
}

/// State and exit code of a task.
pub(super) fn task_status(cluster: &str, task: &str) -> Call {
    let line = "aws ecs describe-tasks --output text \
                --query tasks[0].[lastStatus,containers[0].exitCode]";
    Call::new(line, &["--cluster", cluster, "--tasks", task])
}

/// What a step with tasks that run once runs.
pub(super) fn once(setting: &Setting, tasks: &[&str]) -> Vec<Call> {
    let mut calls = vec![place(setting, "ClusterName"), place(setting, "SubnetIds")];
    calls.push(place(setting, "MigrateSecurityGroupId"));
    for task in tasks {
        calls.push(place(setting, task));
        calls.push(run_task(["<cluster>", "<task>", "<subnets>", "<group>"]));
        calls.push(task_status("<cluster>", "<task>"));
    }
    calls
}

/// Makes the first admin, whose link is printed for whoever runs this.
pub(super) fn first_admin(setting: &Setting, email: &str) -> Call {
    let function = format!("interlock-{}-api-first-admin", setting.env);
    let payload = serde_json::json!({ "email": email, "name": "Admin", "timeZone": "UTC" });
    Call::new(
        "aws lambda invoke --cli-binary-format raw-in-base64-out --function-name",
        &[&function, "--payload", &payload.to_string(), "/dev/stdout"],
    )
}

/// What the last step looks at.
pub(super) fn hand(setting: &Setting) -> Vec<Call> {
    vec![place(setting, "CalcomSecretArn"), secret("<ARN>")]
}

/// Asks the API how it is, through the distribution.
pub(super) fn smoke(origin: &str) -> Call {
    let url = format!("{origin}/api/health");
    Call::new("curl --fail --silent --show-error --retry 5 --retry-all-errors", &[&url])
}
