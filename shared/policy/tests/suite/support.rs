//! A trained member before the demo laser; every test changes what it is about.

use std::collections::BTreeMap;

use interlock_policy::{
    AccountStatus, CheckoutFact, CheckoutRequirement, CheckoutScope, ClockRange, DurationRule,
    EventTypeId, Facts, Interval, Level, MemberFacts, Notice, OpenReservation, OpeningHours,
    Policy, PolicyVersion, Purpose, Reason, ReasonCode, Request, Requirement, ResourceFacts, Rules,
    TrainingFact, TrainingRequirement, Verdict, Weekday, evaluate,
};
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

/// A Monday morning in Berlin, an hour before the laser opens.
pub(crate) const NOW: &str = "2026-03-02T07:00:00Z";

#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) now: Timestamp,
    pub(crate) member: MemberFacts,
    pub(crate) resource: ResourceFacts,
    pub(crate) policy: Policy,
}

impl World {
    /// The demo laser with somebody who may use it.
    pub(crate) fn laser() -> Self {
        Self {
            now: at(NOW),
            member: MemberFacts {
                trainings: vec![
                    trained("mod_shop_basics", "2026-02-01T12:00:00Z", 95),
                    trained("mod_laser_safety", "2026-02-01T13:00:00Z", 90),
                ],
                checkouts: vec![checked_out(CheckoutScope::Machine(id("mch_laser")), None)],
                ..MemberFacts::of(AccountStatus::Active)
            },
            resource: ResourceFacts {
                id: id("mch_laser"),
                kind: interlock_policy::ResourceKind::Machine,
                category: "lasers".to_owned(),
                active: true,
                mapping_broken: false,
                event_types: vec![(EventTypeId(1), 60), (EventTypeId(2), 30)],
                outages: Vec::new(),
                people_present: None,
            },
            policy: demo_policy(),
        }
    }

    /// A resource with no requirements and only the rules given.
    pub(crate) fn bare(zone: &str, rules: Rules) -> Self {
        let mut world = Self::laser();
        world.policy.time_zone = id(zone);
        world.policy.requirements.clear();
        world.policy.rules = Rules { allow_parallel: Some(true), ..rules };
        world
    }

    pub(crate) fn judge(&self, request: &Request, purpose: &Purpose) -> Verdict {
        let facts = Facts { now: self.now, member: &self.member, resource: &self.resource };
        evaluate(&facts, &self.policy, request, purpose)
    }

    /// What is said to creating a reservation.
    pub(crate) fn create(&self, start: &str, minutes: i64) -> Verdict {
        self.judge(&asked(start, minutes), &Purpose::Create)
    }

    /// What is said of standing and proofs now.
    pub(crate) fn view(&self) -> Verdict {
        self.judge(&Request { interval: None, event_type_id: None }, &Purpose::View)
    }

    /// Whether one code is among the reasons against creating.
    pub(crate) fn says(&self, code: ReasonCode, start: &str, minutes: i64) -> bool {
        self.create(start, minutes).reasons.iter().any(|reason| reason.code == code)
    }
}

pub(crate) fn demo_policy() -> Policy {
    let training = |module: &str| {
        Requirement::Training(TrainingRequirement {
            module_id: id(module),
            minimum_percent: 90,
            watched_seconds: None,
            valid_for_days: None,
        })
    };
    Policy {
        version: PolicyVersion(1),
        time_zone: id("Europe/Berlin"),
        requirements: vec![
            training("mod_shop_basics"),
            training("mod_laser_safety"),
            Requirement::Checkout(CheckoutRequirement::MACHINE),
        ],
        rules: Rules {
            opening_hours: Some(demo_hours()).into(),
            horizon_days: Some(60).into(),
            notice: Notice::of(60, 60, 60),
            duration: DurationRule::default(),
            grid_minutes: Some(30),
            open_cap: Some(8).into(),
            allow_parallel: Some(false),
            ..Rules::default()
        },
        overlays: Vec::new(),
    }
}

pub(crate) fn demo_hours() -> OpeningHours {
    use Weekday::{Friday, Monday, Saturday, Thursday, Tuesday, Wednesday};
    let week = [Monday, Tuesday, Wednesday, Thursday, Friday];
    let mut days: BTreeMap<_, _> =
        week.into_iter().map(|day| (day, vec![range("09:00", "21:00")])).collect();
    days.insert(Saturday, vec![range("10:00", "18:00")]);
    OpeningHours(days)
}

pub(crate) const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// The same ranges on every day.
pub(crate) fn daily(ranges: &[(&str, &str)]) -> Rules {
    let ranges: Vec<_> = ranges.iter().map(|(opens, closes)| range(opens, closes)).collect();
    let days = WEEK.into_iter().map(|day| (day, ranges.clone())).collect();
    Rules { opening_hours: Some(OpeningHours(days)).into(), ..Rules::default() }
}

pub(crate) fn range(opens: &str, closes: &str) -> ClockRange {
    ClockRange { opens: clock(opens), closes: clock(closes) }
}

pub(crate) fn clock(text: &str) -> Time {
    text.parse().unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn id<T>(text: &str) -> T
where
    T: std::str::FromStr,
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

pub(crate) fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

pub(crate) fn between(start: &str, end: &str) -> Interval {
    Interval::new(at(start), at(end)).unwrap()
}

pub(crate) fn asked(start: &str, length: i64) -> Request {
    let interval = Interval::lasting(at(start), minutes(length)).unwrap();
    Request { interval: Some(interval), event_type_id: None }
}

pub(crate) fn trained(module: &str, completed_at: &str, percent: u8) -> TrainingFact {
    TrainingFact {
        module_id: id(module),
        completed_at: at(completed_at),
        percent,
        watched_seconds: 0,
        lapses_at: None,
    }
}

pub(crate) fn checked_out(scope: CheckoutScope, expires_at: Option<&str>) -> CheckoutFact {
    let granted_at = at("2026-02-02T09:00:00Z");
    CheckoutFact {
        scope,
        level: Level::PLAIN,
        granted_at,
        expires_at: expires_at.map(at),
        last_used_at: None,
    }
}

pub(crate) fn open(reservation: &str, start: &str, length: i64) -> OpenReservation {
    OpenReservation {
        reservation_id: id(reservation),
        resource_id: id("mch_printer"),
        category: "printers".to_owned(),
        event_type_id: None,
        interval: Interval::lasting(at(start), minutes(length)).unwrap(),
        made_at: None,
    }
}

/// To give back a reservation of which nothing else is known.
pub(crate) fn cancelling() -> Purpose {
    Purpose::Cancel(id("rsv_given_back"))
}

pub(crate) fn codes(verdict: &Verdict) -> Vec<&'static str> {
    verdict.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

/// How a value of a reason reads; nothing where it has none of the name.
pub(crate) fn value(reason: &Reason, name: &str) -> String {
    reason.parameters.get(name).map(ToString::to_string).unwrap_or_default()
}

pub(crate) fn only(verdict: &Verdict) -> &Reason {
    match verdict.reasons.as_slice() {
        [reason] => reason,
        reasons => panic!("one reason expected: {reasons:?}"),
    }
}
