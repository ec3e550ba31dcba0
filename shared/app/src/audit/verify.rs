//! Verifies the chain in the table against its seals.

use interlock_audit::{Address, Fault, SHARDS, Seal, Walk, What, check_seals, time_of};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::stream::{days, each, seals, youngest};
use crate::{App, AppError};

/// Most entries one verification reads; it says how far it came.
const MOST_ENTRIES: u64 = 20_000;
/// Longest stretch of one verification.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 31);
/// How old the end of the youngest seal may be.
const LATE: SignedDuration = SignedDuration::from_mins(15);
/// What the nightly verification looks back on.
const WATCHED: SignedDuration = SignedDuration::from_hours(48);
/// Most faults told of; one is enough to act on.
const MOST_FAULTS: usize = 100;

/// What is to be verified.
#[derive(Debug, Clone, Default)]
pub struct VerifyRequest {
    /// From the seal on that begins at or after this instant; a week ago if absent.
    pub from: Option<Timestamp>,
    /// Seals that begin before this instant; now if absent.
    pub to: Option<Timestamp>,
    /// A root that was noted earlier, and that one of the seals must have.
    pub root: Option<String>,
}

/// What was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// Whether nothing is wrong.
    pub intact: bool,
    /// What is wrong; at most a hundred faults.
    pub faults: Vec<Fault>,
    /// Seals verified.
    pub seals: usize,
    /// Sealed entries they speak of.
    pub entries: u64,
    /// Entries after the youngest seal: each fits its place, but that none is missing is not known.
    pub unsealed: u64,
    /// First instant verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// First instant after what was verified; go on from here where it is before `sealedUntil`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// End of the youngest seal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed_until: Option<Timestamp>,
    /// Whether that is more than 15 minutes ago.
    pub late: bool,
    /// Root before the first seal verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Root of the last seal verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
}

/// Verifies a stretch (promise R23). Errors: `Invalid` for a stretch of more than 31 days or none.
pub async fn verify_audit(app: &App, request: &VerifyRequest) -> Result<Verification, AppError> {
    let now = app.now();
    let (from, to) = stretch(request, now)?;
    let newest = youngest(app).await?;
    let seals = seals(app, (from, to), MOST_ENTRIES).await?;
    let (mut faults, base) = seal_faults(app, &seals, from).await?;
    for shard in 0..SHARDS {
        let mut walk = Walk::new(&seals, shard);
        let ends = seals.first().zip(seals.last());
        for day in ends.map_or_else(Vec::new, |(first, last)| days(first.from, last.until)) {
            each(app, day, shard, |sort, entry| walk.entry(sort, entry)).await?;
        }
        faults.extend(walk.finish());
    }
    let sealed_until = newest.as_ref().map(|seal| seal.until);
    let unsealed = match sealed_until {
        Some(until) if to >= until => tail(app, (until, now), &mut faults).await?,
        Some(_) | None => 0,
    };
    if let Some(root) = &request.root
        && !seals.iter().any(|seal| seal.root == *root)
    {
        faults.push(Fault::whole(What::RootMissing));
    }
    faults.truncate(MOST_FAULTS);
    let young = now.saturating_sub(LATE).unwrap_or(now);
    Ok(Verification {
        intact: faults.is_empty(),
        faults,
        seals: seals.len(),
        entries: seals.iter().map(Seal::count).sum(),
        unsealed,
        from: seals.first().map(|seal| seal.from),
        until: seals.last().map(|seal| seal.until),
        sealed_until,
        late: sealed_until.is_none_or(|until| until < young),
        base,
        root: seals.last().map(|seal| seal.root.clone()),
    })
}

/// The nightly verification: what is wrong becomes a figure, and the figure an alarm.
pub async fn watch_audit(app: &App) -> Result<Verification, AppError> {
    let from = app.now().saturating_sub(WATCHED).ok();
    let verified = verify_audit(app, &VerifyRequest { from, ..VerifyRequest::default() }).await?;
    let count = u64::try_from(verified.faults.len()).unwrap_or(u64::MAX);
    tracing::info!(target: "metric", AuditFaults = count, "the audit is verified");
    for fault in &verified.faults {
        tracing::error!(%fault, "the audit is not as it was sealed");
    }
    Ok(verified)
}

fn stretch(request: &VerifyRequest, now: Timestamp) -> Result<(Timestamp, Timestamp), AppError> {
    let week = SignedDuration::from_hours(24 * 7);
    let to = request.to.unwrap_or(now);
    let from = request.from.unwrap_or_else(|| to.saturating_sub(week).unwrap_or(to));
    if from >= to || to.duration_since(from) > LONGEST {
        return Err(AppError::invalid("/to", "out_of_range", "after `from`, by at most 31 days"));
    }
    Ok((from, to))
}

/// Faults of the seals, and the root before the first of them. What stands before the stretch must
/// be the seal they follow.
async fn seal_faults(
    app: &App,
    seals: &[Seal],
    from: Timestamp,
) -> Result<(Vec<Fault>, Option<String>), AppError> {
    let Some(first) = seals.first() else { return Ok((Vec::new(), None)) };
    if first.sequence == 1 {
        return Ok((check_seals(seals, None), None));
    }
    let day = SignedDuration::from_hours(24 * 2);
    let earlier = (from.saturating_sub(day).unwrap_or(from), from);
    let before = self::seals(app, earlier, u64::MAX).await?.pop();
    let base = before.map(|seal| seal.root).unwrap_or_default();
    Ok((check_seals(seals, Some(&base)), Some(base)))
}

/// Entries that no seal covers yet must be where their content says.
async fn tail(
    app: &App,
    (from, until): (Timestamp, Timestamp),
    faults: &mut Vec<Fault>,
) -> Result<u64, AppError> {
    let mut count = 0_u64;
    for day in days(from, until) {
        for shard in 0..SHARDS {
            each(app, day, shard, |sort, entry| {
                count = count.saturating_add(1);
                let own = Address::of(entry);
                let fits = own.is_some_and(|own| own.sort == sort && own.shard == shard);
                if !fits || time_of(sort).is_none() {
                    faults.push(Fault {
                        what: What::EntryMisplaced,
                        seal: None,
                        shard: Some(shard),
                    });
                }
            })
            .await?;
        }
    }
    Ok(count)
}
