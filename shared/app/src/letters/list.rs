//! Letters as staff sees them: what waits, what went out, what did not arrive; and sending again.

use std::collections::BTreeMap;

use interlock_policy::{CheckoutScope, ReservationId, ResourceId, Role, UserId};
use jiff::Timestamp;

use crate::model::{
    About, Account, DeadAddress, HistoryEvent, Lane, Letter, LetterId, LetterState, Resource,
};
use crate::ports::store::{Document, Index, Position, Query, Record, Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, Snapshot};

/// Which letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterList {
    /// Those that are due or will be, soonest first.
    Pending,
    /// Those that went out, latest first.
    Sent,
    /// Those that did not arrive or were given up, latest first.
    Failed,
}

/// A page of letters.
#[derive(Debug, Clone)]
pub struct LetterQuery {
    /// Which.
    pub list: LetterList,
    /// Who asks; what lies beyond his scope is left out (S0-051).
    pub by: UserId,
    /// Most on a page.
    pub limit: u32,
    /// Where to go on.
    pub after: Option<Position>,
}

/// A page of letters (WEB-AND-INFRA 1.7 screen 10). Errors: `RoleRequired`.
pub async fn list_letters(
    app: &App,
    wanted: &LetterQuery,
) -> Result<(Vec<Letter>, Option<Position>), AppError> {
    let account = staff(app, &wanted.by).await?.value;
    let (partition, descending) = match wanted.list {
        LetterList::Pending => (Lane::Notify.partition(), false),
        LetterList::Sent => (LetterState::SENT, true),
        LetterList::Failed => (LetterState::FAILED, true),
    };
    let query = Query {
        descending,
        after: wanted.after.clone(),
        ..Query::partition(Some(Index::One), partition, wanted.limit)
    };
    let page = app.store.query(&query).await?;
    let own = page.records.iter().filter(|record| record.kind == Letter::KIND);
    let letters = own.map(decoded).collect::<Result<Vec<_>, _>>()?;
    let scopes = Scopes::of(app, &account, &letters).await?;
    let seen = letters.into_iter().filter(|letter| scopes.reach(&account, letter, app.now()));
    Ok((seen.collect(), page.next))
}

fn decoded(record: &Record) -> Result<Letter, AppError> {
    Ok(record.decode::<Letter>()?.value)
}

async fn staff(app: &App, id: &UserId) -> Result<Stored<Account>, AppError> {
    let manager =
        |stored: &Stored<Account>| stored.value.decides_anywhere(app.now()) != Some(false);
    let found = app.find::<Account>(&Account::key_of(id)).await?.filter(manager);
    found.ok_or(AppError::RoleRequired)
}

/// Resources that letters speak of, for a manager with a scope.
struct Scopes(BTreeMap<ResourceId, Resource>);

impl Scopes {
    async fn of(app: &App, account: &Account, letters: &[Letter]) -> Result<Self, AppError> {
        let mut found = BTreeMap::new();
        if account.scope.is_none() {
            return Ok(Self(found));
        }
        let ids = letters.iter().filter_map(|letter| match &letter.about {
            About::Reservation { resource_id: id, .. }
            | About::Checkout { scope: CheckoutScope::Machine(id), .. } => Some(id.clone()),
            About::Account { .. } | About::Checkout { scope: CheckoutScope::Category(_), .. } => {
                None
            }
        });
        let mut ids: Vec<ResourceId> = ids.collect();
        ids.sort();
        ids.dedup();
        let keys: Vec<_> = ids.iter().map(Resource::key_of).collect();
        if !keys.is_empty() {
            let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
            for (id, key) in ids.into_iter().zip(&keys) {
                found.extend(snapshot.get::<Resource>(key)?.map(|stored| (id, stored.value)));
            }
        }
        Ok(Self(found))
    }

    /// Letters about accounts are an admin's; about approvals and reservations, of whoever may
    /// decide on them.
    fn reach(&self, account: &Account, letter: &Letter, now: Timestamp) -> bool {
        let within = match &letter.about {
            About::Account { .. } => return account.rank() >= Role::Admin.rank(),
            About::Reservation { resource_id: id, .. }
            | About::Checkout { scope: CheckoutScope::Machine(id), .. } => {
                self.0.get(id).is_some_and(|resource| account.manages(resource, now))
            }
            About::Checkout { scope: scope @ CheckoutScope::Category(category), .. } => {
                account.decides_on(scope, category, now)
            }
        };
        account.decides_anywhere(now).unwrap_or(within)
    }
}

