//! The hold: time is ours in the ledger before Cal.com is asked (RELIABILITY 3.5 step 1).

use interlock_policy::{Interval, Purpose, Request, UserId};
use jiff::{SignedDuration, Timestamp};

use super::create::ReserveRequest;
use super::kind::choose;
use super::replay::remembered;
use crate::change::{Change, Committed, Recording, commit};
use crate::eligibility::Member;
use crate::model::{
    Account, Attempt, EventTypeEntry, Holder, IdempotencyKey, IdempotencyRecord, Origin, Question,
    Reservation, Resource, Standing, State, WaitingFor,
};
use crate::ports::scheduler::CalAccount;
use crate::ports::store::{Key, Stored};
use crate::refusals::counted;
use crate::{App, AppError, Snapshot};

/// A hold that was committed and is about to be booked, with what the next steps need.
pub(crate) struct Held {
    pub(crate) reservation: Stored<Reservation>,
    pub(crate) account: Account,
    pub(crate) cal_account: CalAccount,
    /// What must be unchanged when it is confirmed.
    pub(crate) unchanged: Vec<(Key, Option<u64>)>,
    /// Where it goes if surely nothing was made.
    pub(crate) unmade: Unmade,
    /// HTTP status once it is confirmed.
    pub(crate) settled: u16,
}

/// Where a hold goes if surely nothing was made at Cal.com.
pub(crate) enum Unmade {
    /// It fails, and the request that made it may be tried anew.
    Fails,
    /// It waits again as it did, and this request may be tried anew.
    Waits(State, Option<IdempotencyKey>),
}

/// What became of one try.
pub(crate) enum Try {
    /// Committed.
    Held(Box<Held>),
    /// Committed, and somebody must say yes before it is booked.
    Waiting(Box<Reservation>),
    /// The request was known; its record.
    Known(IdempotencyRecord),
    /// Another write came first.
    Lost,
}

/// Judges and holds once, on what one read returned.
pub(crate) async fn try_hold(
    app: &App,
    snapshot: Snapshot,
    user_id: &UserId,
    request: &ReserveRequest,
) -> Result<Try, AppError> {
    let now = app.now();
    let (record, record_version) = remembered(&snapshot, &request.idempotency, now)?;
    if let Some(record) = record {
        return Ok(Try::Known(record));
    }
    let resource = snapshot
        .get::<Resource>(&Resource::key_of(&request.resource_id))?
        .ok_or(AppError::NotFound { what: "resource" })?;
    let member = Member::from(&snapshot, user_id)?;
    let wanted = match judged(request, &resource.value, &member, now) {
        Ok(wanted) => wanted,
        Err(refusal) => return Err(counted(app, &resource.value, refusal).await),
    };
    let cal_account = mapped(app, &resource.value)?;
    let decision = Some(member.input(&resource.value, vec![wanted.asked()], now));
    let reservation = draft(app, user_id, request, &resource.value, &wanted)?;
    let unchanged = conditions(user_id, &member, &resource);
    let record = IdempotencyRecord {
        key: request.idempotency.key.clone(),
        body_hash: request.idempotency.body_hash.clone(),
        reservation_id: reservation.id.clone(),
        recorded: None,
        expires_at: reservation.remembered_until,
    };
    let change = Change {
        before: None,
        after: reservation,
        act: request.act.clone(),
        unchanged: unchanged.clone(),
        decision,
        recording: Recording::Save(Box::new(record), record_version),
        snapshot,
    };
    match commit(app, change).await? {
        Committed::Done(reservation) if wanted.waits => {
            Ok(Try::Waiting(Box::new(reservation.value)))
        }
        Committed::Done(reservation) => Ok(Try::Held(Box::new(Held {
            reservation: *reservation,
            account: member.account.value,
            cal_account,
            unchanged,
            unmade: Unmade::Fails,
            settled: 201,
        }))),
        Committed::Lost => Ok(Try::Lost),
        Committed::Taken(interval) => Err(AppError::SlotTaken { interval }),
    }
}

/// What the gate lets somebody have.
struct Wanted {
    entry: EventTypeEntry,
    interval: Interval,
    /// Whether somebody must say yes first.
    waits: bool,
    /// How long the time is held for that, where a rule says so.
    hold_hours: Option<u32>,
}

impl Wanted {
    /// What the gate was asked.
    fn asked(&self) -> Question {
        let (interval, kind) = (Some(self.interval), Some(self.entry.id));
        let request = Request { interval, event_type_id: kind };
        Question { purpose: Purpose::Create, request }
    }
}

