//! Every change of clocks of twenty zones over ten years: no time is gained or lost.

use interlock_policy::{
    AccountStatus, ClockRange, EventTypeId, Evidence, Facts, Interval, MemberFacts,
    OpenReservation, OpeningHours, Policy, PolicyVersion, Purpose, Quota, QuotaMeasure,
    QuotaPeriod, QuotaScope, ReasonCode, Request, ResourceFacts, ResourceKind, Rules, Verdict,
    Weekday, ZoneName, evaluate,
};
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

const ZONES: [&str; 20] = [
    "Europe/Berlin",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Kyiv",
    "Europe/Chisinau",
    "Atlantic/Azores",
    "America/New_York",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Havana",
    "America/Santiago",
    "America/Nuuk",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
];

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Every change from 2026 up to 2036, with its zone.
fn changes() -> Vec<(ZoneName, Timestamp)> {
    let [begins, ends]: [Timestamp; 2] =
        ["2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z"].map(|at| at.parse().unwrap());
    let of = |name: &&str| {
        let zone: ZoneName = name.parse().unwrap();
        let all = zone.zone().following(begins).map(|change| change.timestamp());
        let all: Vec<_> = all.take_while(|at| *at < ends).map(|at| (zone.clone(), at)).collect();
        all
    };
    ZONES.iter().flat_map(of).collect()
}

struct World {
    member: MemberFacts,
    resource: ResourceFacts,
    policy: Policy,
}

impl World {
    fn new(zone: &ZoneName, rules: Rules) -> Self {
        Self {
            member: MemberFacts::of(AccountStatus::Active),
            resource: ResourceFacts {
                id: "mch_laser".parse().unwrap(),
                kind: ResourceKind::Machine,
                category: "lasers".to_owned(),
                active: true,
                mapping_broken: false,
                event_types: vec![(EventTypeId(1), 1)],
                outages: Vec::new(),
                people_present: None,
            },
            policy: Policy {
                version: PolicyVersion(1),
                time_zone: zone.clone(),
                requirements: Vec::new(),
                rules: Rules { allow_parallel: Some(true), ..rules },
                overlays: Vec::new(),
            },
        }
    }

    /// What is said to one minute.
    fn minute(&self, start: Timestamp) -> Verdict {
        let interval = Interval::lasting(start, SignedDuration::from_mins(1)).ok();
        let request = Request { interval, event_type_id: None };
        let now = start - SignedDuration::from_hours(24 * 40);
        let facts = Facts { now, member: &self.member, resource: &self.resource };
        evaluate(&facts, &self.policy, &request, &Purpose::Create)
    }

    fn holding(mut self, start: Timestamp, end: Timestamp) -> Self {
        self.member.open_reservations = vec![OpenReservation {
            reservation_id: "rsv_1".parse().unwrap(),
            resource_id: "mch_laser".parse().unwrap(),
            category: "lasers".to_owned(),
            event_type_id: None,
            interval: Interval::new(start, end).unwrap(),
            made_at: None,
        }];
        self
    }
}

/// A rule that refuses whatever is asked and so tells the stretch and what is in it.
fn telling(per: QuotaPeriod) -> Rules {
    let quota = Quota {
        measure: QuotaMeasure::Minutes,
        limit: 0.into(),
        per,
        scope: QuotaScope::All,
        hours: None,
        completed_count: true,
        late_cancels_count: false,
    };
    Rules { quotas: vec![quota], ..Rules::default() }
}

fn stretch(verdict: &Verdict) -> (Timestamp, Timestamp, u64) {
    let quota = verdict.reasons.iter().find(|reason| reason.code == ReasonCode::QuotaExceeded);
    let evidence = quota.unwrap().evidence.first().unwrap();
    let Evidence::Usage { from, until, used } = evidence else { panic!("{evidence:?}") };
    (*from, *until, *used)
}

