//! How long people wait to be checked out: the bottleneck of a workshop, in three figures.

use crate::ports::store::{Query, Record};
use crate::{App, AppError};

/// Wishes read in one request.
pub(super) const PAGE: u32 = 100;
/// Most requests for the figures; beyond so many wishes they are of the longest waiting.
const MOST_PAGES: u32 = 10;

/// How long people wait, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// How many wait.
    pub count: usize,
    /// Whether more wait than were counted.
    pub more: bool,
    /// Half of them have waited longer.
    pub median_seconds: Option<i64>,
    /// The longest wait.
    pub oldest_seconds: Option<i64>,
}

/// Figures of what `waited` tells of each record of a query.
pub(super) async fn count(
    app: &App,
    mut query: Query,
    waited: impl Fn(&Record) -> Result<Option<i64>, AppError>,
) -> Result<Waiting, AppError> {
    let mut waits = Vec::new();
    let mut more = true;
    for _ in 0..MOST_PAGES {
        let page = app.store.query(&query).await?;
        for record in &page.records {
            waits.extend(waited(record)?);
        }
        query.after = page.next;
        if query.after.is_none() {
            more = false;
            break;
        }
    }
    waits.sort_unstable();
    Ok(figures(&waits, more))
}

/// Of an even number the median is the mean of the two in the middle.
fn figures(sorted: &[i64], more: bool) -> Waiting {
    let upper = sorted.get(sorted.len() / 2).copied();
    let lower = sorted.get(sorted.len().saturating_sub(1) / 2).copied();
    let median = upper.zip(lower).map(|(one, other)| one.midpoint(other));
    Waiting {
        count: sorted.len(),
        more,
        median_seconds: median,
        oldest_seconds: sorted.last().copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::figures;

    #[test]
    fn the_median_lies_in_the_middle() {
        let of = |sorted: &[i64]| figures(sorted, false).median_seconds;
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[7]), Some(7));
        assert_eq!(of(&[1, 9]), Some(5));
        assert_eq!(of(&[1, 2, 90]), Some(2));
        assert_eq!(of(&[1, 2, 4, 90]), Some(3));
    }

    #[test]
    fn the_oldest_is_the_longest_wait() {
        let figures = figures(&[1, 2, 90], true);
        assert_eq!((figures.count, figures.oldest_seconds, figures.more), (3, Some(90), true));
    }
}
