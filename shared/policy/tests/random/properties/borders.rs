//! Every bound at itself and a minute beyond, at random times in random zones: what touches does
//! not overlap, and what is reached is not passed.

use interlock_policy::{
    AreaRule, CheckoutFact, CheckoutRequirement, CheckoutScope, ClockRange, Closure, DocumentFact,
    DocumentRequirement, EventTypeId, ExemptionFact, Interval, Level, MemberFacts,
    MembershipRequirement, Notice, OpenReservation, OpeningHours, OutageFact, Policy, Purpose,
    Quota, QuotaMeasure, QuotaPeriod, QuotaScope, ReasonCode, Request, Requirement, ResourceId,
    Rules, StrikeCause, StrikeFact, StrikeLimit, StrikeRule, TrainingFact, TrainingRequirement,
    Weekday,
};
use jiff::{SignedDuration, Timestamp};

use super::{codes, play, verdict};
use crate::cases::Case;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Nothing is asked for, and an hour some hours ahead is wanted.
fn plain(case: &Case, ahead: i64) -> Case {
    let start = case.now + SignedDuration::from_hours(ahead);
    let mut plain = case.clone();
    plain.policy = Policy {
        requirements: Vec::new(),
        rules: Rules { allow_parallel: Some(true), ..Rules::default() },
        overlays: Vec::new(),
        ..plain.policy
    };
    plain.member = MemberFacts::of(interlock_policy::AccountStatus::Active);
    plain.resource.active = true;
    plain.resource.mapping_broken = false;
    plain.resource.outages.clear();
    plain.resource.event_types = vec![(EventTypeId(1), 60)];
    plain.purpose = Purpose::Create;
    let interval = Interval::lasting(start, SignedDuration::from_hours(1)).ok();
    plain.request = Request { interval, event_type_id: None };
    plain
}

fn asked(case: &Case) -> (Timestamp, Timestamp) {
    let interval = case.request.interval.unwrap();
    (interval.start(), interval.end())
}

/// At zero minutes the bound is kept, and a minute beyond it the code is given.
fn bound(name: &str, code: ReasonCode, make: impl Fn(&mut Case, SignedDuration)) {
    play(name, |case, dice| {
        let mut kept = plain(case, 1 + i64::try_from(dice.between(0, 60)).unwrap());
        let mut passed = kept.clone();
        make(&mut kept, SignedDuration::ZERO);
        make(&mut passed, MINUTE);
        let (kept, passed) = (codes(&verdict(&kept)), codes(&verdict(&passed)));
        if kept.contains(code.as_str()) || !passed.contains(code.as_str()) {
            return Err(format!("{kept:?} {passed:?}"));
        }
        Ok(true)
    });
}

/// One test for each bound.
macro_rules! bounds {
    ($($name:ident $code:ident |$case:ident, $by:ident| $make:expr;)*) => {
        $(#[test]
        fn $name() {
            bound(stringify!($name), ReasonCode::$code, |$case, $by| $make);
        })*
    };
}

fn outage(case: &mut Case, starts_at: Timestamp, ends_at: Timestamp) {
    let id = "otg_1".parse().unwrap();
    case.resource.outages = vec![OutageFact { id, starts_at, ends_at: Some(ends_at) }];
}

fn held(case: &mut Case, start: Timestamp, end: Timestamp) {
    case.member.open_reservations = vec![OpenReservation {
        reservation_id: "rsv_1".parse().unwrap(),
        resource_id: "mch_laser".parse().unwrap(),
        category: "lasers".to_owned(),
        event_type_id: None,
        interval: Interval::new(start, end).unwrap(),
        made_at: None,
    }];
}

/// The hall is held for a time, and who reserves holds it throughout.
fn in_the_hall(case: &mut Case, start: Timestamp, end: Timestamp) {
    held(case, start, end);
    let resource_id: ResourceId = "mch_hall".parse().unwrap();
    case.member.open_reservations[0].resource_id = resource_id.clone();
    case.policy.rules.area = Some(AreaRule { resource_id, start_only: false });
}

