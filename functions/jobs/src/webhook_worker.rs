//! Applies queued deliveries, one record at a time; a failed one comes back alone.

use interlock_app::{App, AppError, Applied, apply_delivery};

use crate::act::job;

/// Name of the function.
pub const NAME: &str = "webhook-worker";

/// Applies one message. An error sends it round again; what can never be applied is kept as
/// quarantined and taken off the queue (RELIABILITY Q3).
pub async fn handle(app: App, message: String) -> Result<(), AppError> {
    let act = job(&app, NAME)?;
    let applied = apply_delivery(&app, &message, &act).await;
    match applied {
        Ok(Applied::Done | Applied::Ignored | Applied::Later | Applied::Quarantined) => Ok(()),
        Err(error) if error.retryable() => Err(error),
        Err(error) => {
            tracing::error!(%error, "a delivery cannot be applied");
            Err(error)
        }
    }
}
