//! Stacks: what state one is in, and its deployment with a change set that is asked about.
//!
//! A question of `sam deploy` that is answered with no ends as if it had deployed, so the question
//! is ours: the change set is made and shown, and executed once it is agreed to.

use serde_json::Value;

use super::acts::EDGE_REGION;
use super::shell::{Call, Shell};
use super::{LOOKS, PAUSE, Setting};

/// What is known of a stack that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    status: String,
    parameters: Value,
}

impl State {
    /// A parameter as it was resolved at the last deployment.
    fn parameter(&self, name: &str) -> Option<&str> {
        let all = self.parameters.as_array()?;
        let named = |one: &&Value| one.get("ParameterKey").and_then(Value::as_str) == Some(name);
        let one = all.iter().find(named)?;
        one.get("ResolvedValue").or_else(|| one.get("ParameterValue"))?.as_str()
    }

    /// Whether Cal.com's tasks are wanted to run.
    pub(super) fn is_started(&self) -> bool {
        self.parameter("Started") == Some("true")
    }
}

/// The state of a stack, or nothing where there is none: one that only has a change set that was
/// never executed is none. Errors: whatever else keeps AWS from telling.
pub(super) fn state(
    setting: &Setting,
    shell: &mut dyn Shell,
    stack: &str,
) -> Result<Option<State>, String> {
    let answer = match shell.read(&look(setting, stack)) {
        Ok(answer) => answer,
        Err(error) if error.contains("does not exist") => return Ok(None),
        Err(error) => return Err(error),
    };
    let value: Value = serde_json::from_str(&answer)
        .map_err(|error| format!("the state of the stack {stack}: {error}"))?;
    let status = value.get("status").and_then(Value::as_str).unwrap_or_default().to_owned();
    let parameters = value.get("parameters").cloned().unwrap_or_default();
    Ok((status != "REVIEW_IN_PROGRESS").then_some(State { status, parameters }))
}

/// Refuses what would put other images under a Cal.com that runs: that takes a snapshot and a
/// migration first.
pub(super) fn no_upgrade(state: Option<&State>, wanted: &str) -> Result<(), String> {
    let Some(state) = state.filter(|state| state.is_started()) else { return Ok(()) };
    let running = state.parameter("CalcomWebImage").and_then(|image| image.rsplit_once(':'));
    match running {
        Some((_, running)) if running != wanted => Err(format!(
            "Cal.com runs {running}, and {wanted} is wanted: this is an upgrade: docs/UPGRADE.md"
        )),
        Some(_) | None => Ok(()),
    }
}

/// Deploys a stack and says how that ended.
pub(super) fn deploy(
    setting: &Setting,
    shell: &mut dyn Shell,
    stack: &str,
    more: Option<(&str, &str)>,
) -> Result<&'static str, String> {
    ready(setting, shell, stack)?;
    if setting.yes {
        shell.show(&sam(setting, stack, more))?;
        return Ok("as the template says");
    }
    let before = newest(setting, shell, stack)?;
    shell.show(&sam(setting, stack, more))?;
    let made = newest(setting, shell, stack)?.filter(|one| Some(one) != before.as_ref());
    let Some(change) = made.filter(|one| one.waits).map(|one| one.name) else {
        return Ok("there already, nothing to change");
    };
    let question = format!("execute this change set of {stack}? [y/N]");
    let answer = shell
        .prompt(&question)
        .map_err(|error| format!("{error}; nothing of it was changed, and --yes asks nothing"))?;
    if !["y", "yes"].contains(&answer.to_lowercase().as_str()) {
        shell.read(&change_set(setting, "delete-change-set", stack, &change))?;
        return Err(format!("the change set of {stack} was refused; nothing of it was changed"));
    }
    shell.read(&change_set(setting, "execute-change-set", stack, &change))?;
    shell.wait(PAUSE);
    let status = rest(setting, shell, stack)?.map(|state| state.status).unwrap_or_default();
    if ["CREATE_COMPLETE", "UPDATE_COMPLETE"].contains(&status.as_str()) {
        return Ok("as the template says");
    }
    let (name, region) = (name(setting, stack), region(stack));
    Err(format!(
        "{name} ended as {status}; `aws cloudformation describe-stack-events --stack-name \
         {name}{region}` says why"
    ))
}

/// Waits until nothing is at work on a stack.
fn rest(setting: &Setting, shell: &mut dyn Shell, stack: &str) -> Result<Option<State>, String> {
    for _ in 0..LOOKS {
        let state = state(setting, shell, stack)?;
        if !state.as_ref().is_some_and(|state| state.status.ends_with("_IN_PROGRESS")) {
            return Ok(state);
        }
        shell.wait(PAUSE);
    }
    Err(format!("the stack {stack} takes too long"))
}

/// Errors: the stack can be deployed no more, with what is to be done.
fn ready(setting: &Setting, shell: &mut dyn Shell, stack: &str) -> Result<(), String> {
    let Some(state) = rest(setting, shell, stack)? else { return Ok(()) };
    let (name, region) = (name(setting, stack), region(stack));
    match state.status.as_str() {
        "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED" | "DELETE_FAILED" => {
            Err(dead_end(&name, stack, &state.status))
        }
        "UPDATE_ROLLBACK_FAILED" => Err(format!(
            "{name} is in UPDATE_ROLLBACK_FAILED: remove what `aws cloudformation \
             describe-stack-events --stack-name {name}{region}` tells, then `aws cloudformation \
             continue-update-rollback --stack-name {name}{region}`, and run this again"
        )),
        _ => Ok(()),
    }
}

