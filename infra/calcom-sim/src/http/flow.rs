//! The booking actions that tell the world about themselves while they run.
//! Create and reschedule commit, deliver, answer; cancel delivers, commits, answers.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::sender::send;
use super::shared::Shared;
use crate::core::api_error::{Answer, ApiError};
use crate::core::create::Plan;
use crate::core::faults::{ActionFault, Injection};
use crate::core::model::{Booking, Status};
use crate::core::payload::Happening;
use crate::core::request::{ApiRequest, Caller};

/// The pause between check and commit: a rule's, else the setting.
async fn race(shared: &Arc<Shared>, route: &str) {
    let pause = shared.run(|world, _| {
        let race =
            |inject: Injection| inject.action().filter(|fault| *fault == ActionFault::RaceWindow);
        let ruled = world.take_fault(&[route], race);
        let ruled = ruled.map(|(_, fault)| fault.milliseconds.unwrap_or(500));
        Ok(ruled.unwrap_or(world.settings().race_window_milliseconds))
    });
    let pause = pause.unwrap_or_default();
    if pause > 0 {
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
}

/// Touches the row after its deliveries, as the original does, and prints it.
fn finish(shared: &Arc<Shared>, uid: &str) -> Answer<Value> {
    shared.run(|world, now| {
        if let Some(booking) = world.bookings.change(uid) {
            booking.updated_at = now;
        }
        world.read_booking(uid, false).map(|booking| world.booking_output(booking))
    })
}

fn of_new(booking: &Booking) -> Happening {
    if booking.status == Status::Pending { Happening::Requested } else { Happening::Created }
}

/// `POST /v2/bookings`.
pub(crate) async fn create(
    shared: &Arc<Shared>,
    caller: Caller,
    request: &ApiRequest,
) -> Answer<Value> {
    let draft = match shared.run(|world, now| world.plan_booking(caller, request, now))? {
        Plan::New(draft) => draft,
        Plan::Existing(booking) => {
            return shared.run(|world, _| Ok(world.booking_output(&booking)));
        }
    };
    race(shared, "bookings.create").await;
    let (uid, outgoing) = shared.run(|world, now| {
        let booking = world.commit_booking(*draft, now)?;
        let outgoing = world.announce(&of_new(&booking), &booking, now);
        Ok((booking.uid, outgoing))
    })?;
    send(shared, outgoing).await;
    finish(shared, &uid)
}

/// `POST /v2/bookings/{uid}/reschedule`.
pub(crate) async fn reschedule(
    shared: &Arc<Shared>,
    uid: &str,
    request: &ApiRequest,
) -> Answer<Value> {
    let step = shared.run(|world, now| world.plan_move(uid, request, now))?;
    race(shared, "bookings.reschedule").await;
    let (uid, outgoing) = shared.run(|world, now| {
        let old = Box::new(step.old.clone());
        let booking = world.commit_move(step, now)?;
        let happening = match booking.status {
            Status::Pending => Happening::Requested,
            Status::Accepted | Status::Cancelled | Status::Rejected => {
                Happening::Rescheduled { old, by_person: false }
            }
        };
        let outgoing = world.announce(&happening, &booking, now);
        Ok((booking.uid, outgoing))
    })?;
    send(shared, outgoing).await;
    finish(shared, &uid)
}

/// `POST /v2/bookings/{uid}/cancel`: the delivery goes out before the row changes, and the
/// change may still fail then (CONTRACT 14.1 row 3).
pub(crate) async fn cancel(
    shared: &Arc<Shared>,
    caller: Caller,
    uid: &str,
    request: &ApiRequest,
) -> Answer<Value> {
    let (outgoing, reason) = shared.run(|world, now| {
        let (booking, reason) = world.plan_cancel(caller, uid, request, now)?;
        let happening =
            Happening::Cancelled { reason: reason.clone(), by: None, request_reschedule: false };
        Ok((world.announce(&happening, &booking, now), reason))
    })?;
    send(shared, outgoing).await;
    shared.run(|world, now| {
        let crash = |inject: Injection| {
            inject.action().filter(|fault| *fault == ActionFault::WebhookThenCrash)
        };
        if world.take_fault(&["bookings.cancel"], crash).is_some() {
            return Err(ApiError::plain(500, "Internal server error"));
        }
        let booking = world.commit_cancel(uid, &reason, now)?;
        Ok(world.booking_output(&booking))
    })
}

/// `POST /v2/bookings/{uid}/confirm`.
pub(crate) async fn confirm(shared: &Arc<Shared>, caller: Caller, uid: &str) -> Answer<Value> {
    let (booking, outgoing) = shared.run(|world, now| {
        let booking = world.confirm(caller, uid, now)?;
        let outgoing = world.announce(&Happening::Confirmed, &booking, now);
        Ok((booking, outgoing))
    })?;
    send(shared, outgoing).await;
    shared.run(|world, _| Ok(world.booking_output(&booking)))
}

/// `POST /v2/bookings/{uid}/decline`.
pub(crate) async fn decline(
    shared: &Arc<Shared>,
    caller: Caller,
    uid: &str,
    request: &ApiRequest,
) -> Answer<Value> {
    let (booking, outgoing) = shared.run(|world, now| {
        let booking = world.decline(caller, uid, request, now)?;
        let outgoing = world.announce(&Happening::Rejected, &booking, now);
        Ok((booking, outgoing))
    })?;
    send(shared, outgoing).await;
    shared.run(|world, _| Ok(world.booking_output(&booking)))
}
