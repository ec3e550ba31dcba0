//! What runs without a client: the receiver, the queue's workers, the sweep, reconciliation.

use std::sync::Arc;

use interlock_app::model::Actor;
use interlock_app::ports::QueueName;
use interlock_app::ports::scheduler::Urgency;
use interlock_app::{
    Act, App, AppError, Pass, apply_delivery, receive_delivery, reconcile, send_due, settle_due,
    settle_one,
};
use interlock_calcom_sim::embed::Sent;
use interlock_policy::ReservationId;

use crate::context::Ctx;
use crate::defects::{self, Defect};
use crate::faults::Fault;
use crate::hub::{Due, Hub, Life, lock};
use crate::ports;
use crate::ports::queue::Received;

/// Longest run of a queue worker and of the receiver.
const WORKER_LIMIT: i64 = 15_000_000;
/// Longest run of a sweep or of reconciliation.
const JOB_LIMIT: i64 = 600_000_000;
/// How long a message that was received stays hidden (RELIABILITY Q1).
const VISIBILITY: i64 = 90_000_000;

/// A job as the one who acts.
pub(crate) fn job(app: &App, name: &str) -> Result<Act, AppError> {
    Ok(Act { actor: Actor::System { job: name.to_owned() }, request_id: app.id()? })
}

/// A webhook reaches the receiver.
pub(crate) fn receive(hub: &Arc<Hub>, sent: Sent, lineage: u64) {
    let ctx = Ctx::new(hub, lineage);
    let forged = ctx.fault(Fault::HookForged);
    let work = {
        let ctx = ctx.clone();
        Box::pin(async move {
            let app = ports::app(&ctx);
            let mut signatures: Vec<String> = sent.signature.into_iter().collect();
            if forged {
                signatures = vec!["0".repeat(64)];
            }
            let taken = receive_delivery(&app, sent.body.as_bytes(), &signatures).await;
            ctx.hub.note(|| format!("webhook {}: {:?}", sent.body.get(..60).unwrap_or(""), taken));
            if forged && taken.is_ok() {
                ctx.hub.violate("R12", "a forged delivery was taken".to_owned());
            }
        })
    };
    hub.spawn(ctx, Life::Function(WORKER_LIMIT), work);
}

/// A message is visible: it is received, unless it was received too often already.
pub(crate) fn message(hub: &Arc<Hub>, id: u64) {
    let received = lock(&hub.messages).receive(id);
    match received {
        Received::Gone => {}
        Received::Dead => hub.hit(id, Fault::DeadLetter),
        Received::Body(queue, body, times) => {
            let lineage = crate::dice::join(id, u64::from(times));
            let ctx = Ctx::new(hub, lineage);
            hub.at(hub.micros() + VISIBILITY, lineage, Due::Message(id));
            if hub.defect == Some(Defect::AcksBeforeApplying) {
                lock(&hub.messages).forget(id);
            }
            if ctx.fault(Fault::QueueDuplicate) {
                work(&ctx.child(), queue, body.clone(), id);
            }
            work(&ctx, queue, body, id);
        }
    }
}

fn work(ctx: &Arc<Ctx>, queue: QueueName, body: String, id: u64) {
    let work = {
        let ctx = ctx.clone();
        Box::pin(async move {
            let urgency = match queue {
                QueueName::Webhook => Urgency::Sync,
                QueueName::OutboxCalcom => Urgency::Cancel,
            };
            let app = ports::app(&ctx).paced(urgency);
            let done = handle(&ctx, &app, queue, &body).await;
            ctx.hub.note(|| format!("message {id:x} {queue:?}: {done:?}"));
            if done.is_ok() {
                lock(&ctx.hub.messages).done(id);
            }
        })
    };
    ctx.hub.spawn(ctx.clone(), Life::Function(WORKER_LIMIT), work);
}

async fn handle(ctx: &Ctx, app: &App, queue: QueueName, body: &str) -> Result<String, AppError> {
    match queue {
        QueueName::Webhook => {
            let act = job(app, "webhook-worker")?;
            if let Some(done) = defects::blind::apply(ctx, app, body, &act).await {
                return done;
            }
            apply_delivery(app, body, &act).await.map(|applied| format!("{applied:?}"))
        }
        QueueName::OutboxCalcom => {
            let act = job(app, "outbox-calcom")?;
            let nudge: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
            let id = nudge.get("reservationId").and_then(serde_json::Value::as_str);
            let Some(id) = id.and_then(|id| id.parse::<ReservationId>().ok()) else {
                return Ok("unreadable".to_owned());
            };
            match settle_one(app, &id, &act).await {
                Ok(()) | Err(AppError::NotFound { .. }) => Ok("settled".to_owned()),
                Err(error) => Err(error),
            }
        }
    }
}

/// Begins a job; it ends by itself, dies, or runs out of time.
fn begin<F, W>(hub: &Arc<Hub>, lineage: u64, urgency: Urgency, work: F)
where
    F: FnOnce(Arc<Ctx>, App) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let ctx = Ctx::new(hub, lineage);
    let app = ports::app(&ctx).paced(urgency);
    let work = Box::pin(work(ctx.clone(), app));
    hub.spawn(ctx, Life::Function(JOB_LIMIT), work);
}

/// The sweep of every minute.
pub(crate) fn sweep(hub: &Arc<Hub>, lineage: u64) {
    if hub.defect == Some(Defect::NeverSweeps) {
        return;
    }
    begin(hub, lineage, Urgency::Cancel, |ctx, app| async move {
        let Ok(act) = job(&app, "outbox-calcom") else { return };
        let report = settle_due(&app, &act).await;
        ctx.hub.note(|| format!("sweep: {report:?}"));
    });
}

/// The sweep of letters, of every minute too.
pub(crate) fn letters(hub: &Arc<Hub>, lineage: u64) {
    begin(hub, lineage, Urgency::Reconcile, |ctx, app| async move {
        let post = ports::post(&ctx);
        if defects::letters::unlooked(&ctx, &app, &post).await {
            return;
        }
        let report = send_due(&app, &post).await;
        ctx.hub.note(|| format!("letters: {report:?}"));
    });
}

/// A run of reconciliation.
pub(crate) fn run_reconcile(hub: &Arc<Hub>, lineage: u64, full: bool) {
    begin(hub, lineage, Urgency::Reconcile, move |ctx, app| async move {
        let Ok(act) = job(&app, "reconcile") else { return };
        let pass = if full { Pass::Full } else { Pass::Incremental };
        defects::blind::ends_the_unlisted(&ctx, &app, &act).await;
        let report = reconcile(&app, pass, &act).await;
        ctx.hub.note(|| format!("reconcile {pass:?}: {report:?}"));
    });
}

/// A body that was applied before comes again.
pub(crate) fn replay(hub: &Arc<Hub>, body: &str) {
    let body = body.to_owned();
    begin(hub, 99, Urgency::Sync, move |ctx, app| async move {
        let Ok(act) = job(&app, "webhook-worker") else { return };
        let again = apply_delivery(&app, &body, &act).await;
        ctx.hub.note(|| format!("replay: {again:?}"));
    });
}