/// How to get rid of a stack whose creation failed; it never held anything.
fn dead_end(name: &str, stack: &str, status: &str) -> String {
    let region = region(stack);
    let lift: &[&str] = match stack {
        "data" => {
            &["aws dynamodb update-table --no-deletion-protection-enabled --table-name <Table>"]
        }
        "network-calcom" => &[
            "aws rds modify-db-instance --no-deletion-protection --apply-immediately \
             --db-instance-identifier <Database>",
            "aws elbv2 modify-load-balancer-attributes \
             --attributes Key=deletion_protection.enabled,Value=false \
             --load-balancer-arn <LoadBalancer>",
        ],
        _ => &[],
    };
    let mut lines = vec![
        format!("{name} is in {status}: its creation failed, and it can only be deleted:"),
        format!("  aws cloudformation describe-stack-events --stack-name {name}{region}  # why"),
    ];
    if !lift.is_empty() {
        let resources = "aws cloudformation list-stack-resources --stack-name";
        lines.push(format!("  {resources} {name}  # names of what is still there and protected"));
        lines.extend(lift.iter().map(|line| format!("  {line}")));
    }
    let protection = "update-termination-protection --no-enable-termination-protection";
    lines.push(format!("  aws cloudformation {protection} --stack-name {name}{region}"));
    lines.push(format!("  aws cloudformation delete-stack --stack-name {name}{region}"));
    lines.push(format!(
        "  aws cloudformation wait stack-delete-complete --stack-name {name}{region}"
    ));
    lines.push("then run this again".to_owned());
    lines.join("\n")
}

/// A change set, and whether it waits to be executed.
#[derive(PartialEq, Eq)]
struct Change {
    name: String,
    waits: bool,
}

/// The change set that was made last.
fn newest(setting: &Setting, shell: &mut dyn Shell, stack: &str) -> Result<Option<Change>, String> {
    let answer = match shell.read(&change_sets(setting, stack)) {
        Ok(answer) => answer,
        Err(error) if error.contains("does not exist") => return Ok(None),
        Err(error) => return Err(error),
    };
    let told: Value = serde_json::from_str(&answer)
        .map_err(|error| format!("the change sets of {stack}: {error}"))?;
    let text = |at: usize| told.get(at).and_then(Value::as_str);
    let waits = text(1) == Some("AVAILABLE");
    Ok(text(0).map(|name| Change { name: name.to_owned(), waits }))
}

/// A stack's own name.
pub(super) fn name(setting: &Setting, stack: &str) -> String {
    format!("interlock-{}-{stack}", setting.env)
}

/// What a command by hand says of the region.
fn region(stack: &str) -> String {
    if stack == "edge" { format!(" --region {EDGE_REGION}") } else { String::new() }
}

fn asking(setting: &Setting, action: &str, stack: &str) -> Call {
    let line = format!("aws cloudformation {action} --stack-name");
    let mut call = Call::new(&line, &[&name(setting, stack)]);
    if stack == "edge" {
        call.0.extend(["--region".to_owned(), EDGE_REGION.to_owned()]);
    }
    call
}

/// The state of a stack.
pub(super) fn look(setting: &Setting, stack: &str) -> Call {
    let mut call = asking(setting, "describe-stacks", stack);
    let query = "Stacks[0].{status:StackStatus,parameters:Parameters}";
    call.0.extend(["--output", "json", "--query", query].map(ToOwned::to_owned));
    call
}

fn change_sets(setting: &Setting, stack: &str) -> Call {
    let mut call = asking(setting, "list-change-sets", stack);
    let query = "sort_by(Summaries,&CreationTime)[-1].[ChangeSetName,ExecutionStatus]";
    call.0.extend(["--output", "json", "--query", query].map(ToOwned::to_owned));
    call
}

fn change_set(setting: &Setting, action: &str, stack: &str, change: &str) -> Call {
    let mut call = asking(setting, action, stack);
    call.0.extend(["--change-set-name".to_owned(), change.to_owned()]);
    call
}

/// Makes the change set of a stack, with one parameter other than the configuration has it, and
/// executes it where nobody wants to be asked.
fn sam(setting: &Setting, stack: &str, more: Option<(&str, &str)>) -> Call {
    let mut call = Call::new(
        &format!("sam deploy --config-file samconfig.toml --config-env {}.{stack}", setting.env),
        &["--no-confirm-changeset"],
    );
    if !setting.yes {
        call.0.push("--no-execute-changeset".to_owned());
    }
    if let Some((name, value)) = more {
        // What is named here takes the place of all that the configuration names.
        call.0.push("--parameter-overrides".to_owned());
        let others = setting.part(stack).overrides().into_iter();
        call.0.extend(others.filter(|other| !other.starts_with(&format!("{name}="))));
        call.0.push(format!("{name}={value}"));
    }
    call
}

/// What the deployment of a stack runs.
pub(super) fn deploy_calls(
    setting: &Setting,
    stack: &str,
    more: Option<(&str, &str)>,
) -> Vec<Call> {
    let look = look(setting, stack);
    let sam = sam(setting, stack, more);
    if setting.yes {
        return vec![look, sam];
    }
    let list = change_sets(setting, stack);
    let execute = change_set(setting, "execute-change-set", stack, "<change set>");
    let delete = change_set(setting, "delete-change-set", stack, "<change set, if refused>");
    vec![look.clone(), list.clone(), sam, list, execute, delete, look]
}
