//! One change of one account, as an admin makes it.

use interlock_policy::{Role, UserId};
use jiff::Timestamp;
use serde_json::Value;

use crate::model::{Account, AuditEntry, Cascade, Letter, LetterKind, Subject};
use crate::ports::store::{Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, InputFault, Snapshot};

/// A change of a person's account. Who asks must still be an active admin in its transaction.
pub(super) struct Edit<'a> {
    /// Who asks.
    pub(super) admin: &'a UserId,
    /// Whose account.
    pub(super) user_id: &'a UserId,
    /// In which request.
    pub(super) act: &'a Act,
    /// The audit's word for it.
    pub(super) action: &'static str,
    /// What the audit keeps of the account before and after.
    pub(super) told: fn(&Account, &Account) -> Value,
    /// Whether what the person holds ahead is judged again within a sweep (promise R3).
    pub(super) judges_again: bool,
    /// What the person is told by mail.
    pub(super) letter: Option<LetterKind>,
    /// What is refused beyond what every edit is.
    pub(super) permits: Option<Permits>,
}

/// Refuses, by the admin and the account before and after, what he may not make of it or what no
/// account may be.
pub(super) type Permits = fn(&Account, &Account, &Account) -> Result<(), AppError>;

impl Edit<'_> {
    /// Makes the change; one that changes nothing is not written. Errors: `NotFound`,
    /// `RoleRequired`, and what `permits` refuses with.
    pub(super) async fn make(
        &self,
        app: &App,
        change: impl Fn(&Account) -> Account + Sync,
    ) -> Result<Account, AppError> {
        for _ in 0..MOST_RACES {
            if let Some(account) = self.once(app, &change).await? {
                return Ok(account);
            }
        }
        Err(AppError::contended())
    }

    async fn once(
        &self,
        app: &App,
        change: &(impl Fn(&Account) -> Account + Sync),
    ) -> Result<Option<Account>, AppError> {
        let keys = [Account::key_of(self.admin), Account::key_of(self.user_id)];
        let [own, other] = &keys;
        let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
        let acting = snapshot
            .get::<Account>(own)?
            .filter(|own| may(own, app.now()))
            .ok_or(AppError::RoleRequired)?;
        let found = snapshot.get::<Account>(other)?.ok_or(AppError::NotFound { what: "person" })?;
        let account = change(&found.value);
        if account == found.value {
            return Ok(Some(account));
        }
        if let Some(permits) = self.permits {
            permits(&acting.value, &found.value, &account)?;
        }
        let transaction = self.written(app, &found, &account)?;
        // Who changes his own is checked by the write of the account itself.
        let transaction = if own == other {
            transaction
        } else {
            transaction.unchanged(own.clone(), Some(acting.version))
        };
        Ok(app.commits(&transaction).await?.then_some(account))
    }

    /// The account with everything that goes with it.
    fn written(
        &self,
        app: &App,
        before: &Stored<Account>,
        after: &Account,
    ) -> Result<Transaction, AppError> {
        let mut transaction = Transaction::new().replace(after, before.version)?;
        transaction = transaction.put(&self.audit(app, &before.value, after))?;
        if let Some(kind) = self.letter {
            transaction = transaction.create(&Letter::due(app, after, kind)?)?;
        }
        if self.judges_again {
            let now = app.now();
            let subject = Subject::User { user_id: after.id.clone() };
            transaction = Cascade::of(subject, now).write(transaction, now)?;
        }
        Ok(transaction)
    }

    fn audit(&self, app: &App, before: &Account, after: &Account) -> AuditEntry {
        self.act.audit(app.now(), self.action, &after.id, (self.told)(before, after))
    }
}

/// Whether the account is an active admin's.
pub(super) fn may(stored: &Stored<Account>, now: Timestamp) -> bool {
    let account = &stored.value;
    account.is_active(now) && account.rank() >= Role::Admin.rank()
}

/// Longest name of a group or category, in characters.
const LONGEST_NAME: usize = 64;

/// The names of a list that are empty or too long, each by its place.
pub(super) fn unfit_names<'a>(
    pointer: &'a str,
    names: &'a [String],
) -> impl Iterator<Item = InputFault> + 'a {
    names.iter().enumerate().filter_map(move |(place, name)| {
        let length = name.trim().chars().count();
        let unfit = length == 0 || length > LONGEST_NAME;
        let detail = "between 1 and 64 characters";
        unfit.then(|| InputFault::at(format!("{pointer}/{place}"), "length", detail))
    })
}
