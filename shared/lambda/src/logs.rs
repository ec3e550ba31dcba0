//! Logs as JSON lines on the standard output, where Lambda takes them.
//!
//! What is logged is chosen where it is logged; nothing here adds request data.

use tracing_subscriber::EnvFilter;

/// Starts logging once; later calls change nothing.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,aws_config=warn,aws_smithy_runtime=warn"));
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_ansi(false);
    if subscriber.try_init().is_ok() {
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            // The message may carry values, so only the place is told.
            tracing::error!(place, "panic");
        }));
    }
}
