//! How a reservation is shown: never a uid of Cal.com, never another person's data.

use interlock_notify::CalendarLinks;
use interlock_policy::{EventTypeId, HolderTerms, ReservationId, ResourceId, ResourceKind, UserId};
use jiff::Timestamp;
use serde::Serialize;

use super::{Cause, Flag, Holder, Origin, Presence, Reservation, State, Status, WaitingFor};

/// A reservation as its holder and staff see it (issue's `{reservation:{…}}`).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReservationView {
    /// Which.
    pub id: ReservationId,
    /// Of what.
    pub resource: ResourceRef,
    /// Who has it; absent while unmatched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// Cal.com's number of the kind.
    pub event_type_id: EventTypeId,
    /// Start, UTC.
    pub start: Timestamp,
    /// End, UTC, excluded.
    pub end: Timestamp,
    /// Where it stands.
    pub status: Status,
    /// Where it was made.
    pub origin: Origin,
    /// The time it is being moved to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moving_to: Option<Times>,
    /// What it waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awaiting: Option<Awaited>,
    /// Why it ended, in a stable word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<&'static str>,
    /// What the person who ended it said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause_reason: Option<String>,
    /// Whether the holder came, once somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendance: Option<Presence>,
    /// What somebody should know of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// When made.
    pub created_at: Timestamp,
    /// When last changed.
    pub updated_at: Timestamp,
}

/// The resource of a reservation.
#[derive(Debug, Clone, Serialize)]
pub struct ResourceRef {
    /// Machine or host.
    pub kind: ResourceKind,
    /// Which.
    pub id: ResourceId,
    /// Its name when the reservation was made.
    pub name: String,
}

/// A yes that is still wanted (PRODUCT D17).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Awaited {
    /// What kind of yes.
    #[serde(rename = "for")]
    pub waiting_for: WaitingFor,
    /// When the time is given back without it.
    pub hold_until: Timestamp,
}

/// A start and an end.
#[derive(Debug, Clone, Serialize)]
pub struct Times {
    /// Start, UTC.
    pub start: Timestamp,
    /// End, UTC, excluded.
    pub end: Timestamp,
}

impl From<&Reservation> for ReservationView {
    fn from(reservation: &Reservation) -> Self {
        let (moving_to, awaiting) = on_the_way(&reservation.state);
        Self {
            id: reservation.id.clone(),
            resource: ResourceRef {
                kind: reservation.resource_id.kind(),
                id: reservation.resource_id.clone(),
                name: reservation.resource_name.clone(),
            },
            user_id: match &reservation.holder {
                Holder::User { user_id } => Some(user_id.clone()),
                Holder::Unmatched { .. } => None,
            },
            event_type_id: reservation.event_type_id,
            start: reservation.interval.start(),
            end: reservation.interval.end(),
            status: reservation.status(),
            origin: reservation.origin,
            moving_to,
            awaiting,
            cause: reservation.state.cause().map(Cause::word),
            cause_reason: reservation.state.cause().and_then(Cause::reason).map(str::to_owned),
            attendance: reservation.presence(),
            flags: reservation.flags.clone(),
            created_at: reservation.created_at,
            updated_at: reservation.updated_at,
        }
    }
}

/// Where it is being moved to, and what it waits for.
fn on_the_way(state: &State) -> (Option<Times>, Option<Awaited>) {
    match state {
        State::Moving { target, .. } => {
            let to = Times { start: target.interval.start(), end: target.interval.end() };
            (Some(to), None)
        }
        State::Awaiting { waiting_for, hold_until } => {
            (None, Some(Awaited { waiting_for: *waiting_for, hold_until: *hold_until }))
        }
        State::Pending { .. }
        | State::Confirmed { .. }
        | State::Cancelling { .. }
        | State::Cancelled { .. }
        | State::Failed { .. }
        | State::Completed => (None, None),
    }
}

/// The same for its holder, with links that put it into a calendar of his own, and until when he
/// may move it and give it back.
pub fn reservation_body_with(
    reservation: &Reservation,
    links: Option<&CalendarLinks>,
    terms: Option<&HolderTerms>,
) -> String {
    let mut body = serde_json::json!({ "reservation": ReservationView::from(reservation) });
    if let Some(body) = body.as_object_mut() {
        let links = links.map(|links| ("calendarLinks", serde_json::json!(links)));
        let terms = terms.map(|terms| ("terms", serde_json::json!(terms)));
        let told = links.into_iter().chain(terms);
        body.extend(told.map(|(name, value)| (name.to_owned(), value)));
    }
    body.to_string()
}

/// The body every answer about one reservation has; kept for replays, so it is made in one place.
pub fn reservation_body(reservation: &Reservation) -> String {
    serde_json::json!({ "reservation": ReservationView::from(reservation) }).to_string()
}
