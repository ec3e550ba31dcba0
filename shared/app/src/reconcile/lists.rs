//! Runs and findings as an admin reads and closes them.

use interlock_policy::{FindingId, UserId};
use jiff::{SignedDuration, Timestamp};

use super::note::expiry;
use crate::model::{Finding, FindingClass, FindingState, Resolution, Run};
use crate::ports::store::{CommitError, Index, Position, Query, Transaction};
use crate::{Act, App, AppError};

/// Most pages read for one answer, so that a rare class costs no endless search.
const MOST_PAGES: u32 = 5;

/// Which findings.
#[derive(Debug, Clone)]
pub struct FindingQuery {
    /// In this state.
    pub state: FindingState,
    /// Of this class; absent means all.
    pub class: Option<FindingClass>,
    /// Most records of a page.
    pub limit: u32,
    /// Where to go on.
    pub after: Option<Position>,
}

/// A page of runs, youngest first.
pub async fn list_runs(
    app: &App,
    limit: u32,
    after: Option<Position>,
) -> Result<(Vec<Run>, Option<Position>), AppError> {
    let query = Query {
        descending: true,
        after,
        ..Query::partition(Some(Index::One), Run::PARTITION, limit)
    };
    let page = app.store.query(&query).await?;
    let runs = page.records.iter().map(|record| Ok(record.decode::<Run>()?.value));
    Ok((runs.collect::<Result<_, AppError>>()?, page.next))
}

/// A page of findings, last seen first. A page may hold fewer than asked for and still not be the
/// last.
pub async fn list_findings(
    app: &App,
    wanted: &FindingQuery,
) -> Result<(Vec<Finding>, Option<Position>), AppError> {
    let mut query = Query {
        descending: true,
        after: wanted.after.clone(),
        ..Query::partition(Some(Index::One), wanted.state.partition(), wanted.limit)
    };
    let mut found = Vec::new();
    for _ in 0..MOST_PAGES {
        let page = app.store.query(&query).await?;
        for record in &page.records {
            let finding = record.decode::<Finding>()?.value;
            if wanted.class.is_none_or(|class| class == finding.class) {
                found.push(finding);
            }
        }
        query.after = page.next;
        if query.after.is_none() || !found.is_empty() {
            break;
        }
    }
    Ok((found, query.after))
}

/// Longest time for which a finding is ignored.
const LONGEST_IGNORED: SignedDuration = SignedDuration::from_hours(366 * 24);

/// Closes a finding by hand, with the reason: for good, or until an instant from which on a run
/// that sees the same opens it again. Errors: `NotFound`; `Invalid` for the instant;
/// `StateConflict` if it does not wait for anybody, `Unavailable` if a run saw it at the same
/// moment.
pub async fn resolve_finding(
    app: &App,
    (id, by): (&FindingId, &UserId),
    (note, until): (&str, Option<Timestamp>),
    act: &Act,
) -> Result<Finding, AppError> {
    let key = Finding::key_of(id);
    let stored = app.find::<Finding>(&key).await?.ok_or(AppError::NotFound { what: "finding" })?;
    match stored.value.state {
        FindingState::Open => {}
        FindingState::Repaired | FindingState::Resolved => {
            let detail = "the finding waits for nobody".to_owned();
            return Err(AppError::StateConflict { detail });
        }
    }
    let now = app.now();
    let latest = now.saturating_add(LONGEST_IGNORED).unwrap_or(Timestamp::MAX);
    if until.is_some_and(|until| until <= now || until > latest) {
        let detail = "an instant within the next 366 days";
        return Err(AppError::invalid("/until", "out_of_range", detail));
    }
    let resolution = Resolution { by: Some(by.clone()), note: note.to_owned(), at: now, until };
    let finding = Finding {
        state: FindingState::Resolved,
        resolution: Some(resolution),
        expires_at: expiry(FindingState::Resolved, now),
        ..stored.value
    };
    let audit = act.audit(
        now,
        "finding.resolve",
        &id,
        // The note is with the finding: free text may name a person, and an audit is never erased.
        serde_json::json!({ "class": finding.class, "until": until }),
    );
    let transaction = Transaction::new().replace(&finding, stored.version)?.put(&audit)?;
    match app.store.commit(&transaction).await {
        Ok(()) => Ok(finding),
        Err(CommitError::Conflict(_)) => Err(AppError::contended()),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}
