//! Sabotage of transactions: conditions and rows that are left out.

use std::collections::BTreeMap;

use interlock_app::model::{
    AuditEntry, CallBudget, Cascade, Flag, FlagCode, FollowUp, HistoryEvent, IdempotencyRecord,
    LedgerDay, Letter, OpenReservations, Reservation, Resource, State, Status,
};
use interlock_app::ports::store::{
    Action, CommitError, Document, Expect, Key, Page, Query, Record, Transaction,
};
use interlock_policy::{LossOutcome, LossRule, ReasonCode, ledger};

use super::{Defect, letters};
use crate::hub::{Hub, lock};
use crate::ports::written;

/// From which state to which a transaction takes its reservation.
type Passage = Option<(Option<Status>, Status)>;

/// The transaction as the defect writes it.
pub(crate) fn spoilt(hub: &Hub, transaction: &Transaction) -> Transaction {
    let Some(defect) = hub.defect else { return transaction.clone() };
    let changed = written::<Reservation>(transaction);
    let passage = changed.as_ref().map(|after| {
        let before = lock(&hub.checker).status_of(&after.id);
        (before, after.status())
    });
    let parts = transaction.actions().iter();
    let mut parts: Vec<Action> = parts.filter_map(|action| part(defect, passage, action)).collect();
    let early = passage.is_some_and(|(before, after)| {
        after == Status::Cancelling && before == Some(Status::Confirmed)
    });
    if defect == Defect::ReleasedEarly
        && early
        && let Some(after) = &changed
    {
        parts.extend(given_back(hub, after));
    }
    if defect == Defect::BucketRefilledTwice {
        parts = parts.into_iter().map(|action| half_taken(hub, action)).collect();
    }
    if defect == Defect::ToldApart {
        parts = letters::written_apart(hub, parts);
    }
    if defect == Defect::NotedBefore {
        parts = parts.into_iter().map(letters::noted_as_sent).collect();
    }
    if defect == Defect::LossMarkedByMachine
        && let Some(after) = &changed
    {
        parts = parts.into_iter().map(|action| marked_too(hub, action, after)).collect();
    }
    parts.into_iter().collect()
}

/// Every other call is given out and not taken from the bucket.
fn half_taken(hub: &Hub, action: Action) -> Action {
    let Action::Put { record, expect } = &action else { return action };
    let before = hub.store.peek(&record.key);
    let before = before.and_then(|record| record.decode::<CallBudget>().ok());
    let (Some(before), Ok(mut after)) = (before, record.decode::<CallBudget>()) else {
        return action;
    };
    if record.version.is_multiple_of(2) {
        return action;
    }
    after.value.arrival = before.value.arrival;
    match Record::of(&after.value, after.version) {
        Ok(record) => Action::Put { record: Box::new(record), expect: *expect },
        Err(_) => action,
    }
}

/// With the mark of a machine out of use goes one for the holder's lost checkout, as if it had
/// been judged.
fn marked_too(hub: &Hub, action: Action, after: &Reservation) -> Action {
    let Action::Put { record, expect } = &action else { return action };
    let by = after.flags.iter().find(|flag| flag.reason() == Some(ReasonCode::MachineInactive));
    let Some(by) = by.filter(|_| record.kind == Reservation::KIND) else { return action };
    if lock(&hub.checker).is_proven(after) {
        return action;
    }
    let mut after = after.clone();
    after.flags.push(Flag { code: FlagCode::Reason(ReasonCode::CheckoutMissing), ..by.clone() });
    match Record::of(&after, record.version) {
        Ok(record) => Action::Put { record: Box::new(record), expect: *expect },
        Err(_) => action,
    }
}

/// Records as a reader sees them who takes every loss for one that cancels.
pub(crate) fn misread(hub: &Hub, mut records: BTreeMap<Key, Record>) -> BTreeMap<Key, Record> {
    if hub.defect != Some(Defect::LossEndsAll) {
        return records;
    }
    for record in records.values_mut().filter(|record| record.kind == Resource::KIND) {
        let Ok(mut resource) = record.decode::<Resource>() else { continue };
        let cancel = LossRule { person: LossOutcome::Cancel, resource: LossOutcome::Cancel };
        resource.value.policy.rules.on_lost_eligibility = cancel;
        if let Ok(changed) = Record::of(&resource.value, resource.version) {
            *record = changed;
        }
    }
    records
}

fn free(action: &Action) -> Action {
    match action.clone() {
        Action::Put { record, .. } => Action::Put { record, expect: Expect::Any },
        Action::Delete { key, .. } => Action::Delete { key, expect: Expect::Any },
        Action::Check { key, .. } => Action::Check { key, expect: Expect::Any },
    }
}

