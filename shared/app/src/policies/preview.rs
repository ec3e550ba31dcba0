//! What a policy would do before it is saved: to members, to reservations ahead, to those of the
//! past (FEATURES 4 item 4). The gate's own answers and the cascade's own choice, written nowhere.

use std::collections::BTreeMap;

use interlock_policy::{
    Policy, Purpose, ReasonCode, Request, ReservationId, ResourceId, Severity, UserId, Verdict,
};
use jiff::SignedDuration;
use serde::Serialize;

use super::put::usable;
use crate::cascade::{Impact, Trigger, foresee, members};
use crate::eligibility::Member;
use crate::model::{Account, DecisionRecord, Reservation, Resource};
use crate::ports::store::{Index, MAX_READ, Position, Query, Stored};
use crate::{App, AppError, Snapshot};

/// Most members looked at in one answer; the cursor goes on.
const MOST_MEMBERS: usize = 500;
/// Most reservations of the past looked at.
const MOST_PAST: usize = 1000;
/// Records asked for at once.
const PAGE: u32 = 100;
/// Most days looked back.
const MOST_DAYS: u32 = 90;

/// A policy to be tried.
#[derive(Debug, Clone)]
pub struct PreviewPolicy {
    /// On what.
    pub resource_id: ResourceId,
    /// The rules.
    pub policy: Box<Policy>,
    /// Days to look back; none looks at no reservation of the past.
    pub past_days: u32,
    /// Where to go on among the members; then nothing else is told again.
    pub after: Option<Position>,
}

/// What would become of whom and what.
#[derive(Debug, Clone, Serialize)]
pub struct PolicyPreview {
    /// Members, as they stand now.
    pub members: MembersPreview,
    /// Reservations ahead, as they would be judged; absent on a page that goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservations: Option<Impact>,
    /// Reservations of the past; absent where none was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub past: Option<PastPreview>,
    /// Where to go on among the members.
    #[serde(skip)]
    pub next: Option<Position>,
}

/// Who gains and who loses.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MembersPreview {
    /// How many were looked at.
    pub considered: u32,
    /// How many of them may have it now.
    pub eligible_before: u32,
    /// How many may have it by the new rules.
    pub eligible_after: u32,
    /// Who may have it only by the new rules, with what stood in the way.
    pub gained: Vec<MemberChange>,
    /// Who may no longer have it, with what would stand in the way.
    pub lost: Vec<MemberChange>,
    /// How many gain what each reason took.
    pub gained_by_reason: BTreeMap<&'static str, u32>,
    /// How many each reason takes it from.
    pub lost_by_reason: BTreeMap<&'static str, u32>,
}

/// Somebody for whom the answer changes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberChange {
    /// Who.
    pub user_id: UserId,
    /// Shown name.
    pub name: String,
    /// The reasons that make the difference.
    pub reasons: Vec<ReasonCode>,
}

/// What would have been refused.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PastPreview {
    /// Days looked back.
    pub days: u32,
    /// Reservations that were judged anew.
    pub considered: u32,
    /// Reservations of which no decision is on record: made inside Cal.com, or before decisions
    /// were kept.
    pub without_record: u32,
    /// Whether these are all.
    pub complete: bool,
    /// Those that would have been refused.
    pub refused: Vec<PastRefusal>,
    /// How many each reason would have refused.
    pub refused_by_reason: BTreeMap<&'static str, u32>,
}

/// A reservation of the past that would have been refused.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PastRefusal {
    /// Which.
    pub reservation_id: ReservationId,
    /// Why.
    pub reasons: Vec<ReasonCode>,
}

/// Tries a policy. Writes nothing. Errors: `NotFound`, `Invalid` with a pointer to every fault.
pub async fn preview_policy(
    app: &App,
    snapshot: Snapshot,
    request: &PreviewPolicy,
) -> Result<PolicyPreview, AppError> {
    if request.past_days > MOST_DAYS {
        return Err(AppError::invalid("/pastDays", "out_of_range", "at most 90 days"));
    }
    usable(app, &request.policy, "/policy").await?;
    let Stored { value: before, .. } =
        crate::resources::read_resource(app, snapshot, &request.resource_id).await?;
    let mut after = before.clone();
    after.settle_policy(app.now());
    after.policy = request.policy.as_ref().clone();
    let goes_on = request.after.is_some();
    let (members, next) = of_members(app, (&before, &after), request.after.clone()).await?;
    let reservations =
        if goes_on { None } else { Some(foresee(app, &after, Trigger::Rules).await?) };
    let past = if goes_on || request.past_days == 0 {
        None
    } else {
        Some(of_the_past(app, &after, request.past_days).await?)
    };
    Ok(PolicyPreview { members, reservations, past, next })
}

