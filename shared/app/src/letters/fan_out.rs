//! Letters to several: everybody who may say yes gets one of his own, all in one transaction.

use interlock_policy::{CheckoutScope, UserId};

use super::of_checkout::of_step;
use crate::model::{
    About, Account, Addressee, CheckoutEvent, Letter, LetterId, LetterState, Needless, Resource,
};
use crate::ports::store::{Index, Query, Stored, Transaction};
use crate::{App, AppError};

/// Most people who are written to about one wish; beyond it the first by age are.
const MOST: u32 = 80;

/// A letter to each of those who may decide; `false` if another write came first.
pub(super) async fn to_deciders(
    app: &App,
    letter: Stored<Letter>,
    (scope, category): (&CheckoutScope, &str),
) -> Result<bool, AppError> {
    let Stored { value: letter, version } = letter;
    let own = whose(&letter);
    let mut transaction = Transaction::new();
    let mut count = 0;
    for decider in deciders(app, (scope, category)).await? {
        if own.is_some_and(|own| *own == decider) {
            continue;
        }
        count += 1;
        let id = numbered(&letter.id, count)?;
        let to = Addressee::Decider { user_id: decider };
        transaction = transaction.create(&Letter { id, to, ..letter.clone() })?;
    }
    let why = if count == 0 { Needless::NoReader } else { Needless::Addressed };
    let state = LetterState::Dropped { at: app.now(), why };
    let transaction = transaction.replace(&Letter { state, ..letter.clone() }, version)?;
    app.commits(&transaction).await
}

/// Nobody says yes to his own wish.
fn whose(letter: &Letter) -> Option<&UserId> {
    match &letter.about {
        About::Account { user_id } | About::Checkout { user_id, .. } => Some(user_id),
        About::Reservation { .. } => None,
    }
}

fn numbered(id: &LetterId, number: u32) -> Result<LetterId, AppError> {
    let named = LetterId::from_body(&format!("{}_{number}", id.body()));
    named.map_err(|error| AppError::internal(error.to_string()))
}

/// Managers whose word reaches so far, and admins without a scope, by age.
async fn deciders(
    app: &App,
    (scope, category): (&CheckoutScope, &str),
) -> Result<Vec<UserId>, AppError> {
    let query = Query::partition(Some(Index::Two), Account::STAFF, MOST);
    let mut found = Vec::new();
    for record in app.store.query(&query).await?.records {
        let account = record.decode::<Account>()?.value;
        if account.decides_on(scope, category, app.now()) {
            found.push(account.id);
        }
    }
    Ok(found)
}

/// The letters of a step of an approval; the step itself is the row that was written with it, so
/// that a class approved together fits into one transaction. `false` if another write came first.
pub(super) async fn of_checkout(app: &App, event: Stored<CheckoutEvent>) -> Result<bool, AppError> {
    let Stored { value: event, version } = event;
    let category = match &event.scope {
        CheckoutScope::Category(category) => category.clone(),
        CheckoutScope::Machine(id) => {
            let resource = app.find::<Resource>(&Resource::key_of(id)).await?;
            resource.map(|resource| resource.value.category).unwrap_or_default()
        }
    };
    let mut transaction = Transaction::new();
    for letter in of_step(&event, &category)? {
        transaction = transaction.create(&letter)?;
    }
    let transaction = transaction.replace(&CheckoutEvent { told: true, ..event }, version)?;
    app.commits(&transaction).await
}
