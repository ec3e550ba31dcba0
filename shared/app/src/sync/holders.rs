//! Who holds a time here may long have left it at Cal.com: they are settled before anybody is
//! refused it, so that the order in which changes arrive decides nothing (promise R13).

use interlock_policy::{CalAccountId, Interval, ReservationId, ledger};

use super::settle::sync_within;
use crate::model::{LedgerDay, Reservation};
use crate::ports::store::Key;
use crate::{Act, App, AppError, Snapshot};

/// Longest row of reservations that wait for one another; a longer one is for the next run.
const LONGEST_ROW: usize = 8;

/// Settles everybody else who holds any of this time.
pub(crate) async fn settle_holders(
    app: &App,
    reservation: &Reservation,
    held: &Interval,
    act: &Act,
) -> Result<(), AppError> {
    make_way(app, (reservation, held), act, &[]).await.map(|_| ())
}

/// Settles who holds any of this time, but for those on the way already; whether anybody left it.
pub(super) async fn make_way(
    app: &App,
    (reservation, held): (&Reservation, &Interval),
    act: &Act,
    on_the_way: &[ReservationId],
) -> Result<bool, AppError> {
    if on_the_way.len() >= LONGEST_ROW {
        return Ok(false);
    }
    let account = &reservation.cal_account_id;
    let before = holders(app, account, held, &reservation.id).await?;
    let mut row = on_the_way.to_vec();
    row.push(reservation.id.clone());
    for holder in before.iter().filter(|holder| !row.contains(holder)) {
        sync_within(app, holder, &[], act, &row).await?;
    }
    let after = holders(app, account, held, &reservation.id).await?;
    Ok(after.len() < before.len())
}

async fn holders(
    app: &App,
    account: &CalAccountId,
    held: &Interval,
    except: &ReservationId,
) -> Result<Vec<ReservationId>, AppError> {
    let days = ledger::days_of(held).into_iter().map(|date| LedgerDay::key_of(account, date));
    let keys: Vec<Key> = days.collect();
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let mut found: Vec<ReservationId> = Vec::new();
    for key in &keys {
        let Some(stored) = snapshot.get::<LedgerDay>(key)? else { continue };
        let other = |entry: &&ledger::LedgerEntry| {
            entry.reservation_id != *except && entry.held.overlaps(held)
        };
        found.extend(
            stored.value.day.entries.iter().filter(other).map(|one| one.reservation_id.clone()),
        );
    }
    found.sort();
    found.dedup();
    Ok(found)
}