/// The kind and interval the gate permits or may be asked for; otherwise every reason against it.
fn judged(
    request: &ReserveRequest,
    resource: &Resource,
    member: &Member,
    now: Timestamp,
) -> Result<Wanted, AppError> {
    let chosen = choose(resource, request.event_type_id, request.duration_minutes);
    // What the person lacks comes before what the request breaks (PRODUCT 8), so a person who
    // may not have the resource at all is not told about its kinds first.
    let entry = match chosen {
        Ok(entry) => entry,
        Err(error) => {
            let plain = Request { interval: None, event_type_id: None };
            let verdict = member.judge(resource, &plain, &Purpose::View, now);
            let lacks = verdict.leading_class() == Some(interlock_policy::ReasonClass::Person);
            return Err(if lacks { AppError::NotEligible(Box::new(verdict)) } else { error });
        }
    };
    let interval = Interval::lasting(request.start, entry.length())
        .map_err(|error| AppError::invalid("/start", "out_of_range", error.to_string()))?;
    let asked = Request { interval: Some(interval), event_type_id: Some(entry.id) };
    let verdict = member.judge(resource, &asked, &Purpose::Create, now);
    if verdict.refuses() {
        return Err(AppError::NotEligible(Box::new(verdict)));
    }
    let hold_hours = verdict.hold_hours();
    Ok(Wanted { entry: entry.clone(), interval, waits: !verdict.permits(), hold_hours })
}

/// Held for the decision as long as the policy says, and never beyond the start (PRODUCT D17).
fn first_state(app: &App, wanted: &Wanted) -> State {
    let now = app.now();
    if !wanted.waits {
        return State::Pending { attempt: attempt(app) };
    }
    let hours = wanted.hold_hours.unwrap_or(interlock_policy::ApprovalRule::default().hold_hours);
    let until = now.saturating_add(SignedDuration::from_hours(i64::from(hours)));
    let hold_until = until.unwrap_or(Timestamp::MAX).min(wanted.interval.start());
    State::Awaiting { waiting_for: WaitingFor::Approval, hold_until }
}

/// A call that is about to be made.
pub(crate) fn attempt(app: &App) -> Attempt {
    let now = app.now();
    let lease_until = now.saturating_add(app.settings.timing.lease).unwrap_or(Timestamp::MAX);
    Attempt { at: now, lease_until }
}

/// The resource's account at Cal.com, remembered for the next request's first read.
pub(crate) fn mapped(app: &App, resource: &Resource) -> Result<CalAccount, AppError> {
    let account = resource.cal_account.clone().ok_or_else(|| AppError::StateConflict {
        detail: "the resource is not mapped to a calendar".to_owned(),
    })?;
    app.hints.set(&resource.id, &account.id);
    Ok(account)
}

/// The interval with the buffers Cal.com keeps around it.
pub(crate) fn with_buffers(entry: &EventTypeEntry, interval: Interval) -> Interval {
    let (before, after) = entry.buffers();
    interval.widened(before, after)
}

fn draft(
    app: &App,
    user_id: &UserId,
    request: &ReserveRequest,
    resource: &Resource,
    wanted: &Wanted,
) -> Result<Reservation, AppError> {
    let now = app.now();
    let account = resource.cal_account.as_ref();
    let Wanted { entry, interval, .. } = wanted;
    let remembered_until = now.saturating_add(app.settings.timing.idempotency);
    Ok(Reservation {
        id: app.id()?,
        holder: Holder::User { user_id: user_id.clone() },
        origin: Origin::Interlock,
        resource_id: resource.id.clone(),
        resource_name: resource.name.clone(),
        category: resource.category.clone(),
        cal_account_id: account
            .map(|account| account.id.clone())
            .ok_or_else(|| AppError::internal("an unmapped resource cannot be held"))?,
        event_type_id: entry.id,
        interval: *interval,
        held: with_buffers(entry, *interval),
        state: first_state(app, wanted),
        cal_uids: Vec::new(),
        idempotency_key: Some(request.idempotency.key.clone()),
        request_hash: Some(request.idempotency.body_hash.clone()),
        remembered_until: remembered_until.unwrap_or(Timestamp::MAX),
        flags: Vec::new(),
        cancelled_late: false,
        attendance: None,
        policy_version: resource.in_force(now).version,
        created_at: now,
        updated_at: now,
    })
}

/// What a hold and its confirmation must find as it was judged: account, proofs, resource
/// (promise R3). The open reservations are conditioned on by the books.
pub(crate) fn conditions(
    user_id: &UserId,
    member: &Member,
    resource: &Stored<Resource>,
) -> Vec<(Key, Option<u64>)> {
    vec![
        (Account::key_of(user_id), Some(member.account.version)),
        (Standing::key_of(user_id), member.standing_version),
        (Resource::key_of(&resource.value.id), Some(resource.version)),
    ]
}
