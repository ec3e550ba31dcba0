//! Reserves time on a machine or host for the calling member.

use interlock_app::ports::store::Key;
use interlock_app::{App, ReserveRequest, reserve, reserve_keys};
use interlock_app::{IdempotencyUse, Rate, Uncounted};
use interlock_http::{Call, Prefetch, Problem, Reply, Route, problems};
use interlock_policy::{EventTypeId, Role};
use jiff::Timestamp;
use serde::Deserialize;

use crate::reply::placed;

/// `POST /api/machines/{machineId}/reservations`, `…/hosts/{hostId}/…` (S0-066).
pub const ROUTE: Route =
    Route::post("reservations.create", "/api/machines/{machineId}/reservations")
        .twin("/api/hosts/{hostId}/reservations")
        .allow(Role::Member)
        .idempotent(true)
        .limited(RATE, Uncounted::Waits)
        .changes_calcom()
        .reads(keys);
/// Ten a minute (RELIABILITY L2).
const RATE: Rate = Rate::new("reserve", 10, 6);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CreateReservation {
    start: Timestamp,
    event_type_id: Option<EventTypeId>,
    duration_minutes: Option<u32>,
}

/// 201 once confirmed, 202 while in doubt; 403, 422 and 409 with every reason.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let body: CreateReservation = call.json()?;
    let missing = || Problem::new(&problems::IDEMPOTENCY_KEY_REQUIRED, "send `Idempotency-Key`");
    let idempotency = call.idempotency().ok_or_else(missing)?;
    let request = ReserveRequest {
        resource_id: call.resource_id()?,
        start: body.start,
        event_type_id: body.event_type_id,
        duration_minutes: body.duration_minutes,
        idempotency,
        act: call.act()?,
    };
    let snapshot = call.take_snapshot();
    Ok(placed(reserve(&app, snapshot, call.caller_id()?, &request).await?))
}

/// Everything the gate and the ledger need, in the read that also fetches the session.
fn keys(call: &Prefetch<'_>) -> Vec<Key> {
    let (Some(user_id), Some(resource_id)) = (call.user_id(), call.resource_id()) else {
        return Vec::new();
    };
    let body = call.json::<CreateReservation>();
    let time = body.map(|body| (body.start, body.duration_minutes));
    let idempotency =
        call.idempotency_key().map(|key| IdempotencyUse { key, body_hash: String::new() });
    reserve_keys(call.app(), user_id, &resource_id, time, idempotency.as_ref())
}
