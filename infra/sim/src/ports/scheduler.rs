//! Cal.com: the stand-in's core behind a network that loses, delays and breaks.
//!
//! Cal.com works on when its caller is gone, as a real server does.

use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use async_trait::async_trait;
use interlock_app::model::CallBudget;
use interlock_app::ports::scheduler::{
    CalAccount, Failure, METADATA_DEPLOYMENT, METADATA_RESERVATION, SchedulerError,
};
use interlock_calcom::{Call, Calls, Operation, Reading, read};
use interlock_calcom_sim::embed::{Answer, ApiCall, Mishap, Sent, Trouble, Turn};

use crate::context::Ctx;
use crate::defects::Defect;
use crate::faults::Fault;
use crate::hub::{Due, Hub, Life, lock};

/// How long a caller waits for a read and for a write, in microseconds (RELIABILITY 3.5).
const READ_PATIENCE: i64 = 3_000_000;
const WRITE_PATIENCE: i64 = 8_000_000;

/// Calls of one activity.
pub(crate) struct SimCalls(Arc<Ctx>);

impl SimCalls {
    pub(crate) fn new(ctx: &Arc<Ctx>) -> Self {
        Self(ctx.clone())
    }

    fn request(account: &CalAccount, call: &Call) -> ApiCall {
        ApiCall {
            method: call.operation.method(),
            path: call.path.clone(),
            query: call.query.clone(),
            authorization: Some(format!("Bearer {}", account.credential_ref)),
            version: call.operation.family().version(),
            body: call.body.clone().unwrap_or_default(),
        }
    }

    /// However it ends, it is a call of the credential's (promise R18).
    fn counted(&self, account: &CalAccount) {
        let hub = &self.0.hub;
        self.0.is_excused();
        let tracker = CallBudget::tracker_of(account);
        let broken = lock(&hub.calls).sent(&tracker, hub.micros(), hub.limit().calls());
        hub.judge(broken);
    }

    /// What a fault answers before anything is done.
    fn trouble(&self, path: &str) -> Option<Answer> {
        let ctx = &self.0;
        let troubles = [
            (Fault::Error500, Trouble::Error500),
            (Fault::Error500Plain, Trouble::Error500Plain),
            (Fault::Html502, Trouble::Html502),
        ];
        let (_, trouble) = troubles.into_iter().find(|(fault, _)| ctx.fault(*fault))?;
        Some(lock(&ctx.hub.desk).trouble(trouble, path, ctx.hub.now()))
    }
}

#[async_trait]
impl Calls for SimCalls {
    async fn call(&self, account: &CalAccount, call: Call) -> Result<Reading, SchedulerError> {
        let ctx = &self.0;
        self.counted(account);
        ctx.wait(1_000, 5_000).await;
        if ctx.hub.is_down() || ctx.fault(Fault::Refused) {
            return Err(SchedulerError::of(Failure::NotConnected));
        }
        unmarked(ctx, &call);
        let writes = call.operation.writes();
        let patience = if writes { WRITE_PATIENCE } else { READ_PATIENCE };
        let operation = call.operation;
        let request = Self::request(account, &call);
        let answer = if ctx.fault(Fault::LostBefore) {
            ctx.sleep(patience).await;
            None
        } else if let Some(answer) = self.trouble(&call.path) {
            Some(answer)
        } else {
            if ctx.fault(Fault::Block429) {
                let number = account.username.trim_start_matches('c').parse().unwrap_or(0);
                lock(&ctx.hub.desk).block(number, ctx.hub.now());
            }
            let slot = Arc::new(Slot::default());
            let server = ctx.child();
            let work = Box::pin(work(server.clone(), operation, request, slot.clone()));
            ctx.hub.spawn(server, Life::Immortal, work);
            Waiting { ctx: ctx.clone(), slot, until: ctx.hub.micros() + patience, set: false }.await
        };
        let unknown = || SchedulerError::of(Failure::UnknownOutcome);
        let answer = answer.ok_or_else(unknown)?;
        let status = Some(answer.status);
        read(operation, answer.status, &answer.body)
            .map_err(|failure| SchedulerError { status, ..SchedulerError::of(failure) })
    }
}

/// Every booking carries both marks, or nobody finds it again (PRODUCT D4).
fn unmarked(ctx: &Ctx, call: &Call) {
    let marked = |key: &str| {
        call.body.as_ref().and_then(|body| body.get("metadata")?.get(key)?.as_str()).is_some()
    };
    if call.operation == Operation::Create
        && !(marked(METADATA_RESERVATION) && marked(METADATA_DEPLOYMENT))
    {
        ctx.hub.violate("R4", "a booking is asked for without our marks".to_owned());
    }
}

/// Where an answer arrives.
#[derive(Default)]
struct Slot(Mutex<(Option<Answer>, Option<usize>)>);

impl Slot {
    fn fill(&self, hub: &Hub, answer: Answer, tie: u64) {
        let mut slot = lock(&self.0);
        slot.0 = Some(answer);
        if let Some(task) = slot.1 {
            hub.at(hub.micros(), tie, Due::Wake(task));
        }
    }
}

