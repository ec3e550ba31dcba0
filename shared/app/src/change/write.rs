//! The transaction of a change.

use interlock_policy::Interval;
use jiff::Timestamp;

use super::books::Books;
use super::holds::{claimed, released, taken};
use crate::letters::Occasion;
use crate::model::{
    Actor, BookingPointer, DecisionInput, DecisionRecord, ExemptionUse, FollowUp, HistoryEvent,
    IdempotencyKey, IdempotencyRecord, Origin, Recorded, Reservation, SlotWeek, State,
    reservation_body, week_of,
};
use crate::ports::store::{CommitError, Key, Stored, Transaction};
use crate::{Act, App, AppError, ExternalPolicy, Snapshot};

/// What is written where a replay of the request looks.
#[derive(Debug, Clone)]
pub(crate) enum Recording {
    /// Nothing.
    None,
    /// A record that begins or goes on, at the version it was read at.
    Save(Box<IdempotencyRecord>, Option<u64>),
    /// The record of the reservation's own request is forgotten, so that it may be tried anew.
    Forget,
    /// The record of this request is forgotten: what it wanted was surely not done.
    Drop(IdempotencyKey),
    /// The answer of the reservation's own request is final: this status, and the body as it is
    /// when all of the change is in it, so that a replay repeats it byte for byte.
    Final(u16),
}

/// A change to be written.
pub(crate) struct Change {
    /// As it was read; `None` for a new one.
    pub(crate) before: Option<Stored<Reservation>>,
    /// As it shall be.
    pub(crate) after: Reservation,
    /// Who does it, in which request.
    pub(crate) act: Act,
    /// Records that must be as they were read: account, standing, resource.
    pub(crate) unchanged: Vec<(Key, Option<u64>)>,
    /// What the gate looked at when it let this be done; `None` where it was not asked.
    pub(crate) decision: Option<Box<DecisionInput>>,
    /// For replays.
    pub(crate) recording: Recording,
    /// What was read before, so that it is not read again.
    pub(crate) snapshot: Snapshot,
}

/// What came of a commit.
pub(crate) enum Committed {
    /// Written; the reservation with its new version.
    Done(Box<Stored<Reservation>>),
    /// Another write came first; read again and decide again.
    Lost,
    /// Somebody else holds the time.
    Taken(Interval),
}

/// When somebody must look at a reservation again, by its state.
pub(crate) fn follow_up_at(reservation: &Reservation, now: Timestamp) -> Option<Timestamp> {
    match &reservation.state {
        State::Awaiting { hold_until, .. } => Some(*hold_until),
        State::Pending { attempt } | State::Moving { attempt, .. } => Some(attempt.lease_until),
        State::Confirmed { .. } => {
            let terms = reservation.flags.iter().filter_map(|flag| flag.until);
            Some(terms.fold(reservation.interval.end(), Timestamp::min))
        }
        State::Cancelling { .. } => Some(now),
        State::Cancelled { .. } | State::Failed { .. } | State::Completed => None,
    }
}

