//! Every row of the table of RELIABILITY 3.3, each as one sight and one step.
//!
//! Times are seconds after one instant; the reservation is the hour from 10 000 s on.

use std::collections::BTreeMap;

use interlock_policy::{EventTypeId, Interval, PolicyVersion};
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::model::{Holder, Origin, Target, WaitingFor};
use crate::ports::scheduler::BookingStatus;

const START: i64 = 10_000;
const OTHER: i64 = 20_000;
const THIRD: i64 = 30_000;
/// Lease 30 s after the attempt at 0, quiet 120 s after the lease.
const LEASE: i64 = 30;
const OVER: i64 = 150;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn hour(from: i64) -> Interval {
    Interval::lasting(at(from), SignedDuration::from_hours(1)).unwrap()
}

fn uid(name: &str) -> CalUid {
    CalUid(name.to_owned())
}

fn attempt() -> Attempt {
    Attempt { at: at(0), lease_until: at(LEASE) }
}

fn in_state(state: State) -> Reservation {
    Reservation {
        id: "rsv_one".parse().unwrap(),
        holder: Holder::User { user_id: "usr_ada".parse().unwrap() },
        origin: Origin::Interlock,
        resource_id: "mch_laser".parse().unwrap(),
        resource_name: "Laser".to_owned(),
        category: "lasers".to_owned(),
        cal_account_id: "cal_laser".parse().unwrap(),
        event_type_id: EventTypeId(101),
        interval: hour(START),
        held: hour(START),
        state,
        cal_uids: Vec::new(),
        idempotency_key: None,
        request_hash: None,
        remembered_until: at(0),
        flags: Vec::new(),
        cancelled_late: false,
        attendance: None,
        policy_version: PolicyVersion(1),
        created_at: at(0),
        updated_at: at(0),
    }
}

fn pending_one() -> Reservation {
    in_state(State::Pending { attempt: attempt() })
}

fn confirmed_one() -> Reservation {
    in_state(State::Confirmed { cal_uid: uid("a") })
}

fn moving_one() -> Reservation {
    let target = Target { interval: hour(OTHER), held: hour(OTHER) };
    in_state(State::Moving { cal_uid: uid("a"), target, attempt: attempt(), request: None })
}

fn cancelling_one(attempt: Option<Attempt>) -> Reservation {
    let cause = Cause::Eligibility;
    in_state(State::Cancelling { cal_uid: Some(uid("a")), target: None, attempt, cause })
}

fn booking(name: &str, from: i64, status: BookingStatus) -> Booking {
    Booking {
        uid: uid(name),
        status,
        interval: hour(from),
        event_type_id: Some(EventTypeId(101)),
        rescheduled_to: None,
        rescheduled_from: None,
        title: String::new(),
        attendee_email: None,
        attendee_name: None,
        metadata: BTreeMap::new(),
        ics_uid: None,
        cancellation_reason: None,
        updated_at: None,
    }
}

fn stands(name: &str, from: i64) -> Booking {
    booking(name, from, BookingStatus::Accepted)
}

fn ended_booking(name: &str, from: i64) -> Booking {
    booking(name, from, BookingStatus::Cancelled)
}

/// What is decided on a sight with the window searched.
fn step(reservation: &Reservation, bookings: Vec<Booking>, now: i64) -> Step {
    let seen = Seen { bookings, window_searched: true, cut_short: false };
    decide(reservation, &seen, at(now), &Timing::default())
}

fn look_again(seconds: i64) -> Step {
    Step::Rest(Some(at(seconds)))
}

#[test]
fn an_awaiting_one_waits_until_its_hold_ends() {
    let state = State::Awaiting { waiting_for: WaitingFor::Approval, hold_until: at(60) };
    let awaiting = in_state(state);
    assert_eq!(step(&awaiting, vec![], 59), look_again(60));
    let expired = Step::End(End::Cancelled(Cause::Expired));
    assert_eq!(step(&awaiting, vec![], 60), expired);
}

#[test]
fn a_pending_one_with_its_booking_is_confirmed_at_any_time() {
    for now in [0, LEASE, OVER, OVER + 1] {
        let seen = vec![stands("a", START)];
        assert_eq!(step(&pending_one(), seen, now), Step::Confirm(uid("a")), "{now}");
    }
}

