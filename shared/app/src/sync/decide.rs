//! What follows from what was read; pure, so that every row of the table is a test
//! (RELIABILITY 3.3).

use interlock_policy::Interval;
use jiff::Timestamp;

use super::look::Seen;
use crate::change::follow_up_at;
use crate::context::Timing;
use crate::model::{Attempt, Cause, Origin, Reservation, State};
use crate::ports::scheduler::{Booking, CalUid};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// A mark's term has run out; the holder is judged again.
    Judge,
    /// Nothing; look again at this instant, if any.
    Rest(Option<Timestamp>),
    /// Cal.com knows nothing of a booking that should stand; nobody acts on that alone.
    Missing,
    /// It stands at the time it was wanted for.
    Confirm(CalUid),
    /// It stands at another time.
    Relocate(CalUid, Interval),
    /// It ended at Cal.com, or never came to be.
    End(End),
    /// It shall end: bookings that stand must be cancelled first.
    Compensate(Cause, Option<CalUid>),
    /// These bookings must be cancelled, and then it is looked at again.
    CancelBookings(Vec<CalUid>),
}

/// How it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// Cancelled.
    Cancelled(Cause),
    /// Failed.
    Failed(Cause),
    /// Took place.
    Completed,
}

/// Decides by state and sight.
pub(crate) fn decide(
    reservation: &Reservation,
    seen: &Seen,
    now: Timestamp,
    timing: &Timing,
) -> Step {
    let live: Vec<&Booking> = seen.live().collect();
    if seen.cut_short && live.is_empty() && may_stand(&reservation.state) {
        return Step::Missing;
    }
    match &reservation.state {
        State::Awaiting { hold_until, .. } => awaiting(*hold_until, now),
        State::Pending { attempt } => {
            pending(reservation, seen, &live, doubt(attempt, now, timing))
        }
        State::Confirmed { cal_uid } => confirmed(reservation, seen, &live, (cal_uid, now)),
        State::Moving { cal_uid, target, attempt, .. } => {
            let doubt = doubt(attempt, now, timing);
            moving(reservation, seen, &live, (cal_uid, target.interval, doubt))
        }
        State::Cancelling { attempt, cause, .. } => {
            let doubt = attempt.as_ref().map_or(Doubt::Over, |attempt| doubt(attempt, now, timing));
            cancelling(&standing(&live, now), cause, doubt)
        }
        State::Cancelled { .. } | State::Failed { .. } | State::Completed => {
            ended(reservation, &standing(&live, now))
        }
    }
}

/// Whether there may be a booking that stands and should.
fn may_stand(state: &State) -> bool {
    match state {
        State::Pending { .. }
        | State::Confirmed { .. }
        | State::Moving { .. }
        | State::Cancelling { .. } => true,
        State::Awaiting { .. }
        | State::Cancelled { .. }
        | State::Failed { .. }
        | State::Completed => false,
    }
}

/// How far the time for doubt has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// A late effect is still possible; look again then.
    Until(Timestamp),
    /// No call of ours can take effect any more.
    Over,
}

/// First the maker's lease, then the quiet period in which Cal.com may still be working.
fn doubt(attempt: &Attempt, now: Timestamp, timing: &Timing) -> Doubt {
    let over = attempt.lease_until.saturating_add(timing.quiet).unwrap_or(Timestamp::MAX);
    if now < attempt.lease_until {
        Doubt::Until(attempt.lease_until)
    } else if now < over {
        Doubt::Until(over)
    } else {
        Doubt::Over
    }
}

fn awaiting(hold_until: Timestamp, now: Timestamp) -> Step {
    if now < hold_until {
        Step::Rest(Some(hold_until))
    } else {
        Step::End(End::Cancelled(Cause::Expired))
    }
}

fn pending(reservation: &Reservation, seen: &Seen, live: &[&Booking], doubt: Doubt) -> Step {
    let fitting = live.iter().find(|booking| booking.interval == reservation.interval);
    if let Some(booking) = fitting {
        return Step::Confirm(booking.uid.clone());
    }
    if let Some(booking) = live.first() {
        return Step::Compensate(Cause::Conflict, Some(booking.uid.clone()));
    }
    if !seen.bookings.is_empty() {
        return Step::End(End::Cancelled(Cause::External));
    }
    match doubt {
        Doubt::Until(at) => Step::Rest(Some(at)),
        Doubt::Over if seen.window_searched => Step::End(End::Failed(Cause::NeverMade)),
        Doubt::Over => Step::Missing,
    }
}

