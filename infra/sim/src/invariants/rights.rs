//! Who stands at rest with a right he lost, and what ended that might have stood (promise R3).

use interlock_app::model::{Cause, Flag, Origin, Reservation, Status};
use interlock_policy::{AccountStatus, LossOutcome, ReasonCode};
use jiff::{SignedDuration, Timestamp};

use super::{Broken, Checker, SKEW};
use crate::fixture::loss_rule;

/// How long after its term a mark may still stand: what is due is settled by the next sweep, and
/// before that look there was one in any case.
const TERM: SignedDuration = SignedDuration::from_mins(10);

impl Checker {
    /// Once the cascade has settled, nothing ahead stands for somebody who is banned, and what
    /// stands without a right stands as its resource declares for that loss.
    pub(crate) fn outstaying(&self, now: Timestamp) -> Option<Broken> {
        let ahead = self.reservations.values().filter(|one| {
            one.origin == Origin::Interlock
                && one.interval.start() > now
                && (one.status() == Status::Awaiting || one.status() == Status::Confirmed)
        });
        ahead.into_iter().find_map(|one| {
            let why = self.outstays(one, now)?;
            let flags = &one.flags;
            Some(("R3", format!("{} is {:?} {why}: {flags:?}", one.id, one.state)))
        })
    }

    fn outstays(&self, one: &Reservation, now: Timestamp) -> Option<&'static str> {
        let user = one.user_id()?;
        if self.statuses.get(user) == Some(&AccountStatus::Banned) {
            return Some("for somebody who is banned");
        }
        let (usable, needs_proof) = self.resources.get(&one.resource_id).copied()?;
        let declared = loss_rule(one.resource_id.as_str());
        let proof = (ReasonCode::CheckoutMissing, declared.person);
        let machine = (ReasonCode::MachineInactive, declared.resource);
        let lost = (needs_proof && !self.is_proven(one)).then_some(proof);
        let closed = (!usable).then_some(machine);
        lost.into_iter().chain(closed).find_map(|loss| stands_out(one, loss, now))
    }

    /// What stood ends for a loss only as its resource declares: the write names what it was
    /// judged on, so what is known now is what was known to it. What was changed inside Cal.com
    /// is confirmed anew, and for that any loss ends it (RELIABILITY 3.3).
    pub(super) fn undeserved(
        &self,
        before: Option<&Reservation>,
        after: &Reservation,
        now: Timestamp,
    ) -> bool {
        let before = before
            .filter(|one| one.status() == Status::Awaiting || one.status() == Status::Confirmed);
        let Some(before) = before else { return false };
        if after.state.cause() != Some(&Cause::Eligibility) || self.was_touched(before) {
            return false;
        }
        let banned = before
            .user_id()
            .is_some_and(|user| self.statuses.get(user) == Some(&AccountStatus::Banned));
        before.origin == Origin::External || !(banned || self.is_due(before, now))
    }

    /// Whether a loss that is declared to end it is there, or one whose term is over.
    fn is_due(&self, one: &Reservation, now: Timestamp) -> bool {
        let declared = loss_rule(one.resource_id.as_str());
        let (usable, needs_proof) =
            self.resources.get(&one.resource_id).copied().unwrap_or((false, false));
        let unproven = needs_proof && !self.is_proven(one);
        // Whether a kind that was edited still fits is for the gate to say.
        let unusable = !usable
            || self.closed.contains(&one.resource_id)
            || self.edited_kinds.contains(&one.event_type_id);
        let over = |flag: &Flag| {
            flag.until.is_some_and(|until| until <= now + SKEW)
                && match flag.reason() {
                    Some(ReasonCode::CheckoutMissing) => unproven,
                    Some(_) | None => unusable,
                }
        };
        (unproven && declared.person == LossOutcome::Cancel)
            || (unusable && declared.resource == LossOutcome::Cancel)
            || one.flags.iter().any(over)
    }

    /// Whether its holder is checked out on what it is on.
    pub(crate) fn is_proven(&self, one: &Reservation) -> bool {
        let proven = one.user_id().and_then(|user| self.proven.get(user));
        proven.is_some_and(|all| all.contains(&one.resource_id))
    }
}

/// Whether what is declared for a loss does not let it stand as it does.
fn stands_out(
    one: &Reservation,
    (code, declared): (ReasonCode, LossOutcome),
    now: Timestamp,
) -> Option<&'static str> {
    let flag = one.flags.iter().find(|flag| flag.reason() == Some(code));
    let over = flag.and_then(|flag| flag.until).is_some_and(|until| until + TERM <= now);
    let stands = match declared {
        LossOutcome::Keep => true,
        LossOutcome::Flag | LossOutcome::RenewBy { .. } => flag.is_some(),
        LossOutcome::Cancel => false,
    };
    match (over, stands) {
        (true, _) => Some("after the term of its mark"),
        (false, true) => None,
        (false, false) => Some("without a right and not as declared"),
    }
}
