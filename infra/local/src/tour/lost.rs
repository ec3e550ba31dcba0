//! The end of the tour: a webhook that never comes, and the job that repairs it.
//! The cancellation happens inside Cal.com only.

use serde_json::json;

use super::booking::{must, told};
use super::walk::{Guest, Step, Walk, items, surprise, text};
use crate::LocalError;

/// Drops every webhook from now on. Before the booking is made, because even the webhook of the
/// booking itself, a second late, would have its reservation looked at again.
pub(super) async fn drop_all(walk: &Walk) -> Result<(), LocalError> {
    let drop_all = Step::post("/__sim/webhooks", json!({"mode": "drop"}));
    walk.step(drop_all, 200, |_| "webhooks are dropped from now on".to_owned()).await.map(|_| ())
}

/// Cancels the booking inside Cal.com while webhooks are dropped; our side does not notice.
pub(super) async fn cancel_unseen(walk: &Walk, guest: &Guest, id: &str) -> Result<(), LocalError> {
    let state = walk.send(&Step::get("/__sim/state")).await?;
    let bookings = items(&state.body, "bookings");
    let booking = bookings
        .iter()
        .find(|one| {
            text(one, "/metadata/interlockReservationId") == id
                && text(one, "/status") != "cancelled"
        })
        .ok_or_else(|| surprise(format!("Cal.com knows no booking of `{id}`")))?;
    let uid = text(booking, "/uid");
    let body = json!({"uid": uid, "cancellationReason": "closed for the day"});
    walk.step(Step::post("/__sim/ui/cancel", body), 200, |_| {
        format!("booking {uid} cancelled inside Cal.com")
    })
    .await?;
    see(walk, guest, id, "confirmed").await
}

/// Runs the repair and looks again.
pub(super) async fn reconcile(walk: &Walk, guest: &Guest, id: &str) -> Result<(), LocalError> {
    let step = Step::post("/__dev/jobs/reconcile", json!({}));
    let report = walk.step(step, 200, |answer| answer.body.to_string()).await?;
    if matches!(text(&report.body, "/repaired").as_str(), "" | "0") {
        return Err(surprise("nothing was repaired"));
    }
    see(walk, guest, id, "cancelled").await
}

async fn see(walk: &Walk, guest: &Guest, id: &str, status: &str) -> Result<(), LocalError> {
    let path = format!("/api/reservations/{id}");
    let step = Step::get(&path).by(guest);
    let answer = walk.step(step, 200, |answer| told(&answer.body)).await?;
    must(&answer.body, status)
}
