//! The model's decision is the production decision: every row and every sight of the model, each
//! turned into a reservation and its bookings and decided by both.

#[path = "../../tests/model/decide.rs"]
#[allow(
    dead_code,
    clippy::indexing_slicing,
    clippy::trivially_copy_pass_by_ref,
    reason = "the model is another test's, which uses all of it and fails by panicking"
)]
mod model;

use interlock_policy::Interval;
use model::{MOST, Phase, Row, Seen as Sight, Step as ModelStep};

use super::*;
use crate::model::{Holder, Target};
use crate::ports::scheduler::BookingStatus;

/// All time for doubt is over then, and the reservation still lies ahead.
const NOW: i64 = 1000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn hour(slot: u8) -> Interval {
    let start = at(10_000 + 1800 * i64::from(slot));
    Interval::lasting(start, jiff::SignedDuration::from_hours(1)).unwrap()
}

fn uid(number: u8) -> CalUid {
    CalUid(number.to_string())
}

fn reservation(row: Row) -> Reservation {
    let since = if row.doubt { NOW } else { 0 };
    let attempt = Attempt { at: at(since), lease_until: at(since + 30) };
    let other = hour(1 - row.slot);
    let target = Target { interval: other, held: other };
    let known = || uid(row.uid.unwrap_or(7));
    let cause = Cause::Eligibility;
    let state = match row.phase {
        Phase::Pending => State::Pending { attempt },
        Phase::Confirmed => State::Confirmed { cal_uid: known() },
        Phase::Moving => State::Moving { cal_uid: known(), target, attempt, request: None },
        Phase::Cancelling => State::Cancelling {
            cal_uid: row.uid.map(uid),
            target: row.both.then_some(target),
            attempt: Some(attempt),
            cause,
        },
        Phase::Cancelled => State::Cancelled { cause },
        Phase::Nothing | Phase::Failed => State::Failed { cause },
    };
    Reservation {
        id: "rsv_one".parse().unwrap(),
        holder: Holder::User { user_id: "usr_ada".parse().unwrap() },
        origin: if row.external { Origin::External } else { Origin::Interlock },
        resource_id: "mch_laser".parse().unwrap(),
        resource_name: "Laser".to_owned(),
        category: "lasers".to_owned(),
        cal_account_id: "cal_laser".parse().unwrap(),
        event_type_id: interlock_policy::EventTypeId(101),
        interval: hour(row.slot),
        held: hour(row.slot),
        state,
        cal_uids: row.uid.into_iter().map(uid).collect(),
        idempotency_key: None,
        request_hash: None,
        remembered_until: at(0),
        policy_version: interlock_policy::PolicyVersion(1),
        flags: Vec::new(),
        cancelled_late: false,
        attendance: None,
        created_at: at(0),
        updated_at: at(0),
    }
}

fn seen(sight: &Sight) -> Seen {
    let bookings = (0_u8..).zip(sight.bookings).filter_map(|(number, booking)| {
        booking.map(|(live, slot)| Booking {
            uid: uid(number),
            status: if live { BookingStatus::Accepted } else { BookingStatus::Cancelled },
            interval: hour(slot),
            event_type_id: Some(interlock_policy::EventTypeId(101)),
            rescheduled_to: None,
            rescheduled_from: None,
            title: String::new(),
            attendee_email: None,
            attendee_name: None,
            metadata: std::collections::BTreeMap::new(),
            ics_uid: None,
            cancellation_reason: None,
            updated_at: None,
        })
    });
    Seen { bookings: bookings.collect(), window_searched: sight.searched, cut_short: false }
}

/// A production step in the model's words.
fn abstracted(step: Step) -> ModelStep {
    let number = |uid: &CalUid| uid.0.parse::<u8>().unwrap();
    match step {
        Step::Rest(_) => ModelStep::Rest,
        Step::Missing => ModelStep::Missing,
        Step::Confirm(uid) => ModelStep::Confirm(number(&uid)),
        Step::Relocate(uid, to) => ModelStep::Relocate(number(&uid), u8::from(to == hour(1))),
        Step::End(End::Cancelled(_)) => ModelStep::Cancelled,
        Step::End(End::Failed(_)) => ModelStep::Failed,
        Step::End(End::Completed) => panic!("the model's reservations lie ahead"),
        Step::Judge => panic!("the model has no mark with a term"),
        Step::Compensate(_, uid) => ModelStep::Compensate(number(&uid.unwrap())),
        Step::CancelBookings(uids) => {
            ModelStep::Cancel(uids.iter().fold(0, |mask, uid| mask | 1 << number(uid)))
        }
    }
}

fn rows() -> Vec<Row> {
    let phases = [
        Phase::Pending,
        Phase::Confirmed,
        Phase::Moving,
        Phase::Cancelling,
        Phase::Cancelled,
        Phase::Failed,
    ];
    let mut rows = Vec::new();
    for phase in phases {
        for bits in 0..16_u8 {
            for known in [None, Some(0), Some(1), Some(2)] {
                let needs = matches!(phase, Phase::Confirmed | Phase::Moving);
                if needs && known.is_none() {
                    continue;
                }
                let (slot, both) = (bits & 1, bits & 2 != 0);
                let (doubt, external) = (bits & 4 != 0, bits & 8 != 0);
                rows.push(Row { phase, slot, both, uid: known, doubt, external });
            }
        }
    }
    rows
}

/// Three bookings, each unseen, or ended or standing at either time.
fn sights() -> Vec<Sight> {
    let each = [None, Some((false, 0)), Some((false, 1)), Some((true, 0)), Some((true, 1))];
    let mut sights = Vec::new();
    for searched in [false, true] {
        for one in each {
            for two in each {
                for three in each {
                    let mut bookings = [None; MOST];
                    (bookings[0], bookings[1], bookings[2]) = (one, two, three);
                    sights.push(Sight { bookings, searched });
                }
            }
        }
    }
    sights
}

#[test]
fn the_model_decides_every_row_and_sight_as_production_does() {
    let timing = Timing::default();
    let mut compared = 0;
    for row in rows() {
        let reservation = reservation(row);
        for sight in sights() {
            let step = decide(&reservation, &seen(&sight), at(NOW), &timing);
            assert_eq!(model::decide(&row, &sight), abstracted(step), "{row:?} {sight:?}");
            compared += 1;
        }
    }
    println!("model: decisions compared={compared}");
}