#[test]
fn a_pending_one_prefers_the_booking_of_its_own_time() {
    let seen = vec![stands("elsewhere", OTHER), stands("here", START)];
    assert_eq!(step(&pending_one(), seen, 1), Step::Confirm(uid("here")));
}

#[test]
fn a_pending_one_booked_at_another_time_ends() {
    let expected = Step::Compensate(Cause::Conflict, Some(uid("a")));
    assert_eq!(step(&pending_one(), vec![stands("a", OTHER)], 1), expected);
}

#[test]
fn a_pending_one_whose_booking_was_ended_is_cancelled_from_outside() {
    let expected = Step::End(End::Cancelled(Cause::External));
    assert_eq!(step(&pending_one(), vec![ended_booking("a", START)], 1), expected);
}

#[test]
fn a_pending_one_without_booking_waits_for_lease_and_quiet_and_then_failed() {
    for (now, expected) in [
        (0, look_again(LEASE)),
        (LEASE - 1, look_again(LEASE)),
        (LEASE, look_again(OVER)),
        (OVER - 1, look_again(OVER)),
        (OVER, Step::End(End::Failed(Cause::NeverMade))),
        (OVER + 1, Step::End(End::Failed(Cause::NeverMade))),
    ] {
        assert_eq!(step(&pending_one(), vec![], now), expected, "{now}");
    }
}

#[test]
fn absence_that_was_not_searched_for_ends_nothing() {
    let decided = decide(&pending_one(), &Seen::default(), at(OVER), &Timing::default());
    assert_eq!(decided, Step::Missing);
}

#[test]
fn a_chain_that_was_not_read_to_its_end_ends_nothing() {
    let moved_on =
        Seen { bookings: vec![ended_booking("a", START)], window_searched: true, cut_short: true };
    for reservation in [pending_one(), confirmed_one(), moving_one(), cancelling_one(None)] {
        let decided = decide(&reservation, &moved_on, at(OVER), &Timing::default());
        assert_eq!(decided, Step::Missing, "{:?}", reservation.state);
    }
}

#[test]
fn a_confirmed_one_with_its_booking_rests_until_its_end() {
    let seen = || vec![stands("a", START)];
    let end = START + 3600;
    assert_eq!(step(&confirmed_one(), seen(), 0), look_again(end));
    assert_eq!(step(&confirmed_one(), seen(), end - 1), look_again(end));
    assert_eq!(step(&confirmed_one(), seen(), end), Step::End(End::Completed));
}

#[test]
fn a_confirmed_one_cancelled_inside_calcom_is_cancelled() {
    let expected = Step::End(End::Cancelled(Cause::External));
    assert_eq!(step(&confirmed_one(), vec![ended_booking("a", START)], 0), expected);
}

#[test]
fn a_confirmed_one_moved_inside_calcom_follows() {
    let seen = vec![ended_booking("a", START), stands("b", OTHER)];
    assert_eq!(step(&confirmed_one(), seen, 0), Step::Relocate(uid("b"), hour(OTHER)));
}

#[test]
fn a_confirmed_one_with_a_new_uid_at_its_own_time_takes_the_uid() {
    let seen = vec![ended_booking("a", START), stands("b", START)];
    assert_eq!(step(&confirmed_one(), seen, 0), Step::Confirm(uid("b")));
}

#[test]
fn every_second_booking_of_a_confirmed_one_is_cancelled() {
    let seen = vec![stands("x", OTHER), stands("a", START), stands("y", THIRD)];
    let expected = Step::CancelBookings(vec![uid("x"), uid("y")]);
    assert_eq!(step(&confirmed_one(), seen, 0), expected);
}

#[test]
fn a_confirmed_one_that_calcom_does_not_know_is_missing_and_never_ends_early() {
    let end = START + 3600;
    assert_eq!(step(&confirmed_one(), vec![], 0), Step::Missing);
    assert_eq!(step(&confirmed_one(), vec![], end - 1), Step::Missing);
    assert_eq!(step(&confirmed_one(), vec![], end), Step::End(End::Completed));
}

#[test]
fn an_unknown_word_of_calcoms_is_never_taken_for_an_end() {
    let odd = booking("a", START, BookingStatus::Other("on_hold".to_owned()));
    assert_eq!(step(&confirmed_one(), vec![odd], 0), look_again(START + 3600));
}