/// Waits for an answer or for patience to end.
struct Waiting {
    ctx: Arc<Ctx>,
    slot: Arc<Slot>,
    until: i64,
    set: bool,
}

impl Future for Waiting {
    type Output = Option<Answer>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Answer>> {
        let hub = self.ctx.hub.clone();
        let mut slot = lock(&self.slot.0);
        if let Some(answer) = slot.0.take() {
            return Poll::Ready(Some(answer));
        }
        if hub.micros() >= self.until {
            return Poll::Ready(None);
        }
        let task = hub.current.load(Ordering::Relaxed);
        slot.1 = Some(task);
        drop(slot);
        if !self.set {
            self.set = true;
            hub.at(self.until, self.ctx.number(), Due::Wake(task));
        }
        Poll::Pending
    }
}

/// The server's work on one call.
async fn work(ctx: Arc<Ctx>, operation: Operation, request: ApiCall, slot: Arc<Slot>) {
    let hub = ctx.hub.clone();
    let path = request.path.clone();
    ctx.wait(5_000, 40_000).await;
    if ctx.fault(Fault::Hang) {
        ctx.wait(9_000_000, 60_000_000).await;
    }
    let late = operation.writes() && ctx.fault(Fault::LateCommit);
    let whole = request.query.iter().any(|(name, text)| *name == "take" && text == "250");
    let mishap = mishap(&ctx, operation, whole);
    let mut turn = lock(&hub.desk).begin(request, mishap, hub.now());
    let answer = loop {
        match turn {
            Turn::Done(answer) => break answer,
            Turn::Goes(pending, sent) => {
                for one in sent {
                    ship(&ctx, one);
                }
                pause(&ctx, operation, late).await;
                turn = lock(&hub.desk).resume(pending, hub.now());
            }
        }
    };
    hub.note(|| format!("cal.com {operation:?} {path}: {}", answer.status));
    if operation.writes() && ctx.fault(Fault::TroubleAfter) {
        let answer = lock(&hub.desk).trouble(Trouble::Html502, &path, hub.now());
        slot.fill(&hub, answer, ctx.number());
    } else if !ctx.fault(Fault::LostAfter) {
        slot.fill(&hub, answer, ctx.number());
    }
}

/// What passes between two steps of a call: deliveries are awaited, commits may be late.
async fn pause(ctx: &Arc<Ctx>, operation: Operation, late: bool) {
    ctx.wait(10_000, 80_000).await;
    if late {
        ctx.wait(4_000_000, 90_000_000).await;
    }
    match operation {
        Operation::Create | Operation::Reschedule => {
            if ctx.fault(Fault::RaceWindow) {
                ctx.wait(200_000, 2_000_000).await;
            }
        }
        Operation::Cancel => {
            if ctx.fault(Fault::StaleRead) {
                ctx.wait(500_000, 5_000_000).await;
            }
        }
        Operation::Slots
        | Operation::Read
        | Operation::List
        | Operation::EventTypes
        | Operation::Subscriptions
        | Operation::Subscribe
        | Operation::Resubscribe
        | Operation::Unsubscribe
        | Operation::Me
        | Operation::Health
        | Operation::Other => {}
    }
}

/// What goes wrong inside a call. Pages shift under who reads a moving list; the window of one
/// start fits a page (RELIABILITY 3.6).
fn mishap(ctx: &Ctx, operation: Operation, whole: bool) -> Mishap {
    match operation {
        Operation::Cancel if ctx.fault(Fault::CancelFails) => Mishap::CancelFails,
        Operation::List if whole && ctx.fault(Fault::PageShift) => Mishap::PageShift,
        Operation::List if whole && ctx.fault(Fault::DuplicateRows) => Mishap::DuplicateRows,
        Operation::Read | Operation::List if ctx.hub.defect == Some(Defect::ReadsFromBefore) => {
            Mishap::StaleRead
        }
        Operation::Slots
        | Operation::Create
        | Operation::Read
        | Operation::List
        | Operation::Cancel
        | Operation::Reschedule
        | Operation::EventTypes
        | Operation::Subscriptions
        | Operation::Subscribe
        | Operation::Resubscribe
        | Operation::Unsubscribe
        | Operation::Me
        | Operation::Health
        | Operation::Other => Mishap::None,
    }
}

/// Sends one webhook: it may be lost, doubled, overtaken or a day late.
pub(crate) fn ship(ctx: &Arc<Ctx>, sent: Sent) {
    if ctx.fault(Fault::HookLost) {
        return;
    }
    let hub = &ctx.hub;
    let post = |one: Sent, after: i64| {
        hub.at(hub.micros() + after, ctx.number(), Due::Hook(Box::new(one), ctx.number()));
    };
    if ctx.fault(Fault::HookDoubled) {
        post(sent.clone(), ctx.range(1_000, 30_000_000));
    }
    let after = if ctx.fault(Fault::HookLate) {
        ctx.range(120_000_000, 86_400_000_000)
    } else if ctx.fault(Fault::HookReordered) {
        ctx.range(500_000, 20_000_000)
    } else {
        ctx.range(1_000, 9_000)
    };
    post(sent, after);
}
