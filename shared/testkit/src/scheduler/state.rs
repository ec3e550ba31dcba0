//! What Cal.com has stored, and the rules by which it changes.
//!
//! A uid is never used twice, and a booking that was moved is never forgotten.

use std::collections::{BTreeMap, BTreeSet};

use interlock_app::ports::scheduler::{
    Attendee, Booking, BookingFilter, BookingStatus, CalUid, EventType, Failure, NewBooking,
};
use interlock_app::ports::subscriptions::Subscription;
use interlock_policy::{CalAccountId, EventTypeId, Interval};
use jiff::{SignedDuration, Timestamp};

use super::Write;

/// All accounts.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// Whether only equal intervals are refused.
    pub(super) overlap: bool,
    /// Webhook subscriptions, in order of making.
    pub(super) subscriptions: Vec<(CalAccountId, Subscription)>,
    /// How many there ever were.
    pub(super) subscribed: u64,
    made: u64,
    bookings: Vec<(CalAccountId, Booking)>,
    event_types: BTreeMap<(CalAccountId, EventTypeId), EventType>,
    offers: BTreeMap<(CalAccountId, EventTypeId), BTreeSet<Timestamp>>,
}

/// Whether the booking takes up time.
pub(super) fn is_live(booking: &Booking) -> bool {
    match booking.status {
        BookingStatus::Accepted | BookingStatus::Pending | BookingStatus::Other(_) => true,
        BookingStatus::Cancelled | BookingStatus::Rejected => false,
    }
}

impl State {
    pub(super) fn set_event_type(&mut self, account: &CalAccountId, event_type: EventType) {
        self.event_types.insert((account.clone(), event_type.id), event_type);
    }

    pub(super) fn remove_event_type(&mut self, account: &CalAccountId, id: EventTypeId) {
        self.event_types.remove(&(account.clone(), id));
        for (owner, booking) in &mut self.bookings {
            if owner == account && booking.event_type_id == Some(id) {
                booking.event_type_id = None;
            }
        }
    }

    pub(super) fn offer(
        &mut self,
        account: &CalAccountId,
        event_type: EventTypeId,
        starts: impl IntoIterator<Item = Timestamp>,
    ) {
        self.offers.entry((account.clone(), event_type)).or_default().extend(starts);
    }

    pub(super) fn event_types(&self, account: &CalAccountId) -> Vec<EventType> {
        let kinds = self.event_types.iter().filter(|((owner, _), _)| owner == account);
        kinds.map(|(_, event_type)| event_type.clone()).collect()
    }

    pub(super) fn all(&self, account: &CalAccountId) -> Vec<Booking> {
        let own = self.bookings.iter().filter(|(owner, _)| owner == account);
        own.map(|(_, booking)| booking.clone()).collect()
    }

    pub(super) fn booking(&self, account: &CalAccountId, uid: &CalUid) -> Option<Booking> {
        self.all(account).into_iter().find(|booking| booking.uid == *uid)
    }

    pub(super) fn slots(
        &self,
        account: &CalAccountId,
        event_type: EventTypeId,
        range: Interval,
    ) -> Result<Vec<Timestamp>, Failure> {
        let length = self.length(account, event_type)?;
        let offered = self.offers.get(&(account.clone(), event_type));
        let offered = offered.into_iter().flatten().filter(|start| range.contains(**start));
        let free = offered.filter(|start| {
            Interval::lasting(**start, length)
                .is_ok_and(|interval| !self.taken(account, interval, None, false))
        });
        Ok(free.copied().collect())
    }

    pub(super) fn list(&self, account: &CalAccountId, filter: &BookingFilter) -> Vec<Booking> {
        let mut found: Vec<Booking> =
            self.all(account).into_iter().filter(|booking| matches(booking, filter)).collect();
        if filter.by_update {
            found.sort_by_key(|booking| booking.updated_at);
        } else {
            found.sort_by_key(|booking| booking.interval.start());
        }
        let skip = usize::try_from(filter.skip).unwrap_or(usize::MAX);
        let take = usize::try_from(filter.take).unwrap_or(usize::MAX);
        found.into_iter().skip(skip).take(take).collect()
    }

    /// Does what was asked, whoever asked.
    pub(super) fn apply(&mut self, write: &Write, now: Timestamp) -> Result<Booking, Failure> {
        match write {
            Write::Create(account, booking) => self.create(account, booking, now),
            Write::Cancel(account, uid, reason) => self.cancel(account, uid, reason, now),
            Write::Reschedule(account, uid, start) => self.reschedule(account, uid, *start, now),
        }
    }

