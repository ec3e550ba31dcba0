//! Logs as JSON lines on the standard output, where Lambda takes them.
//!
//! What is logged is chosen where it is logged; nothing here adds request data.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::metrics::{self, MetricLines};

/// Starts logging once; later calls change nothing.
///
/// The filter is by target and fixed: one that reads expressions would bring a regular-expression
/// engine into every function.
pub(crate) fn start() {
    let filter = Targets::new()
        .with_default(LevelFilter::INFO)
        .with_target(metrics::TARGET, LevelFilter::OFF)
        .with_target("aws_smithy_runtime", LevelFilter::WARN);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_ansi(false)
        .with_filter(filter);
    if tracing_subscriber::registry().with(lines).with(MetricLines).try_init().is_ok() {
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            // The message may carry values, so only the place is told.
            tracing::error!(place, "panic");
        }));
    }
}
