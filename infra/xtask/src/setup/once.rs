//! Tasks that run once in the network, each to its end.

use serde_json::Value;

use super::acts::{Done, done, left};
use super::calls::place;
use super::shell::{Call, Shell};
use super::stacks::name;
use super::{LOOKS, PAUSE, Setting};

/// States of a database that answers nobody because the profile `small` sleeps.
const ASLEEP: [&str; 3] = ["stopped", "stopping", "starting"];
/// What the task that looks after mails says where they are on.
const MAILS_ON: &str = "mails are on";

/// How a task ended that did not do its work.
struct Broken {
    definition: String,
    id: String,
    code: String,
    why: String,
}

impl Broken {
    fn told(&self) -> String {
        let Self { id, code, why, .. } = self;
        format!("the task {id} failed (exit code {code}, {why}): see its log, under `once`")
    }
}

/// Runs tasks one after the other, up to the first that fails.
fn once(
    setting: &Setting,
    shell: &mut dyn Shell,
    tasks: &[&str],
) -> Result<Option<Broken>, String> {
    let mut place = |name: &str| shell.read(&place(setting, name));
    let cluster = place("ClusterName")?;
    let subnets = place("SubnetIds")?;
    let group = place("MigrateSecurityGroupId")?;
    for task in tasks {
        let definition = shell.read(&super::calls::place(setting, task))?;
        let answer = shell.read(&run_task([&cluster, &definition, &subnets, &group]))?;
        let id = started(task, &answer)?;
        if let Some((code, why)) = ended(shell, &cluster, &id)? {
            return Ok(Some(Broken { definition, id, code, why }));
        }
    }
    Ok(None)
}

/// The id of a task; a call that started none ends well, and tells why in its answer.
fn started(task: &str, answer: &str) -> Result<String, String> {
    let told: Value = serde_json::from_str(answer)
        .map_err(|error| format!("the answer to {task}: {error}: {answer}"))?;
    let failures = told.get("failures").cloned().unwrap_or_default();
    let id = told.get("id").and_then(Value::as_str).map(ToOwned::to_owned);
    id.ok_or_else(|| format!("{task} was not started, failures: {failures}"))
}

/// Exit code and reason, unless the task did its work.
fn ended(
    shell: &mut dyn Shell,
    cluster: &str,
    id: &str,
) -> Result<Option<(String, String)>, String> {
    for _ in 0..LOOKS {
        let status = shell.read(&task_status(cluster, id))?;
        let mut words = status.split_whitespace();
        match (words.next(), words.next()) {
            (Some("STOPPED"), Some("0")) => return Ok(None),
            (Some("STOPPED"), code) => {
                let why = words.collect::<Vec<_>>().join(" ");
                return Ok(Some((code.unwrap_or("None").to_owned(), why)));
            }
            (_, _) => shell.wait(PAUSE),
        }
    }
    Err(format!("the task {id} takes too long"))
}

/// Makes user and tables of the database.
pub(super) fn tables(setting: &Setting, shell: &mut dyn Shell) -> Result<(), String> {
    let broken = once(setting, shell, &["DatabaseTaskArn", "MigrateTaskArn"])?;
    broken.map_or(Ok(()), |broken| Err(broken.told()))
}

/// What is to be done first where Cal.com sleeps.
pub(super) fn asleep(setting: &Setting, shell: &mut dyn Shell) -> Result<Option<String>, String> {
    let database = shell.read(&place(setting, "DatabaseName"))?;
    let status = shell.read(&database_status(&database))?;
    let is_asleep = ASLEEP.contains(&status.as_str());
    Ok(is_asleep.then(|| {
        format!(
            "Cal.com sleeps, its database is `{status}`: wake it first: `aws stepfunctions \
             start-execution --state-machine-arn <output WakeArn of {}>`, a quarter of an hour \
             (docs/DEPLOY.md, \"The switches\")",
            name(setting, "network-calcom")
        )
    }))
}

/// A task asks the database, and fails where Cal.com would send mails of its own. Only its own
/// word for that is taken for it: a task that found no database knows nothing of mails.
pub(super) fn mails(setting: &Setting, shell: &mut dyn Shell) -> Done {
    if let Some(asleep) = asleep(setting, shell)? {
        return left(format!("{asleep}, so that a task can look whether its mails are off"));
    }
    let Some(broken) = once(setting, shell, &["MailsTaskArn"])? else {
        return done("Cal.com sends none");
    };
    let group = shell.read(&log_group(&broken.definition))?;
    // A task that never started has no log.
    if shell.read(&log(&group, &broken.id)).is_ok_and(|log| log.contains(MAILS_ON)) {
        return left("switch Cal.com's mails off (docs/DEPLOY.md, step 13, number 1)");
    }
    Err(broken.told())
}

fn run_task([cluster, task, subnets, group]: [&str; 4]) -> Call {
    let network = format!(
        "awsvpcConfiguration={{subnets=[{subnets}],securityGroups=[{group}],\
         assignPublicIp=DISABLED}}"
    );
    let line = "aws ecs run-task --launch-type FARGATE --output json --query";
    let query = "{id:tasks[0].taskArn,failures:failures}";
    let more = ["--cluster", cluster, "--task-definition", task, "--network-configuration"];
    let mut call = Call::new(line, &[query]);
    call.0.extend(more.map(ToOwned::to_owned));
    call.0.push(network);
    call
}

fn task_status(cluster: &str, task: &str) -> Call {
    let line = "aws ecs describe-tasks --output text \
                --query tasks[0].[lastStatus,containers[0].exitCode,stoppedReason]";
    Call::new(line, &["--cluster", cluster, "--tasks", task])
}

fn database_status(database: &str) -> Call {
    let line = "aws rds describe-db-instances --output text \
                --query DBInstances[0].DBInstanceStatus --db-instance-identifier";
    Call::new(line, &[database])
}

fn log_group(definition: &str) -> Call {
    let line = "aws ecs describe-task-definition --output text --query";
    let query = "taskDefinition.containerDefinitions[0].logConfiguration.options.\"awslogs-group\"";
    Call::new(line, &[query, "--task-definition", definition])
}

fn log(group: &str, id: &str) -> Call {
    let stream = format!("once/once/{}", id.rsplit('/').next().unwrap_or(id));
    let line = "aws logs get-log-events --output text --query events[].message";
    Call::new(line, &["--log-group-name", group, "--log-stream-name", &stream])
}

/// What a look whether Cal.com sleeps runs.
pub(super) fn sleep_calls(setting: &Setting) -> [Call; 2] {
    [place(setting, "DatabaseName"), database_status("<database>")]
}

/// What a step with tasks that run once runs.
pub(super) fn once_calls(setting: &Setting, tasks: &[&str]) -> Vec<Call> {
    let names = ["ClusterName", "SubnetIds", "MigrateSecurityGroupId"];
    let mut calls: Vec<Call> = names.iter().map(|name| place(setting, name)).collect();
    for task in tasks {
        calls.push(place(setting, task));
        calls.push(run_task(["<cluster>", "<task>", "<subnets>", "<group>"]));
        calls.push(task_status("<cluster>", "<task>"));
    }
    calls
}

/// What the look after mails runs.
pub(super) fn mail_calls(setting: &Setting) -> Vec<Call> {
    let mut calls = sleep_calls(setting).to_vec();
    calls.extend(once_calls(setting, &["MailsTaskArn"]));
    calls.extend([log_group("<task>"), log("<group>", "<task>")]);
    calls
}
