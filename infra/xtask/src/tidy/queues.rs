//! The settings of queues, each of which a promise rests on (RELIABILITY 4.7, R11, R14).
//!
//! Every figure is held here once, so that nobody changes one of them alone.

use serde_yaml_ng::Value;

use super::yaml::{at, items, names, text_of, values};
use super::{Faults, template};
use crate::tree::Tree;

/// Where the product says how often a message is handed out.
const BATCH: &str = "shared/app/src/webhook/batch.rs";
/// Seconds a worker runs at most.
const TIMEOUT: u64 = 15;
/// What a queue with a worker must say.
const OF_A_QUEUE: [(&str, u64); 2] =
    [("VisibilityTimeout", 90), ("MessageRetentionPeriod", 345_600)];
/// How often a message is handed out before it is set aside.
const MOST_RECEIVES: u64 = 6;
/// Seconds a dead letter is kept: 14 days.
const DEAD_KEPT: u64 = 1_209_600;
/// What a queue that feeds a function must say.
const OF_A_MAPPING: [(&str, u64); 2] = [("BatchSize", 10), ("MaximumBatchingWindowInSeconds", 1)];
/// Most batches of one queue at work at once.
const CONCURRENCY: u64 = 5;
/// Seconds within which an alarm must have gone off.
const ALARMED_WITHIN: u64 = 300;

/// Checks every queue that feeds a function, and the way in for deliveries.
pub(super) fn check(tree: &Tree, faults: &mut Faults) {
    let text = tree.read(template::FILE).unwrap_or_default();
    if let Ok(root) = serde_yaml_ng::from_str::<Value>(&text) {
        template_of(&root, faults);
    }
    let source = tree.read(BATCH).unwrap_or_default();
    if !source.contains(&format!("pub const MOST_RECEIVES: u32 = {MOST_RECEIVES};")) {
        faults.add(BATCH, format!("`MOST_RECEIVES` is not the {MOST_RECEIVES} of the template"));
    }
}

fn template_of(root: &Value, faults: &mut Faults) {
    let resources = at(root, "Resources");
    let globals = at(at(root, "Globals"), "Function");
    for (name, function) in of_type(resources, "AWS::Serverless::Function") {
        let properties = at(function, "Properties");
        let timeout = at(properties, "Timeout").as_u64().or(at(globals, "Timeout").as_u64());
        let events = values(at(properties, "Events"));
        for event in events.filter(|event| text_of(event, "Type") == "SQS") {
            if timeout != Some(TIMEOUT) {
                faults.add(template::FILE, format!("`{name}` must run at most {TIMEOUT} s"));
            }
            let mapping = at(event, "Properties");
            mapped(name, mapping, faults);
            queue(resources, logical(mapping, "Queue"), faults);
        }
    }
    for (name, group) in of_type(resources, "AWS::ElasticLoadBalancingV2::TargetGroup") {
        every_header(name, at(group, "Properties"), faults);
    }
}

fn of_type<'a>(resources: &'a Value, kind: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let all = names(resources).zip(values(resources));
    all.filter(move |(_, resource)| text_of(resource, "Type") == kind)
}

/// The resource a reference or one of its attributes names.
fn logical<'a>(value: &'a Value, name: &str) -> &'a str {
    let text = text_of(value, name);
    text.split('.').next().unwrap_or(text)
}

fn numbers(place: &str, found: &Value, wanted: &[(&str, u64)], faults: &mut Faults) {
    for (name, number) in wanted {
        if at(found, name).as_u64() != Some(*number) {
            faults.add(template::FILE, format!("`{place}` must have `{name}: {number}`"));
        }
    }
}

fn mapped(name: &str, mapping: &Value, faults: &mut Faults) {
    numbers(name, mapping, &OF_A_MAPPING, faults);
    numbers(name, at(mapping, "ScalingConfig"), &[("MaximumConcurrency", CONCURRENCY)], faults);
    let mut reported = items(at(mapping, "FunctionResponseTypes"));
    if !reported.any(|one| one.as_str() == Some("ReportBatchItemFailures")) {
        faults.add(template::FILE, format!("`{name}` must report failures by message"));
    }
}

fn queue(resources: &Value, name: &str, faults: &mut Faults) {
    let properties = at(at(resources, name), "Properties");
    numbers(name, properties, &OF_A_QUEUE, faults);
    let redrive = at(properties, "RedrivePolicy");
    numbers(name, redrive, &[("maxReceiveCount", MOST_RECEIVES)], faults);
    let dead = logical(redrive, "deadLetterTargetArn");
    let kept = at(at(resources, dead), "Properties");
    numbers(dead, kept, &[("MessageRetentionPeriod", DEAD_KEPT)], faults);
    alarmed(resources, (dead, "ApproximateNumberOfMessagesVisible", 0), faults);
    alarmed(resources, (name, "ApproximateAgeOfOldestMessage", 300), faults);
}

