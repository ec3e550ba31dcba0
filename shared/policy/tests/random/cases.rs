//! A random case: policy, facts, request and purpose, near each other so that rules meet.
//!
//! Invariant: all instants are whole minutes, because the naive evaluator counts those.

use interlock_policy::{
    AccountStatus, ApprovalRule, AreaRule, ByWho, CheckoutFact, CheckoutOf, CheckoutRequirement,
    CheckoutScope, ClockRange, Closure, Combined, ContentsRule, DocumentFact, DocumentRequirement,
    DurationRule, EventTypeId, ExemptionFact, Facts, FirstTime, GroupValue, Interval, Level,
    LevelValue, MemberFacts, MembershipRequirement, Notice, OffPeak, OpenReservation, OpeningHours,
    OutageFact, Overlay, PastUse, Policy, PolicyVersion, Purpose, Quota, QuotaMeasure, QuotaPeriod,
    QuotaScope, ReasonCode, Request, Requirement, ResourceFacts, ResourceKind, Rules, StrikeCause,
    StrikeFact, StrikeLimit, StrikeRule, TrainingFact, TrainingRequirement, UseOutcome, UseSummary,
    Varied, Weekday,
};
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

use crate::dice::Dice;

/// Zones with gaps and folds, at midnight too, by half an hour, on both halves of the globe.
pub(crate) const ZONES: [&str; 10] = [
    "Europe/Berlin",
    "Europe/Lisbon",
    "America/New_York",
    "America/Santiago",
    "America/Havana",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Africa/Casablanca",
    "UTC",
];

const MACHINES: [&str; 3] = ["mch_laser", "mch_cutter", "mch_saw"];
const CATEGORIES: [&str; 2] = ["lasers", "saws"];
const GROUPS: [&str; 3] = ["staff", "pro", "new"];
const LENGTHS: [u32; 6] = [15, 30, 60, 90, 240, 1500];

/// Everything a decision needs.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) now: Timestamp,
    pub(crate) member: MemberFacts,
    pub(crate) resource: ResourceFacts,
    pub(crate) policy: Policy,
    pub(crate) request: Request,
    pub(crate) purpose: Purpose,
}

impl Case {
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts { now: self.now, member: &self.member, resource: &self.resource }
    }

    /// The case of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        let mut maker = Maker { dice: Dice::new(seed), now: Timestamp::UNIX_EPOCH };
        let zone: interlock_policy::ZoneName = maker.dice.pick(&ZONES).parse().unwrap();
        maker.now = maker.moment(&zone);
        let policy = maker.policy(zone);
        let mut member = maker.member();
        let purpose = maker.purpose();
        if maker.one_in(3) {
            maker.nest(&mut member);
        }
        let request = maker.request(&purpose, &member);
        let resource = maker.resource();
        Self { now: maker.now, member, resource, policy, request, purpose }
    }
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

struct Maker {
    dice: Dice,
    now: Timestamp,
}

impl Maker {
    fn one_in(&mut self, count: u64) -> bool {
        self.dice.one_in(count)
    }

    fn number(&mut self, least: u64, beyond: u64) -> u32 {
        u32::try_from(self.dice.between(least, beyond)).unwrap()
    }

    fn maybe<T>(&mut self, count: u64, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.one_in(count).then(|| make(self))
    }

    fn list<T>(&mut self, beyond: u64, mut make: impl FnMut(&mut Self, u64) -> T) -> Vec<T> {
        (0..self.dice.between(0, beyond)).map(|index| make(self, index)).collect()
    }

    /// Somewhere in a year, every second time a little before the clocks change.
    fn moment(&mut self, zone: &interlock_policy::ZoneName) -> Timestamp {
        let begins: Timestamp = id("2026-01-05T00:00:00Z");
        let anywhere =
            begins + SignedDuration::from_mins(self.dice.between(0, 480_000).cast_signed());
        let change = zone.zone().following(anywhere).next().map(|change| change.timestamp());
        let near = change.filter(|change| *change < id("2027-05-01T00:00:00Z"));
        match near.filter(|_| self.dice.one_in(2)) {
            Some(change) => change - self.length(60 * 40),
            None => anywhere,
        }
    }

