//! Figures for alarms, as lines of the log in `CloudWatch`'s embedded metric format.
//!
//! An event of the target `metric` becomes one line; its whole numbers are the figures, and
//! nothing else of it is told.

use std::io::Write;
use std::sync::OnceLock;
use std::time::SystemTime;

use serde_json::{Map, Value, json};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// Target of events that are figures.
pub(crate) const TARGET: &str = "metric";
/// Name the figures are kept under.
const NAMESPACE: &str = "Interlock";

static DEPLOYMENT: OnceLock<String> = OnceLock::new();

/// Says which deployment the figures are of; the first word counts.
pub(crate) fn of_deployment(name: &str) {
    DEPLOYMENT.get_or_init(|| name.to_owned());
}

/// Writes the lines.
pub(crate) struct MetricLines;

impl<S: Subscriber> Layer<S> for MetricLines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != TARGET {
            return;
        }
        let mut figures = Figures::default();
        event.record(&mut figures);
        let deployment = DEPLOYMENT.get().map_or("", String::as_str);
        if let Some(line) = line(&figures, deployment, wall_milliseconds()) {
            // A log nobody reads any more is no reason to fail.
            let _unheard = std::io::stdout().write_all(line.as_bytes());
        }
    }
}

#[derive(Default)]
struct Figures(Map<String, Value>);

impl Visit for Figures {
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), json!(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), json!(value));
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

fn line(figures: &Figures, deployment: &str, at: u64) -> Option<String> {
    let names: Vec<Value> = figures.0.keys().map(|name| json!({ "Name": name })).collect();
    if names.is_empty() {
        return None;
    }
    let mut line = figures.0.clone();
    line.insert("Deployment".to_owned(), json!(deployment));
    let about = json!({
        "Timestamp": at,
        "CloudWatchMetrics": [{
            "Namespace": NAMESPACE, "Dimensions": [["Deployment"]], "Metrics": names,
        }],
    });
    line.insert("_aws".to_owned(), about);
    Some(format!("{}\n", Value::Object(line)))
}

#[expect(clippy::disallowed_methods, reason = "the log is kept in wall time")]
fn wall_milliseconds() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_form_that_cloudwatch_reads() {
        let mut figures = Figures::default();
        figures.0.insert("DriftConflicts".to_owned(), json!(2));
        let text = line(&figures, "prod", 1_795_165_200_000).unwrap();
        assert!(text.ends_with('\n'));
        let expected = json!({
            "DriftConflicts": 2,
            "Deployment": "prod",
            "_aws": {
                "Timestamp": 1_795_165_200_000_u64,
                "CloudWatchMetrics": [{
                    "Namespace": "Interlock",
                    "Dimensions": [["Deployment"]],
                    "Metrics": [{"Name": "DriftConflicts"}],
                }],
            },
        });
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
    }

    #[test]
    fn what_has_no_figure_is_no_line() {
        assert_eq!(line(&Figures::default(), "prod", 0), None);
    }
}
