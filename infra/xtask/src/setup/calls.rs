//! Programs that more than one step runs, as they are called.

use super::Setting;
use super::shell::Call;

/// Builds all functions; run from `infra`, like everything here.
pub(super) fn build() -> Call {
    Call::new("cargo xtask build", &[])
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
    let arn = "<ARN>";
    vec![place(setting, "CalcomKeysArn"), secret(arn), new_keys(), put_secret(arn)]
}

/// What the step of the webhook secret runs.
pub(super) fn hook(setting: &Setting) -> Vec<Call> {
    let arn = "<ARN>";
    vec![place(setting, "WebhookSecretArn"), secret(arn), new_hook(), put_secret(arn)]
}

/// Looks whether the account has the role that ECS takes.
pub(super) fn ecs_role() -> Call {
    let line = "aws iam get-role --query Role.Arn --output text --role-name AWSServiceRoleForECS";
    Call::new(line, &[])
}

/// Makes it.
pub(super) fn new_ecs_role() -> Call {
    let line = "aws iam create-service-linked-role --query Role.Arn --output text \
                --aws-service-name ecs.amazonaws.com";
    Call::new(line, &[])
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

/// What the step of what is done by hand looks at.
pub(super) fn hand(setting: &Setting) -> Vec<Call> {
    vec![place(setting, "CalcomSecretArn"), secret("<ARN>")]
}
