//! The resource takes reservations and is in order.

use jiff::Timestamp;

use super::Question;
use crate::{Evidence, Interval, OutageFact, Purpose, Reason, ReasonCode, Role};

/// An inactive resource and one that is out of order refuse whatever is asked of them, but not
/// that a reservation becomes shorter.
pub(crate) fn resource(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let resource = question.facts.resource;
    if !shrinks(question) {
        if !resource.active {
            Reason::block(reasons, ReasonCode::MachineInactive)
                .with("machineId", &resource.id)
                .step("choose_other_machine", Some("/machines".into()));
        }
        outages(question, reasons);
    }
    // What is confirmed stays: it was made while the kind was right, and Cal.com still has it.
    if resource.mapping_broken && *question.purpose != Purpose::Keep {
        let reason = Reason::block(reasons, ReasonCode::MachineMappingBroken);
        reason.with("machineId", &resource.id).step_by("ask_an_admin", Role::Admin);
    }
}

/// Whether a reservation is changed to a part of its own time (FEATURES 5.2).
fn shrinks(question: &Question<'_>) -> bool {
    let (Purpose::Change(id), Some(new)) = (question.purpose, question.interval()) else {
        return false;
    };
    let mut own = question.facts.member.open_reservations.iter();
    own.any(|held| {
        held.reservation_id == *id
            && held.resource_id == question.facts.resource.id
            && held.interval.covers(new)
    })
}

/// One reason for each outage that shares an instant with what is asked about, the earliest first,
/// so that the order on record does not show.
fn outages(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let resource = question.facts.resource;
    let concerns = |outage: &&OutageFact| match question.interval() {
        Some(interval) => lasts(outage).is_some_and(|lasts| lasts.overlaps(interval)),
        None => lasts(outage).is_some_and(|lasts| lasts.contains(question.facts.now)),
    };
    let mut concerned: Vec<&OutageFact> = resource.outages.iter().filter(concerns).collect();
    concerned.sort_by_key(|outage| (outage.starts_at, outage.ends_at, &outage.id));
    for outage in concerned {
        let reason = Reason::block(reasons, ReasonCode::MachineOutage);
        reason.with("machineId", &resource.id).seen(Evidence::Outage {
            outage_id: outage.id.clone(),
            starts_at: outage.starts_at,
            ends_at: outage.ends_at,
        });
        if let Some(at) = outage.ends_at {
            reason.step_at("choose_other_time", at);
        }
        reason.step("choose_other_machine", Some("/machines".into()));
    }
}

/// Its whole time; one without a known end lasts for ever.
fn lasts(outage: &OutageFact) -> Option<Interval> {
    Interval::new(outage.starts_at, outage.ends_at.unwrap_or(Timestamp::MAX)).ok()
}
