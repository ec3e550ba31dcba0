//! Standing and proofs, as the naive evaluator sees them.

use std::collections::BTreeSet;

use interlock_policy::{
    AccountStatus, CheckoutFact, CheckoutOf, CheckoutRequirement, CheckoutScope, Purpose,
    ReasonCode, Requirement, TrainingRequirement,
};
use jiff::{SignedDuration, Timestamp};

use crate::naive::{Naive, Said};

pub(crate) type Codes = BTreeSet<ReasonCode>;

/// Reasons nobody is exempt from.
const NEVER: [ReasonCode; 13] = [
    ReasonCode::AccountBanned,
    ReasonCode::AccountSuspended,
    ReasonCode::DocumentMissing,
    ReasonCode::MachineInactive,
    ReasonCode::MachineMappingBroken,
    ReasonCode::MachineOutage,
    ReasonCode::StartInPast,
    ReasonCode::GridOff,
    ReasonCode::DurationNotOffered,
    ReasonCode::DurationOffStep,
    ReasonCode::ReservationMissing,
    ReasonCode::ReservationParallel,
    ReasonCode::PresenceMissing,
];

pub(crate) fn days(count: u32) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(count))
}

fn one(code: ReasonCode) -> Codes {
    BTreeSet::from([code])
}

impl Naive<'_> {
    pub(crate) fn standing(&self, said: &mut Said) {
        let cancels = matches!(self.purpose, Purpose::Cancel(_));
        match self.facts.member.status {
            AccountStatus::Banned => self.block(said, ReasonCode::AccountBanned),
            AccountStatus::Suspended if !cancels && self.still_suspended() => {
                self.block(said, ReasonCode::AccountSuspended);
            }
            AccountStatus::Suspended | AccountStatus::Active => {}
        }
    }

    /// What is held is judged at its own start, everything else now.
    fn still_suspended(&self) -> bool {
        let start = self.request.interval.map(|held| held.start());
        let keeps = matches!(self.purpose, Purpose::Keep);
        let at = start.filter(|start| keeps && *start > self.facts.now).unwrap_or(self.facts.now);
        self.facts.member.suspended_until.is_none_or(|until| at < until)
    }

    pub(crate) fn proven(&self, said: &mut Said) {
        let overlay = self.overlay().map(|overlay| overlay.requirements.iter());
        for wanted in self.policy.requirements.iter().chain(overlay.into_iter().flatten()) {
            for code in self.missing(wanted) {
                self.block(said, code);
            }
        }
    }

    /// Codes of what is missing; none if it is met.
    fn missing(&self, wanted: &Requirement) -> Codes {
        match wanted {
            Requirement::All(parts) => parts.of.iter().flat_map(|p| self.missing(p)).collect(),
            Requirement::Any(parts) => {
                let each: Vec<Codes> = parts.of.iter().map(|part| self.missing(part)).collect();
                if each.iter().any(Codes::is_empty) {
                    return Codes::new();
                }
                let waived = |part: &&Requirement| self.waived(part);
                let let_in: Vec<&Requirement> = parts.of.iter().filter(waived).collect();
                if let_in.is_empty() {
                    return each.into_iter().flatten().collect();
                }
                let_in.into_iter().flat_map(|part| self.missing(part)).collect()
            }
            Requirement::Training(training) => self.training(training),
            Requirement::Checkout(checkout) => self.checkout(checkout),
            Requirement::Membership(membership) => {
                let Some(until) = self.facts.member.membership_until else {
                    return one(ReasonCode::MembershipMissing);
                };
                if self.lasts(until.checked_add(days(membership.grace_days)).ok()) {
                    Codes::new()
                } else {
                    one(ReasonCode::MembershipExpired)
                }
            }
            Requirement::Document(document) => {
                let has = self.facts.member.documents.iter().any(|fact| {
                    fact.document == document.document
                        && fact.version >= document.version
                        && self.was_there(fact.accepted_at)
                });
                if has { Codes::new() } else { one(ReasonCode::DocumentMissing) }
            }
        }
    }

    /// Whether it is met with exemptions.
    fn waived(&self, wanted: &Requirement) -> bool {
        match wanted {
            Requirement::All(parts) => parts.of.iter().all(|part| self.waived(part)),
            Requirement::Any(parts) => parts.of.iter().any(|part| self.waived(part)),
            Requirement::Training(_)
            | Requirement::Checkout(_)
            | Requirement::Membership(_)
            | Requirement::Document(_) => {
                self.missing(wanted).into_iter().all(|code| self.is_exempt(code))
            }
        }
    }

    fn training(&self, wanted: &TrainingRequirement) -> Codes {
        let enough = self.facts.member.trainings.iter().filter(|fact| {
            fact.module_id == wanted.module_id
                && fact.percent >= wanted.minimum_percent
                && wanted.watched_seconds.is_none_or(|least| fact.watched_seconds >= least)
                && self.was_there(fact.completed_at)
        });
        let enough: Vec<_> = enough.collect();
        let holds = enough.iter().any(|fact| {
            let aged = wanted.valid_for_days.map(|count| fact.completed_at + days(count));
            self.lasts(aged) && self.lasts(fact.lapses_at)
        });
        match (holds, enough.is_empty()) {
            (true, _) => Codes::new(),
            (false, true) => one(ReasonCode::TrainingIncomplete),
            (false, false) => one(ReasonCode::TrainingExpired),
        }
    }

    fn checkout(&self, wanted: &CheckoutRequirement) -> Codes {
        let mine = self.facts.member.checkouts.iter();
        let mine = mine.filter(|fact| self.counts(&wanted.scope, &fact.scope));
        let mine: Vec<_> = mine.filter(|fact| self.was_there(fact.granted_at)).collect();
        let high = |fact: &&&CheckoutFact| {
            wanted.minimum_level.is_none_or(|level| fact.level.0 >= level.0)
        };
        let good: Vec<_> = mine.iter().filter(high).collect();
        if good.iter().any(|fact| self.stands(wanted, fact)) {
            Codes::new()
        } else if !good.is_empty() {
            one(ReasonCode::CheckoutExpired)
        } else if mine.iter().any(|fact| self.stands(wanted, fact)) {
            one(ReasonCode::CheckoutLevel)
        } else {
            one(ReasonCode::CheckoutMissing)
        }
    }

    /// Neither expired nor too old nor too long unused.
    fn stands(&self, wanted: &CheckoutRequirement, fact: &CheckoutFact) -> bool {
        let granted = fact.granted_at;
        let aged = wanted.valid_for_days.map(|count| granted + days(count));
        let never = wanted.lapses_if_unused_for_days.or(wanted.lapses_after_days_unused);
        let fresh = never.is_none_or(|count| self.lasts(Some(granted + days(count))));
        let used = fact.last_used_at.is_some_and(|used| used > granted);
        let kept = fact.last_used_at.filter(|_| used).is_some_and(|used| {
            let idle = wanted.lapses_after_days_unused;
            idle.is_none_or(|count| self.lasts(Some(used + days(count))))
        });
        self.lasts(fact.expires_at) && self.lasts(aged) && (fresh || kept)
    }

    /// Whether a checkout of a scope is one that is wanted.
    pub(crate) fn counts(&self, wanted: &CheckoutOf, scope: &CheckoutScope) -> bool {
        let resource = self.facts.resource;
        match scope {
            CheckoutScope::Machine(machine) => match wanted {
                CheckoutOf::OtherMachine(other) => other == machine,
                CheckoutOf::Machine | CheckoutOf::Category => *machine == resource.id,
            },
            CheckoutScope::Category(category) => {
                *wanted == CheckoutOf::Category && *category == resource.category
            }
        }
    }

    /// Whether a proof was there when the interval begins.
    pub(crate) fn was_there(&self, at: Timestamp) -> bool {
        self.request.interval.is_none_or(|interval| at <= interval.start())
    }

    /// Whether a proof is there at every instant asked about.
    pub(crate) fn lasts(&self, lapses: Option<Timestamp>) -> bool {
        let Some(lapses) = lapses else { return true };
        match self.request.interval {
            Some(interval) => interval.end() <= lapses,
            None => self.facts.now < lapses,
        }
    }

    /// Whether the person is exempt from a reason or from a graver one of the same proof.
    pub(crate) fn is_exempt(&self, code: ReasonCode) -> bool {
        use ReasonCode::{
            CheckoutExpired, CheckoutLevel, CheckoutMissing, MembershipExpired, MembershipMissing,
            TrainingExpired, TrainingIncomplete,
        };
        if NEVER.contains(&code) {
            return false;
        }
        let ladders: [&[ReasonCode]; 3] = [
            &[MembershipMissing, MembershipExpired],
            &[TrainingIncomplete, TrainingExpired],
            &[CheckoutMissing, CheckoutLevel, CheckoutExpired],
        ];
        let ladder = ladders.into_iter().find(|ladder| ladder.contains(&code));
        let enough: Vec<ReasonCode> = match ladder {
            Some(ladder) => ladder.iter().copied().filter(|graver| *graver <= code).collect(),
            None => vec![code],
        };
        self.facts.member.exemptions.iter().any(|fact| {
            let all_of_it = match self.request.interval {
                Some(asked) => {
                    fact.valid.start() <= asked.start() && asked.end() <= fact.valid.end()
                }
                None => fact.valid.start() <= self.facts.now && self.facts.now < fact.valid.end(),
            };
            all_of_it && fact.codes.iter().any(|code| enough.contains(code))
        })
    }
}
