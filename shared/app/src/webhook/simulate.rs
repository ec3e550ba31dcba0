//! A dry run of a delivery: what would be done now, and nothing of it done.

use interlock_policy::ReservationId;
use jiff::Timestamp;
use serde::Serialize;

use super::apply::{Found, find, follow};
use super::batch::Batch;
use super::inbox::stored;
use super::overlay::{Overlay, Withheld};
use crate::external::Intake;
use crate::model::{Cause, DeliveryId, Reservation, Status};
use crate::ports::DeliveryHint;
use crate::ports::scheduler::{Booking, BookingStatus, CalUid};
use crate::ports::store::Document;
use crate::sync::plan;
use crate::{Act, App, AppError};

/// What would become of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Foretold {
    /// It would be applied.
    Applied,
    /// It would be left alone, for the reason given.
    Ignored,
    /// It announces what is not so yet, and would be looked at again.
    Waiting,
    /// It would be set aside, for the reason given.
    Quarantined,
}

/// A booking as Cal.com tells of it now; its uid stays here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sighting {
    /// Whether it stands, in Cal.com's word.
    pub status: String,
    /// Start, UTC.
    pub start: Timestamp,
    /// End, UTC, excluded.
    pub end: Timestamp,
}

/// A change of a reservation that would be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Planned {
    /// Which; made up in the dry run if it would be a new one.
    pub reservation_id: ReservationId,
    /// Status now; absent if it would be a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Status>,
    /// Status then.
    pub after: Status,
    /// Start then, UTC.
    pub start: Timestamp,
    /// End then, UTC, excluded.
    pub end: Timestamp,
    /// Why it would end, in a stable word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<&'static str>,
}

/// What would be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Simulation {
    /// Cal.com's word for what happened.
    pub trigger: String,
    /// What would become of the delivery.
    pub outcome: Foretold,
    /// Why, where it would not simply be applied, in a stable word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The reservation it speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation_id: Option<ReservationId>,
    /// The step that would be decided first, in a stable word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<&'static str>,
    /// What Cal.com says now of the reservation's bookings.
    pub bookings: Vec<Sighting>,
    /// What would be written.
    pub changes: Vec<Planned>,
    /// What would be asked of Cal.com: `cancel`, `reschedule`, `create`.
    pub calls: Vec<&'static str>,
}

/// Runs a delivery dry; nothing is sent or changed, and nothing written but the count of the calls
/// to Cal.com where those are counted (promise R18).
///
/// Errors: `Unavailable` if Cal.com or the table does not answer.
pub async fn simulate_delivery(app: &App, body: &[u8], act: &Act) -> Result<Simulation, AppError> {
    let hint = match app.deliveries.read(body) {
        Ok(hint) => hint,
        Err(error) => return Ok(nothing("", Foretold::Quarantined, &error.word())),
    };
    if !hint.concerns_booking {
        let reason = if hint.trigger == "PING" { "ping" } else { "no_booking_concerned" };
        return Ok(nothing(&hint.trigger, Foretold::Ignored, reason));
    }
    run(app, &hint, act).await
}

/// The same with a delivery that was kept.
///
/// Errors: `NotFound`; `StateConflict` if its body could not be kept; `Unavailable`.
pub async fn simulate_kept(app: &App, id: &DeliveryId, act: &Act) -> Result<Simulation, AppError> {
    let kept = stored(app, id).await?.value;
    let detail = || "its body could not be read, and so was not kept".to_owned();
    let body = kept.body.ok_or_else(|| AppError::StateConflict { detail: detail() })?;
    simulate_delivery(app, body.as_bytes(), act).await
}

fn nothing(trigger: &str, outcome: Foretold, reason: &str) -> Simulation {
    Simulation {
        trigger: trigger.to_owned(),
        outcome,
        reason: Some(reason.to_owned()),
        reservation_id: None,
        step: None,
        bookings: Vec::new(),
        changes: Vec::new(),
        calls: Vec::new(),
    }
}

