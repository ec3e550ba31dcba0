//! Approve and decline: what waits for a yes is booked or given back (PRODUCT D17).

use interlock_policy::{Purpose, ReasonClass, Request, ReservationId, UserId, Verdict};

use super::MOST_RACES;
use super::book::book;
use super::cancel::{known_before, owned, record_of};
use super::hold::{Held, Unmade, attempt, conditions, mapped};
use super::outcome::Placed;
use super::replay::IdempotencyUse;
use crate::cascade::takes_it;
use crate::change::{Change, Committed, Recording, commit};
use crate::eligibility::Member;
use crate::model::{Cause, DecisionInput, Question, Reservation, Resource, State, WaitingFor};
use crate::ports::store::{Key, Stored};
use crate::sync::sync;
use crate::{Act, App, AppError, Snapshot};

/// A yes or a no to a reservation that waits for one.
#[derive(Debug, Clone)]
pub struct DecisionRequest {
    /// Which.
    pub reservation_id: ReservationId,
    /// Whether the caller is staff; otherwise he must be the host it is about.
    pub staff: bool,
    /// The caller's key, where given.
    pub idempotency: Option<IdempotencyUse>,
    /// Who decides, in which request.
    pub act: Act,
}

/// Says yes: books the time that was held and confirms it as a reservation without a yes would be.
///
/// The holder is judged as he stands now; who may no longer have it is refused, and loses it with
/// this answer where the policy declares that such a loss cancels.
/// Errors: `NotFound`, `SelfApproval`, `StateConflict` unless it waits for a yes, the gate's
/// refusal, `SlotTaken`, and `Unavailable` when surely nothing was made: then it waits on.
pub async fn approve(
    app: &App,
    user_id: &UserId,
    request: &DecisionRequest,
) -> Result<Placed, AppError> {
    for _ in 0..MOST_RACES {
        let (known, version) = known_before(app, request.idempotency.as_ref()).await?;
        if let Some(known) = known {
            return Ok(known);
        }
        let (reservation, resource) = decidable(app, user_id, request).await?;
        let recording =
            record_of(app, request.idempotency.as_ref(), &request.reservation_id, version);
        if let Some(held) = take_up(app, (reservation, resource), request, recording).await? {
            return Box::pin(book(app, held, &request.act)).await;
        }
    }
    Err(AppError::contended())
}

/// Says no, in the decider's words; the time is free with the answer.
///
/// Errors: `NotFound`, `SelfApproval`, `StateConflict` unless it waits for a yes.
pub async fn decline(
    app: &App,
    user_id: &UserId,
    request: &DecisionRequest,
    reason: &str,
) -> Result<Placed, AppError> {
    for _ in 0..MOST_RACES {
        let (known, version) = known_before(app, request.idempotency.as_ref()).await?;
        if let Some(known) = known {
            return Ok(known);
        }
        let (reservation, _) = decidable(app, user_id, request).await?;
        let cause = Cause::Declined { reason: reason.to_owned() };
        let after = Reservation { state: State::Cancelled { cause }, ..reservation.value.clone() };
        let change = Change {
            before: Some(reservation),
            after,
            act: request.act.clone(),
            unchanged: Vec::new(),
            decision: None,
            recording: record_of(
                app,
                request.idempotency.as_ref(),
                &request.reservation_id,
                version,
            ),
            snapshot: Snapshot::default(),
        };
        match commit(app, change).await? {
            Committed::Done(ended) => return Ok(Placed::now(ended.value, 200)),
            Committed::Lost | Committed::Taken(_) => {}
        }
    }
    Err(AppError::contended())
}

/// A reservation that waits for the caller's yes; what is not his to decide is absent.
async fn decidable(
    app: &App,
    user_id: &UserId,
    request: &DecisionRequest,
) -> Result<(Stored<Reservation>, Stored<Resource>), AppError> {
    let (reservation, resource) = owned(app, &request.reservation_id, user_id, true).await?;
    let is_host = resource.value.user_id.as_ref() == Some(user_id);
    if !request.staff && !is_host {
        return Err(AppError::NotFound { what: "reservation" });
    }
    if reservation.value.user_id() == Some(user_id) {
        return Err(AppError::SelfApproval);
    }
    match &reservation.value.state {
        State::Awaiting { waiting_for: WaitingFor::Approval, hold_until }
            if app.now() < *hold_until =>
        {
            Ok((reservation, resource))
        }
        State::Awaiting { waiting_for: WaitingFor::Approval, .. } => {
            sync(app, &request.reservation_id, &[], &request.act).await?;
            Err(AppError::conflict("nobody said yes in time"))
        }
        State::Awaiting { waiting_for: WaitingFor::Payment, .. }
        | State::Pending { .. }
        | State::Confirmed { .. }
        | State::Moving { .. }
        | State::Cancelling { .. }
        | State::Cancelled { .. }
        | State::Failed { .. }
        | State::Completed => Err(AppError::conflict("it does not wait for a yes")),
    }
}