fn checkout(case: &mut Case, level: u8, expires_at: Option<Timestamp>, ago: SignedDuration) {
    case.policy.requirements = vec![Requirement::Checkout(CheckoutRequirement {
        minimum_level: Some(Level(2)),
        valid_for_days: Some(10),
        ..CheckoutRequirement::MACHINE
    })];
    case.member.checkouts = vec![CheckoutFact {
        scope: CheckoutScope::Machine("mch_laser".parse().unwrap()),
        level: Level(level),
        granted_at: asked(case).0 - ago,
        expires_at,
        last_used_at: None,
    }];
}

fn training(case: &mut Case, percent: u8, watched: u32, lapses_at: Option<Timestamp>) {
    case.policy.requirements = vec![Requirement::Training(TrainingRequirement {
        module_id: "mod_a".parse().unwrap(),
        minimum_percent: 90,
        watched_seconds: Some(100),
        valid_for_days: None,
    })];
    case.member.trainings = vec![TrainingFact {
        module_id: "mod_a".parse().unwrap(),
        completed_at: case.now,
        percent,
        watched_seconds: watched,
        lapses_at,
    }];
}

/// None for a kept bound and one for a passed one.
fn one(by: SignedDuration) -> u32 {
    u32::try_from(by.as_mins()).unwrap()
}

/// So many minutes from now until the start.
fn until_start(case: &Case) -> u32 {
    u32::try_from(asked(case).0.duration_since(case.now).as_mins()).unwrap()
}

fn quota(case: &mut Case, measure: QuotaMeasure, limit: u32) {
    case.policy.rules.quotas = vec![Quota {
        measure,
        limit: limit.into(),
        per: QuotaPeriod::SlidingDays(30),
        scope: QuotaScope::All,
        hours: None,
        completed_count: true,
        late_cancels_count: false,
    }];
}

fn own(case: &mut Case, purpose: Purpose, made_at: Option<Timestamp>) {
    let (start, end) = asked(case);
    held(case, start, end);
    case.member.open_reservations[0].made_at = made_at;
    case.purpose = purpose;
}

fn changing() -> Purpose {
    Purpose::Change("rsv_1".parse().unwrap())
}

fn cancelling() -> Purpose {
    Purpose::Cancel("rsv_1".parse().unwrap())
}

