//! A person's sessions, seen and ended by himself (RELIABILITY A3).

use std::collections::BTreeMap;

use interlock_policy::UserId;
use jiff::Timestamp;
use serde::Serialize;

use crate::model::{Account, Session, SessionHash, SessionId, SessionUse};
use crate::ports::store::{Query, Record, Stored, Transaction};
use crate::{Act, App, AppError};

/// Records asked for at once.
const PAGE: u32 = 100;
/// Most pages looked through; beyond it some sessions are not told.
const MOST_PAGES: usize = 10;

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// Its public name.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Its last use that was noted.
    pub last_used_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// What the browser called itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

/// The live sessions of a person, the newest first; `idle` is how long one may lie unused.
pub async fn list_sessions(
    app: &App,
    account: &Account,
    current: &SessionHash,
    idle: jiff::SignedDuration,
) -> Result<Vec<SessionView>, AppError> {
    let (partition, from, until) = Session::range_of(&account.id);
    let sessions = Query { from: Some(from), until: Some(until), ..all(partition) };
    let used = noted(app, &account.id).await?;
    let now = app.now();
    let mut views = Vec::new();
    for record in pages(app, sessions).await? {
        let session = record.decode::<Session>()?.value;
        let last_used_at = used.get(&session.hash.0).copied().unwrap_or(session.created_at);
        let idle_at = last_used_at.saturating_add(idle).unwrap_or(last_used_at);
        let live = now < session.expires_at && now < idle_at;
        if live && session.epoch == account.session_epoch {
            views.extend(view(session, last_used_at, current));
        }
    }
    views.sort_by_key(|view| std::cmp::Reverse(view.created_at));
    Ok(views)
}

fn view(session: Session, last_used_at: Timestamp, current: &SessionHash) -> Option<SessionView> {
    Some(SessionView {
        id: session.hash.public()?,
        current: session.hash == *current,
        created_at: session.created_at,
        last_used_at,
        expires_at: session.expires_at,
        device: session.device,
    })
}

async fn noted(app: &App, user_id: &UserId) -> Result<BTreeMap<String, Timestamp>, AppError> {
    let mut used = BTreeMap::new();
    for record in pages(app, all(SessionUse::partition_of(user_id))).await? {
        let noted = record.decode::<SessionUse>()?.value;
        used.insert(noted.hash.0, noted.used_at);
    }
    Ok(used)
}

fn all(partition: String) -> Query {
    Query::partition(None, partition, PAGE)
}

async fn pages(app: &App, mut query: Query) -> Result<Vec<Record>, AppError> {
    let mut records = Vec::new();
    for _ in 0..MOST_PAGES {
        let page = app.store.query(&query).await?;
        records.extend(page.records);
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    Ok(records)
}

/// Ends one session of the person who asks; the next request with it is refused. Answers whether
/// it was the one that asks. Errors: `NotFound`, for other people's too.
pub async fn end_session(
    app: &App,
    user_id: &UserId,
    id: &SessionId,
    act: &Act,
) -> Result<SessionHash, AppError> {
    let missing = || AppError::NotFound { what: "session" };
    let session = find(app, user_id, id).await?.ok_or_else(missing)?;
    // Somebody else may have just ended it.
    if !ended(app, &session, act).await? {
        return Err(missing());
    }
    Ok(session.value.hash)
}

/// Ends the session a request came with. One that is gone already is no error and not written
/// down again.
pub async fn log_out(
    app: &App,
    user_id: &UserId,
    hash: &SessionHash,
    act: &Act,
) -> Result<(), AppError> {
    let key = Session::key_of(user_id, hash);
    if let Some(session) = app.find::<Session>(&key).await? {
        ended(app, &session, act).await?;
    }
    Ok(())
}

/// Ends a session with its audit entry; `false` if it was gone, and then nothing is written.
async fn ended(app: &App, session: &Stored<Session>, act: &Act) -> Result<bool, AppError> {
    let Session { user_id, hash, .. } = &session.value;
    let id = hash.public().ok_or_else(|| AppError::internal("a session has no public name"))?;
    let audit = act.audit(app.now(), "session.end", &id, serde_json::json!({}));
    let transaction = Transaction::new()
        .remove_at(Session::key_of(user_id, hash), session.version)
        .remove(SessionUse::key_of(user_id, hash))
        .put(&audit)?;
    app.commits(&transaction).await
}

async fn find(
    app: &App,
    user_id: &UserId,
    id: &SessionId,
) -> Result<Option<Stored<Session>>, AppError> {
    let (partition, prefix, _) = Session::range_of(user_id);
    let named = id.as_str().trim_start_matches("ses_");
    // Only the names we give out; a shorter one would stand for several sessions.
    if named.len() != SessionHash::NAMED {
        return Ok(None);
    }
    let from = format!("{prefix}{named}");
    let until = format!("{prefix}{named}g");
    let query = Query { from: Some(from), until: Some(until), ..all(partition) };
    let page = app.store.query(&query).await?;
    Ok(page.records.first().map(Record::decode).transpose()?)
}