/// One transaction from waiting to pending, on condition of everything the holder was judged on;
/// `None` if another write came first.
async fn take_up(
    app: &App,
    (reservation, resource): (Stored<Reservation>, Stored<Resource>),
    request: &DecisionRequest,
    recording: Recording,
) -> Result<Option<Held>, AppError> {
    let cal_account = mapped(app, &resource.value)?;
    still_offered(&reservation.value, &resource.value)?;
    let judged = judge(app, &reservation.value, &resource).await?;
    if judged.verdict.refuses() {
        let now = app.now();
        let declared = resource.value.in_force(now).rules.on_lost_eligibility;
        if takes_it(&reservation.value, &judged.verdict, declared, now) {
            return lose(app, reservation, judged, request).await;
        }
        return Err(refusal(judged.verdict));
    }
    let unmade = Unmade::Waits(
        reservation.value.state.clone(),
        request.idempotency.as_ref().map(|used| used.key.clone()),
    );
    let mut after = reservation.value.clone();
    after.state = State::Pending { attempt: attempt(app) };
    let change = Change {
        before: Some(reservation),
        after,
        act: request.act.clone(),
        unchanged: judged.unchanged.clone(),
        decision: Some(judged.decision),
        recording,
        snapshot: Snapshot::default(),
    };
    Ok(match commit(app, change).await? {
        Committed::Done(reservation) => Some(Held {
            reservation: *reservation,
            account: judged.member.account.value,
            cal_account,
            unchanged: judged.unchanged,
            unmade,
            settled: 200,
        }),
        Committed::Lost | Committed::Taken(_) => None,
    })
}

struct Judged {
    member: Member,
    verdict: Verdict,
    decision: Box<DecisionInput>,
    unchanged: Vec<(Key, Option<u64>)>,
}

/// Limits were judged when the time was taken; proofs and standing are judged as they are now.
async fn judge(
    app: &App,
    reservation: &Reservation,
    resource: &Stored<Resource>,
) -> Result<Judged, AppError> {
    let holder = reservation
        .user_id()
        .ok_or_else(|| AppError::internal("a reservation that waits has no holder"))?;
    let snapshot = Snapshot::read(app.store.as_ref(), &Member::keys(holder)).await?;
    let member = Member::from(&snapshot, holder)?;
    let asked = Request {
        interval: Some(reservation.interval),
        event_type_id: Some(reservation.event_type_id),
    };
    let now = app.now();
    let verdict = member.judge(&resource.value, &asked, &Purpose::Keep, now);
    let questions = vec![Question { purpose: Purpose::Keep, request: asked }];
    let decision = member.input(&resource.value, questions, now);
    let unchanged = conditions(holder, &member, resource);
    Ok(Judged { member, verdict, decision, unchanged })
}

/// A kind that changed since is not what was asked for, and its time is not what is held.
fn still_offered(reservation: &Reservation, resource: &Resource) -> Result<(), AppError> {
    let account = resource.cal_account.as_ref().map(|account| &account.id);
    let entry = resource.event_type(reservation.event_type_id);
    let fits = entry.is_some_and(|entry| entry.length() == reservation.interval.length());
    if fits && account == Some(&reservation.cal_account_id) {
        return Ok(());
    }
    Err(AppError::conflict("the resource no longer offers what was asked for"))
}

/// Who may no longer have it loses it, unless he was judged on what has changed meanwhile.
async fn lose(
    app: &App,
    reservation: Stored<Reservation>,
    judged: Judged,
    request: &DecisionRequest,
) -> Result<Option<Held>, AppError> {
    let state = State::Cancelled { cause: Cause::Eligibility };
    let change = Change {
        after: Reservation { state, ..reservation.value.clone() },
        before: Some(reservation),
        act: request.act.clone(),
        unchanged: judged.unchanged,
        decision: Some(judged.decision),
        recording: Recording::None,
        snapshot: Snapshot::default(),
    };
    match commit(app, change).await? {
        Committed::Done(_) => Err(refusal(judged.verdict)),
        Committed::Lost | Committed::Taken(_) => Ok(None),
    }
}

fn refusal(verdict: Verdict) -> AppError {
    if verdict.leading_class() == Some(ReasonClass::Person) {
        return AppError::NotEligible(Box::new(verdict));
    }
    AppError::conflict("the resource takes no reservations")
}
