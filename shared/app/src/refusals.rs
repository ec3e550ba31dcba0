//! What the gate refused, counted by reason for those who answer for the rules.
//!
//! Counting comes after the decision and changes nothing of it: a count that fails is lost.

use std::collections::BTreeMap;

use interlock_policy::{ReasonCode, ResourceId, Severity, Verdict};
use jiff::civil::Date;

use crate::model::{Account, RefusalDay, Resource};
use crate::ports::store::{Key, MAX_READ, Query, Record};
use crate::{App, AppError, Snapshot, read_resource, resources};

/// Most days of one answer; each is one request to the table, or all of them one for one machine.
pub const MOST_REFUSAL_DAYS: usize = 92;
/// Records asked for at a time.
const PAGE: u32 = 200;

/// Which refusals.
#[derive(Debug, Clone)]
pub struct RefusalQuery {
    /// On this; absent means on everything the viewer answers for.
    pub resource_id: Option<ResourceId>,
    /// First civil day.
    pub from: Date,
    /// Last civil day.
    pub to: Date,
}

/// How much was refused, and for which reasons; one request may have several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RefusalCount {
    /// Requests.
    pub refused: u64,
    /// Requests that had this reason.
    pub reasons: BTreeMap<ReasonCode, u64>,
}

impl RefusalCount {
    fn add(&mut self, day: &RefusalDay) {
        self.refused = self.refused.saturating_add(day.refused());
        for (code, count) in day.by_reason() {
            let sum = self.reasons.entry(code).or_default();
            *sum = sum.saturating_add(count);
        }
    }
}

/// All of a stretch of days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusals {
    /// Of all days together.
    pub all: RefusalCount,
    /// By day, without those on which nothing was refused.
    pub days: BTreeMap<Date, RefusalCount>,
}

/// The answer to a wish for time, counted where it is the gate's refusal: one write, best effort.
pub(crate) async fn counted(app: &App, resource: &Resource, answer: AppError) -> AppError {
    let codes = refused_for(&answer);
    if !codes.is_empty() {
        count(app, resource, codes).await;
    }
    answer
}

async fn count(app: &App, resource: &Resource, codes: Vec<ReasonCode>) {
    let now = app.now();
    let zone = resource.in_force(now).time_zone.zone();
    let day = RefusalDay::empty(resource.id.clone(), zone.to_datetime(now).date());
    let mut counts = vec![RefusalDay::REFUSED];
    counts.extend(codes.into_iter().map(ReasonCode::as_str));
    let added = match Record::of(&day, 1) {
        Ok(record) => app.tally.add(&record, &counts).await,
        Err(error) => Err(error),
    };
    if let Err(error) = added {
        tracing::warn!(%error, machine.id = %resource.id, "a refusal went uncounted");
    }
}

/// The codes that refused, each once. What only needs a yes refuses where nobody can be asked.
fn refused_for(error: &AppError) -> Vec<ReasonCode> {
    if let AppError::DurationNotOffered { .. } = error {
        return vec![ReasonCode::DurationNotOffered];
    }
    let AppError::NotEligible(verdict) = error else { return Vec::new() };
    let blocking = codes(verdict, Severity::Block);
    if blocking.is_empty() { codes(verdict, Severity::Approval) } else { blocking }
}

fn codes(verdict: &Verdict, severity: Severity) -> Vec<ReasonCode> {
    let grave = verdict.reasons.iter().filter(|reason| reason.severity == severity);
    let mut codes: Vec<ReasonCode> = grave.map(|reason| reason.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// What was refused on the days `from` to `to`, both included, each by its machine's clock.
///
/// Errors: `Invalid` where the days are in no order or too many, `NotFound` for a machine that
/// does not exist, `RoleRequired` for one beyond the viewer's scope.
pub async fn list_refusals(
    app: &App,
    viewer: &Account,
    wanted: &RefusalQuery,
) -> Result<Refusals, AppError> {
    let days = days(wanted)?;
    let found = match &wanted.resource_id {
        Some(id) => of_resource(app, viewer, id, &days).await?,
        None => of_scope(app, viewer, &days).await?,
    };
    let mut refusals = Refusals::default();
    for day in found {
        refusals.all.add(&day);
        refusals.days.entry(day.day).or_default().add(&day);
    }
    Ok(refusals)
}

fn days(wanted: &RefusalQuery) -> Result<Vec<Date>, AppError> {
    let days = wanted.from.series(jiff::Span::new().days(1));
    let days: Vec<Date> =
        days.take_while(|day| *day <= wanted.to).take(MOST_REFUSAL_DAYS + 1).collect();
    match days.len() {
        0 => Err(AppError::invalid("to", "out_of_order", "it lies before `from`")),
        1..=MOST_REFUSAL_DAYS => Ok(days),
        _ => Err(AppError::invalid("to", "range_too_long", "at most 92 days are counted at once")),
    }
}

async fn of_resource(
    app: &App,
    viewer: &Account,
    id: &ResourceId,
    days: &[Date],
) -> Result<Vec<RefusalDay>, AppError> {
    let resource = read_resource(app, Snapshot::default(), id).await?;
    if !viewer.manages(&resource.value, app.now()) {
        return Err(AppError::RoleRequired);
    }
    let keys: Vec<Key> = days.iter().map(|day| RefusalDay::key_of(id, *day)).collect();
    let mut found = Vec::new();
    for keys in keys.chunks(MAX_READ) {
        for record in app.store.read(keys).await?.values() {
            found.push(record.decode::<RefusalDay>()?.value);
        }
    }
    Ok(found)
}

async fn of_scope(app: &App, viewer: &Account, days: &[Date]) -> Result<Vec<RefusalDay>, AppError> {
    let mut own: Option<Vec<ResourceId>> = None;
    if viewer.decides_anywhere(app.now()) != Some(true) {
        let all = resources::all_resources(app).await?;
        let managed = all.into_iter().filter(|resource| viewer.manages(resource, app.now()));
        own = Some(managed.map(|resource| resource.id).collect());
    }
    let mut found = Vec::new();
    for day in days {
        let mut query = Query::partition(None, RefusalDay::partition(*day), PAGE);
        loop {
            let page = app.store.query(&query).await?;
            for record in &page.records {
                let day = record.decode::<RefusalDay>()?.value;
                let seen = own.as_ref().is_none_or(|own| own.contains(&day.resource_id));
                found.extend(seen.then_some(day));
            }
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
    }
    Ok(found)
}