/// Stretches follow each other without a hole, contain the minute they were asked for, and hold of
/// what lies around the change exactly its minutes.
fn every_minute_lies_in_one_stretch(per: QuotaPeriod, around: i64) {
    let all = changes();
    assert!(all.len() > 350, "{}", all.len());
    for (zone, change) in all {
        let (from, to) = (change - HOUR * 30, change + HOUR * 30);
        let world = World::new(&zone, telling(per)).holding(from, to);
        let (mut at, mut sum, mut before) =
            (change - HOUR * i32::try_from(around).unwrap(), 0, None);
        let last = change + HOUR * i32::try_from(around).unwrap();
        while at < last {
            let (begins, ends, used) = stretch(&world.minute(at));
            assert!(begins <= at && at < ends, "{zone} {change}: {at} in {begins} to {ends}");
            if let Some(before) = before {
                assert_eq!(begins, before, "{zone} {change}: a hole or an overlap");
            }
            let part = to.min(ends).duration_since(from.max(begins)).max(SignedDuration::ZERO);
            assert_eq!(i128::from(used), i128::from(part.as_mins()), "{zone} {change} {begins}");
            sum += used;
            before = Some(ends);
            at = ends;
        }
        assert_eq!(sum, 60 * 60, "{zone} {change}: minutes gained or lost");
    }
}

#[test]
fn no_minute_of_a_day_is_gained_or_lost() {
    every_minute_lies_in_one_stretch(QuotaPeriod::Day, 72);
}

#[test]
fn no_minute_of_a_week_is_gained_or_lost() {
    every_minute_lies_in_one_stretch(QuotaPeriod::Week, 24 * 10);
}

#[test]
fn no_minute_of_a_month_is_gained_or_lost() {
    every_minute_lies_in_one_stretch(QuotaPeriod::Month, 24 * 35);
}

#[test]
fn no_minute_of_a_year_is_gained_or_lost() {
    every_minute_lies_in_one_stretch(QuotaPeriod::Year, 24 * 370);
}

/// The clock of every quarter of an hour around a change is open exactly when it shows so.
#[test]
fn around_every_change_the_hours_are_those_the_clock_shows() {
    let half: Time = "00:30:00".parse().unwrap();
    for (zone, change) in changes() {
        let shown = zone.zone().to_datetime(change).time();
        // From the half hour before the one the clock jumps to, for an hour.
        for opens in [shown, half, Time::midnight(), shown.wrapping_sub(HOUR)] {
            let closes = opens.wrapping_add(HOUR);
            if closes != Time::midnight() && closes < opens {
                continue;
            }
            let range = ClockRange { opens, closes };
            let hours = OpeningHours(Weekday::ALL.map(|day| (day, vec![range])).into());
            let rules = Rules { opening_hours: Some(hours).into(), ..Rules::default() };
            let world = World::new(&zone, rules);
            for quarter in -12..12 {
                let at = change + SignedDuration::from_mins(15) * quarter;
                let clock = zone.zone().to_datetime(at).time();
                let open = opens <= clock && (clock < closes || closes == Time::midnight());
                assert_eq!(world.minute(at).permits(), open, "{zone} {at} {opens} to {closes}");
            }
        }
    }
}

/// What is wholly quiet counts nothing and what is wholly not counts whole, whatever clocks do.
#[test]
fn around_every_change_a_minute_is_quiet_or_counts() {
    for (zone, change) in changes() {
        let opens = zone.zone().to_datetime(change - SignedDuration::from_mins(30)).time();
        let daily = ClockRange { opens, closes: opens.wrapping_add(HOUR) };
        if daily.opens == daily.closes {
            continue;
        }
        let off_peak = interlock_policy::OffPeak { weekend: false, daily: Some(daily) };
        let rules = Rules { off_peak: Some(off_peak), ..telling(QuotaPeriod::Day) };
        let world = World::new(&zone, rules);
        for quarter in -12..12 {
            let at = change + SignedDuration::from_mins(15) * quarter;
            let clock = zone.zone().to_datetime(at).time();
            let quiet = clock.duration_since(opens).as_mins().rem_euclid(1440) < 60;
            assert_eq!(world.minute(at).permits(), quiet, "{zone} {at} {daily:?}");
        }
    }
}
