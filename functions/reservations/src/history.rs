//! Shows what happened to a reservation.

use interlock_app::model::{
    Actor, Cause, DecisionRecord, HistoryEvent, LetterView, Presence, Reservation, Status, Times,
};
use interlock_app::{App, AppError, Snapshot, letters_about, read_decisions, read_history};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{Interval, Role};
use jiff::Timestamp;
use serde::Serialize;

use crate::changes::{FieldChange, changes};
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
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    changes: Vec<FieldChange>,
}

#[derive(Serialize)]
struct History {
    items: Vec<EventView>,
    notifications: Vec<LetterView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decisions: Option<Vec<DecisionRecord>>,
}

impl EventView {
    fn of(before: Option<&HistoryEvent>, event: &HistoryEvent, staff: bool) -> Self {
        let times = |interval: Interval| Times { start: interval.start(), end: interval.end() };
        let moved = event.interval_before.filter(|before| *before != event.interval);
        Self {
            at: event.at,
            actor: event.actor.clone(),
            from: event.from,
            to: event.to,
            previous: moved.map(times),
            start: event.interval.start(),
            end: event.interval.end(),
            attendance: event.attendance,
            cause: event.cause.as_ref().map(Cause::word),
            reason: event.cause.as_ref().and_then(Cause::reason).map(str::to_owned),
            changes: changes(before, event, staff),
        }
    }
}

/// Each event with the one before it.
fn views(events: &[HistoryEvent], staff: bool) -> Vec<EventView> {
    let before = std::iter::once(None).chain(events.iter().map(Some));
    before.zip(events).map(|(before, event)| EventView::of(before, event, staff)).collect()
}

/// 200 with the events, oldest first, the letters about it, and for staff the gate's decisions if
/// asked for; 404 for foreign and missing alike.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let id = call.reservation_id()?;
    let staff = is_staff(&app, &call).await?;
    let snapshot = call.take_snapshot();
    let caller = call.caller_id()?;
    let events = read_history(&app, snapshot, &id, (caller, staff)).await?;
    let letters = letters_about(&app, &id, (!staff).then_some(caller)).await?;
    let decisions = match call.query_param("decisions") {
        None | Some("false") => None,
        Some("true") if !staff => return Err(AppError::RoleRequired.into()),
        Some("true") => Some(read_decisions(&app, Snapshot::default(), &id, caller).await?),
        Some(_) => {
            let wanted = "`true` or `false` is wanted";
            return Err(Problem::parameter("decisions", "malformed", wanted));
        }
    };
    let notifications = letters.iter().map(LetterView::from).collect();
    Ok(Reply::ok(&History { items: views(&events, staff), notifications, decisions }))
}
