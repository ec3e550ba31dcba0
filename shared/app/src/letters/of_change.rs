//! Which letters a change of a reservation calls for; pure, so that every row is a test.
//!
//! They are due by the state that was committed and by nothing else, so no letter tells what never
//! was (promise R5).

use interlock_policy::{CheckoutScope, ResourceKind, UserId};
use jiff::{SignedDuration, Timestamp};

use crate::AppError;
use crate::model::{
    About, Addressee, Cause, Letter, LetterId, LetterKind, Reservation, State, Status,
};

/// How long before the start each reminder is due.
const REMINDERS: [(LetterKind, SignedDuration); 2] = [
    (LetterKind::ReminderDay, SignedDuration::from_hours(24)),
    (LetterKind::ReminderHour, SignedDuration::from_hours(1)),
];

/// A change as it is about to be written.
pub(crate) struct Occasion<'a> {
    /// As it was; `None` for a new one.
    pub(crate) before: Option<&'a Reservation>,
    /// As it is to be.
    pub(crate) after: &'a Reservation,
    /// The version the change makes.
    pub(crate) version: u64,
    /// Whether the holder makes it, so that he is being answered.
    pub(crate) by_holder: bool,
}

impl Occasion<'_> {
    /// Every letter of the change; none for somebody we do not know.
    pub(crate) fn letters(&self) -> Result<Vec<Letter>, AppError> {
        let Some(holder) = self.after.user_id() else { return Ok(Vec::new()) };
        let Some(kind) = self.kind() else { return Ok(Vec::new()) };
        let now = self.after.updated_at;
        let to = Addressee::User { user_id: holder.clone() };
        let mut letters = vec![self.letter(kind, (to, "a"))?];
        if let Some((kind, to)) = self.to_others(kind) {
            letters.push(self.letter(kind, (to, "b"))?);
        }
        if matches!(kind, LetterKind::Confirmed | LetterKind::Changed) {
            letters.extend(self.reminders(holder, now)?);
        }
        Ok(letters)
    }

    /// What the holder is told, if anything.
    fn kind(&self) -> Option<LetterKind> {
        match &self.after.state {
            State::Confirmed { .. } => self.standing(),
            State::Awaiting { .. } => self.before.is_none().then_some(LetterKind::AwaitingApproval),
            State::Cancelling { cause, .. }
            | State::Cancelled { cause }
            | State::Failed { cause } => self.ended(cause),
            State::Pending { .. } | State::Moving { .. } | State::Completed => None,
        }
    }

    /// Of one that stands: that it does, that it has another time, or that it bears a mark.
    fn standing(&self) -> Option<LetterKind> {
        let same_holder = |before: &&Reservation| before.user_id() == self.after.user_id();
        let Some(before) = self.before.filter(same_holder) else {
            return Some(LetterKind::Confirmed);
        };
        match before.status() {
            Status::Awaiting | Status::Pending => Some(LetterKind::Confirmed),
            Status::Confirmed | Status::Moving if before.interval != self.after.interval => {
                Some(LetterKind::Changed)
            }
            Status::Confirmed | Status::Moving => {
                self.is_marked_anew(before).then_some(LetterKind::EligibilityLost)
            }
            Status::Cancelling | Status::Cancelled | Status::Failed | Status::Completed => None,
        }
    }

    fn is_marked_anew(&self, before: &Reservation) -> bool {
        let marks = self.after.flags.iter().filter(|flag| flag.reason().is_some());
        marks.into_iter().any(|flag| !before.flags.contains(flag))
    }

    /// Of one that ends: whoever was told of it hears that; whoever is being answered hears it
    /// there.
    fn ended(&self, cause: &Cause) -> Option<LetterKind> {
        match self.before?.status() {
            Status::Confirmed | Status::Moving => Some(end_of(cause, LetterKind::Cancelled)),
            Status::Awaiting => Some(end_of(cause, unheard(cause))),
            Status::Pending if self.by_holder => None,
            Status::Pending => Some(end_of(cause, LetterKind::NotMade)),
            Status::Cancelling | Status::Cancelled | Status::Failed | Status::Completed => None,
        }
    }

    /// What somebody else is told at the same time, and who: the host of whatever he hears of his
    /// own time, and whoever may say yes of what waits for one.
    fn to_others(&self, kind: LetterKind) -> Option<(LetterKind, Addressee)> {
        let host = self.after.resource_id.kind() == ResourceKind::Host;
        match kind {
            LetterKind::AwaitingApproval if !host => Some((kind, self.deciders())),
            LetterKind::Confirmed | LetterKind::Changed | LetterKind::AwaitingApproval if host => {
                Some((kind, Addressee::Host))
            }
            LetterKind::Cancelled | LetterKind::EligibilityLost
                if host && !matches!(self.after.state, State::Confirmed { .. }) =>
            {
                Some((LetterKind::Cancelled, Addressee::Host))
            }
            LetterKind::Confirmed
            | LetterKind::Changed
            | LetterKind::Cancelled
            | LetterKind::EligibilityLost
            | LetterKind::AwaitingApproval
            | LetterKind::Declined
            | LetterKind::Unanswered
            | LetterKind::NotMade
            | LetterKind::ReminderDay
            | LetterKind::ReminderHour
            | LetterKind::CheckoutRequested
            | LetterKind::CheckoutGranted
            | LetterKind::CheckoutRevoked
            | LetterKind::CheckoutDeclined
            | LetterKind::CheckoutExpiring
            | LetterKind::PasswordReset
            | LetterKind::Invitation
            | LetterKind::PasswordChanged
            | LetterKind::RolesChanged
            | LetterKind::FactorChanged
            | LetterKind::RecoveryCodeUsed => None,
        }
    }

    fn deciders(&self) -> Addressee {
        let scope = CheckoutScope::Machine(self.after.resource_id.clone());
        Addressee::Deciders { scope, category: self.after.category.clone() }
    }

    /// The reminders that are still ahead. Those of the time before are left where they are: they
    /// name a version, and what is no longer so is not sent.
    fn reminders(&self, holder: &UserId, now: Timestamp) -> Result<Vec<Letter>, AppError> {
        let start = self.after.interval.start();
        let mut letters = Vec::new();
        for (kind, before) in REMINDERS {
            let Ok(due_at) = start.checked_sub(before) else { continue };
            if due_at <= now {
                continue;
            }
            let to = Addressee::User { user_id: holder.clone() };
            let letter = self.letter(kind, (to, "a"))?;
            letters.push(Letter { until: Some(start), due_at, ..letter });
        }
        Ok(letters)
    }

    /// Named by reservation, version, kind and reader, so that a change tells each thing once.
    fn letter(
        &self,
        kind: LetterKind,
        (to, reader): (Addressee, &str),
    ) -> Result<Letter, AppError> {
        let (own, version) = (self.after.id.body(), self.version);
        let id = LetterId::from_body(&format!("{own}_{version}_{}_{reader}", kind.word()));
        let id = id.map_err(|error| AppError::internal(error.to_string()))?;
        let about = About::Reservation {
            reservation_id: self.after.id.clone(),
            resource_id: self.after.resource_id.clone(),
            version,
        };
        Ok(Letter::new(id, about, to, (kind, self.after.updated_at)))
    }
}