/// Writes a change with its ledger, open reservations, history, audit, follow-up and replay record
/// in one transaction, or nothing of it.
pub(crate) async fn commit(app: &App, change: Change) -> Result<Committed, AppError> {
    let now = app.now();
    let Change { before, mut after, act, unchanged, decision, recording, snapshot } = change;
    after.updated_at = now;
    let previous = before.as_ref().map(|stored| &stored.value);
    let (lost, won) = (released(previous, &after), taken(previous, &after));
    let claimed = claimed(previous, &after);
    let witnessed = previous.is_some_and(|before| before.attendance != after.attendance);
    let times = lost.iter().chain(&won).chain(&claimed).map(|time| time.held);
    let touched: Vec<Interval> = times.chain(witnessed.then_some(after.held)).collect();
    let (mut books, _) = Books::open(app, snapshot, &after, &touched).await?;
    for time in &lost {
        books.release(&after, time);
    }
    for time in &won {
        if !books.is_free(&time.held, &after) {
            return Ok(Committed::Taken(time.interval));
        }
        books.take(&after, time)?;
    }
    for time in &claimed {
        books.list(&after, time.interval);
    }
    if witnessed {
        books.amend(&after, now);
    }
    let version = before.as_ref().map(|stored| stored.version);
    let transaction = Transaction::new().save(&after, version)?;
    let transaction = books.write(transaction, now)?;
    let transaction = beside(transaction, (previous, &after), version, &act)?;
    let transaction = told(app, transaction, (previous, &after), version, &act)?;
    let transaction = match decision {
        Some(input) => decided(transaction, &after, version, *input)?,
        None => transaction,
    };
    let transaction =
        if lost.is_empty() { transaction } else { drop_weeks(transaction, &after, &lost, now)? };
    let transaction = record(transaction, &after, recording)?;
    let transaction = match not_moved(previous, &after) {
        Some(key) => transaction.remove(IdempotencyRecord::key_of(key)),
        None => transaction,
    };
    let transaction = unchanged
        .into_iter()
        .fold(transaction, |transaction, (key, read)| transaction.unchanged(key, read));
    match app.store.commit(&transaction).await {
        Ok(()) => {
            let version = version.map_or(1, |read| read.saturating_add(1));
            Ok(Committed::Done(Box::new(Stored { value: after, version })))
        }
        Err(CommitError::Conflict(_)) => Ok(Committed::Lost),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

fn beside(
    transaction: Transaction,
    (before, after): (Option<&Reservation>, &Reservation),
    version: Option<u64>,
    act: &Act,
) -> Result<Transaction, AppError> {
    let now = after.updated_at;
    let event = HistoryEvent {
        reservation_id: after.id.clone(),
        version: version.map_or(1, |read| read.saturating_add(1)),
        at: now,
        actor: act.actor.clone(),
        from: before.map(Reservation::status),
        to: after.status(),
        interval_before: before.map(|reservation| reservation.interval),
        interval: after.interval,
        user_id: after.user_id().cloned(),
        flags: after.flags.iter().map(|flag| flag.code).collect(),
        attendance: after.presence(),
        cause: after.state.cause().cloned(),
    };
    let detail = serde_json::json!({
        "version": event.version,
        "resourceId": after.resource_id,
        "start": after.interval.start(),
        "end": after.interval.end(),
        "policyVersion": after.policy_version,
        "flags": event.flags,
        "before": before.map(standing),
        "after": standing(after),
    });
    let audit = act.audit(now, &format!("reservation.{}", word(before, after)), &after.id, detail);
    let transaction = transaction.create(&event)?.put(&audit)?;
    let transaction = pointers(transaction, before, after)?;
    match follow_up_at(after, now) {
        Some(due_at) => {
            let follow = FollowUp { reservation_id: after.id.clone(), due_at, attempts: 0 };
            Ok(follow.write(transaction, now)?)
        }
        None => Ok(transaction.remove(FollowUp::key_of(&after.id))),
    }
}

/// The letters the change calls for, in its own transaction. A calendar that is only observed
/// tells its people itself (PRODUCT D15).
fn told(
    app: &App,
    transaction: Transaction,
    (before, after): (Option<&Reservation>, &Reservation),
    version: Option<u64>,
    act: &Act,
) -> Result<Transaction, AppError> {
    let observed = app.settings.external_on(after.resource_id.kind()) == ExternalPolicy::Observe;
    if observed && after.origin == Origin::External {
        return Ok(transaction);
    }
    let holder = after.user_id();
    let by_holder = match &act.actor {
        Actor::User { user_id } => holder == Some(user_id),
        Actor::System { .. } | Actor::CalCom => false,
    };
    let version = version.map_or(1, |read| read.saturating_add(1));
    let letters = Occasion { before, after, version, by_holder }.letters()?;
    letters.iter().try_fold(transaction, |transaction, letter| Ok(transaction.create(letter)?))
}

/// What of a reservation an audit tells: no name, no address, no text of a person.
fn standing(reservation: &Reservation) -> serde_json::Value {
    let flags: Vec<_> = reservation.flags.iter().map(|flag| flag.code).collect();
    serde_json::json!({
        "status": reservation.status(),
        "start": reservation.interval.start(),
        "end": reservation.interval.end(),
        "flags": flags,
        "attendance": reservation.presence(),
    })
}

/// What the gate was asked and said, and what exemptions it let through by.
fn decided(
    transaction: Transaction,
    after: &Reservation,
    version: Option<u64>,
    input: DecisionInput,
) -> Result<Transaction, AppError> {
    let version = version.map_or(1, |read| read.saturating_add(1));
    let exempted = input.exempted_by();
    let record = DecisionRecord::of(after.id.clone(), version, input)
        .map_err(|error| AppError::internal(error.to_string()))?;
    exempted.into_iter().try_fold(transaction.put(&record)?, |transaction, exemption_id| {
        let reservation_id = after.id.clone();
        let at = after.updated_at;
        Ok(transaction.put(&ExemptionUse { exemption_id, reservation_id, at })?)
    })
}

/// Points every uid that is new to this reservation. A reservation that begins with a booking was
/// made inside Cal.com, and of two that take the same booking in, one loses.
fn pointers(
    transaction: Transaction,
    before: Option<&Reservation>,
    after: &Reservation,
) -> Result<Transaction, AppError> {
    let known = before.map(|reservation| reservation.cal_uids.as_slice()).unwrap_or_default();
    let new = after.cal_uids.iter().filter(|uid| !known.contains(uid));
    new.map(|uid| BookingPointer { cal_uid: uid.clone(), reservation_id: after.id.clone() })
        .try_fold(transaction, |transaction, pointer| {
            let written = match before {
                Some(_) => transaction.put(&pointer),
                None => transaction.create(&pointer),
            };
            Ok(written?)
        })
}

/// What was done, in a stable word: the state it came to, or that its marks or holder changed.
fn word(before: Option<&Reservation>, after: &Reservation) -> String {
    if let Some(before) = before.filter(|before| before.state == after.state) {
        if before.holder != after.holder {
            return "claimed".to_owned();
        }
        if before.attendance != after.attendance {
            return "attendance".to_owned();
        }
        if before.flags != after.flags {
            return "flagged".to_owned();
        }
    }
    serde_json::to_value(after.status())
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Time that was given back is free again: what Cal.com said before is no longer true.
fn drop_weeks(
    transaction: Transaction,
    reservation: &Reservation,
    lost: &[super::holds::Held],
    now: Timestamp,
) -> Result<Transaction, AppError> {
    let mut mondays: Vec<_> = lost
        .iter()
        .flat_map(|time| interlock_policy::ledger::days_of(&time.held))
        .map(week_of)
        .collect();
    mondays.sort_unstable();
    mondays.dedup();
    mondays.into_iter().try_fold(transaction, |transaction, monday| {
        Ok(SlotWeek::forget(transaction, &reservation.cal_account_id, monday, now)?)
    })
}

fn record(
    transaction: Transaction,
    reservation: &Reservation,
    recording: Recording,
) -> Result<Transaction, AppError> {
    let own = reservation.idempotency_key.as_ref();
    match (recording, own) {
        (Recording::Save(record, version), _) => Ok(transaction.save(record.as_ref(), version)?),
        (Recording::Forget, Some(key)) => Ok(transaction.remove(IdempotencyRecord::key_of(key))),
        (Recording::Drop(key), _) => Ok(transaction.remove(IdempotencyRecord::key_of(&key))),
        (Recording::Final(status), Some(key)) => {
            let recorded = Recorded { status, body: reservation_body(reservation) };
            let record = IdempotencyRecord {
                key: key.clone(),
                body_hash: reservation.request_hash.clone().unwrap_or_default(),
                reservation_id: reservation.id.clone(),
                recorded: Some(recorded),
                expires_at: reservation.remembered_until,
            };
            Ok(transaction.put(&record)?)
        }
        (Recording::None | Recording::Forget | Recording::Final(_), _) => Ok(transaction),
    }
}

/// The request of a move that came to rest elsewhere than it wanted: its key must not answer as if
/// it had been carried out (PRODUCT 8).
fn not_moved<'a>(
    before: Option<&'a Reservation>,
    after: &Reservation,
) -> Option<&'a IdempotencyKey> {
    let State::Moving { target, request, .. } = &before?.state else { return None };
    let rests = matches!(after.state, State::Confirmed { .. });
    request.as_ref().filter(|_| rests && after.interval != target.interval)
}