    /// Up to so many minutes, mostly quarters of an hour.
    fn length(&mut self, most: u64) -> SignedDuration {
        let minutes = self.dice.between(0, most);
        let minutes = if self.one_in(6) { minutes } else { minutes / 15 * 15 };
        SignedDuration::from_mins(minutes.cast_signed())
    }

    /// An instant around now, so many hours before and after at most.
    fn around(&mut self, before: u64, after: u64) -> Timestamp {
        self.now + self.length((before + after) * 60)
            - SignedDuration::from_hours(before.cast_signed())
    }

    fn interval(&mut self, before: u64, after: u64) -> Interval {
        let start = self.around(before, after);
        let length = if self.one_in(12) { 2000 } else { 300 };
        let length = self.length(length).max(SignedDuration::from_mins(1));
        Interval::lasting(start, length).unwrap()
    }

    fn by_who<T>(&mut self, rising: bool, mut make: impl FnMut(&mut Self) -> T) -> ByWho<T>
    where
        T: Clone + Ord,
    {
        if !self.one_in(3) {
            return ByWho::Plain(make(self));
        }
        let groups = self.list(3, |maker, index| GroupValue {
            group: GROUPS[usize::try_from(index).unwrap()].to_owned(),
            value: make(maker),
        });
        // A higher level is never worse off.
        let mut values: Vec<T> = (0..=self.dice.between(0, 3)).map(|_| make(self)).collect();
        values.sort();
        if !rising {
            values.reverse();
        }
        let base = values.remove(0);
        let levels = values.into_iter().zip(1..);
        let levels = levels.map(|(value, from)| LevelValue { from: Level(from), value }).collect();
        ByWho::Varied(Varied { base, groups, levels })
    }

    /// A limit from above, none being the mildest; the stricter comes first.
    fn limit(&mut self, values: &[u32]) -> ByWho<Option<u32>> {
        let base = (!self.one_in(3)).then(|| self.dice.pick(values));
        if !self.one_in(4) {
            return base.into();
        }
        let group = GROUPS[usize::try_from(self.dice.between(0, 3)).unwrap()].to_owned();
        let groups = vec![GroupValue { group, value: Some(self.dice.pick(values)) }];
        let level = base.map(|base| base + self.dice.pick(values));
        let levels = vec![LevelValue { from: Level(2), value: level }];
        ByWho::Varied(Varied { base, groups, levels })
    }

    fn clock(&mut self) -> Time {
        let quarter = i8::try_from(self.dice.between(0, 4)).unwrap() * 15;
        Time::new(i8::try_from(self.dice.between(0, 24)).unwrap(), quarter, 0, 0).unwrap()
    }

    fn hours(&mut self) -> OpeningHours {
        let mut hours = OpeningHours::default();
        for day in Weekday::ALL {
            let mut times: Vec<Time> = (0..4).map(|_| self.clock()).collect();
            times.sort();
            let mut ranges = vec![ClockRange { opens: times[0], closes: times[1] }];
            if self.one_in(2) {
                ranges = vec![ClockRange { opens: Time::midnight(), closes: Time::midnight() }];
            } else if self.one_in(2) && times[1] < times[2] {
                let closes = if self.one_in(2) { Time::midnight() } else { times[3] };
                ranges.push(ClockRange { opens: times[2], closes });
            }
            ranges.retain(|r| r.closes == Time::midnight() || r.opens < r.closes);
            if !self.one_in(8) {
                hours.0.insert(day, ranges);
            }
        }
        hours
    }

