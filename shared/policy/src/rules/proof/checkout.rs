//! A manager has approved the person, far enough and not lapsed (S0-045).

use jiff::Timestamp;

use super::super::question::{begins_in_time, outlasts};
use super::super::{Question, days, later};
use super::{Lack, earlier_of};
use crate::{
    CheckoutFact, CheckoutOf, CheckoutRequirement, CheckoutScope, Evidence, Facts, Href, Level,
    Reason, ReasonCode, Request, ResourceFacts, ResourceId, ResourceKind,
};

/// The highest level among the person's checkouts that hold for the resource over the time asked
/// about.
pub(crate) fn level(facts: &Facts<'_>, request: &Request) -> Level {
    let mine = facts.member.checkouts.iter().filter(|fact| {
        counts_for(facts.resource, &CheckoutOf::Category, &fact.scope)
            && begins_in_time(request, fact.granted_at)
            && outlasts(request, facts.now, fact.expires_at)
    });
    mine.map(|fact| fact.level).max().unwrap_or(Level::NONE)
}

pub(super) fn lack(question: &Question<'_>, wanted: &CheckoutRequirement) -> Option<Lack> {
    let mut latest = None;
    let mut too_low = false;
    for fact in of_scope(question, wanted) {
        let lapses_at = lapses_at(wanted, fact);
        let lasts = question.outlasts(lapses_at);
        if wanted.minimum_level.is_none_or(|least| fact.level >= least) {
            if lasts {
                return None;
            }
            latest = latest.max(lapses_at);
        } else {
            too_low |= lasts;
        }
    }
    // From missing to too low to lapsed it only gets better, and so do the exemptions from it.
    let missing = if too_low { ReasonCode::CheckoutLevel } else { ReasonCode::CheckoutMissing };
    Some(Lack::of(missing, ReasonCode::CheckoutExpired, latest))
}

/// Checkouts for what is wanted that were there in time.
fn of_scope<'a>(
    question: &'a Question<'_>,
    wanted: &'a CheckoutRequirement,
) -> impl Iterator<Item = &'a CheckoutFact> {
    question.facts.member.checkouts.iter().filter(|fact| {
        counts_for(question.facts.resource, &wanted.scope, &fact.scope)
            && question.begins_in_time(fact.granted_at)
    })
}

/// The earliest of its own expiry, its age and its disuse. A use never brings the lapse nearer.
fn lapses_at(wanted: &CheckoutRequirement, fact: &CheckoutFact) -> Option<Timestamp> {
    if wanted.holds_for_ever() {
        return fact.expires_at;
    }
    let granted = fact.granted_at;
    let aged = wanted.valid_for_days.map(|count| later(granted, days(count)));
    let idle = wanted.lapses_after_days_unused;
    let never = wanted.lapses_if_unused_for_days.or(idle).map(|count| later(granted, days(count)));
    let disused = match fact.last_used_at.filter(|used| *used > granted) {
        Some(used) => idle.map(|count| later(used, days(count)).max(never.unwrap_or(used))),
        None => never,
    };
    earlier_of(earlier_of(fact.expires_at, aged), disused)
}

pub(super) fn explain(question: &Question<'_>, wanted: &CheckoutRequirement, reason: &mut Reason) {
    let resource = question.facts.resource;
    let of = match &wanted.scope {
        CheckoutOf::Machine | CheckoutOf::Category => &resource.id,
        CheckoutOf::OtherMachine(id) => id,
    };
    reason.with("machineId", of);
    if wanted.scope == CheckoutOf::Category {
        reason.with("category", resource.category.clone());
    }
    if let Some(level) = wanted.minimum_level {
        reason.with("minimumLevel", u32::from(level.0));
    }
    reason.step("ask_for_checkout", Some(page(of)));
    let best = of_scope(question, wanted).max_by_key(|fact| {
        let lapses_at = lapses_at(wanted, fact).unwrap_or(Timestamp::MAX);
        (fact.level, lapses_at, fact.granted_at, &fact.scope)
    });
    if let Some(fact) = best {
        reason.seen(Evidence::Checkout {
            scope: fact.scope.clone(),
            level: fact.level,
            granted_at: fact.granted_at,
            lapses_at: lapses_at(wanted, fact),
        });
    }
}

/// Where a resource is shown.
pub(crate) fn page(id: &ResourceId) -> Href {
    let pages = match id.kind() {
        ResourceKind::Machine => "/machines/",
        ResourceKind::Host => "/hosts/",
    };
    Href::of(pages, id.text())
}

fn counts_for(resource: &ResourceFacts, wanted: &CheckoutOf, scope: &CheckoutScope) -> bool {
    match (wanted, scope) {
        (CheckoutOf::OtherMachine(other), CheckoutScope::Machine(id)) => id == other,
        (CheckoutOf::Machine | CheckoutOf::Category, CheckoutScope::Machine(id)) => {
            *id == resource.id
        }
        (CheckoutOf::Category, CheckoutScope::Category(category)) => *category == resource.category,
        (CheckoutOf::Machine | CheckoutOf::OtherMachine(_), CheckoutScope::Category(_)) => false,
    }
}
