//! Entries of a shard in a stretch of time, and seals, page by page; memory holds one page.

use interlock_audit::{Seal, day_of, partition, sortable};
use jiff::Timestamp;
use serde_json::Value;

use crate::model::AuditSeal;
use crate::ports::store::{Page, Query};
use crate::{App, AppError};

/// Records asked for at once.
const PAGE: u32 = 500;

/// Gives every entry of a shard in `[from, until)`, which must lie within one day, to `take`.
pub(super) async fn each(
    app: &App,
    (from, until): (Timestamp, Timestamp),
    shard: u8,
    mut take: impl FnMut(&str, &Value),
) -> Result<(), AppError> {
    let mut query = Query {
        from: Some(sortable(from)),
        until: Some(sortable(until)),
        ..Query::partition(None, partition(day_of(from), shard), PAGE)
    };
    loop {
        let Page { records, next } = app.store.query(&query).await?;
        for record in &records {
            take(&record.key.sort, &record.body);
        }
        if next.is_none() {
            return Ok(());
        }
        query.after = next;
    }
}

/// The youngest seal.
pub(super) async fn youngest(app: &App) -> Result<Option<Seal>, AppError> {
    let query = Query { descending: true, ..Query::partition(None, AuditSeal::PARTITION, 1) };
    first(app, &query).await
}

/// The first seal that begins at or after an instant.
pub(super) async fn first_from(app: &App, from: Timestamp) -> Result<Option<Seal>, AppError> {
    let from = Some(AuditSeal::sort_of(from));
    first(app, &Query { from, ..Query::partition(None, AuditSeal::PARTITION, 1) }).await
}

async fn first(app: &App, query: &Query) -> Result<Option<Seal>, AppError> {
    let page = app.store.query(query).await?;
    let seal = page.records.first().map(crate::ports::store::Record::decode::<AuditSeal>);
    Ok(seal.transpose()?.map(|stored| stored.value.0))
}

/// Seals that begin in `[from, until)`, oldest first, until they hold more than `most` entries.
pub(super) async fn seals(
    app: &App,
    (from, until): (Timestamp, Timestamp),
    most: u64,
) -> Result<Vec<Seal>, AppError> {
    let mut query = Query {
        from: Some(AuditSeal::sort_of(from)),
        until: Some(AuditSeal::sort_of(until)),
        ..Query::partition(None, AuditSeal::PARTITION, PAGE)
    };
    let (mut seals, mut entries) = (Vec::new(), 0_u64);
    loop {
        let Page { records, next } = app.store.query(&query).await?;
        for record in &records {
            let seal = record.decode::<AuditSeal>()?.value.0;
            entries = entries.saturating_add(seal.count());
            seals.push(seal);
            if entries > most {
                return Ok(seals);
            }
        }
        if next.is_none() {
            return Ok(seals);
        }
        query.after = next;
    }
}

/// The stretches of `[from, until)`, cut at midnight in UTC.
pub(super) fn days(from: Timestamp, until: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let mut days = Vec::new();
    let mut at = from;
    while at < until {
        let end = midnight_after(at).min(until);
        days.push((at, end));
        at = end;
    }
    days
}

/// The first midnight after an instant, in UTC.
pub(super) fn midnight_after(at: Timestamp) -> Timestamp {
    let day = day_of(at).tomorrow();
    day.and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC))
        .map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}