    fn opening(&mut self) -> ByWho<Option<OpeningHours>> {
        match self.dice.between(0, 4) {
            0 => Some(self.hours()).into(),
            1 => ByWho::Varied(Varied {
                base: Some(self.hours()),
                groups: vec![GroupValue { group: "staff".to_owned(), value: Some(self.hours()) }],
                levels: vec![LevelValue { from: Level(2), value: None }],
            }),
            _ => None.into(),
        }
    }

    fn closure(&mut self, zone: &interlock_policy::ZoneName) -> Closure {
        if self.one_in(2) {
            let from = zone.zone().to_datetime(self.around(48, 96)).date();
            let days = self.dice.between(0, 2).cast_signed();
            let to = from + jiff::Span::new().days(days);
            Closure::Days { from, to, note: None }
        } else {
            let time = self.interval(48, 96);
            Closure::Time { start: time.start(), end: time.end(), note: None }
        }
    }

    fn quota(&mut self) -> Quota {
        let sliding = [1, 2, 5, 30][usize::try_from(self.dice.between(0, 4)).unwrap()];
        let per = self.dice.pick(&[
            QuotaPeriod::Day,
            QuotaPeriod::Day,
            QuotaPeriod::Week,
            QuotaPeriod::Month,
            QuotaPeriod::Year,
            QuotaPeriod::SlidingDays(sliding),
            QuotaPeriod::SlidingDays(sliding),
        ]);
        let counts = self.one_in(2);
        let scopes =
            [QuotaScope::Resource, QuotaScope::Category, QuotaScope::All, QuotaScope::EventType];
        Quota {
            measure: if counts { QuotaMeasure::Count } else { QuotaMeasure::Minutes },
            limit: self.by_who(true, |maker| {
                if counts { maker.number(0, 6) } else { maker.number(0, 50) * 15 }
            }),
            per,
            scope: self.dice.pick(&scopes),
            hours: self.maybe(3, Self::hours),
            completed_count: !self.one_in(3),
            late_cancels_count: self.one_in(2),
        }
    }

    fn strike_rule(&mut self) -> StrikeRule {
        StrikeRule {
            no_show_points: self.number(0, 4),
            late_cancel_points: self.number(0, 3),
            decay_days: self.number(1, 60),
            limits: self.list(3, |maker, _| StrikeLimit {
                from_points: maker.number(1, 5),
                horizon_days: maker.maybe(3, |maker| maker.number(1, 5)),
                open_cap: maker.maybe(3, |maker| maker.number(1, 4)),
                maximum_minutes: maker.maybe(3, |maker| maker.dice.pick(&LENGTHS)),
                needs_approval: maker.one_in(3),
            }),
        }
    }

    fn rules(&mut self, zone: &interlock_policy::ZoneName, overlay: bool) -> Rules {
        let few = |maker: &mut Self| maker.dice.pick(&[0, 0, 0, 15, 60, 600, 1500]);
        let notice = [0; 3].map(|_| self.by_who(false, few));
        let [create_minutes, change_minutes, cancel_minutes] = notice;
        let opens = self.clock();
        let window = ClockRange { opens, closes: self.clock() };
        let quiet = OffPeak {
            weekend: self.one_in(2),
            daily: Some(window).filter(|window| window.opens != window.closes),
        };
        Rules {
            opening_hours: self.opening(),
            closures: self.list(3, |maker, _| maker.closure(zone)),
            horizon_days: self.limit(&[1, 2, 7]),
            notice: Notice { create_minutes, change_minutes, cancel_minutes },
            start_grace_minutes: if overlay { 0 } else { self.dice.pick(&[0, 0, 5, 60]) },
            free_edit_minutes: self.dice.pick(&[0, 15, 600]),
            late_cancel_minutes: 0,
            duration: DurationRule {
                minimum_minutes: self.maybe(4, |maker| maker.dice.pick(&LENGTHS)),
                maximum_minutes: self.limit(&LENGTHS),
                step_minutes: self.maybe(4, |maker| maker.dice.pick(&[15, 30, 45])),
            },
            grid_minutes: self.maybe(4, |maker| maker.dice.pick(&[15, 30, 60, 7])),
            open_cap: self.limit(&[0, 1, 2, 4]),
            quotas: self.list(3, |maker, _| maker.quota()),
            minimum_gap_minutes: self.by_who(false, |m| m.dice.pick(&[0, 0, 15, 90])),
            no_chaining: self.one_in(5),
            allow_parallel: self.dice.pick(&[None, Some(true), Some(true), Some(false)]),
            off_peak: Some(quiet).filter(|_| self.one_in(3)),
            minimum_present: self.by_who(false, |m| m.dice.pick(&[0, 0, 1, 2, 3])),
            walk_in: !overlay && self.one_in(3),
            first_time_only: self.dice.pick(&[
                None,
                None,
                None,
                Some(FirstTime::Resource),
                Some(FirstTime::EventType),
            ]),
            area: self.maybe(20, |maker| AreaRule {
                resource_id: id(maker.dice.pick(&MACHINES)),
                start_only: maker.one_in(2),
            }),
            contents: self.maybe(3, |maker| ContentsRule {
                resource_ids: MACHINES[1..].iter().map(|machine| id(machine)).collect(),
                start_only: maker.one_in(2),
            }),
            needs_approval: self.approval(),
            strikes: self.maybe(3, Self::strike_rule),
            ..Rules::default()
        }
    }

