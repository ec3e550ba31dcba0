//! A second evaluator, slow and simple: minutes and sets in place of borders and sums.
//!
//! Invariant: it shares the types and their fields with the engine, and none of its rules.

use std::collections::BTreeSet;

use interlock_policy::{
    ByWho, CheckoutOf, Decision, EventTypeId, Facts, FirstTime, Interval, Level, OpenReservation,
    Overlay, Policy, Purpose, QuotaScope, ReasonCode, Request, ResourceId, Rules, Severity,
    UseOutcome,
};
use jiff::{SignedDuration, Timestamp};

use crate::wall::{Wall, minutes_of};

/// Reasons with how they weigh: 3 refuses, 2 wants a yes, 1 is a condition.
pub(crate) type Said = BTreeSet<(ReasonCode, u8)>;

pub(crate) fn weight(severity: Severity) -> u8 {
    match severity {
        Severity::Block => 3,
        Severity::Approval => 2,
        Severity::Condition => 1,
    }
}

/// What was asked, with the little that every rule needs.
pub(crate) struct Naive<'a> {
    pub(crate) facts: Facts<'a>,
    pub(crate) policy: &'a Policy,
    pub(crate) request: &'a Request,
    pub(crate) purpose: &'a Purpose,
    pub(crate) wall: &'static Wall,
    /// The minutes asked about; the one of now for a use that names none.
    pub(crate) minutes: Option<std::ops::Range<i64>>,
    level: u8,
}

/// Something of the person that has or had a time.
pub(crate) struct Held<'a> {
    pub(crate) resource: &'a ResourceId,
    category: &'a str,
    kind: Option<EventTypeId>,
    pub(crate) interval: Interval,
    pub(crate) outcome: Option<UseOutcome>,
}

/// The decision and the reasons, as the naive evaluator sees them.
pub(crate) fn judge(
    facts: Facts<'_>,
    policy: &Policy,
    request: &Request,
    purpose: &Purpose,
) -> (Decision, Said) {
    let naive = Naive::new(facts, policy, request, purpose);
    let mut said = Said::new();
    naive.standing(&mut said);
    match purpose {
        Purpose::Cancel(_) => naive.notice(&mut said),
        Purpose::Keep => {
            naive.proven(&mut said);
            naive.resource(&mut said);
        }
        Purpose::Use => {
            naive.proven(&mut said);
            naive.resource(&mut said);
            naive.calendar(&mut said);
            naive.reserved(&mut said);
            naive.area(&mut said);
            naive.presence(&mut said);
        }
        Purpose::View | Purpose::Create | Purpose::Change(_) => {
            naive.proven(&mut said);
            naive.novelty(&mut said);
            naive.resource(&mut said);
            if naive.minutes.is_some() {
                naive.calendar(&mut said);
                naive.shape(&mut said);
                naive.notice(&mut said);
                naive.limits(&mut said);
                naive.neighbours(&mut said);
                naive.area(&mut said);
                naive.contents(&mut said);
                naive.presence(&mut said);
            }
        }
    }
    let decision = match said.iter().map(|(_, weight)| *weight).max() {
        None => Decision::Permit,
        Some(1) => Decision::PermitWithConditions,
        Some(2) => Decision::NeedsApproval,
        Some(_) => Decision::Refuse,
    };
    (decision, said)
}

/// The person's level, as the naive evaluator sees it.
pub(crate) fn level(facts: Facts<'_>, policy: &Policy, request: &Request) -> Level {
    Level(Naive::new(facts, policy, request, &Purpose::Create).level)
}

