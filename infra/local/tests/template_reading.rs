//! What the runner reads from a template, and from the one that deploys.
//! The sample holds every shape that the reader must understand.

use std::path::Path;

use interlock_local::environment::TEMPLATE_PARAMETERS;
use interlock_local::gateway::{Match, RouteTable};
use interlock_local::schedule::Expression;
use interlock_local::template::{Template, Variable};

const SAMPLE: &str = include_str!("samples/template.yaml");

#[cfg(test)]
fn sample() -> Template {
    Template::parse(SAMPLE, &TEMPLATE_PARAMETERS).unwrap()
}

#[cfg(test)]
fn deployed() -> Template {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api.yaml");
    Template::read(&path, &TEMPLATE_PARAMETERS).unwrap()
}

#[test]
fn a_function_is_named_by_its_binary_and_takes_defaults_from_the_globals() {
    let template = sample();
    let function = template.function("reservations-create").unwrap();
    assert_eq!((function.timeout_seconds, function.memory_megabytes), (15, 512));
    assert_eq!(function.routes.len(), 2);
    let table = &function.variables["INTERLOCK_TABLE"];
    assert_eq!(*table, Variable::Reference("TableName".to_owned()));
    assert_eq!(function.variables["OWN"], Variable::Literal("1".to_owned()));
}

#[test]
fn a_queue_event_and_its_queue_are_read_with_their_settings() {
    let template = sample();
    let event = &template.function("webhook-worker").unwrap().queue_events[0];
    assert_eq!((event.queue.as_str(), event.batch_size), ("WebhookQueue", 10));
    assert_eq!((event.window_seconds, event.maximum_concurrency), (1, 5));
    assert!(event.reports_item_failures);
    let queue = template.queues.iter().find(|queue| queue.name == "WebhookQueue").unwrap();
    assert_eq!(queue.redrive, Some(("WebhookDeadLetterQueue".to_owned(), 6)));
    assert_eq!((queue.visibility_seconds, queue.retention_seconds), (90, 345_600));
}

#[test]
fn schedules_keep_their_input_and_zone() {
    let template = sample();
    let schedules = &template.function("reconcile").unwrap().schedules;
    assert_eq!(schedules[0].input.as_deref(), Some(r#"{"mode":"incremental"}"#));
    assert_eq!(schedules[1].time_zone, "Europe/Berlin");
    assert_eq!(template.function("reconcile").unwrap().reserved_instances, Some(1));
}

#[test]
fn a_listener_rule_leads_to_its_function_also_through_an_alias() {
    let routes = RouteTable::new(&sample());
    let receiver = Match::Balancer { function: "webhooks-calcom".to_owned() };
    assert_eq!(routes.find("POST", "/api/webhooks/calcom"), receiver);
    assert_eq!(routes.find("GET", "/api/webhooks/calcom"), Match::None);
    assert_eq!(routes.find("POST", "/api/other/receiver"), receiver);
}

#[test]
fn fixed_segments_win_over_parameters_and_parameters_are_decoded() {
    let routes = RouteTable::new(&sample());
    let found = |path| match routes.find("GET", path) {
        Match::Http { function, parameters, .. } => Some((function, parameters)),
        Match::Balancer { .. } | Match::None => None,
    };
    assert_eq!(found("/api/machines/mine").unwrap().0, "machines-mine");
    let (function, parameters) = found("/api/machines/a%2Fb").unwrap();
    assert_eq!(function, "machines-get");
    assert_eq!(parameters, [("machineId".to_owned(), "a/b".to_owned())]);
    assert_eq!(found("/api/machines/"), None);
    assert_eq!(found("/api/machines/a/b"), None);
}

#[test]
fn a_template_that_cannot_run_here_names_the_resource() {
    let wrong = SAMPLE.replace("Type: ScheduleV2", "Type: S3");
    let error = Template::parse(&wrong, &TEMPLATE_PARAMETERS).unwrap_err();
    assert!(error.contains("ReconcileFunction"), "{error}");
}

#[test]
fn the_template_that_deploys_is_read_whole() {
    let template = deployed();
    assert!(template.functions.len() >= 25);
    let routes = RouteTable::new(&template);
    let receiver = Match::Balancer { function: "webhooks-calcom".to_owned() };
    assert_eq!(routes.find("POST", "/api/webhooks/calcom"), receiver);
    for function in &template.functions {
        for schedule in &function.schedules {
            Expression::parse(&schedule.expression, &schedule.time_zone).unwrap();
        }
        for event in &function.queue_events {
            assert!(template.queues.iter().any(|queue| queue.name == event.queue));
        }
    }
}

#[test]
fn the_mark_of_the_distribution_is_asked_for_as_the_condition_has_it() {
    let template = deployed();
    let mark = Variable::Reference("OriginSecretArn".to_owned());
    for function in template.functions.iter().filter(|function| !function.routes.is_empty()) {
        assert_eq!(
            function.variables.get("INTERLOCK_ORIGIN_SECRET"),
            Some(&mark),
            "{}",
            function.name
        );
    }
}
