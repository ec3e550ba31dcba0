//! What a person may know of the rules of a resource, as values instead of verdicts.
//!
//! It says what the rules ask of this person and decides nothing: the strictest of all that
//! concern him, as the rules themselves look it up.

use std::collections::BTreeMap;

use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{Question, reached_strikes};
use crate::{
    ApprovalRule, AreaRule, ClockRange, Closure, ContentsRule, EventTypeId, Facts, FirstTime,
    OffPeak, OpeningHours, Policy, PolicyVersion, Purpose, QuotaMeasure, QuotaPeriod, QuotaScope,
    Request, Rules, Weekday,
};

/// Most closures that are told, the next ones first.
const MOST_CLOSURES: usize = 50;
/// The end of a day, in seconds from its beginning.
const DAY_SECONDS: i32 = 86_400;

/// The limits of a resource that concern one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownPolicy {
    /// Which save they are of.
    pub policy_version: PolicyVersion,
    /// Of the policy.
    #[serde(flatten)]
    pub rules: ShownRules,
    /// What event types ask beside; both apply.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overlays: Vec<ShownOverlay>,
}

/// What one event type asks beside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownOverlay {
    /// Which.
    pub event_type_id: EventTypeId,
    /// Its limits.
    #[serde(flatten)]
    pub rules: ShownRules,
}

/// Limits on a reservation of one person; what is absent or nought limits nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownRules {
    /// When it may be used, in the zone of the resource; absent means always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opening_hours: Option<OpeningHours>,
    /// Closures that are not over, by their beginning.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub closures: Vec<Closure>,
    /// How many days of 24 hours ahead a reservation may start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub horizon_days: Option<u32>,
    /// Minutes before the start.
    pub notice: ShownNotice,
    /// Minutes before the start from which giving back counts as late.
    #[serde(skip_serializing_if = "is_nought")]
    pub late_cancel_minutes: u32,
    /// Minutes after reserving in which no notice is asked for.
    #[serde(skip_serializing_if = "is_nought")]
    pub free_edit_minutes: u32,
    /// Bounds of the length.
    pub duration: ShownDuration,
    /// Starts lie on multiples of so many minutes from local midnight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid_minutes: Option<u32>,
    /// Most reservations the person may have open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_cap: Option<u32>,
    /// How much the person may have in a stretch of time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<ShownQuota>,
    /// Minutes between two of the person's reservations here.
    #[serde(skip_serializing_if = "is_nought")]
    pub minimum_gap_minutes: u32,
    /// Whether two of them may not touch.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_chaining: bool,
    /// Whether the person may hold two reservations at one time; absent in an overlay that does
    /// not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_parallel: Option<bool>,
    /// Quiet time in which limits are relaxed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_peak: Option<OffPeak>,
    /// People who must be there when use begins, the person included.
    #[serde(skip_serializing_if = "is_nought")]
    pub minimum_present: u32,
    /// Whether it may be used without a reservation.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub walk_in: bool,
    /// To what the person must be new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_time_only: Option<FirstTime>,
    /// Whether somebody must say yes first, and how long the time is held for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_approval: Option<ApprovalRule>,
    /// The resource in which it is used, of which the person must hold a reservation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaRule>,
    /// What is used inside it: nothing of the person's own may be left behind by a move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contents: Option<ContentsRule>,
}

/// Minutes before the start until which one may act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownNotice {
    /// To reserve.
    pub create_minutes: u32,
    /// To move.
    pub change_minutes: u32,
    /// To cancel.
    pub cancel_minutes: u32,
}

/// Bounds of a reservation's length, in minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownDuration {
    /// Shortest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_minutes: Option<u32>,
    /// Longest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_minutes: Option<u32>,
    /// Lengths are multiples of this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step_minutes: Option<u32>,
}

/// How much of something the person may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownQuota {
    /// What is counted.
    pub measure: QuotaMeasure,
    /// How much is allowed.
    pub limit: u32,
    /// In which stretch.
    pub per: QuotaPeriod,
    /// On what.
    pub scope: QuotaScope,
    /// Only time inside these hours counts; absent means all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<OpeningHours>,
    /// Whether what has taken place or was missed counts beside what lies ahead.
    pub completed_count: bool,
    /// Whether what was cancelled late counts as used.
    pub late_cancels_count: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_nought(count: &u32) -> bool {
    *count == 0
}

impl ShownPolicy {
    /// What concerns the person of these facts, at their instant.
    pub fn of(facts: &Facts<'_>, policy: &Policy) -> Self {
        let request = Request { interval: None, event_type_id: None };
        let question = Question::new(facts, policy, &request, &Purpose::View, None);
        let mut rules = shown(&question, &policy.rules);
        rules.allow_parallel = Some(policy.rules.allow_parallel.unwrap_or(false));
        let overlays = policy.overlays.iter().map(|overlay| ShownOverlay {
            event_type_id: overlay.event_type_id,
            rules: shown(&question, &overlay.rules),
        });
        Self { policy_version: policy.version, rules, overlays: overlays.collect() }
    }
}

