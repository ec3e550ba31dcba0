//! One commit, judged against everything that was promised for every step.

use interlock_app::model::{
    AuditEntry, Cause, FollowUp, HistoryEvent, Origin, Reservation, State, Status,
};
use interlock_app::ports::store::{Action, Document, Record, Transaction};
use interlock_calcom_sim::embed::Row;
use jiff::{SignedDuration, Timestamp};

use super::{Broken, Checker, SKEW, holds};
use crate::exec::REQUEST_LIMIT;
use crate::fixture::OPEN_CAP;

/// How long before a write the look that it follows may have been.
const GLANCE: SignedDuration = SignedDuration::from_secs(5);

pub(super) fn puts(transaction: &Transaction) -> impl Iterator<Item = &Record> {
    transaction.actions().iter().filter_map(|action| match action {
        Action::Put { record, .. } => Some(record.as_ref()),
        Action::Delete { .. } | Action::Check { .. } => None,
    })
}

impl Checker {
    /// Whether a commit gives time back or ends a move, so that Cal.com's side must be looked at.
    pub(crate) fn gives_back(&self, transaction: &Transaction) -> bool {
        puts(transaction).filter(|record| record.kind == Reservation::KIND).any(|record| {
            let text = |pointer: &str| record.body.pointer(pointer).and_then(|text| text.as_str());
            match text("/state/status") {
                Some("cancelled" | "failed") => true,
                Some("confirmed") => text("/id")
                    .and_then(|id| id.parse().ok())
                    .is_some_and(|id| self.status_of(&id) == Some(Status::Moving)),
                Some(_) | None => false,
            }
        })
    }

    /// Takes in what was committed and says which promise it breaks.
    pub(crate) fn committed(
        &mut self,
        transaction: &Transaction,
        rows: &[Row],
        now: Timestamp,
    ) -> Option<Broken> {
        for record in puts(transaction) {
            self.learn(record);
        }
        let mut broken = None;
        for record in puts(transaction).filter(|record| record.kind == Reservation::KIND) {
            let Ok(stored) = record.decode::<Reservation>() else { continue };
            let before = self.reservations.get(&stored.value.id).cloned();
            let found = self.judge(before.as_ref(), (&stored.value, record.version), now);
            let beside = beside(transaction, before.as_ref(), &stored.value, record.version);
            self.learn_version(&stored.value, record.version, now);
            self.keep(stored.value.clone(), now);
            let books = self.books(before.as_ref(), &stored.value, now);
            let freed = freed(before.as_ref(), &stored.value, rows, now);
            let stayed = self.stayed(before.as_ref(), &stored.value, rows, now);
            broken = broken.or(found).or(beside).or(books).or(freed).or(stayed);
        }
        broken.or(self.learn_letters(transaction, now))
    }

    /// Whether it stands where a move of ours was to bring it, this one or one before.
    fn was_wanted(&self, reservation: &Reservation) -> bool {
        let wanted = self.wanted.get(&reservation.id);
        wanted.is_some_and(|all| all.contains(&reservation.interval))
    }

    fn judge(
        &self,
        before: Option<&Reservation>,
        (after, version): (&Reservation, u64),
        now: Timestamp,
    ) -> Option<Broken> {
        let word = |promise, why: &str| {
            let from = before.map(|one| &one.state);
            Some((promise, format!("{} {why}: {from:?} to {:?} v{version}", after.id, after.state)))
        };
        match before.map(Reservation::status) {
            Some(Status::Cancelled | Status::Failed | Status::Completed)
                if before.map(|one| &one.state) != Some(&after.state) =>
            {
                return word("R6", "left its end");
            }
            Some(from) if !may_follow(from, after.status()) => {
                let cancelled = from == Status::Cancelling;
                return word(if cancelled { "R9" } else { "T" }, "went where it may not");
            }
            Some(_) | None => {}
        }
        if takes(before, after) && after.origin == Origin::Interlock && !self.is_fit(after) {
            return word("R3", "stands although its holder may not have it");
        }
        if self.undeserved(before, after, now) {
            return word("R3", "ended although what is declared lets it stand");
        }
        let from_a_move =
            |one: &Reservation| one.status() == Status::Moving && one.interval != after.interval;
        if before.is_some_and(from_a_move)
            && after.status() == Status::Confirmed
            && !self.was_touched(after)
            && !self.was_wanted(after)
            && !self.edited_kinds.contains(&after.event_type_id)
        {
            return word("R10", "stands at a third time");
        }
        if let Some(why) = out_of_term(before, after, now) {
            return word("T", why);
        }
        self.once(before, after).or_else(|| self.limits(before, after, now))
    }