#[test]
fn a_moving_one_seen_at_its_new_time_is_there_at_once() {
    for now in [0, LEASE, OVER] {
        let seen = vec![ended_booking("a", START), stands("b", OTHER)];
        let expected = Step::Relocate(uid("b"), hour(OTHER));
        assert_eq!(step(&moving_one(), seen, now), expected, "{now}");
    }
}

#[test]
fn a_moving_one_seen_at_its_old_time_stays_only_after_the_quiet_period() {
    for (now, expected) in [
        (0, look_again(LEASE)),
        (LEASE, look_again(OVER)),
        (OVER - 1, look_again(OVER)),
        (OVER, Step::Confirm(uid("a"))),
    ] {
        assert_eq!(step(&moving_one(), vec![stands("a", START)], now), expected, "{now}");
    }
}

#[test]
fn a_moving_one_seen_at_both_times_keeps_the_new_one() {
    let seen = vec![stands("a", START), stands("b", OTHER)];
    assert_eq!(step(&moving_one(), seen, 0), Step::CancelBookings(vec![uid("a")]));
}

#[test]
fn a_moving_one_seen_at_a_third_time_follows() {
    let seen = vec![ended_booking("a", START), stands("c", THIRD)];
    assert_eq!(step(&moving_one(), seen, 0), Step::Relocate(uid("c"), hour(THIRD)));
}

#[test]
fn a_moving_one_whose_booking_ended_waits_for_a_late_move_and_then_ends() {
    let seen = || vec![ended_booking("a", START)];
    assert_eq!(step(&moving_one(), seen(), LEASE), look_again(OVER));
    let expected = Step::End(End::Cancelled(Cause::External));
    assert_eq!(step(&moving_one(), seen(), OVER), expected);
    assert_eq!(step(&moving_one(), vec![], OVER), Step::Missing);
}

#[test]
fn a_cancelling_one_cancels_whatever_stands_before_anything_else() {
    for now in [0, LEASE, OVER] {
        let seen = vec![stands("a", START), stands("b", OTHER)];
        let expected = Step::CancelBookings(vec![uid("a"), uid("b")]);
        assert_eq!(step(&cancelling_one(Some(attempt())), seen, now), expected, "{now}");
    }
}

#[test]
fn a_cancelling_one_ends_once_nothing_stands_and_no_call_can_take_effect() {
    let ended = Step::End(End::Cancelled(Cause::Eligibility));
    let seen = || vec![ended_booking("a", START)];
    assert_eq!(step(&cancelling_one(None), seen(), 0), ended);
    let doubtful = cancelling_one(Some(attempt()));
    assert_eq!(step(&doubtful, seen(), 0), look_again(LEASE));
    assert_eq!(step(&doubtful, seen(), LEASE), look_again(OVER));
    assert_eq!(step(&doubtful, seen(), OVER), ended);
}

#[test]
fn a_booking_that_is_over_holds_up_no_end() {
    let over = START + 3600;
    let stood = || vec![stands("a", START)];
    assert!(matches!(step(&cancelling_one(None), stood(), over - 1), Step::CancelBookings(_)));
    assert!(matches!(step(&cancelling_one(None), stood(), over), Step::End(_)));
    let cancelled = in_state(State::Cancelled { cause: Cause::External });
    assert_eq!(step(&cancelled, stood(), over), Step::Rest(None));
}

#[test]
fn what_ended_owns_no_booking() {
    let orphans = || vec![stands("a", START), ended_booking("b", OTHER), stands("c", OTHER)];
    for state in
        [State::Cancelled { cause: Cause::External }, State::Failed { cause: Cause::NeverMade }]
    {
        let over = in_state(state);
        let expected = Step::CancelBookings(vec![uid("a"), uid("c")]);
        assert_eq!(step(&over, orphans(), 0), expected);
        assert_eq!(step(&over, vec![ended_booking("b", OTHER)], 0), Step::Rest(None));
    }
}

#[test]
fn what_took_place_keeps_the_booking_it_took_place_in() {
    let over = in_state(State::Completed);
    assert_eq!(step(&over, vec![stands("a", START)], 0), Step::Rest(None));
}
