//! A call of the API, step by step.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::{Desk, Sent};
use crate::core::api_error::{Answer as Outcome, ApiError};
use crate::core::create::{Draft, Plan};
use crate::core::create_checks::has_version;
use crate::core::model::{Booking, Status};
use crate::core::payload::Happening;
use crate::core::request::{ApiRequest, Caller};
use crate::core::reschedule::Move;
use crate::core::route::{BookingCall, Crud, Route};

/// A call as it arrives.
#[derive(Debug, Clone)]
pub struct ApiCall {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path without the query.
    pub path: String,
    /// Query, decoded.
    pub query: Vec<(&'static str, String)>,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// The `cal-api-version` header.
    pub version: &'static str,
    /// The body; `Null` for none.
    pub body: Value,
}

/// What came of a call: status and raw body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The bytes.
    pub body: Vec<u8>,
}

/// What goes wrong inside a call that is otherwise done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// Nothing.
    None,
    /// A read answers what was so before the last change.
    StaleRead,
    /// A page lost its first row.
    PageShift,
    /// A page repeats its last row.
    DuplicateRows,
    /// A cancel is announced, and its commit then fails.
    CancelFails,
}

/// An answer in place of any work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// 500 in the envelope.
    Error500,
    /// 500 of the booking core.
    Error500Plain,
    /// The page of a proxy.
    Html502,
}

/// How far a call came.
#[derive(Debug)]
pub enum Turn {
    /// It is answered.
    Done(Answer),
    /// It goes on with [`Desk::resume`], after these deliveries were sent.
    Goes(Pending, Vec<Sent>),
}

/// A call between two of its steps.
#[derive(Debug)]
pub struct Pending {
    step: Step,
    target: String,
}

#[derive(Debug)]
enum Step {
    Create(Box<Draft>),
    Move(Box<Move>),
    Finish(String),
    Cancel { uid: String, reason: String, fails: bool },
}

/// The envelope, written without a copy of what is in it.
#[derive(Serialize)]
struct Envelope<'a, T> {
    status: &'static str,
    data: &'a T,
    #[serde(skip_serializing_if = "Option::is_none")]
    pagination: Option<Value>,
}

fn enveloped<T: Serialize>(status: u16, data: &T, pagination: Option<Value>) -> Answer {
    let envelope = Envelope { status: "success", data, pagination };
    // Keys are text and nothing here refuses to be written.
    Answer { status, body: serde_json::to_vec(&envelope).unwrap_or_default() }
}

fn success<T: Serialize>(status: u16, data: &T) -> Answer {
    enveloped(status, data, None)
}

fn refused(error: &ApiError, target: &str, now: Timestamp) -> Answer {
    Answer { status: error.status, body: error.body(target, now).to_string().into_bytes() }
}

fn happening_of_new(booking: &Booking) -> Happening {
    if booking.status == Status::Pending { Happening::Requested } else { Happening::Created }
}

impl Desk {
    /// Takes a call up to its first wait.
    pub fn begin(&mut self, call: ApiCall, mishap: Mishap, now: Timestamp) -> Turn {
        let request = ApiRequest {
            method: call.method.to_owned(),
            target: call.path.clone(),
            path: call.path,
            query: call.query.into_iter().map(|(name, text)| (name.to_owned(), text)).collect(),
            authorization: call.authorization,
            version: Some(call.version.to_owned()),
            address: "embedded".to_owned(),
            body: call.body,
        };
        match self.first_step(&request, mishap, now) {
            Ok(turn) => turn,
            Err(error) => Turn::Done(refused(&error, &request.target, now)),
        }
    }

    fn first_step(
        &mut self,
        request: &ApiRequest,
        mishap: Mishap,
        now: Timestamp,
    ) -> Outcome<Turn> {
        let route = Route::find(&request.method, &request.path)
            .filter(|route| has_version(route.resource(), request))
            .ok_or_else(|| ApiError::not_found(format!("Cannot {}", request.target)))?;
        self.world.inspect(&route, request, now);
        let tracker = self.world.tracker(request)?;
        if self.world.throttle(&tracker, now).refused {
            return Err(ApiError::throttled());
        }
        let caller = self.world.authenticate(&route, request)?;
        match &route {
            Route::Booking(one) => self.booking(one, (caller, request), mishap, now),
            Route::EventType(Crud::List) => {
                Ok(Turn::Done(success(200, &self.world.list_event_types(caller, request))))
            }
            Route::Health
            | Route::MeGet
            | Route::SlotsList
            | Route::Hold(_)
            | Route::EventType(_)
            | Route::Schedule(_)
            | Route::ScheduleDefault
            | Route::Webhook(..) => Err(ApiError::not_found("not served when embedded")),
        }
    }

