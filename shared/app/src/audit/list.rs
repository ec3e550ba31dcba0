//! Who did what, the youngest first, over all shards of each day.

use interlock_audit::{SHARDS, day_of, partition, shard_of, sortable};
use interlock_policy::RequestId;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::{Actor, AuditEntry};
use crate::ports::store::{Position, Query};
use crate::{App, AppError};

/// Days looked through for one answer; a page may hold fewer than asked for and not be the last.
const MOST_ROUNDS: u32 = 12;
/// What is listed where no `from` is named.
const USUAL: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Which entries.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// By this person's id, or a job's name, or `calcom`.
    pub actor: Option<String>,
    /// Done to this id.
    pub object: Option<String>,
    /// With this action, or with any that begins with it where it ends in a full stop.
    pub action: Option<String>,
    /// In this request, delivery or run.
    pub request: Option<String>,
    /// From this instant on; a week before `to` if absent.
    pub from: Option<Timestamp>,
    /// Before this instant; now if absent.
    pub to: Option<Timestamp>,
    /// Most entries of a page.
    pub limit: u32,
    /// Where to go on.
    pub after: Option<Position>,
}

/// An entry as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditView {
    /// When.
    pub at: Timestamp,
    /// Request, delivery or run.
    pub request_id: RequestId,
    /// By whom.
    pub actor: Actor,
    /// Stable word.
    pub action: String,
    /// To what.
    pub object: String,
    /// As it was, where the entry tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// As it became, where the entry tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// Whatever else matters.
    pub detail: Map<String, Value>,
}

impl From<AuditEntry> for AuditView {
    fn from(entry: AuditEntry) -> Self {
        let mut detail = match entry.detail {
            Value::Object(detail) => detail,
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => Map::new(),
        };
        Self {
            at: entry.at,
            request_id: entry.request_id,
            actor: entry.actor,
            action: entry.action,
            object: entry.object,
            before: detail.shift_remove("before"),
            after: detail.shift_remove("after"),
            detail,
        }
    }
}

impl AuditQuery {
    fn wants(&self, entry: &AuditEntry) -> bool {
        let is = |wanted: &Option<String>, own: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == own)
        };
        let actor = match &entry.actor {
            Actor::User { user_id } => user_id.as_str(),
            Actor::System { job } => job.as_str(),
            Actor::CalCom => "calcom",
        };
        let action = self.action.as_deref().is_none_or(|wanted| {
            wanted == entry.action || wanted.ends_with('.') && entry.action.starts_with(wanted)
        });
        action
            && is(&self.actor, actor)
            && is(&self.object, &entry.object)
            && is(&self.request, entry.request_id.as_str())
    }

    fn shards(&self) -> std::ops::Range<u8> {
        match self.object.as_deref().map(shard_of) {
            Some(shard) => shard..shard.saturating_add(1),
            None => 0..SHARDS,
        }
    }
}

/// A page of entries. An object's entries of a day are in one shard, so asking for one object
/// costs an eighth.
pub async fn list_audit(
    app: &App,
    wanted: &AuditQuery,
) -> Result<(Vec<AuditView>, Option<Position>), AppError> {
    let to = wanted.to.unwrap_or_else(|| app.now());
    let from = wanted.from.unwrap_or_else(|| to.saturating_sub(USUAL).unwrap_or(to));
    let limit = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let after = wanted.after.as_ref().and_then(|position| position.index_sort.clone());
    let mut before = after.unwrap_or_else(|| sortable(to));
    let mut found = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let Some(day) = day_before(&before, from) else { return Ok((found, None)) };
        let (entries, rest) = youngest(app, wanted, day, &before).await?;
        for (sort, entry) in entries {
            before = sort;
            if wanted.wants(&entry) {
                found.push(AuditView::from(entry));
            }
            if found.len() == limit {
                return Ok((found, Some(position(before))));
            }
        }
        before = rest.unwrap_or_else(|| sortable(day));
    }
    Ok((found, Some(position(before))))
}

fn position(sort: String) -> Position {
    Position { key: (String::new(), String::new()), index_sort: Some(sort) }
}

/// Where the day begins that holds what is right before a place, cut at `from`.
fn day_before(before: &str, from: Timestamp) -> Option<Timestamp> {
    let at = interlock_audit::time_of(before)?;
    let midnight = day_of(at).to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    // A place that is no more than a time, and that a midnight, looks at the day before it.
    let whole = at == midnight && before == sortable(at);
    let day = SignedDuration::from_hours(24);
    let begin = if whole { midnight.saturating_sub(day).ok()? } else { midnight };
    let begin = begin.max(from);
    (sortable(begin).as_str() < before).then_some(begin)
}

/// The youngest entries of a day before a place, in their order, and where to go on if that is not
/// all of the day.
async fn youngest(
    app: &App,
    wanted: &AuditQuery,
    day: Timestamp,
    before: &str,
) -> Result<(Vec<(String, AuditEntry)>, Option<String>), AppError> {
    let mut found = Vec::new();
    // What is younger than this place is all there; older entries of another shard may be missing.
    let mut sure: Option<String> = None;
    for shard in wanted.shards() {
        let query = Query {
            from: Some(sortable(day)),
            until: Some(before.to_owned()),
            descending: true,
            ..Query::partition(None, partition(day_of(day), shard), wanted.limit.max(50))
        };
        let page = app.store.query(&query).await?;
        if page.next.is_some() {
            sure = sure.max(page.records.last().map(|record| record.key.sort.clone()));
        }
        for record in &page.records {
            found.push((record.key.sort.clone(), record.decode::<AuditEntry>()?.value));
        }
    }
    found.sort_by(|(one, _), (other, _)| other.cmp(one));
    if let Some(sure) = &sure {
        found.retain(|(sort, _)| sort >= sure);
    }
    Ok((found, sure))
}
