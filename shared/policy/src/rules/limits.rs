//! Limits per person over all resources (promise R28).

use jiff::Timestamp;
use smallvec::SmallVec;

use super::Question;
use crate::{OpenReservation, Reason, ReasonCode};

/// Reservations that have not ended and are not the one being changed.
fn open<'a>(question: &Question<'a>) -> impl Iterator<Item = &'a OpenReservation> + use<'a> {
    let now = question.facts.now;
    question.others().filter(move |held| held.interval.end() > now)
}

/// How many there are.
pub(crate) fn open_count(question: &Question<'_>) -> u32 {
    u32::try_from(open(question).count()).unwrap_or(u32::MAX)
}

/// At most so many open reservations; only a request for time is counted against it.
pub(crate) fn open_cap(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let caps = question.peak_rules().map(|rules| &rules.open_cap);
    let cap = caps.filter_map(|cap| cap.least_limit(question.who(cap))).min();
    let (Some(_), Some(cap)) = (question.interval(), cap) else { return };
    let count = open_count(question);
    if count >= cap {
        let reason = Reason::block(reasons, ReasonCode::QuotaOpenReservations);
        reason.true_from = below_cap_from(question, cap);
        reason
            .with("cap", cap)
            .with("openCount", count)
            .step("cancel_reservation", Some("/reservations".into()));
    }
}

/// When enough of the open reservations have ended; never for a cap of none.
fn below_cap_from(question: &Question<'_>, cap: u32) -> Option<Timestamp> {
    let mut ends: SmallVec<[Timestamp; 8]> =
        open(question).map(|held| held.interval.end()).collect();
    ends.sort_unstable();
    let cap = usize::try_from(cap).ok()?;
    ends.get(ends.len().checked_sub(cap)?).copied()
}

/// One person is at one place at a time. The earliest in the way comes first, so that the order in
/// which reservations are on record does not show.
pub(crate) fn parallel(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(interval) = question.interval() else { return };
    // The policy decides for itself, an overlay only where it says something.
    let base = question.policy.rules.allow_parallel.unwrap_or(false);
    let over = question.overlay.and_then(|overlay| overlay.rules.allow_parallel);
    if base && over.unwrap_or(true) {
        return;
    }
    let overlaps = |held: &&OpenReservation| held.interval.overlaps(interval);
    let mut in_the_way: Vec<&OpenReservation> = open(question).filter(overlaps).collect();
    in_the_way.sort_by_key(|held| (held.interval, &held.reservation_id));
    for held in in_the_way {
        Reason::block(reasons, ReasonCode::ReservationParallel).in_the_way(held);
    }
}
