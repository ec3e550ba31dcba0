//! Seeing people, and what every new one has and may not be.

use interlock_notify::Address;
use interlock_policy::{AccountStatus, Role, UserId, ZoneName};

use crate::model::{
    Account, Aside, DeadAddress, EmailClaim, LegalHold, Membership, OpenReservations, SecondFactor,
    Standing,
};
use crate::ports::store::{CommitError, Index, MAX_READ, Position, Query, Record, Transaction};
use crate::{App, AppError, InputFault, Snapshot};

/// Most roles named at once, each perhaps twice.
const MOST_ROLES: usize = 16;
/// Longest name, in characters.
const LONGEST_NAME: usize = 100;

/// Somebody in a list, with what is known against the address.
pub type Listed = (Account, Option<DeadAddress>);

/// A page of people, by id and so by age; or the one with this address.
pub async fn list_users(
    app: &App,
    email: Option<&str>,
    (limit, after): (u32, Option<Position>),
) -> Result<(Vec<Listed>, Option<Position>), AppError> {
    if let Some(email) = email {
        let found = by_email(app, email).await?.into_iter().collect();
        return Ok((with_addresses(app, found).await?, None));
    }
    let (accounts, next) = by_age(app, (limit, after)).await?;
    Ok((with_addresses(app, accounts).await?, next))
}

/// A page of accounts, the oldest first.
pub(crate) async fn by_age(
    app: &App,
    (limit, after): (u32, Option<Position>),
) -> Result<(Vec<Account>, Option<Position>), AppError> {
    let query = Query { after, ..Query::partition(Some(Index::One), Account::PARTITION, limit) };
    let page = app.store.query(&query).await?;
    let accounts = page.records.iter().map(Record::decode::<Account>);
    let accounts = accounts.map(|read| read.map(|stored| stored.value));
    Ok((accounts.collect::<Result<_, _>>()?, page.next))
}

async fn with_addresses(app: &App, accounts: Vec<Account>) -> Result<Vec<Listed>, AppError> {
    let mut listed = Vec::with_capacity(accounts.len());
    for some in accounts.chunks(MAX_READ) {
        let key = |account: &Account| DeadAddress::key_of(&account.email);
        let keys: Vec<_> = some.iter().map(key).collect();
        let read = Snapshot::read(app.store.as_ref(), &keys).await?;
        for account in some {
            let dead = read.get::<DeadAddress>(&key(account))?.map(|stored| stored.value);
            listed.push((account.clone(), dead));
        }
    }
    Ok(listed)
}

async fn by_email(app: &App, email: &str) -> Result<Option<Account>, AppError> {
    let key = EmailClaim::key_of(email.trim());
    let Some(claim) = app.find::<EmailClaim>(&key).await? else { return Ok(None) };
    let found = app.find::<Account>(&Account::key_of(&claim.value.user_id)).await?;
    Ok(found.map(|stored| stored.value))
}

/// One person. Errors: `NotFound`.
pub async fn read_user(app: &App, id: &UserId) -> Result<Account, AppError> {
    let found = app.find::<Account>(&Account::key_of(id)).await?;
    Ok(found.ok_or(AppError::NotFound { what: "person" })?.value)
}

/// What staff is told of a person beside the account.
pub async fn aside_of(app: &App, account: &Account) -> Result<Aside, AppError> {
    let keys = [
        DeadAddress::key_of(&account.email),
        LegalHold::key_of(&account.id),
        SecondFactor::key_of(&account.id),
    ];
    let [dead, hold, factor] = &keys;
    let read = Snapshot::read(app.store.as_ref(), &keys).await?;
    let second = read.get::<SecondFactor>(factor)?;
    Ok(Aside {
        dead: read.get::<DeadAddress>(dead)?.map(|stored| stored.value),
        held: read.get::<LegalHold>(hold)?.is_some(),
        factor: second.is_some_and(|second| second.value.factor.is_some()),
    })
}

/// Writes somebody new. Errors: `StateConflict` for an address that is somebody's already.
pub(crate) async fn admit(
    app: &App,
    transaction: &Transaction,
    account: &Account,
) -> Result<(), AppError> {
    let taken = EmailClaim::key_of(&account.email);
    match app.store.commit(transaction).await {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict(keys)) if keys.contains(&taken) => {
            Err(AppError::conflict("the address belongs to somebody already"))
        }
        Err(error) => Err(error.into()),
    }
}

/// The account of somebody who is to be made. Errors: `Invalid` with every fault.
pub(crate) fn newcomer(
    app: &App,
    (email, name): (&str, &str),
    roles: &[Role],
    time_zone: &ZoneName,
) -> Result<Account, AppError> {
    few_enough(roles)?;
    let account = Account {
        id: app.id()?,
        email: email.trim().to_lowercase(),
        name: name.trim().to_owned(),
        roles: sorted(roles),
        status: AccountStatus::Active,
        suspension: None,
        time_zone: time_zone.clone(),
        scope: None,
        membership: Membership::default(),
        identity: None,
        session_epoch: 0,
        created_at: app.now(),
    };
    usable(&account)?;
    Ok(account)
}

/// A transaction that begins with a new account and everything each one has beside it.
pub(crate) fn entered(account: &Account) -> Result<Transaction, AppError> {
    let claim = EmailClaim { email: account.email.clone(), user_id: account.id.clone() };
    Ok(Transaction::new()
        .create(account)?
        .create(&claim)?
        .create(&Standing::empty(account.id.clone()))?
        .create(&OpenReservations::empty(account.id.clone()))?)
}

/// Whether somebody may give these roles: none above his own, and his own only at the top, because
/// otherwise an admin could never have a second one (RELIABILITY Z3).
pub(crate) fn may_give(by: &Account, roles: &[Role]) -> Result<(), AppError> {
    let (own, top) = (by.rank(), Role::Admin.rank());
    let beyond = |role: &Role| role.rank() > own || (role.rank() == own && own < top);
    if roles.iter().any(beyond) { Err(AppError::RoleRequired) } else { Ok(()) }
}

/// Refuses a list of roles longer than any that makes sense.
pub(crate) fn few_enough(roles: &[Role]) -> Result<(), AppError> {
    if roles.len() > MOST_ROLES {
        return Err(AppError::invalid("/roles", "too_many", "a role is named once"));
    }
    Ok(())
}

/// Each role once, in a fixed order.
pub(crate) fn sorted(roles: &[Role]) -> Vec<Role> {
    let mut roles = roles.to_vec();
    roles.sort();
    roles.dedup();
    roles
}

/// Every fault of an account that is about to be written.
pub(crate) fn usable(account: &Account) -> Result<(), AppError> {
    let mut faults = Vec::new();
    if !Address::fits(&account.email) {
        let detail = "an address such as `ada@example.org` is wanted";
        faults.push(InputFault::at("/email", "not_an_address", detail));
    }
    let letters = account.name.chars().count();
    if !(1..=LONGEST_NAME).contains(&letters) || account.name.chars().any(char::is_control) {
        faults.push(InputFault::at("/name", "invalid_value", "1 to 100 characters are wanted"));
    }
    if account.roles.is_empty() {
        faults.push(InputFault::at("/roles", "empty", "at least one role is wanted"));
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}