async fn of_members(
    app: &App,
    (before, after): (&Resource, &Resource),
    from: Option<Position>,
) -> Result<(MembersPreview, Option<Position>), AppError> {
    let mut query =
        Query { after: from, ..Query::partition(Some(Index::One), Account::PARTITION, PAGE) };
    let mut found = MembersPreview::default();
    let mut seen = 0_usize;
    loop {
        let page = app.store.query(&query).await?;
        let accounts = page.records.iter().map(|record| Ok(record.decode::<Account>()?.value));
        let accounts = accounts.collect::<Result<Vec<_>, AppError>>()?;
        let snapshot = members(app, accounts.iter().map(|account| &account.id)).await?;
        for account in &accounts {
            found.note(app, (before, after), &Member::from(&snapshot, &account.id)?);
        }
        seen = seen.saturating_add(accounts.len());
        match page.next {
            Some(next) if seen < MOST_MEMBERS => query.after = Some(next),
            next => return Ok((found, next)),
        }
    }
}

impl MembersPreview {
    fn note(&mut self, app: &App, (before, after): (&Resource, &Resource), member: &Member) {
        let asked = Request { interval: None, event_type_id: None };
        let judge = |resource: &Resource| member.judge(resource, &asked, &Purpose::View, app.now());
        let (old, new) = (judge(before), judge(after));
        self.considered = self.considered.saturating_add(1);
        self.eligible_before = self.eligible_before.saturating_add(u32::from(!old.refuses()));
        self.eligible_after = self.eligible_after.saturating_add(u32::from(!new.refuses()));
        let change = |verdict: &Verdict| MemberChange {
            user_id: member.account.value.id.clone(),
            name: member.account.value.name.clone(),
            reasons: blocking(verdict),
        };
        match (old.refuses(), new.refuses()) {
            (true, false) => {
                let change = change(&old);
                count(&mut self.gained_by_reason, &change.reasons);
                self.gained.push(change);
            }
            (false, true) => {
                let change = change(&new);
                count(&mut self.lost_by_reason, &change.reasons);
                self.lost.push(change);
            }
            (true, true) | (false, false) => {}
        }
    }
}

/// Judges the decisions that made the reservations of the past anew: what was known then, under
/// the new rules.
async fn of_the_past(app: &App, after: &Resource, days: u32) -> Result<PastPreview, AppError> {
    let now = app.now();
    let back = SignedDuration::from_hours(i64::from(days).saturating_mul(24));
    let mut query = Query {
        from: now.checked_sub(back).ok().map(Reservation::sort_from),
        until: Some(Reservation::sort_from(now)),
        descending: true,
        ..Query::partition(Some(Index::Two), Reservation::partition_of_resource(&after.id), PAGE)
    };
    let mut found = PastPreview { days, complete: true, ..PastPreview::default() };
    let mut seen = 0_usize;
    loop {
        let page = app.store.query(&query).await?;
        let made = page.records.iter().map(|record| Ok(record.decode::<Reservation>()?.value.id));
        let made = made.collect::<Result<Vec<_>, AppError>>()?;
        for some in made.chunks(MAX_READ) {
            found.note(app, &after.policy, some).await?;
        }
        seen = seen.saturating_add(made.len());
        match page.next {
            Some(_) if seen >= MOST_PAST => {
                found.complete = false;
                return Ok(found);
            }
            Some(next) => query.after = Some(next),
            None => return Ok(found),
        }
    }
}

impl PastPreview {
    async fn note(
        &mut self,
        app: &App,
        policy: &Policy,
        made: &[ReservationId],
    ) -> Result<(), AppError> {
        let key = |id: &ReservationId| DecisionRecord::key_of(id, 1);
        let keys: Vec<_> = made.iter().map(key).collect();
        let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
        for id in made {
            let Some(record) = snapshot.get::<DecisionRecord>(&key(id))? else {
                self.without_record = self.without_record.saturating_add(1);
                continue;
            };
            self.considered = self.considered.saturating_add(1);
            let verdicts = record.value.input.judge_by(policy);
            if verdicts.iter().any(Verdict::refuses) {
                let mut reasons: Vec<_> = verdicts.iter().flat_map(blocking).collect();
                reasons.sort_unstable();
                reasons.dedup();
                count(&mut self.refused_by_reason, &reasons);
                self.refused.push(PastRefusal { reservation_id: id.clone(), reasons });
            }
        }
        Ok(())
    }
}

/// Codes that block, each once.
fn blocking(verdict: &Verdict) -> Vec<ReasonCode> {
    let blocking = verdict.reasons.iter().filter(|reason| reason.severity == Severity::Block);
    let mut codes: Vec<ReasonCode> = blocking.map(|reason| reason.code).collect();
    codes.dedup();
    codes
}

fn count(counts: &mut BTreeMap<&'static str, u32>, codes: &[ReasonCode]) {
    for code in codes {
        let times = counts.entry(code.as_str()).or_default();
        *times = times.saturating_add(1);
    }
}