/// An alarm on this metric of this queue that goes off in time.
fn alarmed(resources: &Value, (queue, metric, most): (&str, &str, u64), faults: &mut Faults) {
    let found = of_type(resources, "AWS::CloudWatch::Alarm").any(|(_, alarm)| {
        let alarm = at(alarm, "Properties");
        let number = |name: &str| at(alarm, name).as_u64();
        let seconds = number("Period").zip(number("EvaluationPeriods"));
        text_of(alarm, "MetricName") == metric
            && items(at(alarm, "Dimensions")).any(|one| logical(one, "Value") == queue)
            && text_of(alarm, "ComparisonOperator") == "GreaterThanThreshold"
            && number("Threshold") == Some(most)
            && seconds.is_some_and(|(period, times)| period * times <= ALARMED_WITHIN)
    });
    if !found {
        faults.add(template::FILE, format!("no alarm in time on `{metric}` of `{queue}`"));
    }
}

/// A doubled signature must come as two, or it could not be refused (RELIABILITY W2).
fn every_header(name: &str, group: &Value, faults: &mut Faults) {
    let mut attributes = items(at(group, "TargetGroupAttributes"));
    let multi = attributes.any(|one| {
        text_of(one, "Key") == "lambda.multi_value_headers.enabled"
            && text_of(one, "Value") == "true"
    });
    if !multi {
        faults.add(template::FILE, format!("`{name}` must hand over every value of a header"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r#"
Globals: {Function: {Timeout: 15}}
Resources:
  WorkQueue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 90
      MessageRetentionPeriod: 345600
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 6}
  Dead: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
  DeadAlarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      MetricName: ApproximateNumberOfMessagesVisible
      Dimensions: [{Name: QueueName, Value: !GetAtt Dead.QueueName}]
      Period: 60
      EvaluationPeriods: 1
      Threshold: 0
      ComparisonOperator: GreaterThanThreshold
  AgeAlarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      MetricName: ApproximateAgeOfOldestMessage
      Dimensions: [{Name: QueueName, Value: !GetAtt WorkQueue.QueueName}]
      Period: 60
      EvaluationPeriods: 1
      Threshold: 300
      ComparisonOperator: GreaterThanThreshold
  WorkerFunction:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Queue:
          Type: SQS
          Properties:
            Queue: !GetAtt WorkQueue.Arn
            BatchSize: 10
            MaximumBatchingWindowInSeconds: 1
            FunctionResponseTypes: [ReportBatchItemFailures]
            ScalingConfig: {MaximumConcurrency: 5}
  Hooks:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      TargetGroupAttributes: [{Key: lambda.multi_value_headers.enabled, Value: "true"}]
"#;

    fn faults(template: &str) -> Vec<String> {
        let mut faults = Faults::default();
        template_of(&serde_yaml_ng::from_str(template).unwrap(), &mut faults);
        faults.lines().to_vec()
    }

    #[test]
    fn the_settings_that_the_promises_rest_on_pass() {
        assert_eq!(faults(TEMPLATE), Vec::<String>::new());
    }

    #[test]
    fn every_single_other_setting_is_a_fault() {
        for (from, to) in [
            ("Timeout: 15}", "Timeout: 14}"),
            ("VisibilityTimeout: 90", "VisibilityTimeout: 120"),
            ("345600", "86400"),
            ("maxReceiveCount: 6", "maxReceiveCount: 5"),
            ("1209600", "345600"),
            ("BatchSize: 10", "BatchSize: 1"),
            ("InSeconds: 1", "InSeconds: 0"),
            ("[ReportBatchItemFailures]", "[]"),
            ("Concurrency: 5", "Concurrency: 6"),
            ("Threshold: 0", "Threshold: 1"),
            ("Threshold: 300", "Threshold: 600"),
            ("Dead.QueueName", "WorkQueue.QueueName"),
            ("Value: \"true\"", "Value: \"false\""),
        ] {
            assert!(TEMPLATE.contains(from), "{from}");
            assert_eq!(faults(&TEMPLATE.replace(from, to)).len(), 1, "{to}");
        }
        let late = TEMPLATE.replace("EvaluationPeriods: 1", "EvaluationPeriods: 6");
        assert_eq!(faults(&late).len(), 2);
    }

    #[test]
    fn the_product_counts_as_often_as_the_template() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(BATCH);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        for (number, faulty) in [(6, 0), (5, 1)] {
            std::fs::write(&file, format!("pub const MOST_RECEIVES: u32 = {number};")).unwrap();
            let mut faults = Faults::default();
            check(&Tree::at(folder.path()), &mut faults);
            assert_eq!(faults.lines().len(), faulty);
        }
    }
}
