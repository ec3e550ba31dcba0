//! What a person does in Cal.com's own pages, past us.
//!
//! Nothing here is a call of ours: it is neither counted nor disturbed by ordered faults.

use std::collections::BTreeMap;

use interlock_app::ports::scheduler::{Attendee, Booking, CalAccount, CalUid, Failure, NewBooking};
use interlock_policy::EventTypeId;
use jiff::Timestamp;

use super::{FakeScheduler, Write, lock};

/// A booking somebody makes in Cal.com, or by an import, without us.
#[derive(Debug, Clone)]
pub struct HumanBooking {
    /// Kind.
    pub event_type_id: EventTypeId,
    /// Start, in UTC.
    pub start: Timestamp,
    /// Who comes.
    pub attendee: Attendee,
    /// Marks; empty for what a person books by hand.
    pub metadata: BTreeMap<String, String>,
}

impl FakeScheduler {
    /// Makes a booking without us.
    pub fn ui_create(
        &self,
        account: &CalAccount,
        booking: HumanBooking,
    ) -> Result<Booking, Failure> {
        let HumanBooking { event_type_id, start, attendee, metadata } = booking;
        let booking = NewBooking { event_type_id, start, attendee, metadata };
        self.act(&Write::Create(account.id.clone(), booking))
    }

    /// Ends a booking without us.
    pub fn ui_cancel(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        reason: &str,
    ) -> Result<Booking, Failure> {
        self.act(&Write::Cancel(account.id.clone(), uid.clone(), reason.to_owned()))
    }

    /// Moves a booking without us; answers the new one.
    pub fn ui_reschedule(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        start: Timestamp,
    ) -> Result<Booking, Failure> {
        self.act(&Write::Reschedule(account.id.clone(), uid.clone(), start))
    }

    fn act(&self, write: &Write) -> Result<Booking, Failure> {
        lock(&self.state).apply(write, self.clock.now())
    }
}
