//! Who stands at rest with a right he lost (promise R3).

use interlock_app::model::{Origin, Reservation, Status};
use interlock_policy::{AccountStatus, LossOutcome, ReasonCode};
use jiff::{SignedDuration, Timestamp};

use super::{Broken, Checker};
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
        let proven = self.proven.get(user).is_some_and(|all| all.contains(&one.resource_id));
        let declared = loss_rule(one.resource_id.as_str());
        if needs_proof && !proven {
            // Judged for the resource first, it may bear the mark that the resource declares.
            let other = self.unfit_resources.contains(&one.resource_id);
            let outcomes = (declared.person, other.then_some(declared.resource));
            if let Some(why) = stands_out(one, ReasonCode::CheckoutMissing, outcomes, now) {
                return Some(why);
            }
        }
        let other = self.unfit_people.contains(user);
        let outcomes = (declared.resource, other.then_some(declared.person));
        if usable { None } else { stands_out(one, ReasonCode::MachineInactive, outcomes, now) }
    }
}

/// Whether none of the outcomes lets it stand as it does.
fn stands_out(
    one: &Reservation,
    code: ReasonCode,
    (own, other): (LossOutcome, Option<LossOutcome>),
    now: Timestamp,
) -> Option<&'static str> {
    let flag = one.flags.iter().find(|flag| flag.reason() == Some(code));
    let over = flag.and_then(|flag| flag.until).is_some_and(|until| until + TERM <= now);
    let lets = |outcome: LossOutcome| match outcome {
        LossOutcome::Keep => true,
        LossOutcome::Flag | LossOutcome::RenewBy { .. } => flag.is_some(),
        LossOutcome::Cancel => false,
    };
    if over {
        Some("after the term of its mark")
    } else if lets(own) || other.is_some_and(lets) {
        None
    } else {
        Some("without a right and not as declared")
    }
}