    fn approval(&mut self) -> ByWho<Option<ApprovalRule>> {
        let rule = Some(ApprovalRule::default());
        match self.dice.between(0, 5) {
            0 => rule.into(),
            1 => ByWho::Varied(Varied {
                base: rule,
                groups: vec![GroupValue { group: "pro".to_owned(), value: None }],
                levels: vec![LevelValue { from: Level(1), value: None }],
            }),
            _ => None.into(),
        }
    }

    fn requirement(&mut self, depth: u8) -> Requirement {
        match self.dice.between(0, if depth == 0 { 4 } else { 6 }) {
            0 => Requirement::Training(TrainingRequirement {
                module_id: id(self.dice.pick(&["mod_a", "mod_b"])),
                minimum_percent: self.dice.pick(&[50, 90, 100]),
                watched_seconds: self.maybe(4, |_| 100),
                valid_for_days: self.maybe(2, |maker| maker.number(1, 40)),
            }),
            1 => Requirement::Checkout(CheckoutRequirement {
                scope: match self.dice.between(0, 3) {
                    0 => CheckoutOf::Machine,
                    1 => CheckoutOf::Category,
                    _ => CheckoutOf::OtherMachine(id(self.dice.pick(&MACHINES))),
                },
                minimum_level: self.maybe(2, |m| Level(m.dice.pick(&[1, 2, 3]))),
                valid_for_days: self.maybe(3, |maker| maker.number(1, 40)),
                lapses_after_days_unused: self.maybe(3, |maker| maker.number(1, 20)),
                lapses_if_unused_for_days: self.maybe(3, |maker| maker.number(1, 30)),
            }),
            2 => Requirement::Membership(MembershipRequirement {
                grace_days: self.dice.pick(&[0, 0, 3]),
            }),
            3 => Requirement::Document(DocumentRequirement {
                document: "rules".to_owned(),
                version: self.number(1, 4),
            }),
            4 => {
                let of = (0..self.dice.between(1, 4)).map(|_| self.requirement(depth - 1));
                Requirement::All(Combined { of: of.collect() })
            }
            _ => {
                let of = (0..self.dice.between(1, 4)).map(|_| self.requirement(depth - 1));
                Requirement::Any(Combined { of: of.collect() })
            }
        }
    }

    fn policy(&mut self, time_zone: interlock_policy::ZoneName) -> Policy {
        let overlays = self.list(2, |maker, _| Overlay {
            event_type_id: EventTypeId(1),
            requirements: maker.list(2, |maker, _| maker.requirement(1)),
            rules: maker.rules(&time_zone, true),
        });
        let rules = if self.one_in(4) {
            Rules { allow_parallel: Some(true), ..Rules::default() }
        } else {
            self.rules(&time_zone, false)
        };
        Policy {
            version: PolicyVersion(1),
            requirements: self.list(3, |maker, _| maker.requirement(2)),
            rules,
            overlays,
            time_zone,
        }
    }

