//! Settles reservations that are in doubt or must still be cancelled at Cal.com.

use interlock_app::ports::scheduler::Urgency;
use interlock_app::{Act, App, AppError, settle_due, settle_one};
use interlock_policy::ReservationId;
use serde::Deserialize;
use serde_json::Value;

/// Name of the function.
pub const NAME: &str = "outbox-calcom";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Nudge {
    reservation_id: ReservationId,
}

/// A nudge from the queue: one reservation, now. One that cannot be read or names nothing is
/// dropped, because the sweep finds the work anyway.
pub async fn handle_nudge(app: App, act: Act, message: String) -> Result<(), AppError> {
    let Ok(nudge) = serde_json::from_str::<Nudge>(&message) else {
        tracing::warn!("a nudge cannot be read");
        return Ok(());
    };
    let app = app.paced(Urgency::Cancel);
    let settled = settle_one(&app, &nudge.reservation_id, &act).await;
    if let Err(AppError::NotFound { .. }) = settled {
        tracing::warn!("a nudge names no reservation");
        return Ok(());
    }
    settled
}

/// The sweep of every minute: `{due,done,failed}`.
pub async fn handle_sweep(app: App, act: Act, _event: Value) -> Result<Value, AppError> {
    let app = app.paced(Urgency::Cancel);
    let report = settle_due(&app, &act).await?;
    serde_json::to_value(report).map_err(|error| AppError::internal(error.to_string()))
}
