//! Clients: they ask, may ask twice, and ask again with the same key when they heard nothing.

use std::sync::Arc;

use interlock_app::model::{Actor, IdempotencyKey, State, Status};
use interlock_app::ports::scheduler::Urgency;
use interlock_app::{
    Act, App, AppError, CancelRequest, DecisionRequest, IdempotencyUse, Placed, RescheduleRequest,
    ReserveRequest, Snapshot, approve, cancel, decline, read_reservation, reschedule, reserve,
};
use interlock_policy::{EventTypeId, ReservationId, ResourceId, UserId};
use jiff::Timestamp;

use crate::context::Ctx;
use crate::defects;
use crate::faults::Fault;
use crate::hub::{Due, Hub, Life, lock};
use crate::ports;

/// What a client wants, as it would be sent again.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub(crate) user: UserId,
    pub(crate) staff: bool,
    pub(crate) what: Want,
    pub(crate) key: String,
    /// How often it may still be sent again.
    pub(crate) patience: u8,
}

#[derive(Debug, Clone)]
pub(crate) enum Want {
    /// Time on a resource.
    Time(ResourceId, EventTypeId, Timestamp),
    /// The end of a reservation.
    End(ReservationId),
    /// Another start.
    Other(ReservationId, Timestamp),
    /// A yes or a no to one that waits for it.
    Word(ReservationId, bool),
    /// A look.
    Look(ReservationId),
}

/// Sends a wish, sometimes twice.
pub(crate) fn ask(hub: &Arc<Hub>, wish: Wish, lineage: u64) {
    let ctx = Ctx::new(hub, lineage);
    if ctx.fault(Fault::Doubled) {
        send(&ctx.child(), wish.clone());
    }
    send(&ctx, wish);
}

fn send(ctx: &Arc<Ctx>, wish: Wish) {
    let work = Box::pin(serve(ctx.clone(), wish.clone()));
    ctx.hub.spawn(ctx.clone(), Life::Request(Box::new(wish)), work);
}

/// The process died under a request: the client saw a broken connection.
pub(crate) fn heard_nothing(ctx: &Arc<Ctx>, wish: Wish) {
    ctx.hub.note(|| format!("crash of {:?} {}", wish.what, wish.key));
    if wish.patience > 0 && ctx.fault(Fault::ClientRetry) {
        let at = ctx.hub.micros() + ctx.range(100_000, 90_000_000);
        let again = Wish { patience: wish.patience - 1, ..wish };
        ctx.hub.at(at, ctx.number(), Due::Again(Box::new(again), ctx.number()));
    }
}

async fn serve(ctx: Arc<Ctx>, wish: Wish) {
    let app = ports::app(&ctx);
    let app = match &wish.what {
        Want::End(_) => app.paced(Urgency::Cancel),
        Want::Time(..) | Want::Other(..) | Want::Word(..) | Want::Look(_) => app,
    };
    let told = fulfil(&app, &ctx, &wish).await;
    ctx.hub.note(|| format!("{:?} {} {:?}: {}", wish.user, wish.key, wish.what, said(&told)));
    match told {
        Ok(placed) => heard(&ctx, &placed),
        Err(error) if error.retryable() => heard_nothing(&ctx, wish),
        Err(_) => {}
    }
}

/// A broken promise of time is what a member was told, so what he was told is kept.
fn heard(ctx: &Ctx, placed: &Placed) {
    let hub = &ctx.hub;
    let (reservation, now) = (&placed.reservation, hub.now());
    let stands = matches!(reservation.state, State::Confirmed { .. });
    if let Some(fault) = lock(&hub.checker).told(placed, now) {
        hub.violate("R5", fault);
    }
    if placed.status == 201 || stands {
        hub.mark(u64::from(placed.status));
    }
}

async fn fulfil(app: &App, ctx: &Ctx, wish: &Wish) -> Result<Placed, AppError> {
    let act = Act { actor: Actor::User { user_id: wish.user.clone() }, request_id: app.id()? };
    match &wish.what {
        Want::Time(resource, kind, start) => {
            let request = ReserveRequest {
                resource_id: resource.clone(),
                start: *start,
                event_type_id: Some(*kind),
                duration_minutes: None,
                idempotency: used(wish, format!("{resource} {kind} {start}")),
                act,
            };
            reserve(app, Snapshot::default(), &wish.user, &request).await
        }
        Want::End(id) if defects::blind::cancels(ctx, app, id, &act).await => {
            Err(AppError::NotFound { what: "reservation" })
        }
        Want::End(id) => {
            let request = CancelRequest {
                reservation_id: id.clone(),
                reason: "plans changed".to_owned(),
                staff: wish.staff,
                idempotency: Some(used(wish, "cancel".to_owned())),
                act,
            };
            cancel(app, &wish.user, &request).await
        }
        Want::Other(id, start) => {
            let request = RescheduleRequest {
                reservation_id: id.clone(),
                start: *start,
                reason: None,
                staff: wish.staff,
                idempotency: Some(used(wish, start.to_string())),
                act,
            };
            reschedule(app, &wish.user, &request).await
        }
        Want::Word(id, yes) => say(app, ctx, wish, (id, *yes), act).await,
        Want::Look(id) => {
            let reader = (&wish.user, wish.staff);
            let reservation = read_reservation(app, Snapshot::default(), id, reader).await?;
            if reservation.status() == Status::Confirmed {
                lock(&ctx.hub.checker).promised(&reservation);
            }
            Ok(Placed { reservation, status: 200, body: String::new(), replayed: true })
        }
    }
}

/// Somebody in charge says yes or no to a hold.
async fn say(
    app: &App,
    ctx: &Ctx,
    wish: &Wish,
    (id, yes): (&ReservationId, bool),
    act: Act,
) -> Result<Placed, AppError> {
    let request = DecisionRequest {
        reservation_id: id.clone(),
        staff: wish.staff,
        idempotency: Some(used(wish, yes.to_string())),
        act,
    };
    let placed = if yes {
        approve(app, &wish.user, &request).await?
    } else {
        decline(app, &wish.user, &request, "not today").await?
    };
    ctx.hub.hit(ctx.number(), if yes { Fault::Approved } else { Fault::Declined });
    Ok(placed)
}

fn used(wish: &Wish, body: String) -> IdempotencyUse {
    IdempotencyUse { key: IdempotencyKey(wish.key.clone()), body_hash: body }
}

fn said<T: std::fmt::Debug>(told: &Result<T, AppError>) -> String {
    let text = match told {
        Ok(value) => format!("{value:?}"),
        Err(error) => format!("{error:?}"),
    };
    text.chars().take(300).collect()
}
