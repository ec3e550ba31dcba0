//! Reservations inside reservations: a tool in its area, and an area around its tools.

use jiff::SignedDuration;

use super::Question;
use super::proof::page;
use crate::{Interval, OpenReservation, Purpose, Reason, ReasonCode};

/// The person holds what it is used in: at every instant, or at the start.
pub(crate) fn area(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(interval) = question.interval() else { return };
    for rule in question.rules().filter_map(|rules| rules.area.as_ref()) {
        let wanted = wanted(interval, rule.start_only);
        let held = || question.others().filter(|held| held.resource_id == rule.resource_id);
        if !covered(&wanted, || held().map(|held| held.interval)) {
            Reason::block(reasons, ReasonCode::ReservationUncovered)
                .with("machineId", &rule.resource_id)
                .step("reserve", Some(page(&rule.resource_id)));
        }
    }
}

/// Own reservations that lie in the one that is moved stay covered: one reason for each that does
/// not, the earliest first, so that the order on record does not show.
pub(crate) fn contents(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let new = match question.purpose {
        Purpose::Change(_) => question.interval().copied(),
        Purpose::View | Purpose::Create | Purpose::Cancel(_) | Purpose::Use | Purpose::Keep => None,
    };
    let Some(new) = new else { return };
    let here = &question.facts.resource.id;
    let before = question.facts.member.open_reservations.iter();
    let before = || before.clone().filter(|held| held.resource_id == *here);
    let after = || question.others().filter(|held| held.resource_id == *here);
    let loses = |held: &OpenReservation, start_only: bool| {
        let wanted = wanted(&held.interval, start_only);
        covered(&wanted, || before().map(|held| held.interval))
            && !covered(&wanted, || after().map(|held| held.interval).chain([new]))
    };
    for rule in question.rules().filter_map(|rules| rules.contents.as_ref()) {
        let now = question.facts.now;
        let inside = question.others().filter(|held| {
            held.interval.end() > now && rule.resource_ids.contains(&held.resource_id)
        });
        let mut lost: Vec<_> = inside.filter(|held| loses(held, rule.start_only)).collect();
        lost.sort_by_key(|held| (held.interval, &held.reservation_id));
        for held in lost {
            tell(held, reasons);
        }
    }
}

fn tell(held: &OpenReservation, reasons: &mut Vec<Reason>) {
    Reason::block(reasons, ReasonCode::ReservationNeeded)
        .with("machineId", &held.resource_id)
        .in_the_way(held);
}

/// What must lie in a reservation of the area.
fn wanted(interval: &Interval, start_only: bool) -> Interval {
    let moment = Interval::lasting(interval.start(), SignedDuration::from_nanos(1));
    moment.ok().filter(|_| start_only).unwrap_or(*interval)
}

/// Whether several times, joined where they touch or overlap, contain one without a break.
fn covered<I: Iterator<Item = Interval>>(wanted: &Interval, held: impl Fn() -> I) -> bool {
    let mut reached = wanted.start();
    while reached < wanted.end() {
        let around = held().filter(|held| held.contains(reached));
        let Some(until) = around.map(|held| held.end()).max() else { return false };
        reached = until;
    }
    true
}
