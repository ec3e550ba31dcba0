//! Judging one reservation again, with everything the judgement stood on as its condition.

use interlock_policy::{Purpose, ReasonClass, Request, ReservationId, Verdict};

use super::fate::{Fate, Trigger, fate, missing};
use super::pending::with_the_other;
use crate::change::{Change, Committed, Recording, commit};
use crate::context::ExternalPolicy;
use crate::eligibility::Member;
use crate::model::{
    Cause, DecisionInput, ModuleTerms, Origin, Question, Reservation, Resource, State,
};
use crate::ports::store::{Key, Stored};
use crate::reserve::{MOST_RACES, conditions};
use crate::{Act, App, AppError, Snapshot};

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// It stands, or it was not to be judged.
    Stands,
    /// It ended here, and Cal.com must follow.
    Ended,
}

/// Judges a reservation ahead as its holder and resource are now. Runs again when anything it was
/// judged on changes, so that who regains what he lost keeps it.
pub(crate) async fn judge_again(
    app: &App,
    id: &ReservationId,
    trigger: Trigger,
    act: &Act,
) -> Result<Again, AppError> {
    for _ in 0..MOST_RACES {
        let key = Reservation::key_of(id);
        let Some(reservation) = app.find::<Reservation>(&key).await? else {
            return Ok(Again::Stands);
        };
        if !concerned(app, &reservation.value) {
            return Ok(Again::Stands);
        }
        if let Some(done) = once(app, reservation, trigger, act).await? {
            return Ok(done);
        }
    }
    Err(AppError::contended())
}

/// Only what lies ahead and is at rest: what is pending or moving is judged when it is confirmed,
/// and what has begun is used up.
pub(super) fn concerned(app: &App, reservation: &Reservation) -> bool {
    let setting = app.settings.external_on(reservation.resource_id.kind());
    let observed = reservation.origin == Origin::External && setting == ExternalPolicy::Observe;
    let at_rest = match reservation.state {
        State::Awaiting { .. } | State::Confirmed { .. } => true,
        State::Pending { .. }
        | State::Moving { .. }
        | State::Cancelling { .. }
        | State::Cancelled { .. }
        | State::Failed { .. }
        | State::Completed => false,
    };
    at_rest && !observed && reservation.interval.start() > app.now()
}

async fn once(
    app: &App,
    reservation: Stored<Reservation>,
    trigger: Trigger,
    act: &Act,
) -> Result<Option<Again>, AppError> {
    let Some(Judged { verdict, resource, terms, decision, unchanged }) =
        judged(app, &reservation.value).await?
    else {
        return Ok(Some(Again::Stands));
    };
    let declared = resource.in_force(app.now()).rules.on_lost_eligibility;
    let trigger = if lacks_proof(&verdict) {
        with_the_other(app, (trigger, declared), &reservation.value, (&resource, &terms)).await?
    } else {
        trigger
    };
    let mut after = reservation.value.clone();
    let done = match fate(&after, &verdict, (trigger, declared), app.now()) {
        Fate::Stands(flags) if flags == after.flags => return Ok(Some(Again::Stands)),
        Fate::Stands(flags) => {
            after.flags = flags;
            Again::Stands
        }
        Fate::Ends => {
            after.state = ended(&after.state);
            Again::Ended
        }
    };
    let change = Change {
        before: Some(reservation),
        after,
        act: act.clone(),
        unchanged,
        decision: Some(decision),
        recording: Recording::None,
        snapshot: Snapshot::default(),
    };
    Ok(match commit(app, change).await? {
        Committed::Done(_) => Some(done),
        Committed::Lost | Committed::Taken(_) => None,
    })
}

fn lacks_proof(verdict: &Verdict) -> bool {
    missing(verdict).iter().any(|code| code.class() == ReasonClass::Person)
}

struct Judged {
    verdict: Verdict,
    resource: Resource,
    terms: ModuleTerms,
    decision: Box<DecisionInput>,
    unchanged: Vec<(Key, Option<u64>)>,
}

/// The verdict for keeping it; `None` for one that no person of ours holds.
async fn judged(app: &App, reservation: &Reservation) -> Result<Option<Judged>, AppError> {
    let Some(user_id) = reservation.user_id() else { return Ok(None) };
    let resource_key = Resource::key_of(&reservation.resource_id);
    let mut keys = Member::keys(user_id).to_vec();
    keys.push(resource_key.clone());
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let member = Member::from(&snapshot, user_id)?;
    let resource = snapshot
        .get::<Resource>(&resource_key)?
        .ok_or_else(|| AppError::internal("a reservation names no resource"))?;
    let asked = Request {
        interval: Some(reservation.interval),
        event_type_id: Some(reservation.event_type_id),
    };
    let now = app.now();
    let verdict = member.judge(&resource.value, &asked, &Purpose::Keep, now);
    let questions = vec![Question { purpose: Purpose::Keep, request: asked }];
    let decision = member.input(&resource.value, questions, now);
    let unchanged = conditions(user_id, &member, &resource);
    let (resource, terms) = (resource.value, member.terms);
    Ok(Some(Judged { verdict, resource, terms, decision, unchanged }))
}

/// What waits has no booking and ends at once; what is confirmed ends when Cal.com has followed.
fn ended(state: &State) -> State {
    let cause = Cause::Eligibility;
    match state.cal_uid() {
        Some(cal_uid) => {
            State::Cancelling { cal_uid: Some(cal_uid.clone()), target: None, attempt: None, cause }
        }
        None => State::Cancelled { cause },
    }
}
