//! Seals what is over: every five minutes, what the shards held up to two minutes ago.
//!
//! Nothing is written in the path of a request, and of two sealers one loses without harm.

use interlock_audit::{Link, SHARDS, Seal};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::stream::{each, midnight_after, youngest};
use crate::model::AuditSeal;
use crate::ports::store::{CommitError, Transaction};
use crate::{App, AppError};

/// Seals end at whole multiples of it.
const STRETCH: SignedDuration = SignedDuration::from_mins(5);
/// Longer than any change takes from its entry's time to its commit.
const GRACE: SignedDuration = SignedDuration::from_mins(2);
/// How far before its first run the first seal reaches.
const FIRST: SignedDuration = SignedDuration::from_hours(24);
/// Most seals of one run; the next run goes on.
const MOST: u32 = 64;

/// What a run sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SealReport {
    /// Seals made.
    pub seals: u32,
    /// Entries under them.
    pub entries: u64,
    /// First instant that is not sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed_until: Option<Timestamp>,
    /// Root of the youngest seal; kept elsewhere it shows a chain whose end was cut off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
}

/// Seals every stretch that is over (promise R23). A run that was late seals all of it, with one
/// seal a day, and a run that finds nothing to do says so.
pub async fn seal_audit(app: &App) -> Result<SealReport, AppError> {
    let boundary = boundary(app.now());
    let mut last = youngest(app).await?;
    let (mut made, mut entries) = (0, 0_u64);
    while made < MOST {
        let from = match &last {
            Some(seal) => seal.until,
            None => boundary.saturating_sub(FIRST).unwrap_or(boundary),
        };
        if from >= boundary {
            break;
        }
        let until = midnight_after(from).min(boundary);
        let seal = Seal::after(
            last.as_ref(),
            from,
            until,
            links(app, last.as_ref(), (from, until)).await?,
        );
        let transaction = Transaction::new().create(&AuditSeal(seal.clone()))?;
        match app.store.commit(&transaction).await {
            Ok(()) => {}
            // Another sealer was first and goes on.
            Err(CommitError::Conflict(_)) => break,
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
        made += 1;
        entries = entries.saturating_add(seal.count());
        tell(&seal);
        last = Some(seal);
    }
    tracing::info!(target: "metric", AuditSealed = 1, "the audit is sealed");
    Ok(SealReport {
        seals: made,
        entries,
        sealed_until: last.as_ref().map(|seal| seal.until),
        root: last.map(|seal| seal.root),
    })
}

async fn links(
    app: &App,
    last: Option<&Seal>,
    stretch: (Timestamp, Timestamp),
) -> Result<Vec<Link>, AppError> {
    let previous = last.map(|seal| seal.root.as_str()).unwrap_or_default();
    let mut links = Vec::new();
    for shard in 0..SHARDS {
        let mut link = Link::first(previous, shard);
        each(app, stretch, shard, |sort, entry| link.add(sort, entry)).await?;
        links.push(link);
    }
    Ok(links)
}

/// The log is the witness outside the table.
fn tell(seal: &Seal) {
    let (sequence, root, entries) = (seal.sequence, seal.root.as_str(), seal.count());
    tracing::info!(sequence, root, entries, until = %seal.until, "audit sealed");
}

/// The last end of a stretch that is surely over.
fn boundary(now: Timestamp) -> Timestamp {
    let seconds = now.saturating_sub(GRACE).unwrap_or(now).as_second();
    let whole = seconds.saturating_sub(seconds.rem_euclid(STRETCH.as_secs()));
    Timestamp::from_second(whole).unwrap_or(now)
}