fn shown(question: &Question<'_>, rules: &Rules) -> ShownRules {
    let who = question.person();
    let present = rules.minimum_present.greatest(who);
    let strikes = Strikes::of(question, rules);
    let horizon = rules.horizon_days.least_limit(who);
    let cap = rules.open_cap.least_limit(who);
    ShownRules {
        opening_hours: all_of(rules.opening_hours.concerning(who).flatten()),
        closures: to_come(&rules.closures, question),
        horizon_days: horizon.into_iter().chain(strikes.horizon_days).min(),
        notice: ShownNotice {
            create_minutes: rules.notice.create_minutes.greatest(who),
            change_minutes: rules.notice.change_minutes.greatest(who),
            cancel_minutes: rules.notice.cancel_minutes.greatest(who),
        },
        late_cancel_minutes: rules.late_cancel_minutes,
        free_edit_minutes: rules.free_edit_minutes,
        duration: duration(question, rules, strikes.maximum_minutes),
        grid_minutes: rules.grid_minutes,
        open_cap: cap.into_iter().chain(strikes.open_cap).min(),
        quotas: quotas(question, rules),
        minimum_gap_minutes: rules.minimum_gap_minutes.greatest(who),
        no_chaining: rules.no_chaining,
        allow_parallel: rules.allow_parallel,
        off_peak: rules.off_peak.clone(),
        minimum_present: if present < 2 { 0 } else { present },
        walk_in: rules.walk_in,
        first_time_only: rules.first_time_only,
        needs_approval: approval(question, rules, strikes.needs_approval),
        area: rules.area.clone(),
        contents: rules.contents.clone(),
    }
}

fn duration(question: &Question<'_>, rules: &Rules, strikes: Option<u32>) -> ShownDuration {
    let most = rules.duration.maximum_minutes.least_limit(question.person());
    ShownDuration {
        minimum_minutes: rules.duration.minimum_minutes,
        maximum_minutes: most.into_iter().chain(strikes).min(),
        step_minutes: rules.duration.step_minutes,
    }
}

fn approval(question: &Question<'_>, rules: &Rules, strikes: bool) -> Option<ApprovalRule> {
    let concerning = rules.needs_approval.concerning(question.person()).flatten().copied();
    let strictest = concerning.min_by_key(|rule| rule.hold_hours);
    strictest.or(strikes.then(ApprovalRule::default))
}

fn quotas(question: &Question<'_>, rules: &Rules) -> Vec<ShownQuota> {
    let quotas = rules.quotas.iter().map(|quota| ShownQuota {
        measure: quota.measure,
        limit: quota.limit.least(question.person()),
        per: quota.per,
        scope: quota.scope,
        hours: quota.hours.clone(),
        completed_count: quota.completed_count,
        late_cancels_count: quota.late_cancels_count,
    });
    quotas.collect()
}

/// What the person's points have led to.
#[derive(Default)]
struct Strikes {
    horizon_days: Option<u32>,
    open_cap: Option<u32>,
    maximum_minutes: Option<u32>,
    needs_approval: bool,
}

impl Strikes {
    fn of(question: &Question<'_>, rules: &Rules) -> Self {
        let Some(rule) = &rules.strikes else { return Self::default() };
        let reached = || reached_strikes(question, rule);
        Self {
            horizon_days: reached().filter_map(|limit| limit.horizon_days).min(),
            open_cap: reached().filter_map(|limit| limit.open_cap).min(),
            maximum_minutes: reached().filter_map(|limit| limit.maximum_minutes).min(),
            needs_approval: reached().any(|limit| limit.needs_approval),
        }
    }
}

/// Closures that are not over, by their beginning on the resource's wall.
fn to_come(closures: &[Closure], question: &Question<'_>) -> Vec<Closure> {
    let shown = |at: Timestamp| question.policy.time_zone.zone().to_datetime(at);
    let now = question.facts.now;
    let is_over = |closure: &&Closure| match closure {
        Closure::Days { to, .. } => *to < shown(now).date(),
        Closure::Time { end, .. } => *end <= now,
    };
    let begin = |closure: &Closure| -> DateTime {
        match closure {
            Closure::Days { from, .. } => from.to_datetime(Time::midnight()),
            Closure::Time { start, .. } => shown(*start),
        }
    };
    let mut ahead: Vec<Closure> =
        closures.iter().filter(|closure| !is_over(closure)).cloned().collect();
    ahead.sort_by_key(begin);
    ahead.truncate(MOST_CLOSURES);
    ahead
}

/// The hours that all of them leave open; `None` if there are none.
fn all_of<'a>(mut hours: impl Iterator<Item = &'a OpeningHours>) -> Option<OpeningHours> {
    let first = hours.next()?.clone();
    Some(hours.fold(first, |open, other| both(&open, other)))
}

fn both(one: &OpeningHours, other: &OpeningHours) -> OpeningHours {
    let mut days = BTreeMap::new();
    for day in Weekday::ALL {
        let ranges = |hours: &OpeningHours| hours.0.get(&day).cloned().unwrap_or_default();
        let (mine, theirs) = (ranges(one), ranges(other));
        let pairs = mine.iter().flat_map(|a| theirs.iter().map(move |b| (*a, *b)));
        let mut common: Vec<ClockRange> = pairs.filter_map(|(a, b)| overlap(a, b)).collect();
        common.sort_by_key(|range| range.opens);
        if !common.is_empty() {
            days.insert(day, common);
        }
    }
    OpeningHours(days)
}

fn overlap(one: ClockRange, other: ClockRange) -> Option<ClockRange> {
    let (opens, first, second) = (one.opens.max(other.opens), end(one), end(other));
    let closes = if first <= second { one.closes } else { other.closes };
    (seconds(opens) < first.min(second)).then_some(ClockRange { opens, closes })
}

/// Where a range ends in its day; 00:00 is the end of the day.
fn end(range: ClockRange) -> i32 {
    if range.closes == Time::midnight() { DAY_SECONDS } else { seconds(range.closes) }
}

fn seconds(time: Time) -> i32 {
    let since: SignedDuration = time.duration_since(Time::midnight());
    i32::try_from(since.as_secs()).unwrap_or(DAY_SECONDS)
}
