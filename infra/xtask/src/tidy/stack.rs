//! What a linter of templates cannot know: our own settings.
//!
//! Queues outlast their workers, only what calls Cal.com is in its network, and nothing of the
//! local stack is ever deployed.

use std::collections::BTreeSet;

use serde_yaml_ng::Value;

use super::yaml::{at, items, names, text_of, values};
use super::{Faults, template};
use crate::tree::Tree;

const CONFIG_PAGE: &str = "docs/CONFIG.md";
/// Moves the clock of the product; only the local runner may set it.
const CLOCK: &str = "INTERLOCK_CLOCK_OFFSET_FILE";
/// Variables of what calls Cal.com: its API, or its web app.
const CALCOM: [&str; 2] = ["INTERLOCK_CALCOM_URL", "INTERLOCK_CALCOM_WEB_URL"];
/// A message may be seen again after this many time-outs of its worker.
const VISIBILITY_FACTOR: u64 = 6;

/// Checks all templates.
pub(super) fn check(tree: &Tree, faults: &mut Faults) {
    for path in tree.files("infra") {
        let template = path.ends_with("yaml") && path.matches('/').count() == 1;
        if template && tree.read(&path).is_some_and(|text| text.contains(CLOCK)) {
            faults.add(&path, format!("`{CLOCK}` belongs to the local runner alone"));
        }
    }
    let text = tree.read(template::FILE).unwrap_or_default();
    if let Ok(root) = serde_yaml_ng::from_str::<Value>(&text) {
        settings(&root, tree.read(CONFIG_PAGE).as_ref(), faults);
    }
}

fn settings(root: &Value, config: Option<&String>, faults: &mut Faults) {
    let globals = at(at(root, "Globals"), "Function");
    let variables = |function| names(at(at(function, "Environment"), "Variables"));
    let default = at(globals, "Timeout").as_u64().unwrap_or(3);
    let resources = at(root, "Resources");
    let mut known = BTreeSet::new();
    for (name, resource) in names(resources).zip(values(resources)) {
        if text_of(resource, "Type") != "AWS::Serverless::Function" {
            continue;
        }
        let properties = at(resource, "Properties");
        let timeout = at(properties, "Timeout").as_u64().unwrap_or(default);
        for queue in queues(properties) {
            outlasts(at(at(resources, queue), "Properties"), (name, queue, timeout), faults);
        }
        let calls = variables(properties).any(|variable| CALCOM.contains(&variable));
        let inside = !at(properties, "VpcConfig").is_null();
        if calls != inside {
            let fault =
                format!("`{name}` must be in the network of Cal.com exactly if it calls it");
            faults.add(template::FILE, fault);
        }
        known.extend(variables(properties).chain(variables(globals)));
    }
    for variable in known {
        if config.is_none_or(|page| !page.contains(variable)) {
            faults.add(CONFIG_PAGE, format!("`{variable}` is not explained"));
        }
    }
}

/// Queues that start a function, by the names of their resources.
fn queues(properties: &Value) -> impl Iterator<Item = &str> {
    let events = values(at(properties, "Events")).filter(|event| text_of(event, "Type") == "SQS");
    events.map(|event| {
        let queue = text_of(at(event, "Properties"), "Queue");
        queue.strip_suffix(".Arn").unwrap_or(queue)
    })
}

fn outlasts(queue: &Value, (name, title, timeout): (&str, &str, u64), faults: &mut Faults) {
    let visibility = at(queue, "VisibilityTimeout").as_u64().unwrap_or(30);
    if visibility < timeout.saturating_mul(VISIBILITY_FACTOR) {
        let wanted = format!("{VISIBILITY_FACTOR} times the {timeout} s of `{name}`");
        faults
            .add(template::FILE, format!("`{title}` hides a message {visibility} s, not {wanted}"));
    }
    let redrive = at(queue, "RedrivePolicy");
    if at(redrive, "deadLetterTargetArn").is_null() && items(redrive).next().is_none() {
        faults.add(template::FILE, format!("`{title}` has no dead-letter queue"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r"
Globals: {Function: {Timeout: 15}}
Resources:
  WorkQueue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 90
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 6}
  WorkerFunction:
    Type: AWS::Serverless::Function
    Properties:
      VpcConfig: !If [InVpc, {SubnetIds: !Ref Subnets}, !Ref AWS::NoValue]
      Environment: {Variables: {INTERLOCK_CALCOM_URL: !Ref Url}}
      Events:
        Queue: {Type: SQS, Properties: {Queue: !GetAtt WorkQueue.Arn}}
";

    fn faults(template: &str) -> Vec<String> {
        let mut faults = Faults::default();
        let root = serde_yaml_ng::from_str(template).unwrap();
        let config = "INTERLOCK_CALCOM_URL".to_owned();
        settings(&root, Some(&config), &mut faults);
        faults.lines().to_vec()
    }

    #[test]
    fn good_settings_pass() {
        assert_eq!(faults(TEMPLATE), Vec::<String>::new());
    }

    #[test]
    fn a_message_stays_hidden_for_six_time_outs() {
        assert_eq!(faults(&TEMPLATE.replace("90", "89")).len(), 1);
        assert_eq!(faults(&TEMPLATE.replace("Timeout: 15", "Timeout: 16")).len(), 1);
    }

    #[test]
    fn every_queue_with_a_worker_has_a_dead_letter_queue() {
        assert_eq!(faults(&TEMPLATE.replace("deadLetterTargetArn", "other")).len(), 1);
    }

    #[test]
    fn only_what_calls_cal_com_is_in_its_network() {
        let outside = TEMPLATE.replace("      VpcConfig", "      Other");
        assert_eq!(faults(&outside).len(), 1);
        let inside = TEMPLATE.replace("INTERLOCK_CALCOM_URL: !Ref Url", "");
        assert_eq!(faults(&inside).len(), 1);
    }

    #[test]
    fn every_variable_is_explained() {
        let unknown = TEMPLATE.replace("{INTERLOCK_", "{INTERLOCK_NEW: x, INTERLOCK_");
        assert_eq!(faults(&unknown).len(), 1);
    }

    #[test]
    fn the_clock_of_the_local_stack_is_never_deployed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("infra")).unwrap();
        std::fs::write(folder.path().join("infra/data.yaml"), format!("{CLOCK}: x")).unwrap();
        let mut faults = Faults::default();
        check(&Tree::at(folder.path()), &mut faults);
        assert_eq!(faults.lines().len(), 1);
    }
}
