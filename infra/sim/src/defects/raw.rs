//! A change of state written past the protocol, with all rows beside it and none of its checks.

use interlock_app::model::{
    AuditEntry, FollowUp, HistoryEvent, LedgerDay, OpenReservations, Reservation, State,
};
use interlock_app::ports::store::{Stored, Transaction};
use interlock_app::{Act, App, AppError, Snapshot};
use interlock_policy::{ReservationId, ledger};

/// Reads a reservation.
pub(super) async fn read(
    app: &App,
    id: &ReservationId,
) -> Result<Option<Stored<Reservation>>, AppError> {
    let key = Reservation::key_of(id);
    let snapshot = Snapshot::read(app.store.as_ref(), std::slice::from_ref(&key)).await?;
    Ok(snapshot.get::<Reservation>(&key)?)
}

/// Writes a state over what was read.
pub(super) async fn write(
    app: &App,
    before: &Stored<Reservation>,
    state: State,
    act: &Act,
) -> Result<(), AppError> {
    let now = app.now();
    let after = Reservation { state, updated_at: now, ..before.value.clone() };
    let event = HistoryEvent {
        reservation_id: after.id.clone(),
        version: before.version + 1,
        at: now,
        actor: act.actor.clone(),
        from: Some(before.value.status()),
        to: after.status(),
        interval_before: Some(before.value.interval),
        interval: after.interval,
        user_id: after.user_id().cloned(),
        flags: after.flags.iter().map(|flag| flag.code).collect(),
        attendance: after.presence(),
        cause: after.state.cause().cloned(),
    };
    let audit = AuditEntry {
        request_id: act.request_id.clone(),
        at: now,
        actor: act.actor.clone(),
        action: "reservation.written".to_owned(),
        object: after.id.to_string(),
        detail: serde_json::Value::Null,
    };
    let transaction = Transaction::new().replace(&after, before.version)?;
    let transaction = transaction.put(&event)?.put(&audit)?;
    let transaction = if after.state.is_final() && !before.value.state.is_final() {
        released(app, transaction, &after).await?
    } else {
        transaction
    };
    app.store.commit(&transaction).await?;
    Ok(())
}

async fn released(
    app: &App,
    transaction: Transaction,
    after: &Reservation,
) -> Result<Transaction, AppError> {
    let days = ledger::days_of(&after.held);
    let mut keys: Vec<_> =
        days.iter().map(|day| LedgerDay::key_of(&after.cal_account_id, *day)).collect();
    keys.extend(after.user_id().map(OpenReservations::key_of));
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let mut transaction = transaction.remove(FollowUp::key_of(&after.id));
    for key in &keys {
        if key.sort == "OPEN" {
            let Some(mut open) = snapshot.get::<OpenReservations>(key)? else { continue };
            open.value.release(&after.id, None);
            transaction = transaction.replace(&open.value, open.version)?;
        } else {
            let Some(mut day) = snapshot.get::<LedgerDay>(key)? else { continue };
            day.value.day.release(&after.id, None);
            transaction = transaction.replace(&day.value, day.version)?;
        }
    }
    Ok(transaction)
}