/// A letter by its name alone; an index tells where it is, which lags by seconds.
pub(super) async fn by_id(app: &App, id: &LetterId) -> Result<Option<Stored<Letter>>, AppError> {
    let query = Query::partition(Some(Index::Two), Letter::partition_of(id), 1);
    let Some(record) = app.store.query(&query).await?.records.into_iter().next() else {
        return Ok(None);
    };
    app.find::<Letter>(&record.key).await
}

/// Sends a letter again: the same message under the same name, even to an address that mail came
/// back from, because somebody says that it is in order now. Whether it is still true is judged
/// as ever. Errors: `NotFound`, `RoleRequired`, `StateConflict` for one that waits anyway or was
/// never to be sent.
pub async fn resend_letter(
    app: &App,
    id: &LetterId,
    (by, act): (&UserId, &Act),
) -> Result<Letter, AppError> {
    for _ in 0..MOST_RACES {
        let manager = staff(app, by).await?;
        let missing = AppError::NotFound { what: "letter" };
        let Some(letter) = by_id(app, id).await? else { return Err(missing) };
        let scopes = Scopes::of(app, &manager.value, std::slice::from_ref(&letter.value)).await?;
        if !scopes.reach(&manager.value, &letter.value, app.now()) {
            return Err(missing);
        }
        if let Some(letter) = due_again(app, letter, (&manager, act)).await? {
            return Ok(letter);
        }
    }
    Err(AppError::contended())
}

async fn due_again(
    app: &App,
    letter: Stored<Letter>,
    (manager, act): (&Stored<Account>, &Act),
) -> Result<Option<Letter>, AppError> {
    let Stored { value: letter, version } = letter;
    match letter.state {
        LetterState::Due | LetterState::Dropped { .. } => {
            let detail = "the letter waits, or was not to be sent".to_owned();
            return Err(AppError::StateConflict { detail });
        }
        LetterState::Sent { .. }
        | LetterState::Delivered { .. }
        | LetterState::Bounced { .. }
        | LetterState::Complained { .. }
        | LetterState::Failed { .. } => {}
    }
    let now = app.now();
    let again =
        Letter { state: LetterState::Due, attempts: 0, resent: true, due_at: now, ..letter };
    let told = serde_json::json!({ "kind": again.kind });
    let mut transaction = Transaction::new()
        .replace(&again, version)?
        .unchanged(Account::key_of(&manager.value.id), Some(manager.version))
        .put(&act.audit(now, "letter.resend", &again.id, told))?;
    if let Some(reader) = reader_of(app, &again).await?
        && let Some(account) = app.find::<Account>(&Account::key_of(&reader)).await?
    {
        transaction = transaction.remove(DeadAddress::key_of(&account.value.email));
    }
    Ok(app.commits(&transaction).await?.then_some(again))
}

/// Who reads it; the host is whoever is the resource now.
async fn reader_of(app: &App, letter: &Letter) -> Result<Option<UserId>, AppError> {
    let keys: Vec<_> = letter.host_of().map(Resource::key_of).into_iter().collect();
    super::facts::reader_of(&Snapshot::read(app.store.as_ref(), &keys).await?, letter)
}

/// Most letters of one reservation shown.
const MOST_LETTERS: u32 = 100;

/// Every letter about a reservation, due ones included, by name; for a reader who is no staff his
/// own only.
pub async fn letters_about(
    app: &App,
    id: &ReservationId,
    own: Option<&UserId>,
) -> Result<Vec<Letter>, AppError> {
    let query = Query {
        from: Some(Letter::FIRST.to_owned()),
        until: Some(Letter::END.to_owned()),
        ..Query::partition(None, HistoryEvent::partition_of(id), MOST_LETTERS)
    };
    let page = app.store.query(&query).await?;
    let mut letters = page.records.iter().map(decoded).collect::<Result<Vec<_>, _>>()?;
    letters.retain(|letter| own.is_none_or(|own| letter.reader() == Some(own)));
    let place = |letter: &Letter| letter.state.at().unwrap_or(Timestamp::MAX);
    letters.sort_by_key(|letter| (place(letter), letter.due_at));
    Ok(letters)
}