/// A loss is told as one, and what staff ended as that; anything else in the words of where it
/// stood.
fn end_of(cause: &Cause, otherwise: LetterKind) -> LetterKind {
    match cause {
        Cause::Eligibility => LetterKind::EligibilityLost,
        Cause::Staff { .. } => LetterKind::Cancelled,
        Cause::Holder { .. }
        | Cause::External
        | Cause::Conflict
        | Cause::SlotTaken
        | Cause::Refused
        | Cause::Unreachable
        | Cause::NeverMade
        | Cause::Expired
        | Cause::Declined { .. }
        | Cause::NotAccepted => otherwise,
    }
}

/// What becomes of a request that nobody said yes to.
fn unheard(cause: &Cause) -> LetterKind {
    match cause {
        Cause::Declined { .. } => LetterKind::Declined,
        Cause::Expired => LetterKind::Unanswered,
        Cause::Eligibility
        | Cause::Holder { .. }
        | Cause::Staff { .. }
        | Cause::External
        | Cause::Conflict
        | Cause::SlotTaken
        | Cause::Refused
        | Cause::Unreachable
        | Cause::NeverMade
        | Cause::NotAccepted => LetterKind::Cancelled,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn reservation(resource: &str, state: &Value) -> Reservation {
        let time = json!({ "start": "2026-06-03T08:00:00Z", "end": "2026-06-03T09:00:00Z" });
        serde_json::from_value(json!({
            "id": "rsv_one", "holder": { "kind": "user", "userId": "usr_ada" },
            "origin": "interlock", "resourceId": resource, "resourceName": "It",
            "category": "all", "calAccountId": "cal_one", "eventTypeId": 1,
            "interval": time, "held": time, "state": state, "calUids": [],
            "rememberedUntil": "2026-06-08T08:00:00Z", "policyVersion": 1,
            "createdAt": "2026-06-01T08:00:00Z", "updatedAt": "2026-06-01T08:00:00Z",
        }))
        .unwrap()
    }

    fn pending() -> Value {
        let at = "2026-06-01T08:00:00Z";
        json!({ "status": "pending", "attempt": { "at": at, "leaseUntil": at } })
    }

    fn confirmed() -> Value {
        json!({ "status": "confirmed", "calUid": "uid" })
    }

    fn ended(cause: &str) -> Value {
        json!({ "status": "cancelled", "cause": { "kind": cause, "reason": "words" } })
    }

    fn kinds(before: Option<&Reservation>, after: &Reservation, by_holder: bool) -> Vec<String> {
        let occasion = Occasion { before, after, version: 3, by_holder };
        let to = |letter: &Letter| match letter.to {
            Addressee::User { .. } => "holder",
            Addressee::Host => "host",
            Addressee::Deciders { .. } => "deciders",
            Addressee::Decider { .. } => "decider",
        };
        let letters = occasion.letters().unwrap();
        letters.iter().map(|letter| format!("{} {}", letter.kind.word(), to(letter))).collect()
    }

    #[test]
    fn a_host_hears_of_his_own_time_and_of_no_reason_of_the_holders() {
        let (held, made) =
            (reservation("hst_one", &pending()), reservation("hst_one", &confirmed()));
        let told = kinds(Some(&held), &made, true);
        let reminders = ["reminder_24h holder", "reminder_1h holder"];
        assert_eq!(told, ["confirmed holder", "confirmed host", reminders[0], reminders[1]]);
        let lost = reservation("hst_one", &ended("eligibility"));
        let told = kinds(Some(&made), &lost, false);
        assert_eq!(told, ["eligibility_lost holder", "cancelled host"]);
        let machine = reservation("mch_one", &ended("holder"));
        let before = reservation("mch_one", &confirmed());
        assert_eq!(kinds(Some(&before), &machine, true), ["cancelled holder"]);
    }

    #[test]
    fn what_comes_to_nothing_is_told_unless_its_holder_is_being_answered() {
        let held = reservation("mch_one", &pending());
        let failed = json!({ "status": "failed", "cause": { "kind": "never_made" } });
        let failed = reservation("mch_one", &failed);
        assert_eq!(kinds(Some(&held), &failed, true), [] as [&str; 0]);
        assert_eq!(kinds(Some(&held), &failed, false), ["not_made holder"]);
    }

    #[test]
    fn a_request_hears_of_its_no_and_of_its_silence() {
        let hold = json!({
            "status": "awaiting", "waitingFor": "approval", "holdUntil": "2026-06-02T08:00:00Z",
        });
        let waits = reservation("mch_one", &hold);
        let told = kinds(None, &waits, true);
        assert_eq!(told, ["awaiting_approval holder", "awaiting_approval deciders"]);
        for (cause, told) in [
            ("declined", "declined holder"),
            ("expired", "unanswered holder"),
            ("staff", "cancelled holder"),
            ("eligibility", "eligibility_lost holder"),
        ] {
            let after = reservation("mch_one", &ended(cause));
            assert_eq!(kinds(Some(&waits), &after, false), [told], "{cause}");
        }
    }

    #[test]
    fn nobody_is_told_of_what_somebody_unknown_has_or_of_what_did_not_change() {
        let made = reservation("mch_one", &confirmed());
        assert_eq!(kinds(Some(&made), &made, true), [] as [&str; 0]);
        let email = Some("cy@test.example".to_owned());
        let stranger = crate::model::Holder::Unmatched { email };
        let foreign = Reservation { holder: stranger, ..made.clone() };
        assert_eq!(kinds(None, &foreign, false), [] as [&str; 0]);
        assert_eq!(kinds(Some(&foreign), &made, false).len(), 3, "a claim is told like a yes");
    }
}