bounds! {
    an_outage_that_ends_at_the_start MachineOutage |case, by| {
        let (start, _) = asked(case);
        outage(case, start - DAY, start + by);
    };
    an_outage_that_begins_at_the_end MachineOutage |case, by| {
        let (_, end) = asked(case);
        outage(case, end - by, end + DAY);
    };
    a_closure_that_ends_at_the_start HoursClosure |case, by| {
        let (start, _) = asked(case);
        let closure = Closure::Time { start: start - DAY, end: start + by, note: None };
        case.policy.rules.closures = vec![closure];
    };
    a_closure_that_begins_at_the_end HoursClosure |case, by| {
        let (_, end) = asked(case);
        let closure = Closure::Time { start: end - by, end: end + DAY, note: None };
        case.policy.rules.closures = vec![closure];
    };
    hours_that_open_at_the_start HoursClosed |case, by| {
        case.policy.time_zone = "UTC".parse().unwrap();
        let utc = jiff::tz::TimeZone::UTC;
        let opens = utc.to_datetime(asked(case).0 + by).time();
        let range = ClockRange { opens, closes: jiff::civil::Time::midnight() };
        // Over midnight the morning is open too.
        let early = ClockRange {
            opens: jiff::civil::Time::midnight(), closes: utc.to_datetime(asked(case).1).time(),
        };
        // A minute after the last of a day is the next day's first, with which nothing opens.
        let wraps = by > SignedDuration::ZERO && opens == jiff::civil::Time::midnight();
        let mut ranges = vec![range];
        if wraps {
            ranges = vec![early];
        } else if early.closes < opens && early.closes != jiff::civil::Time::midnight() {
            ranges.insert(0, early);
        }
        let week = Weekday::ALL.map(|day| (day, ranges.clone()));
        case.policy.rules.opening_hours = Some(OpeningHours(week.into())).into();
    };
    a_membership_that_runs_to_the_end MembershipExpired |case, by| {
        let wanted = MembershipRequirement { grace_days: 2 };
        case.policy.requirements = vec![Requirement::Membership(wanted)];
        case.member.membership_until = Some(asked(case).1 - DAY - DAY - by);
    };
    a_document_accepted_at_the_start DocumentMissing |case, by| {
        let document = || "rules".to_owned();
        let wanted = DocumentRequirement { document: document(), version: 1 };
        case.policy.requirements = vec![Requirement::Document(wanted)];
        let accepted_at = asked(case).0 + by;
        case.member.documents =
            vec![DocumentFact { document: document(), version: 1, accepted_at }];
    };
    a_document_of_the_very_version DocumentMissing |case, by| {
        let document = || "rules".to_owned();
        let wanted = DocumentRequirement { document: document(), version: 3 };
        case.policy.requirements = vec![Requirement::Document(wanted)];
        let (version, accepted_at) = (3 - one(by), case.now);
        case.member.documents = vec![DocumentFact { document: document(), version, accepted_at }];
    };
    a_training_that_lapses_at_the_end TrainingExpired |case, by| {
        let lapses_at = asked(case).1 - by;
        training(case, 90, 100, Some(lapses_at));
    };
    a_training_of_the_very_per_cent TrainingIncomplete |case, by| {
        training(case, 90 - u8::try_from(one(by)).unwrap(), 100, None);
    };
    a_training_of_the_very_seconds TrainingIncomplete |case, by| {
        training(case, 90, 100 - one(by), None);
    };
    a_checkout_that_expires_at_the_end CheckoutExpired |case, by| {
        let expires_at = asked(case).1 - by;
        checkout(case, 2, Some(expires_at), DAY);
    };
    a_checkout_of_the_very_age CheckoutExpired |case, by| {
        let ago = SignedDuration::from_hours(240) - SignedDuration::from_hours(1);
        checkout(case, 2, None, ago + by);
    };
    a_checkout_granted_at_the_start CheckoutMissing |case, by| checkout(case, 2, None, -by);
    a_checkout_of_the_very_level CheckoutLevel |case, by| {
        checkout(case, 2 - u8::try_from(one(by)).unwrap(), None, DAY);
    };
    another_reservation_that_ends_at_the_start ReservationParallel |case, by| {
        let (start, _) = asked(case);
        held(case, start - DAY, start + by);
        case.policy.rules.allow_parallel = None;
    };
    another_reservation_that_begins_at_the_end ReservationParallel |case, by| {
        let (_, end) = asked(case);
        held(case, end - by, end + DAY);
        case.policy.rules.allow_parallel = None;
    };
    a_gap_before ReservationGapShort |case, by| {
        let (start, _) = asked(case);
        held(case, start - DAY, start - SignedDuration::from_mins(20) + by);
        case.policy.rules.minimum_gap_minutes = 20.into();
    };
    a_gap_after ReservationGapShort |case, by| {
        let (_, end) = asked(case);
        held(case, end + SignedDuration::from_mins(20) - by, end + DAY);
        case.policy.rules.minimum_gap_minutes = 20.into();
    };
    a_minute_between_two ReservationChained |case, by| {
        let (start, _) = asked(case);
        held(case, start - DAY, start - MINUTE + by);
        case.policy.rules.no_chaining = true;
    };
    a_start_at_the_horizon HorizonExceeded |case, by| {
        case.now = asked(case).0 - DAY * 3 - by;
        case.policy.rules.horizon_days = Some(3).into();
    };
    a_notice_to_create NoticeCreate |case, by| {
        case.policy.rules.notice = Notice::of(until_start(case) + one(by), 0, 0);
    };
    a_notice_to_change NoticeChange |case, by| {
        case.policy.rules.notice = Notice::of(0, until_start(case) + one(by), 0);
        own(case, changing(), None);
    };
    a_notice_to_cancel NoticeCancel |case, by| {
        case.policy.rules.notice = Notice::of(0, 0, until_start(case) + one(by));
        own(case, cancelling(), None);
    };
    a_free_edit NoticeCancel |case, by| {
        case.policy.rules.notice = Notice::of(0, 0, 9000);
        case.policy.rules.free_edit_minutes = 10;
        let made_at = case.now - SignedDuration::from_mins(9) - by;
        own(case, cancelling(), Some(made_at));
    };
    a_grace_for_a_start_just_past StartInPast |case, by| {
        case.policy.rules.start_grace_minutes = 7;
        case.now = asked(case).0 + SignedDuration::from_mins(7) + by;
    };
    a_shortest_length DurationTooShort |case, by| {
        case.policy.rules.duration.minimum_minutes = Some(60 + one(by));
    };
    a_longest_length DurationTooLong |case, by| {
        case.policy.rules.duration.maximum_minutes = Some(60 - one(by)).into();
    };
    a_step DurationOffStep |case, by| {
        case.policy.rules.duration.step_minutes = Some(30 + one(by));
    };
    a_cap QuotaOpenReservations |case, by| {
        let start = case.now - DAY;
        held(case, start, start + DAY + by);
        case.policy.rules.open_cap = Some(1).into();
    };
    a_quota_of_minutes QuotaExceeded |case, by| quota(case, QuotaMeasure::Minutes, 60 - one(by));
    a_quota_of_count QuotaExceeded |case, by| quota(case, QuotaMeasure::Count, 1 - one(by));
    strikes_that_decay_now StrikesLimit |case, by| {
        let cause = StrikeCause::NoShow;
        case.member.strikes = vec![StrikeFact { at: case.now - DAY * 20 + by, cause }];
        case.policy.rules.strikes = Some(StrikeRule {
            no_show_points: 1,
            late_cancel_points: 0,
            decay_days: 20,
            limits: vec![StrikeLimit {
                from_points: 1,
                horizon_days: None,
                open_cap: None,
                maximum_minutes: Some(30),
                needs_approval: false,
            }],
        });
    };
    the_very_points_of_a_limit StrikesLimit |case, by| {
        let fact = StrikeFact { at: case.now, cause: StrikeCause::LateCancel };
        case.member.strikes = vec![fact; usize::try_from(one(by)).unwrap() + 1];
        case.policy.rules.strikes = Some(StrikeRule {
            no_show_points: 9,
            late_cancel_points: 1,
            decay_days: 1,
            limits: vec![StrikeLimit {
                from_points: 2,
                horizon_days: None,
                open_cap: None,
                maximum_minutes: Some(30),
                needs_approval: false,
            }],
        });
    };
    people_enough PresenceMissing |case, by| {
        case.purpose = Purpose::Use;
        case.policy.rules.minimum_present = 3.into();
        case.resource.people_present = Some(3 - one(by));
    };
    an_area_from_the_start ReservationUncovered |case, by| {
        let (start, end) = asked(case);
        in_the_hall(case, start + by, end);
    };
    an_area_to_the_end ReservationUncovered |case, by| {
        let (start, end) = asked(case);
        in_the_hall(case, start, end - by);
    };
    a_reservation_that_begins_now ReservationMissing |case, by| {
        let now = case.now;
        held(case, now + by, now + DAY);
        case.purpose = Purpose::Use;
    };
    a_reservation_that_has_not_ended ReservationMissing |case, by| {
        let now = case.now;
        held(case, now - DAY, now + MINUTE - by);
        case.purpose = Purpose::Use;
    };
}

#[test]
fn an_exemption_is_for_times_that_lie_wholly_in_it() {
    play("exemption", |case, dice| {
        let mut kept = plain(case, 1 + i64::try_from(dice.between(0, 60)).unwrap());
        kept.policy.rules.duration.minimum_minutes = Some(90);
        let (start, end) = asked(&kept);
        for (from, until, waived) in
            [(start, end, true), (start + MINUTE, end, false), (start, end - MINUTE, false)]
        {
            let valid = Interval::new(from, until).unwrap();
            let id = "exm_1".parse().unwrap();
            let codes = vec![ReasonCode::DurationTooShort];
            kept.member.exemptions = vec![ExemptionFact { id, codes, valid }];
            if verdict(&kept).permits() != waived {
                return Err(format!("{from} {until}"));
            }
        }
        Ok(true)
    });
}