async fn run(app: &App, hint: &DeliveryHint, act: &Act) -> Result<Simulation, AppError> {
    let overlay = Overlay::over(app);
    let outcome = follow(&overlay.app(), hint, &Batch::default(), act).await;
    let calls = overlay.calls();
    let (outcome, reason) = match &outcome {
        Ok(found) => foretold(found),
        // What Cal.com would answer is not known, so the dry run ends with the question.
        Err(_) if calls.contains(&Withheld::Reschedule) => {
            (Foretold::Applied, Some("asks_cal_com_to_move_it_back"))
        }
        Err(_) => return outcome.map(|_| nothing("", Foretold::Ignored, "")),
    };
    let mut simulation = Simulation {
        reason: reason.map(ToOwned::to_owned),
        changes: changes(app, &overlay).await?,
        calls: calls.into_iter().map(word).collect(),
        ..nothing(&hint.trigger, outcome, "")
    };
    if reason != Some("foreign_deployment") {
        look(app, hint, &mut simulation).await?;
    }
    Ok(simulation)
}

/// What Cal.com says now, and the step that follows from it.
async fn look(app: &App, hint: &DeliveryHint, simulation: &mut Simulation) -> Result<(), AppError> {
    let uids: Vec<CalUid> = hint.uid.iter().chain(&hint.moved_from).cloned().collect();
    if let Some(id) = find(app, hint, &uids).await? {
        let plan = plan(app, &id, &uids).await?;
        simulation.step = Some(plan.step);
        simulation.bookings = plan.bookings.iter().map(sighting).collect();
        simulation.reservation_id = Some(id);
    }
    Ok(())
}

fn foretold(found: &Found) -> (Foretold, Option<&'static str>) {
    match found {
        Found::Synced { contradicted: true, .. } => {
            (Foretold::Waiting, Some("announced_and_not_so_yet"))
        }
        Found::Synced { contradicted: false, .. } => (Foretold::Applied, None),
        Found::External(Intake::Taken(_)) => (Foretold::Applied, Some("external_taken_in")),
        Found::External(Intake::TakenBack(_)) => (Foretold::Applied, Some("taken_back")),
        Found::External(Intake::Cancelled) => (Foretold::Ignored, Some("external_cancelled")),
        Found::External(Intake::Conflict) => (Foretold::Ignored, Some("external_conflict")),
        Found::External(Intake::Left) => (Foretold::Ignored, Some("external_left")),
        Found::Foreign => (Foretold::Ignored, Some("foreign_deployment")),
        Found::Nothing => (Foretold::Ignored, Some("no_booking_named")),
        Found::KindUnknown => (Foretold::Quarantined, Some("event_type_unknown")),
    }
}

fn word(call: Withheld) -> &'static str {
    match call {
        Withheld::Cancel => "cancel",
        Withheld::Reschedule => "reschedule",
        Withheld::Create => "create",
    }
}

fn sighting(booking: &Booking) -> Sighting {
    let status = match &booking.status {
        BookingStatus::Accepted => "accepted",
        BookingStatus::Pending => "pending",
        BookingStatus::Cancelled => "cancelled",
        BookingStatus::Rejected => "rejected",
        BookingStatus::Other(_) => "other",
    };
    Sighting {
        status: status.to_owned(),
        start: booking.interval.start(),
        end: booking.interval.end(),
    }
}

/// Reservations as they are and as they would be.
async fn changes(app: &App, overlay: &Overlay) -> Result<Vec<Planned>, AppError> {
    let mut planned = Vec::new();
    for record in overlay.written(Reservation::KIND) {
        let after = record.decode::<Reservation>()?.value;
        let key = after.key();
        let before = app.find::<Reservation>(&key).await?;
        planned.push(Planned {
            before: before.map(|stored| stored.value.status()),
            after: after.status(),
            start: after.interval.start(),
            end: after.interval.end(),
            cause: after.state.cause().map(Cause::word),
            reservation_id: after.id,
        });
    }
    Ok(planned)
}