impl<'a> Naive<'a> {
    fn new(
        facts: Facts<'a>,
        policy: &'a Policy,
        request: &'a Request,
        purpose: &'a Purpose,
    ) -> Self {
        let now = crate::wall::minute(facts.now);
        let minutes = match (&request.interval, purpose) {
            (Some(interval), _) => Some(minutes_of(interval)),
            (None, Purpose::Use) => Some(now..now + 1),
            (None, _) => None,
        };
        let wall = Wall::of(policy.time_zone.as_str());
        let mut naive = Self { facts, policy, request, purpose, wall, minutes, level: 0 };
        let mine = facts.member.checkouts.iter().filter(|fact| {
            naive.counts(&CheckoutOf::Category, &fact.scope)
                && naive.was_there(fact.granted_at)
                && naive.lasts(fact.expires_at)
        });
        naive.level = mine.map(|fact| fact.level.0).max().unwrap_or(0);
        naive
    }

    pub(crate) fn say(&self, said: &mut Said, code: ReasonCode, weight: u8) {
        said.insert((code, if self.is_exempt(code) { 1 } else { weight }));
    }

    pub(crate) fn block(&self, said: &mut Said, code: ReasonCode) {
        self.say(said, code, 3);
    }

    pub(crate) fn overlay(&self) -> Option<&'a Overlay> {
        let asked = self.request.event_type_id?;
        self.policy.overlays.iter().find(|overlay| overlay.event_type_id == asked)
    }

    pub(crate) fn rules(&self) -> Vec<&'a Rules> {
        let overlay = self.overlay().map(|overlay| &overlay.rules);
        std::iter::once(&self.policy.rules).chain(overlay).collect()
    }

    /// Rules under which some minute asked about is not quiet.
    pub(crate) fn awake(&self) -> Vec<&'a Rules> {
        let minutes = self.minutes.clone().unwrap_or(0..0);
        let mut rules = self.rules();
        rules.retain(|rules| {
            minutes.clone().any(|minute| !self.wall.is_quiet(rules.off_peak.as_ref(), minute))
        });
        rules
    }

    /// The values that concern the person.
    pub(crate) fn mine<T: Clone>(&self, by: &ByWho<T>) -> Vec<T> {
        let varied = match by {
            ByWho::Plain(value) => return vec![value.clone()],
            ByWho::Varied(varied) => varied,
        };
        let mut mine = Vec::new();
        for entry in &varied.groups {
            if self.facts.member.groups.contains(&entry.group) {
                mine.push(entry.value.clone());
            }
        }
        let mut reached = None;
        for entry in &varied.levels {
            if entry.from.0 <= self.level {
                reached = Some(entry.value.clone());
            }
        }
        match reached {
            Some(value) => mine.push(value),
            None if !varied.levels.is_empty() || mine.is_empty() => mine.push(varied.base.clone()),
            None => {}
        }
        mine
    }

    /// The smallest of the limits that concern the person.
    pub(crate) fn smallest(
        &self,
        rules: &[&'a Rules],
        of: impl Fn(&'a Rules) -> &'a ByWho<Option<u32>>,
    ) -> Option<u32> {
        rules.iter().flat_map(|rules| self.mine(of(rules))).flatten().min()
    }

    /// The greatest of the values that concern the person.
    pub(crate) fn greatest(
        &self,
        rules: &[&'a Rules],
        of: impl Fn(&'a Rules) -> &'a ByWho<u32>,
    ) -> Option<u32> {
        rules.iter().flat_map(|rules| self.mine(of(rules))).max()
    }

    /// Open reservations but the one that is changed or cancelled.
    pub(crate) fn others(&self) -> Vec<&'a OpenReservation> {
        let left_out = match self.purpose {
            Purpose::Change(id) | Purpose::Cancel(id) => Some(id),
            Purpose::View | Purpose::Create | Purpose::Use | Purpose::Keep => None,
        };
        let open = self.facts.member.open_reservations.iter();
        open.filter(|held| left_out != Some(&held.reservation_id)).collect()
    }

    /// Everything the person has or had.
    pub(crate) fn all(&self) -> Vec<Held<'a>> {
        let mut all: Vec<Held<'a>> = Vec::new();
        for held in self.others() {
            all.push(Held {
                resource: &held.resource_id,
                category: &held.category,
                kind: held.event_type_id,
                interval: held.interval,
                outcome: None,
            });
        }
        for past in &self.facts.member.past_uses {
            all.push(Held {
                resource: &past.resource_id,
                category: &past.category,
                kind: past.event_type_id,
                interval: past.interval,
                outcome: Some(past.outcome),
            });
        }
        all
    }

    pub(crate) fn is_in(&self, held: &Held<'_>, scope: QuotaScope) -> bool {
        let resource = self.facts.resource;
        match scope {
            QuotaScope::All => true,
            QuotaScope::Resource => *held.resource == resource.id,
            QuotaScope::Category => {
                *held.resource == resource.id || held.category == resource.category
            }
            QuotaScope::EventType => held.kind.is_some() && held.kind == self.request.event_type_id,
        }
    }

    fn resource(&self, said: &mut Said) {
        let resource = self.facts.resource;
        if !self.shrinks() {
            if !resource.active {
                self.block(said, ReasonCode::MachineInactive);
            }
            let out = resource.outages.iter().any(|outage| {
                let ends = outage.ends_at.unwrap_or(Timestamp::MAX);
                match self.request.interval {
                    Some(asked) => outage.starts_at < asked.end() && asked.start() < ends,
                    None => outage.starts_at <= self.facts.now && self.facts.now < ends,
                }
            });
            if out {
                self.block(said, ReasonCode::MachineOutage);
            }
        }
        if resource.mapping_broken && !matches!(self.purpose, Purpose::Keep) {
            self.block(said, ReasonCode::MachineMappingBroken);
        }
    }

    /// Whether every minute of the new time is a minute of the old one.
    fn shrinks(&self) -> bool {
        let (Purpose::Change(id), Some(new)) = (self.purpose, &self.minutes) else { return false };
        self.facts.member.open_reservations.iter().any(|held| {
            let old = minutes_of(&held.interval);
            held.reservation_id == *id
                && held.resource_id == self.facts.resource.id
                && new.clone().all(|minute| old.contains(&minute))
        })
    }

    fn novelty(&self, said: &mut Said) {
        for first in self.rules().into_iter().filter_map(|rules| rules.first_time_only) {
            let asked = self.request.event_type_id;
            let counted = self.facts.member.completed.iter().any(|summary| {
                let same = match first {
                    FirstTime::Resource => summary.resource_id == self.facts.resource.id,
                    FirstTime::EventType => asked.is_some() && summary.event_type_id == asked,
                };
                same && summary.count > 0
            });
            let scope = match first {
                FirstTime::Resource => QuotaScope::Resource,
                FirstTime::EventType => QuotaScope::EventType,
            };
            let known = self.all().iter().any(|held| {
                held.outcome != Some(UseOutcome::CancelledLate) && self.is_in(held, scope)
            });
            if counted || known {
                self.block(said, ReasonCode::FirstTimeOnly);
            }
        }
    }

    fn reserved(&self, said: &mut Said) {
        let now = self.facts.now;
        let mine = self.others().iter().any(|held| {
            held.resource_id == self.facts.resource.id
                && held.interval.start() <= now
                && now < held.interval.end()
        });
        if !mine && !self.policy.rules.walk_in {
            self.block(said, ReasonCode::ReservationMissing);
        }
    }

    fn presence(&self, said: &mut Said) {
        let wanted = self.greatest(&self.rules(), |rules| &rules.minimum_present).unwrap_or(0);
        let begins = matches!(self.purpose, Purpose::Use);
        match self.facts.resource.people_present.filter(|_| begins) {
            Some(present) if present < wanted => self.block(said, ReasonCode::PresenceMissing),
            None if wanted >= 2 => self.say(said, ReasonCode::PresenceMissing, 1),
            Some(_) | None => {}
        }
    }
}

pub(crate) fn minutes_before(at: Timestamp, count: u32) -> Timestamp {
    at.saturating_sub(SignedDuration::from_mins(count.into())).unwrap()
}
