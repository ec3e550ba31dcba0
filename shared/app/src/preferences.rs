//! How a person wants to be told, as he chooses it himself.

use std::collections::BTreeSet;

use interlock_policy::{UserId, ZoneName};

use crate::model::{Account, Channel, Language, Preferences, QuietHours, Topic};
use crate::ports::store::{Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, InputFault, Snapshot};

/// What a person chooses; all of it replaces what was.
#[derive(Debug, Clone)]
pub struct SetPreferences {
    /// Whose.
    pub user_id: UserId,
    /// In which language.
    pub language: Language,
    /// Zone for times and quiet hours.
    pub time_zone: ZoneName,
    /// When not to be disturbed.
    pub quiet: Option<QuietHours>,
    /// By which ways.
    pub channels: BTreeSet<Channel>,
    /// Number for short messages.
    pub phone: Option<String>,
    /// What is not wanted.
    pub muted: BTreeSet<Topic>,
    /// Who asks, in which request.
    pub act: Act,
}

/// What is chosen, with the zone that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The choices.
    pub preferences: Preferences,
    /// The account's zone.
    pub time_zone: ZoneName,
}

struct Read {
    account: Stored<Account>,
    preferences: Option<Stored<Preferences>>,
}

async fn read(app: &App, id: &UserId) -> Result<Read, AppError> {
    let (own, choices) = (Account::key_of(id), Preferences::key_of(id));
    let keys = [own.clone(), choices.clone()];
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let account = snapshot.get::<Account>(&own)?.ok_or(AppError::NotFound { what: "person" })?;
    Ok(Read { account, preferences: snapshot.get::<Preferences>(&choices)? })
}

/// What a person chose, or what holds without a choice. Errors: `NotFound`.
pub async fn read_preferences(app: &App, id: &UserId) -> Result<Chosen, AppError> {
    let Read { account, preferences } = read(app, id).await?;
    let usual = || Preferences::usual(id.clone());
    Ok(Chosen {
        preferences: preferences.map_or_else(usual, |stored| stored.value),
        time_zone: account.value.time_zone,
    })
}

/// Sets them. Letters that are due already are judged by what is chosen when they go out.
/// Errors: `NotFound`, `Invalid` with every fault.
pub async fn set_preferences(app: &App, request: &SetPreferences) -> Result<Chosen, AppError> {
    let preferences = Preferences {
        user_id: request.user_id.clone(),
        language: request.language,
        quiet: request.quiet,
        channels: request.channels.clone(),
        phone: request.phone.clone(),
        muted: request.muted.clone(),
    };
    usable(&preferences)?;
    for _ in 0..MOST_RACES {
        let Read { account, preferences: before } = read(app, &request.user_id).await?;
        let version = before.map(|stored| stored.version);
        let at = app.now();
        let audit = request.act.audit(at, "preferences.set", &request.user_id, told(&preferences));
        let transaction = Transaction::new().save(&preferences, version)?.put(&audit)?;
        let transaction = if account.value.time_zone == request.time_zone {
            transaction
        } else {
            let time_zone = request.time_zone.clone();
            transaction.replace(&Account { time_zone, ..account.value }, account.version)?
        };
        if app.commits(&transaction).await? {
            return Ok(Chosen { preferences, time_zone: request.time_zone.clone() });
        }
    }
    Err(AppError::contended())
}

/// What the audit keeps: no number, no habit.
fn told(preferences: &Preferences) -> serde_json::Value {
    serde_json::json!({ "channels": preferences.channels, "muted": preferences.muted })
}

fn usable(preferences: &Preferences) -> Result<(), AppError> {
    let mut faults = Vec::new();
    if preferences.quiet.is_some_and(|quiet| quiet.from == quiet.to) {
        let detail = "quiet hours that begin when they end are none";
        faults.push(InputFault::at("/quietHours", "empty", detail));
    }
    if preferences.phone.as_deref().is_some_and(|phone| !is_number(phone)) {
        let detail = "a number such as `+4930123456` is wanted";
        faults.push(InputFault::at("/phone", "invalid_value", detail));
    }
    if preferences.channels.contains(&Channel::Sms) && preferences.phone.is_none() {
        let detail = "short messages need a number";
        faults.push(InputFault::at("/phone", "missing", detail));
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// E.164: a plus, then 7 to 15 digits, the first of them no zero.
fn is_number(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    (7..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
}
