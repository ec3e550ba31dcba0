//! Applies queued deliveries, one record at a time; a failed one comes back alone.

use interlock_app::ports::scheduler::Urgency;
use interlock_app::{Act, App, AppError, Lost, Received, apply_received, give_up_delivery};

/// Name of the function.
pub const NAME: &str = "webhook-worker";

/// Applies one message. An error sends it round again until it reaches the dead letters; what can
/// never be applied is kept as quarantined and taken off the queue at once (RELIABILITY Q3).
pub async fn handle(app: App, act: Act, received: Received) -> Result<(), AppError> {
    let app = app.paced(Urgency::Sync);
    apply_received(&app, &received, &act).await.map(|_| ())
}

/// Notes that a message was given up by a panic or for want of time; it comes back like any other.
pub async fn lost(app: App, received: Received, why: Lost) {
    give_up_delivery(&app, &received, why).await;
}
