//! The chain line by line, for a verifier that trusts no table: `cargo xtask audit-verify`.
//!
//! Day by day, the entries of each shard by their places and then the day's seals.

use interlock_audit::{Line, SHARDS, Seal, day_of, partition, sortable, time_of};
use jiff::{SignedDuration, Timestamp};

use super::stream::{first_from, midnight_after, youngest};
use crate::model::AuditSeal;
use crate::ports::store::{Position, Query};
use crate::{App, AppError};

/// Most partitions looked into for one page.
const MOST_QUERIES: u32 = 32;

/// Which part of the chain.
#[derive(Debug, Clone, Default)]
pub struct AuditExport {
    /// From the day of this instant on, in UTC; from the first seal on if absent.
    pub from: Option<Timestamp>,
    /// Seals that end up to this instant; all if absent.
    pub to: Option<Timestamp>,
    /// Most lines of a page.
    pub limit: u32,
    /// Where to go on.
    pub after: Option<Position>,
}

/// A place in the export: a part of a day, and the last place seen in it.
struct Place {
    day: Timestamp,
    part: u8,
    after: Option<String>,
    /// Fixed by the first page, so that what is sealed meanwhile does not change the end.
    until: Timestamp,
}

/// A page of lines. A page may hold fewer than asked for and still not be the last.
pub async fn export_audit(
    app: &App,
    wanted: &AuditExport,
) -> Result<(Vec<Line>, Option<Position>), AppError> {
    let from = wanted.from.unwrap_or(Timestamp::UNIX_EPOCH);
    let Some(first) = first_from(app, midnight_of(from)).await? else {
        return Ok((Vec::new(), None));
    };
    let mut place = if let Some(position) = &wanted.after {
        Place::read(position)?
    } else {
        let Some(until) = end(app, wanted).await? else { return Ok((Vec::new(), None)) };
        Place { day: midnight_of(first.from), part: 0, after: None, until }
    };
    let limit = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let mut lines = Vec::new();
    for _ in 0..MOST_QUERIES {
        if place.day >= place.until {
            return Ok((lines, None));
        }
        let most = limit.saturating_sub(lines.len());
        let (part, whole) = page(app, &place, &first, most).await?;
        place.after = part.last().map(|(sort, _)| sort.clone()).or(place.after);
        lines.extend(part.into_iter().map(|(_, line)| line));
        if whole {
            place.next();
        }
        if lines.len() >= limit {
            break;
        }
    }
    Ok((lines, Some(place.position())))
}

/// The end of the last seal that is wanted.
async fn end(app: &App, wanted: &AuditExport) -> Result<Option<Timestamp>, AppError> {
    let Some(newest) = youngest(app).await? else { return Ok(None) };
    let Some(to) = wanted.to.filter(|to| *to < newest.until) else { return Ok(Some(newest.until)) };
    let query = Query {
        until: Some(AuditSeal::sort_of(to)),
        descending: true,
        ..Query::partition(None, AuditSeal::PARTITION, 2)
    };
    for record in app.store.query(&query).await?.records {
        let seal = record.decode::<AuditSeal>()?.value.0;
        if seal.until <= to {
            return Ok(Some(seal.until));
        }
    }
    Ok(None)
}

/// Lines of one part of a day, with their places, and whether that is all of it.
async fn page(
    app: &App,
    place: &Place,
    first: &Seal,
    most: usize,
) -> Result<(Vec<(String, Line)>, bool), AppError> {
    let from = sortable(place.day.max(first.from));
    let until = sortable(midnight_after(place.day).min(place.until));
    let partition = if place.part < SHARDS {
        partition(day_of(place.day), place.part)
    } else {
        AuditSeal::PARTITION.to_owned()
    };
    let limit = u32::try_from(most).unwrap_or(u32::MAX).saturating_add(1);
    // A place in the table ends in no zero byte, so nothing lies between it and what follows.
    let from = place.after.as_ref().map_or(from, |after| format!("{after}\u{1}"));
    let query =
        Query { from: Some(from), until: Some(until), ..Query::partition(None, partition, limit) };
    let page = app.store.query(&query).await?;
    let whole = page.next.is_none() && page.records.len() <= most;
    let mut lines = Vec::new();
    for record in page.records.iter().take(most) {
        let line = if place.part < SHARDS {
            let (sort, entry) = (record.key.sort.clone(), (*record.body).clone());
            Line::Entry { shard: place.part, sort, entry }
        } else {
            Line::Seal { seal: record.decode::<AuditSeal>()?.value.0 }
        };
        lines.push((record.key.sort.clone(), line));
    }
    Ok((lines, whole))
}

fn midnight_of(at: Timestamp) -> Timestamp {
    let day = day_of(at).to_zoned(jiff::tz::TimeZone::UTC);
    day.map_or(at, |day| day.timestamp())
}

impl Place {
    fn next(&mut self) {
        self.after = None;
        if self.part < SHARDS {
            self.part = self.part.saturating_add(1);
        } else {
            self.part = 0;
            let day = SignedDuration::from_hours(24);
            self.day = self.day.saturating_add(day).unwrap_or(Timestamp::MAX);
        }
    }

    fn position(&self) -> Position {
        let part = format!("{}#{}", sortable(self.day), self.part);
        let after = self.after.clone().unwrap_or_default();
        Position { key: (part, after), index_sort: Some(sortable(self.until)) }
    }

    fn read(position: &Position) -> Result<Self, AppError> {
        let (part, after) = &position.key;
        let read = || {
            let (day, part) = part.split_once('#')?;
            let until = time_of(position.index_sort.as_deref()?)?;
            let after = Some(after.clone()).filter(|after| !after.is_empty());
            Some(Self { day: time_of(day)?, part: part.parse().ok()?, after, until })
        };
        read().ok_or_else(|| AppError::internal("a sealed cursor holds no place"))
    }
}
