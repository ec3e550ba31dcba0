//! Applies queued deliveries, one record at a time; a failed one comes back alone.

use interlock_app::ports::scheduler::Urgency;
use interlock_app::{Act, App, AppError, apply_delivery};

/// Name of the function.
pub const NAME: &str = "webhook-worker";

/// Applies one message. An error sends it round again until it reaches the dead letters; what can
/// never be applied is kept as quarantined and taken off the queue at once (RELIABILITY Q3).
pub async fn handle(app: App, act: Act, message: String) -> Result<(), AppError> {
    let app = app.paced(Urgency::Sync);
    apply_delivery(&app, &message, &act).await.map(|_| ())
}