    fn create(
        &mut self,
        account: &CalAccountId,
        new: &NewBooking,
        now: Timestamp,
    ) -> Result<Booking, Failure> {
        let length = self.length(account, new.event_type_id)?;
        let interval = Interval::lasting(new.start, length).map_err(|_| Failure::BadRequest)?;
        if new.start < now {
            return Err(Failure::OutOfBounds);
        }
        if self.taken(account, interval, None, self.overlap) {
            return Err(Failure::SlotTaken);
        }
        let uid = self.next_uid();
        let booking = Booking {
            status: self.first_status(account, new.event_type_id),
            interval,
            event_type_id: Some(new.event_type_id),
            rescheduled_to: None,
            rescheduled_from: None,
            title: title(&new.attendee),
            attendee_email: Some(new.attendee.email.clone()),
            attendee_name: Some(new.attendee.name.clone()),
            metadata: new.metadata.clone(),
            ics_uid: Some(format!("{}@Cal.com", uid.0)),
            cancellation_reason: None,
            updated_at: Some(now),
            uid,
        };
        self.bookings.push((account.clone(), booking.clone()));
        Ok(booking)
    }

    fn cancel(
        &mut self,
        account: &CalAccountId,
        uid: &CalUid,
        reason: &str,
        now: Timestamp,
    ) -> Result<Booking, Failure> {
        let found = self.booking(account, uid).ok_or(Failure::NotFound)?;
        if !is_live(&found) {
            return Err(Failure::AlreadyCancelled);
        }
        let kind = found.event_type_id.map(|id| (account.clone(), id));
        let kind = kind.and_then(|key| self.event_types.get(&key));
        if kind.is_some_and(|kind| kind.cancelling_disabled) {
            return Err(Failure::CancelRefused);
        }
        let ended = Booking {
            status: BookingStatus::Cancelled,
            cancellation_reason: Some(reason.to_owned()),
            updated_at: Some(now),
            ..found
        };
        self.replace(account, ended.clone());
        Ok(ended)
    }

    fn reschedule(
        &mut self,
        account: &CalAccountId,
        uid: &CalUid,
        start: Timestamp,
        now: Timestamp,
    ) -> Result<Booking, Failure> {
        let old = self.booking(account, uid).ok_or(Failure::NotFound)?;
        if old.rescheduled_to.is_some() {
            return Err(Failure::AlreadyRescheduled);
        }
        if !is_live(&old) {
            return Err(Failure::AlreadyCancelled);
        }
        // A move gives the length its kind has now, and one whose kind is gone cannot be moved
        // (CONTRACT 10).
        let kind = old.event_type_id.ok_or(Failure::NotFound)?;
        let interval = Interval::lasting(start, self.length(account, kind)?);
        let interval = interval.map_err(|_| Failure::BadRequest)?;
        if start < now {
            return Err(Failure::OutOfBounds);
        }
        if self.taken(account, interval, Some(uid), self.overlap) {
            return Err(Failure::SlotTaken);
        }
        let new = Booking {
            uid: self.next_uid(),
            interval,
            rescheduled_from: Some(uid.clone()),
            updated_at: Some(now),
            ..old.clone()
        };
        let old = Booking {
            status: BookingStatus::Cancelled,
            rescheduled_to: Some(new.uid.clone()),
            updated_at: Some(now),
            ..old
        };
        self.replace(account, old);
        self.bookings.push((account.clone(), new.clone()));
        Ok(new)
    }

    fn replace(&mut self, account: &CalAccountId, changed: Booking) {
        let own = |(owner, booking): &&mut (CalAccountId, Booking)| {
            owner == account && booking.uid == changed.uid
        };
        if let Some((_, place)) = self.bookings.iter_mut().find(own) {
            *place = changed;
        }
    }

    fn taken(
        &self,
        account: &CalAccountId,
        interval: Interval,
        moving: Option<&CalUid>,
        only_equal: bool,
    ) -> bool {
        let live = self.bookings.iter().filter(|(owner, booking)| {
            owner == account && is_live(booking) && Some(&booking.uid) != moving
        });
        live.map(|(_, booking)| booking.interval)
            .any(|other| if only_equal { other == interval } else { other.overlaps(&interval) })
    }

    fn length(&self, account: &CalAccountId, id: EventTypeId) -> Result<SignedDuration, Failure> {
        let kind = self.event_types.get(&(account.clone(), id)).ok_or(Failure::MappingBroken)?;
        Ok(SignedDuration::from_mins(i64::from(kind.length_minutes)))
    }

    fn first_status(&self, account: &CalAccountId, id: EventTypeId) -> BookingStatus {
        let kind = self.event_types.get(&(account.clone(), id));
        if kind.is_some_and(|kind| kind.requires_confirmation) {
            BookingStatus::Pending
        } else {
            BookingStatus::Accepted
        }
    }

    fn next_uid(&mut self) -> CalUid {
        self.made += 1;
        CalUid(format!("fakeUid{:015}", self.made))
    }
}

fn title(attendee: &Attendee) -> String {
    format!("Booking with {}", attendee.name)
}

fn matches(booking: &Booking, filter: &BookingFilter) -> bool {
    let kinds = &filter.event_type_ids;
    (kinds.is_empty() || booking.event_type_id.is_some_and(|id| kinds.contains(&id)))
        && filter.after_start.is_none_or(|after| booking.interval.start() >= after)
        && filter.before_end.is_none_or(|before| booking.interval.end() <= before)
        && filter
            .after_updated
            .is_none_or(|after| booking.updated_at.is_some_and(|updated_at| updated_at > after))
}
