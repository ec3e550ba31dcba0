//! Shows what happened to a reservation.

use interlock_app::model::{
    Actor, Cause, DecisionRecord, HistoryEvent, Presence, Reservation, Status, Times,
};
use interlock_app::{App, AppError, Snapshot, read_decisions, read_history};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{Interval, Role};
use jiff::Timestamp;
use serde::Serialize;

use crate::reply::is_staff;

/// `GET /api/reservations/{reservationId}/history`.
pub const ROUTE: Route =
    Route::get("reservations.history", "/api/reservations/{reservationId}/history")
        .twin("/api/cal/bookings/{reservationId}/history")
        .allow(Role::Member)
        .query(&["decisions"])
        .reads(|call| call.reservation_id().iter().map(Reservation::key_of).collect());

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventView {
    at: Timestamp,
    actor: Actor,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Status>,
    to: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<Times>,
    start: Timestamp,
    end: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    attendance: Option<Presence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
}

#[derive(Serialize)]
struct WithDecisions {
    items: Vec<EventView>,
    decisions: Vec<DecisionRecord>,
}

impl From<HistoryEvent> for EventView {
    fn from(event: HistoryEvent) -> Self {
        let times = |interval: Interval| Times { start: interval.start(), end: interval.end() };
        let moved = event.interval_before.filter(|before| *before != event.interval);
        Self {
            at: event.at,
            actor: event.actor,
            from: event.from,
            to: event.to,
            previous: moved.map(times),
            start: event.interval.start(),
            end: event.interval.end(),
            attendance: event.attendance,
            cause: event.cause.as_ref().map(Cause::word),
        }
    }
}

/// 200 with the events, oldest first, and for staff the gate's decisions if asked for; 404 for
/// foreign and missing alike.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let id = call.reservation_id()?;
    let staff = is_staff(&app, &call).await?;
    let snapshot = call.take_snapshot();
    let events = read_history(&app, snapshot, &id, (call.caller_id()?, staff)).await?;
    let items: Vec<EventView> = events.into_iter().map(EventView::from).collect();
    match call.query_param("decisions") {
        None | Some("false") => Ok(Reply::page(&items, None)),
        Some("true") if !staff => Err(AppError::RoleRequired.into()),
        Some("true") => {
            let found = read_decisions(&app, Snapshot::default(), &id, call.caller_id()?);
            Ok(Reply::ok(&WithDecisions { items, decisions: found.await? }))
        }
        Some(_) => Err(Problem::parameter("decisions", "malformed", "`true` or `false` is wanted")),
    }
}