fn confirmed(
    reservation: &Reservation,
    seen: &Seen,
    live: &[&Booking],
    (cal_uid, now): (&CalUid, Timestamp),
) -> Step {
    let here = |booking: &&&Booking| booking.interval == reservation.interval;
    let own = live.iter().find(|booking| booking.uid == *cal_uid).or(live.iter().find(here));
    if let Some(own) = own.or(live.first()) {
        let extra: Vec<CalUid> = extras(live, &own.uid);
        if !extra.is_empty() {
            return Step::CancelBookings(extra);
        }
        if own.interval != reservation.interval {
            return Step::Relocate(own.uid.clone(), own.interval);
        }
        if own.uid != *cal_uid {
            return Step::Confirm(own.uid.clone());
        }
    } else if seen.bookings.is_empty() {
        return if reservation.interval.end() <= now {
            Step::End(End::Completed)
        } else {
            Step::Missing
        };
    } else {
        return Step::End(End::Cancelled(Cause::External));
    }
    if reservation.interval.end() <= now {
        Step::End(End::Completed)
    } else if reservation.interval.start() > now
        && reservation.flags.iter().any(|flag| flag.is_over(now))
    {
        Step::Judge
    } else {
        Step::Rest(follow_up_at(reservation, now))
    }
}

fn extras(live: &[&Booking], own: &CalUid) -> Vec<CalUid> {
    live.iter().filter(|booking| booking.uid != *own).map(|booking| booking.uid.clone()).collect()
}

fn moving(
    reservation: &Reservation,
    seen: &Seen,
    live: &[&Booking],
    (cal_uid, target, doubt): (&CalUid, Interval, Doubt),
) -> Step {
    if let Some(moved) = live.iter().find(|booking| booking.interval == target) {
        let extra = extras(live, &moved.uid);
        return if extra.is_empty() {
            Step::Relocate(moved.uid.clone(), target)
        } else {
            Step::CancelBookings(extra)
        };
    }
    if let Some(old) = live.iter().find(|booking| booking.interval == reservation.interval) {
        return match doubt {
            Doubt::Until(at) => Step::Rest(Some(at)),
            Doubt::Over => Step::Confirm(old.uid.clone()),
        };
    }
    if let Some(other) = live.first() {
        return Step::Relocate(other.uid.clone(), other.interval);
    }
    match doubt {
        Doubt::Until(at) => Step::Rest(Some(at)),
        Doubt::Over if seen.bookings.iter().any(|booking| booking.uid == *cal_uid) => {
            Step::End(End::Cancelled(Cause::External))
        }
        Doubt::Over => Step::Missing,
    }
}

/// Bookings whose time is not over: Cal.com cancels none that has ended (CONTRACT 5.7), and who
/// waits for it to do so waits for ever.
fn standing<'a>(live: &[&'a Booking], now: Timestamp) -> Vec<&'a Booking> {
    live.iter().copied().filter(|booking| booking.interval.end() > now).collect()
}

fn cancelling(live: &[&Booking], cause: &Cause, doubt: Doubt) -> Step {
    if !live.is_empty() {
        return Step::CancelBookings(live.iter().map(|booking| booking.uid.clone()).collect());
    }
    match doubt {
        Doubt::Until(at) => Step::Rest(Some(at)),
        Doubt::Over => Step::End(End::Cancelled(cause.clone())),
    }
}

/// The orphan rule: a reservation that ended owns no booking (promise R6). One that took place
/// keeps the booking it took place in, and a booking made inside Cal.com is no orphan of ours
/// (PRODUCT D15).
fn ended(reservation: &Reservation, live: &[&Booking]) -> Step {
    let orphans: Vec<CalUid> = match reservation.state {
        State::Completed => Vec::new(),
        State::Awaiting { .. }
        | State::Pending { .. }
        | State::Confirmed { .. }
        | State::Moving { .. }
        | State::Cancelling { .. }
        | State::Cancelled { .. }
        | State::Failed { .. } => live.iter().map(|booking| booking.uid.clone()).collect(),
    };
    let ours = reservation.origin == Origin::Interlock;
    if orphans.is_empty() || !ours { Step::Rest(None) } else { Step::CancelBookings(orphans) }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "model_tests.rs"]
mod model_tests;
