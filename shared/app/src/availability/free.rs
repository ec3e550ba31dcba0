//! What Cal.com says is free, from the table while it is fresh (PRODUCT 8).

use std::collections::BTreeMap;

use interlock_policy::{CalAccountId, Interval};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::model::{EventTypeEntry, FreeStarts, SlotWeek, week_of};
use crate::ports::scheduler::{CalAccount, SchedulerError};
use crate::ports::store::{CommitError, Key, Transaction};
use crate::{App, AppError, Snapshot};

/// How long an answer of Cal.com's counts as fresh.
const FRESH: SignedDuration = SignedDuration::from_secs(60);
/// How long an older answer may stand in while Cal.com is down.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Free starts with how they came.
pub(super) struct Free {
    pub(super) starts: Vec<Timestamp>,
    pub(super) stale: bool,
}

/// Keys of the weeks a range touches.
pub(super) fn week_keys(id: &CalAccountId, range: &Interval) -> Vec<Key> {
    mondays(range).into_iter().map(|monday| SlotWeek::key_of(id, monday)).collect()
}

fn mondays(range: &Interval) -> Vec<Date> {
    let date = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let last = range.end().saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(range.end());
    let (mut monday, last) = (week_of(date(range.start())), week_of(date(last)));
    let mut mondays = vec![monday];
    while monday < last {
        monday = monday.saturating_add(jiff::Span::new().days(7));
        mondays.push(monday);
    }
    mondays
}

/// The UTC week that begins on a Monday.
fn span(monday: Date) -> Result<Interval, AppError> {
    let start = monday
        .to_zoned(TimeZone::UTC)
        .map_err(|error| AppError::internal(error.to_string()))?
        .timestamp();
    Interval::lasting(start, SignedDuration::from_hours(7 * 24))
        .map_err(|error| AppError::internal(error.to_string()))
}

/// Free starts of a kind: each week from the table if fresh, else from Cal.com in one call, else
/// from the table however old.
pub(super) async fn free_starts(
    app: &App,
    snapshot: &Snapshot,
    of: (&CalAccount, &EventTypeEntry),
    range: &Interval,
) -> Result<Free, AppError> {
    let now = app.now();
    let mut free = Free { starts: Vec::new(), stale: false };
    let mut wanting = Vec::new();
    for monday in mondays(range) {
        let key = SlotWeek::key_of(&of.0.id, monday);
        let stored = snapshot.get::<SlotWeek>(&key)?;
        let said = stored.as_ref().and_then(|stored| stored.value.of(of.1.id)).cloned();
        match said {
            Some(said) if now.duration_since(said.fetched_at) < FRESH => {
                free.starts.extend(said.starts);
            }
            said => wanting.push((monday, said, stored)),
        }
    }
    let (Some(first), Some(last)) = (wanting.first(), wanting.last()) else { return Ok(free) };
    let asked = Interval::new(span(first.0)?.start().max(today(now)), span(last.0)?.end());
    let Ok(asked) = asked else { return Ok(free) };
    match app.scheduler.slots(of.0, of.1.id, asked).await {
        Ok(starts) => {
            for (monday, _, stored) in wanting {
                let week = span(monday)?;
                let within: Vec<Timestamp> =
                    starts.iter().copied().filter(|start| week.contains(*start)).collect();
                free.starts.extend(&within);
                keep(app, of, (monday, stored), FreeStarts { fetched_at: now, starts: within })
                    .await?;
            }
        }
        Err(error) => degrade(&mut free, wanting.into_iter().map(|(_, said, _)| said), error)?,
    }
    Ok(free)
}

/// Cal.com offers nothing in the past, so it is not asked for it.
fn today(now: Timestamp) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(1)).unwrap_or(now)
}

fn degrade(
    free: &mut Free,
    older: impl Iterator<Item = Option<FreeStarts>>,
    error: SchedulerError,
) -> Result<(), AppError> {
    for said in older {
        match said {
            Some(said) => free.starts.extend(said.starts),
            None => return Err(error.into()),
        }
    }
    free.stale = true;
    Ok(())
}

/// Keeps an answer, unless the week was changed or forgotten since it was read.
async fn keep(
    app: &App,
    (account, entry): (&CalAccount, &EventTypeEntry),
    (monday, stored): (Date, Option<crate::ports::store::Stored<SlotWeek>>),
    said: FreeStarts,
) -> Result<(), AppError> {
    let read = stored.as_ref().map(|stored| stored.version);
    let mut week = stored.map_or_else(
        || SlotWeek {
            cal_account_id: account.id.clone(),
            monday,
            free: BTreeMap::new(),
            expires_at: said.fetched_at,
        },
        |stored| stored.value,
    );
    week.expires_at = said.fetched_at.saturating_add(KEPT).unwrap_or(Timestamp::MAX);
    week.free.insert(entry.id.to_string(), said);
    match app.store.commit(&Transaction::new().save(&week, read)?).await {
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}
