//! The port of the use cases, answered by Cal.com.
//!
//! Each method is one call of [`Operation`] and keeps only answers that are about what was asked.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::ports::scheduler::{
    Booking, BookingFilter, CalAccount, CalUid, CredentialMode, EventType, Failure, NewBooking,
    SchedulerError,
};
use interlock_app::ports::{Probe, Scheduler, Subscriptions};
use interlock_policy::{EventTypeId, Interval};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::uid::well_formed;
use crate::webhook::WebhookSecrets;
use crate::wire::request::{self, CancelBody, CreateBody, Pairs, RescheduleBody};
use crate::{Call, Calls, Operation, Reading};

/// The port over calls of any kind.
pub struct CalcomScheduler<C> {
    calls: C,
    signing: Option<Arc<dyn WebhookSecrets>>,
}

impl<C: fmt::Debug> fmt::Debug for CalcomScheduler<C> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("CalcomScheduler").field("calls", &self.calls).finish_non_exhaustive()
    }
}

impl<C: Calls> CalcomScheduler<C> {
    /// Over these calls.
    pub fn over(calls: C) -> Self {
        Self { calls, signing: None }
    }

    /// Has the webhooks it makes and changes signed with the newest of these secrets; without
    /// them it makes and changes none.
    #[must_use]
    pub fn signing_with(self, secrets: Arc<dyn WebhookSecrets>) -> Self {
        Self { signing: Some(secrets), ..self }
    }

    pub(crate) fn calls(&self) -> &C {
        &self.calls
    }

    pub(crate) fn signing(&self) -> Option<&dyn WebhookSecrets> {
        self.signing.as_deref()
    }
}

pub(crate) fn get(operation: Operation, path: &str, query: Pairs) -> Call {
    Call { operation, path: path.to_owned(), query, body: None }
}

pub(crate) fn send(
    operation: Operation,
    path: String,
    body: &impl Serialize,
) -> Result<Call, SchedulerError> {
    let body: Value =
        serde_json::to_value(body).map_err(|_| SchedulerError::of(Failure::BadRequest))?;
    Ok(Call { operation, path, query: Pairs::new(), body: Some(body) })
}

fn path_of(uid: &CalUid, action: &str) -> Result<String, SchedulerError> {
    if well_formed(&uid.0) {
        Ok(format!("/v2/bookings/{}{action}", uid.0))
    } else {
        Err(SchedulerError::of(Failure::NotFound))
    }
}

/// A key or token lists its own kinds; without one, and for a platform that acts as its owner, the
/// account must be named (CONTRACT 6).
pub(crate) fn of_whom(account: &CalAccount) -> Pairs {
    match account.mode {
        CredentialMode::None | CredentialMode::PlatformClient => {
            vec![("username", account.username.clone())]
        }
        CredentialMode::ApiKey | CredentialMode::Bearer => Pairs::new(),
    }
}

pub(crate) fn unreadable() -> SchedulerError {
    SchedulerError::of(Failure::Unreadable)
}

/// The only booking of an answer; a series where one was expected is not understood.
fn single(reading: Reading) -> Result<Booking, SchedulerError> {
    match reading {
        Reading::Bookings(mut bookings) if bookings.len() == 1 => {
            bookings.pop().ok_or_else(unreadable)
        }
        Reading::Bookings(_)
        | Reading::Slots(_)
        | Reading::EventTypes(_)
        | Reading::Subscriptions(_)
        | Reading::Me(_)
        | Reading::Done => Err(unreadable()),
    }
}

/// The booking of this name in an answer that may be a whole series.
fn named(reading: Reading, uid: &CalUid) -> Result<Booking, SchedulerError> {
    match reading {
        Reading::Bookings(bookings) => {
            bookings.into_iter().find(|booking| booking.uid == *uid).ok_or_else(unreadable)
        }
        Reading::Slots(_)
        | Reading::EventTypes(_)
        | Reading::Subscriptions(_)
        | Reading::Me(_)
        | Reading::Done => Err(unreadable()),
    }
}

#[async_trait]
impl<C: Calls> Scheduler for CalcomScheduler<C> {
    fn subscriptions_port(&self) -> Option<&dyn Subscriptions> {
        Some(self)
    }

    fn probe_port(&self) -> Option<&dyn Probe> {
        self.calls.probe()
    }

    async fn slots(
        &self,
        account: &CalAccount,
        event_type: EventTypeId,
        range: Interval,
    ) -> Result<Vec<Timestamp>, SchedulerError> {
        let call = get(Operation::Slots, "/v2/slots", request::slots(event_type, range));
        match self.calls.call(account, call).await? {
            Reading::Slots(starts) => {
                Ok(starts.into_iter().filter(|start| range.contains(*start)).collect())
            }
            Reading::Bookings(_)
            | Reading::EventTypes(_)
            | Reading::Subscriptions(_)
            | Reading::Me(_)
            | Reading::Done => Err(unreadable()),
        }
    }

    async fn create(
        &self,
        account: &CalAccount,
        booking: &NewBooking,
    ) -> Result<Booking, SchedulerError> {
        let body = CreateBody::of(booking);
        let call = send(Operation::Create, "/v2/bookings".to_owned(), &body)?;
        single(self.calls.call(account, call).await?)
    }

    async fn booking(
        &self,
        account: &CalAccount,
        uid: &CalUid,
    ) -> Result<Option<Booking>, SchedulerError> {
        let Ok(path) = path_of(uid, "") else { return Ok(None) };
        match self.calls.call(account, get(Operation::Read, &path, Pairs::new())).await {
            Ok(reading) => named(reading, uid).map(Some),
            Err(error) if error.failure == Failure::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn bookings(
        &self,
        account: &CalAccount,
        filter: &BookingFilter,
    ) -> Result<Vec<Booking>, SchedulerError> {
        let call = get(Operation::List, "/v2/bookings", request::bookings(filter));
        match self.calls.call(account, call).await? {
            Reading::Bookings(bookings) => Ok(bookings),
            Reading::Slots(_)
            | Reading::EventTypes(_)
            | Reading::Subscriptions(_)
            | Reading::Me(_)
            | Reading::Done => Err(unreadable()),
        }
    }

    async fn cancel(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        let path = path_of(uid, "/cancel")?;
        let call = send(Operation::Cancel, path, &CancelBody::of(reason))?;
        named(self.calls.call(account, call).await?, uid)
    }

    async fn reschedule(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        start: Timestamp,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        let path = path_of(uid, "/reschedule")?;
        let call = send(Operation::Reschedule, path, &RescheduleBody::of(start, reason))?;
        single(self.calls.call(account, call).await?)
    }

    async fn event_types(&self, account: &CalAccount) -> Result<Vec<EventType>, SchedulerError> {
        let query = of_whom(account);
        match self.calls.call(account, get(Operation::EventTypes, "/v2/event-types", query)).await?
        {
            Reading::EventTypes(kinds) => Ok(kinds),
            Reading::Slots(_)
            | Reading::Bookings(_)
            | Reading::Subscriptions(_)
            | Reading::Me(_)
            | Reading::Done => Err(unreadable()),
        }
    }

    async fn me(&self, account: &CalAccount) -> Result<String, SchedulerError> {
        match self.calls.call(account, get(Operation::Me, "/v2/me", Pairs::new())).await? {
            Reading::Me(username) => Ok(username),
            Reading::Slots(_)
            | Reading::Bookings(_)
            | Reading::EventTypes(_)
            | Reading::Subscriptions(_)
            | Reading::Done => Err(unreadable()),
        }
    }
}