    /// One key makes one reservation, unless the first surely came to nothing (promise R4).
    fn once(&self, before: Option<&Reservation>, after: &Reservation) -> Option<Broken> {
        let key = after.idempotency_key.as_ref().filter(|_| before.is_none())?;
        let nothing = |one: &Reservation| one.state == State::Failed { cause: Cause::Unreachable };
        let twin = self
            .reservations
            .values()
            .find(|one| one.idempotency_key.as_ref() == Some(key) && !nothing(one))?;
        Some(("R4", format!("{} and {} have one key", twin.id, after.id)))
    }

    /// What a person asks for stays within the limits per person (promise R28).
    fn limits(
        &self,
        before: Option<&Reservation>,
        after: &Reservation,
        now: Timestamp,
    ) -> Option<Broken> {
        let wanted = match (&after.state, before.map(Reservation::status)) {
            (State::Awaiting { .. } | State::Pending { .. }, None) => after.interval,
            (State::Moving { target, .. }, Some(Status::Confirmed)) => target.interval,
            (_, _) => return None,
        };
        let user = after.user_id().filter(|_| after.origin == Origin::Interlock)?;
        let others = self
            .reservations
            .values()
            .filter(|one| one.user_id() == Some(user) && one.id != after.id)
            .flat_map(holds)
            .filter(|(interval, _)| interval.end() > now + SKEW);
        let others: Vec<_> = others.map(|(interval, _)| interval).collect();
        if others.len() >= OPEN_CAP {
            return Some(("R28", format!("{user} has {} and takes another", others.len())));
        }
        let parallel = others.iter().find(|other| other.overlaps(&wanted))?;
        Some(("R28", format!("{user} has {parallel:?} and takes {wanted:?}")))
    }
}

impl Checker {
    /// A move that took place is not taken for one that did not (promise R10).
    ///
    /// Within the life of the request that moves, all that is known may be that its own call came
    /// to nothing: what was moved before that, or inside Cal.com, is for the next look. Whoever
    /// writes later has looked.
    fn stayed(
        &self,
        before: Option<&Reservation>,
        after: &Reservation,
        rows: &[Row],
        now: Timestamp,
    ) -> Option<Broken> {
        let before = before.filter(|one| one.status() == Status::Moving)?;
        let State::Confirmed { cal_uid } = &after.state else { return None };
        let old = rows.iter().find(|row| row.uid == cal_uid.0 && !row.accepted)?;
        let new = rows.iter().find(|row| old.moved_to.as_ref() == Some(&row.uid))?;
        let since = self.moving_since.get(&after.id).copied()?;
        let own = new.created_at >= since && !self.touched_uids.contains(&new.uid);
        let known = own || since + SignedDuration::from_micros(REQUEST_LIMIT) < now;
        let gone = before.interval == after.interval && new.created_at + GLANCE < now;
        (known && gone)
            .then(|| ("R10", format!("{} stays at {old:?} and was moved to {new:?}", after.id)))
    }
}

/// Whether a write gives somebody time or keeps it for him: a hold, a yes to one, a confirmation.
/// A mark on what stands does not, and is written because a right was lost.
fn takes(before: Option<&Reservation>, after: &Reservation) -> bool {
    let Some(before) = before else { return true };
    let marked = before.state == after.state && before.interval == after.interval;
    match after.status() {
        Status::Confirmed => !marked,
        Status::Pending => before.status() == Status::Awaiting,
        Status::Awaiting
        | Status::Moving
        | Status::Cancelling
        | Status::Cancelled
        | Status::Failed
        | Status::Completed => false,
    }
}