    fn booking(
        &mut self,
        one: &BookingCall,
        (caller, request): (Caller, &ApiRequest),
        mishap: Mishap,
        now: Timestamp,
    ) -> Outcome<Turn> {
        let target = request.target.clone();
        let stale = mishap == Mishap::StaleRead;
        match one {
            BookingCall::Create => match self.world.plan_booking(caller, request, now)? {
                Plan::New(draft) => {
                    Ok(Turn::Goes(Pending { step: Step::Create(draft), target }, Vec::new()))
                }
                Plan::Existing(booking) => {
                    Ok(Turn::Done(success(201, &self.world.booking_output(&booking))))
                }
            },
            BookingCall::Reschedule(uid) => {
                let step = Step::Move(Box::new(self.world.plan_move(uid, request, now)?));
                Ok(Turn::Goes(Pending { step, target }, Vec::new()))
            }
            BookingCall::Cancel(uid) => {
                let (booking, reason) = self.world.plan_cancel(caller, uid, request, now)?;
                let happening = Happening::Cancelled {
                    reason: reason.clone(),
                    by: None,
                    request_reschedule: false,
                };
                let outgoing = self.world.announce(&happening, &booking, now);
                let fails = mishap == Mishap::CancelFails;
                let step = Step::Cancel { uid: uid.clone(), reason, fails };
                Ok(Turn::Goes(Pending { step, target }, self.sent(outgoing)))
            }
            BookingCall::Get(uid) => {
                let found = self.world.read_booking(uid, stale)?;
                Ok(Turn::Done(success(200, &self.world.booking_output(found))))
            }
            BookingCall::List => self.page(caller, request, mishap, now),
            BookingCall::Confirm(_) | BookingCall::Decline(_) => {
                Err(ApiError::not_found("not served when embedded"))
            }
        }
    }

    fn page(
        &self,
        caller: Caller,
        request: &ApiRequest,
        mishap: Mishap,
        now: Timestamp,
    ) -> Outcome<Turn> {
        let stale = mishap == Mishap::StaleRead;
        let (mut data, pages) = self.world.list_bookings(caller, request, now, stale)?;
        if let Some(rows) = data.as_array_mut().filter(|rows| !rows.is_empty()) {
            if mishap == Mishap::PageShift {
                rows.remove(0);
            }
            if mishap == Mishap::DuplicateRows {
                rows.extend(rows.last().cloned());
            }
        }
        Ok(Turn::Done(enveloped(200, &data, Some(pages))))
    }

    /// Goes on with a call: the commit, or what follows the deliveries.
    pub fn resume(&mut self, pending: Pending, now: Timestamp) -> Turn {
        let Pending { step, target } = pending;
        match self.next_step(step, &target, now) {
            Ok(turn) => turn,
            Err(error) => Turn::Done(refused(&error, &target, now)),
        }
    }

    fn next_step(&mut self, step: Step, target: &str, now: Timestamp) -> Outcome<Turn> {
        let (booking, happening) = match step {
            Step::Create(draft) => {
                let booking = self.world.commit_booking(*draft, now)?;
                let happening = happening_of_new(&booking);
                (booking, happening)
            }
            Step::Move(step) => {
                let old = Box::new(step.old.clone());
                let booking = self.world.commit_move(*step, now)?;
                let happening = match booking.status {
                    Status::Pending => Happening::Requested,
                    Status::Accepted | Status::Cancelled | Status::Rejected => {
                        Happening::Rescheduled { old, by_person: false }
                    }
                };
                (booking, happening)
            }
            Step::Finish(uid) => {
                if let Some(row) = self.world.bookings.change(&uid) {
                    row.updated_at = now;
                }
                let booking = self.world.read_booking(&uid, false)?;
                return Ok(Turn::Done(success(201, &self.world.booking_output(booking))));
            }
            Step::Cancel { fails: true, .. } => {
                return Err(ApiError::plain(500, "Internal server error"));
            }
            Step::Cancel { uid, reason, fails: false } => {
                let booking = self.world.commit_cancel(&uid, &reason, now)?;
                return Ok(Turn::Done(success(200, &self.world.booking_output(&booking))));
            }
        };
        let outgoing = self.world.announce(&happening, &booking, now);
        let pending = Pending { step: Step::Finish(booking.uid), target: target.to_owned() };
        Ok(Turn::Goes(pending, self.sent(outgoing)))
    }

    /// An answer in place of any work.
    pub fn trouble(&self, trouble: Trouble, path: &str, now: Timestamp) -> Answer {
        let broken = "Internal server error";
        match trouble {
            Trouble::Error500 => refused(&ApiError::framework(500, broken), path, now),
            Trouble::Error500Plain => refused(&ApiError::plain(500, broken), path, now),
            Trouble::Html502 => Answer {
                status: 502,
                body: b"<html><head><title>502 Bad Gateway</title></head></html>".to_vec(),
            },
        }
    }
}