/// One part of a transaction; `None` for one that is left out.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other defects spoil no part")]
fn part(defect: Defect, passage: Passage, action: &Action) -> Option<Action> {
    let puts = |kind: &str| matches!(action, Action::Put { record, .. } if record.kind == kind);
    let checks = |sort: &str| matches!(action, Action::Check { key, .. } if key.sort == sort);
    let checked = matches!(action, Action::Check { .. });
    let into = |status: Status| passage.is_some_and(|(_, after)| after == status);
    let from = |status: Status| passage.is_some_and(|(before, _)| before == Some(status));
    let ended = passage.is_some_and(|(_, after)| {
        matches!(after, Status::Cancelled | Status::Failed | Status::Completed)
    });
    let dropped = match defect {
        Defect::AccountUnchecked => checks("ACCOUNT"),
        Defect::StandingUnchecked => checks("STANDING"),
        Defect::ResourceUnchecked => checks("RESOURCE"),
        Defect::ConfirmUnchecked => checked && from(Status::Pending) && into(Status::Confirmed),
        Defect::MoveUnchecked => checked && from(Status::Moving) && into(Status::Confirmed),
        Defect::WordUnchecked => checked && from(Status::Awaiting) && into(Status::Pending),
        Defect::CascadeForgotten => puts(Cascade::KIND),
        Defect::CompensationUnfollowed => puts(FollowUp::KIND) && into(Status::Cancelling),
        Defect::HoldUnfollowed => puts(FollowUp::KIND) && into(Status::Pending),
        Defect::RequestForgotten => puts(IdempotencyRecord::KIND),
        Defect::EndUntold => puts(Letter::KIND) && into(Status::Cancelling),
        Defect::HistoryMissing => puts(HistoryEvent::KIND) && from(Status::Confirmed),
        Defect::AuditMissing => puts(AuditEntry::KIND) && from(Status::Confirmed),
        Defect::NeverReleased => puts(LedgerDay::KIND) && ended,
        Defect::TargetNotHeld => puts(LedgerDay::KIND) && into(Status::Moving),
        _ => false,
    };
    let freed = match defect {
        Defect::SlotUnconditioned => puts(LedgerDay::KIND),
        // The history row is a second lock, numbered by the version, and so are letters.
        Defect::VersionUnconditioned => {
            let numbered = [Reservation::KIND, HistoryEvent::KIND, Letter::KIND];
            numbered.into_iter().any(puts) && passage_is_known(passage)
        }
        Defect::OpenListUnconditioned => puts(OpenReservations::KIND),
        _ => false,
    };
    match (dropped, freed) {
        (true, _) => None,
        (false, true) => Some(free(action)),
        (false, false) => Some(action.clone()),
    }
}

fn passage_is_known(passage: Passage) -> bool {
    passage.is_some_and(|(before, _)| before.is_some())
}

/// The ledger days of a reservation without it.
fn given_back(hub: &Hub, after: &Reservation) -> Vec<Action> {
    let days = ledger::days_of(&after.held).into_iter();
    days.filter_map(|day| {
        let key = LedgerDay::key_of(&after.cal_account_id, day);
        let mut stored = hub.store.peek(&key)?.decode::<LedgerDay>().ok()?;
        stored.value.day.release(&after.id, None);
        let written = Transaction::new().replace(&stored.value, stored.version).ok()?;
        written.actions().first().cloned()
    })
    .collect()
}

/// What a store answers that takes every refusal for success.
pub(crate) fn pretended(hub: &Hub, done: Result<(), CommitError>) -> Result<(), CommitError> {
    match done {
        Err(CommitError::Conflict(_)) if hub.defect == Some(Defect::SaysOkOnConflict) => Ok(()),
        done => done,
    }
}

/// The work that is due, as a sweep sees it that looks past one state.
pub(crate) fn overlooked(hub: &Hub, query: &Query, mut page: Page) -> Page {
    if hub.defect == Some(Defect::SweepSkipsCancelling) && query.partition.starts_with("OUTBOX") {
        let checker = lock(&hub.checker);
        page.records.retain(|record| {
            let follow = record.decode::<FollowUp>().ok();
            let status = follow.and_then(|one| checker.status_of(&one.value.reservation_id));
            status != Some(Status::Cancelling)
        });
    }
    if hub.defect == Some(Defect::CascadeSkipsOne) && query.partition.starts_with("RESOURCE#") {
        page.records.pop();
    }
    page
}

/// The state a holder's cancel is written in by who asks nobody.
pub(super) fn ended_by_holder() -> State {
    State::Cancelled {
        cause: interlock_app::model::Cause::Holder { reason: "plans changed".to_owned() },
    }
}
