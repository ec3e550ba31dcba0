//! The first admin of a deployment, made from its console (RELIABILITY P7).
//!
//! There is no default account and no route: whoever may call the function by the rights of the
//! deployment itself gets one link, with which the first password is chosen.

use interlock_policy::{Role, UserId, ZoneName};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::model::{Account, Credential, FirstAdmin, LetterKind};
use crate::people::{admit, by_age, entered, newcomer};
use crate::ports::store::{Stored, Transaction};
use crate::reset::{invite, token_of};
use crate::{Act, App, AppError, Snapshot};

/// How long the link opens.
const LIFE: SignedDuration = SignedDuration::from_hours(1);
/// People looked at in one read.
const PAGE: u32 = 100;

/// Who shall be the first admin.
#[derive(Debug, Clone)]
pub struct MakeFirstAdmin {
    /// Where mails go; also the name for the login.
    pub email: String,
    /// Shown name.
    pub name: String,
    /// Zone for presentation.
    pub time_zone: ZoneName,
    /// In which run.
    pub act: Act,
}

/// The first admin with what the first password is chosen with.
pub struct FirstLink {
    /// Who.
    pub user_id: UserId,
    /// Good for one password.
    pub token: String,
    /// First instant at which it opens nothing.
    pub until: Timestamp,
}

/// Makes the first admin, or gives the one that was made another link while no password is chosen.
///
/// Errors: `Invalid`, `StateConflict` once anybody is an admin who can log in, for another address
/// than the first call named, or for one that is somebody's already.
pub async fn make_first_admin(app: &App, request: &MakeFirstAdmin) -> Result<FirstLink, AppError> {
    let key = FirstAdmin::the_key();
    let (account, transaction) = match app.find::<FirstAdmin>(&key).await? {
        Some(first) => again(app, &first.value, request).await?,
        None => new(app, request).await?,
    };
    let (letter, grant) = invite(app, &account, (LetterKind::Invitation, LIFE))?;
    let told = json!({ "roles": account.roles });
    let audit = request.act.audit(app.now(), "user.first-admin", &account.id, told);
    let transaction = transaction.create(&grant)?.put(&audit)?;
    admit(app, &transaction, &account).await?;
    // The letter itself is not kept: its token goes to the console instead.
    let token = token_of(&app.settings, &letter.id)?;
    Ok(FirstLink { user_id: account.id, token, until: grant.expires_at })
}

async fn new(app: &App, request: &MakeFirstAdmin) -> Result<(Account, Transaction), AppError> {
    nobody_is_admin(app).await?;
    let named = (request.email.as_str(), request.name.as_str());
    let account = newcomer(app, named, &[Role::Admin], &request.time_zone)?;
    let first = FirstAdmin { user_id: account.id.clone(), made_at: app.now() };
    let transaction = entered(&account)?.create(&first)?;
    Ok((account, transaction))
}

/// Another link for the one that was made, on condition that there is still no password.
async fn again(
    app: &App,
    first: &FirstAdmin,
    request: &MakeFirstAdmin,
) -> Result<(Account, Transaction), AppError> {
    let keys = [Account::key_of(&first.user_id), Credential::key_of(&first.user_id)];
    let [account, credential] = &keys;
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let chosen = snapshot.get::<Credential>(credential)?.is_some();
    let found = snapshot.get::<Account>(account)?;
    let Some(Stored { value, version }) = found.filter(|_| !chosen) else {
        return Err(AppError::conflict("the first admin was made"));
    };
    if value.email != request.email.trim().to_lowercase() {
        return Err(AppError::conflict("the first admin was made with another address"));
    }
    let transaction = Transaction::new()
        .unchanged(account.clone(), Some(version))
        .unchanged(credential.clone(), None);
    Ok((value, transaction))
}

/// Errors: `StateConflict` if anybody is an admin, made however.
async fn nobody_is_admin(app: &App) -> Result<(), AppError> {
    let mut after = None;
    loop {
        let (people, next) = by_age(app, (PAGE, after)).await?;
        if people.iter().any(|person| person.rank() >= Role::Admin.rank()) {
            return Err(AppError::conflict("there is an admin already"));
        }
        match next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}