    fn kind(&mut self) -> Option<EventTypeId> {
        self.maybe(2, |maker| EventTypeId(maker.dice.between(0, 3)))
    }

    fn checkout(&mut self) -> CheckoutFact {
        CheckoutFact {
            scope: if self.one_in(2) {
                CheckoutScope::Machine(id(self.dice.pick(&MACHINES)))
            } else {
                CheckoutScope::Category(self.dice.pick(&CATEGORIES).to_owned())
            },
            level: Level(self.dice.pick(&[0, 1, 2, 3])),
            granted_at: self.around(40 * 24, 24),
            expires_at: self.maybe(3, |maker| maker.around(24, 200)),
            last_used_at: self.maybe(2, |maker| maker.around(20 * 24, 0)),
        }
    }

    fn member(&mut self) -> MemberFacts {
        let standing = [AccountStatus::Active; 8];
        let rare = [AccountStatus::Suspended, AccountStatus::Banned];
        let status = if self.one_in(12) { self.dice.pick(&rare) } else { standing[0] };
        // Of nobody else, so that what is drawn afterwards stays as it was.
        let suspended = status == AccountStatus::Suspended;
        let until = |maker: &mut Self| maker.maybe(2, |maker| maker.around(24, 24));
        let suspended_until = suspended.then(|| until(self)).flatten();
        MemberFacts {
            suspended_until,
            groups: GROUPS
                .iter()
                .filter(|_| self.dice.one_in(3))
                .map(|g| (*g).to_owned())
                .collect(),
            membership_until: self.maybe(2, |maker| maker.around(100, 400)),
            documents: self.list(3, |maker, _| DocumentFact {
                document: maker.dice.pick(&["rules", "waiver"]).to_owned(),
                version: maker.number(1, 4),
                accepted_at: maker.around(100, 20),
            }),
            trainings: self.list(4, |maker, _| TrainingFact {
                module_id: id(maker.dice.pick(&["mod_a", "mod_b"])),
                completed_at: maker.around(30 * 24, 24),
                percent: maker.dice.pick(&[40, 90, 100]),
                watched_seconds: maker.dice.pick(&[0, 100]),
                lapses_at: maker.maybe(4, |maker| maker.around(20, 100)),
            }),
            checkouts: self.list(4, |maker, _| maker.checkout()),
            open_reservations: self.list(5, |maker, index| OpenReservation {
                reservation_id: id(&format!("rsv_{index}")),
                resource_id: id(maker.dice.pick(&MACHINES)),
                category: maker.dice.pick(&CATEGORIES).to_owned(),
                event_type_id: maker.kind(),
                interval: maker.interval(30, 72),
                made_at: maker.maybe(2, |maker| maker.around(12, 0)),
            }),
            past_uses: self.list(5, |maker, _| PastUse {
                resource_id: id(maker.dice.pick(&MACHINES)),
                category: maker.dice.pick(&CATEGORIES).to_owned(),
                event_type_id: maker.kind(),
                interval: if maker.one_in(2) {
                    maker.interval(24, 48)
                } else {
                    maker.interval(30 * 24, 0)
                },
                outcome: maker.dice.pick(&[
                    UseOutcome::Completed,
                    UseOutcome::NoShow,
                    UseOutcome::CancelledLate,
                ]),
            }),
            completed: self.list(3, |maker, _| UseSummary {
                resource_id: id(maker.dice.pick(&MACHINES)),
                event_type_id: maker.kind(),
                count: maker.number(0, 2),
                last_ended_at: maker.around(100, 0),
            }),
            strikes: self.list(4, |maker, _| StrikeFact {
                at: maker.around(50 * 24, 0),
                cause: maker.dice.pick(&[StrikeCause::NoShow, StrikeCause::LateCancel]),
            }),
            exemptions: self.list(3, |maker, index| ExemptionFact {
                id: id(&format!("exm_{index}")),
                codes: maker.list(8, |maker, _| maker.dice.pick(ReasonCode::ALL)),
                valid: Interval::lasting(
                    maker.around(100, 24),
                    SignedDuration::from_hours(maker.dice.between(1, 200).cast_signed()),
                )
                .unwrap(),
            }),
            ..MemberFacts::of(status)
        }
    }