/// A yes comes within the term of a hold, and the hold ends for its term no sooner (PRODUCT D17).
fn out_of_term(
    before: Option<&Reservation>,
    after: &Reservation,
    now: Timestamp,
) -> Option<&'static str> {
    let State::Awaiting { hold_until, .. } = &before?.state else { return None };
    let expired = after.state == State::Cancelled { cause: Cause::Expired };
    if after.status() == Status::Pending && *hold_until + SKEW < now {
        Some("got its yes after its term")
    } else if expired && now + SKEW < *hold_until {
        Some("ended before its term")
    } else {
        None
    }
}

fn may_follow(from: Status, to: Status) -> bool {
    use Status::{Awaiting, Cancelled, Cancelling, Completed, Confirmed, Failed, Moving, Pending};
    match from {
        Awaiting => matches!(to, Awaiting | Pending | Cancelled),
        Pending => matches!(to, Awaiting | Pending | Confirmed | Cancelling | Cancelled | Failed),
        Confirmed => matches!(to, Confirmed | Moving | Cancelling | Cancelled | Completed),
        Moving => matches!(to, Moving | Confirmed | Cancelling | Cancelled),
        Cancelling => matches!(to, Cancelling | Cancelled),
        Cancelled | Failed | Completed => from == to,
    }
}

/// How long a booking must have stood before nobody who looked may have missed it: longer than a
/// look and its write take.
const LOOK: SignedDuration = SignedDuration::from_secs(60);

/// Time is given back only when Cal.com is known to hold no booking for it (promises R8 and R9).
fn freed(
    before: Option<&Reservation>,
    after: &Reservation,
    rows: &[Row],
    now: Timestamp,
) -> Option<Broken> {
    let promise = match &after.state {
        State::Failed { cause: Cause::NeverMade } => "R8",
        State::Cancelled { cause: Cause::Conflict } if after.origin == Origin::External => {
            return None;
        }
        State::Cancelled { .. } => "R9",
        State::Awaiting { .. }
        | State::Pending { .. }
        | State::Confirmed { .. }
        | State::Moving { .. }
        | State::Cancelling { .. }
        | State::Failed { .. }
        | State::Completed => return None,
    };
    let left = rows.iter().find(|row| {
        row.mark.as_deref() == Some(after.id.as_str())
            && row.accepted
            && row.event_type_id.is_some()
            && row.created_at + LOOK < now
            && row.end > now + SKEW
    })?;
    let from = before.map(Reservation::status);
    Some((promise, format!("{} went from {from:?} to {:?} with {left:?}", after.id, after.state)))
}

/// History and audit of the change, and the work that must follow it, in the same transaction
/// (promise R23, RELIABILITY L6).
fn beside(
    transaction: &Transaction,
    before: Option<&Reservation>,
    after: &Reservation,
    version: u64,
) -> Option<Broken> {
    let of_kind = |kind: &'static str| puts(transaction).filter(move |record| record.kind == kind);
    let told = of_kind(HistoryEvent::KIND)
        .filter_map(|record| record.decode::<HistoryEvent>().ok())
        .any(|event| {
            let event = event.value;
            (event.reservation_id == after.id)
                && (event.version, event.to) == (version, after.status())
                && event.from == before.map(Reservation::status)
                && event.cause.as_ref() == after.state.cause()
        });
    if !told {
        return Some(("R23", format!("{} v{version} has no history row", after.id)));
    }
    let audited = of_kind(AuditEntry::KIND).any(|record| {
        record.body.get("object").and_then(|id| id.as_str()) == Some(after.id.as_str())
    });
    if !audited {
        return Some(("R23", format!("{} v{version} has no audit row", after.id)));
    }
    let restless = !after.state.is_final() && after.status() != Status::Confirmed;
    let follows = of_kind(FollowUp::KIND).any(|record| record.key == FollowUp::key_of(&after.id));
    if restless && !follows {
        return Some(("L6", format!("{} is {:?} and nothing follows", after.id, after.status())));
    }
    None
}