    /// Puts the second reservation inside the first, as one of a tool in its area.
    fn nest(&mut self, member: &mut MemberFacts) {
        let [area, tool, ..] = member.open_reservations.as_mut_slice() else { return };
        (area.resource_id, tool.resource_id) = (id(MACHINES[0]), id(MACHINES[1]));
        let start = area.interval.start() + self.length(30);
        tool.interval = Interval::new(start, area.interval.end()).unwrap_or(area.interval);
    }

    fn resource(&mut self) -> ResourceFacts {
        ResourceFacts {
            id: id("mch_laser"),
            kind: ResourceKind::Machine,
            category: "lasers".to_owned(),
            active: !self.one_in(15),
            mapping_broken: self.one_in(20),
            event_types: (0..3).zip(LENGTHS).map(|(n, length)| (EventTypeId(n), length)).collect(),
            outages: self.list(3, |maker, index| {
                let lasts = maker.interval(48, 96);
                OutageFact {
                    id: id(&format!("otg_{index}")),
                    starts_at: lasts.start(),
                    ends_at: maker.maybe(2, |_| lasts.end()),
                }
            }),
            people_present: self.maybe(2, |maker| maker.number(0, 4)),
        }
    }

    fn purpose(&mut self) -> Purpose {
        match self.dice.between(0, 10) {
            0 => Purpose::View,
            1 | 2 => Purpose::Change(id("rsv_0")),
            3 => Purpose::Cancel(id("rsv_0")),
            4 => Purpose::Use,
            5 => Purpose::Keep,
            _ => Purpose::Create,
        }
    }

    /// Mostly on the grid and of a length that is offered; a change often a part of the old time.
    fn request(&mut self, purpose: &Purpose, member: &MemberFacts) -> Request {
        let event_type_id = self.kind();
        let own = member.open_reservations.first().map(|held| held.interval);
        let absent = match purpose {
            Purpose::View | Purpose::Use | Purpose::Keep => self.one_in(2),
            Purpose::Create | Purpose::Change(_) | Purpose::Cancel(_) => self.one_in(30),
        };
        if absent {
            return Request { interval: None, event_type_id };
        }
        let length = match event_type_id {
            Some(EventTypeId(kind)) if !self.one_in(4) => LENGTHS[usize::try_from(kind).unwrap()],
            Some(_) | None => self.dice.pick(&LENGTHS),
        };
        let length = SignedDuration::from_mins(length.into());
        let start = match own.filter(|_| self.dice.one_in(3)) {
            Some(own) => own.start() + self.length(30),
            None => self.beside(member, length).unwrap_or_else(|| self.around(3, 72)),
        };
        Request { interval: Interval::lasting(start, length).ok(), event_type_id }
    }

    /// Every third time where something that is held ends or begins, or a little off.
    fn beside(&mut self, member: &MemberFacts, length: SignedDuration) -> Option<Timestamp> {
        if member.open_reservations.is_empty() || !self.one_in(3) {
            return None;
        }
        let held = member.open_reservations.len() as u64;
        let index = usize::try_from(self.dice.between(0, held)).unwrap();
        let held = member.open_reservations[index].interval;
        let off = SignedDuration::from_mins(self.dice.pick(&[0, 0, 1, 15, 60]));
        let after = self.one_in(2);
        Some(if after { held.end() + off } else { held.start() - length - off })
    }
}
