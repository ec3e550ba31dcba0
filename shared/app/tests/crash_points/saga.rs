//! What a saga is to the enumeration, and what may run after it died.

use interlock_app::model::{Reservation, Standing, State};
use interlock_app::ports::QueueName;
use interlock_app::{
    Act, App, AppError, Pass, apply_delivery, receive_delivery, reconcile, settle_due,
};

use crate::dice::run;
use crate::fuse::Work;
use crate::scene::{Heard, Scene};
use crate::support::read;

/// Whom the outcome concerns, and what he wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// The member reserves.
    Create,
    /// The member or staff cancels.
    Cancel,
    /// The member moves.
    Move,
    /// A person is to be approved; nobody reserves.
    Approval,
    /// Cal.com or its admin did something, or a job is at work.
    Nothing,
}

/// When calls that were late take effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Landing {
    /// There are none.
    Never,
    /// Within the time for doubt: before the first repair.
    Soon,
    /// After all time for doubt: behind the first repair, and a reconciliation must find them.
    TooLate,
}

/// What may bring things right again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repair {
    /// The resolver.
    Sweep,
    /// Reconciliation by what changed.
    Incremental,
    /// Reconciliation of everything.
    Full,
    /// Whoever started the saga does it again, and the resolver follows.
    Again,
}

/// A saga in one course of events.
pub(crate) struct Saga {
    /// Name, for the table and the figures.
    pub(crate) name: &'static str,
    /// What the member wanted.
    pub(crate) wish: Wish,
    /// The workshop before it starts.
    pub(crate) scene: fn() -> Scene,
    /// The saga.
    pub(crate) act: fn(&Scene, App) -> Work<Heard>,
    /// When late calls land.
    pub(crate) landing: Landing,
    /// What may follow the first death, and may die too.
    pub(crate) first: &'static [Repair],
    /// What must bring everything right.
    pub(crate) last: &'static [Repair],
    /// Every end that some death leads to, and no other; the first is that of an undisturbed run.
    pub(crate) ends: &'static [&'static str],
}

impl Repair {
    /// The repair as work.
    pub(crate) fn work(self, saga: &Saga, scene: &Scene, app: App) -> Work<Result<(), AppError>> {
        let act = scene.world.job();
        match self {
            Self::Sweep => swept(app, act),
            Self::Incremental => reconciled(app, act, Pass::Incremental),
            Self::Full => reconciled(app, act, Pass::Full),
            Self::Again => {
                let again = (saga.act)(scene, app.clone());
                let clock = scene.world.clock.clone();
                Box::pin(async move {
                    let _heard = again.await;
                    clock.advance(jiff::SignedDuration::from_secs(PAUSE));
                    swept(app, act).await
                })
            }
        }
    }
}

fn swept(app: App, act: Act) -> Work<Result<(), AppError>> {
    Box::pin(async move { settle_due(&app, &act).await.map(|_| ()) })
}

/// Seconds that pass after a death: longer than lease and quiet period together.
pub(crate) const PAUSE: i64 = 1000;

fn reconciled(app: App, act: Act, pass: Pass) -> Work<Result<(), AppError>> {
    Box::pin(async move { reconcile(&app, pass, &act).await.map(|_| ()) })
}

/// Applies whatever waits in the queue, without taking it out: it is delivered again and again.
pub(crate) fn deliver(scene: &Scene, app: App) -> Work<Heard> {
    let waiting = scene.world.queue.sent();
    let act = scene.world.job();
    Box::pin(async move {
        for message in waiting.iter().filter(|message| message.queue == QueueName::Webhook) {
            apply_delivery(&app, &message.body, &act).await.expect("the delivery is applied");
        }
        Heard::Done
    })
}

/// Puts a delivery of Cal.com into the queue.
pub(crate) fn receive(app: App, body: &serde_json::Value) -> Work<Heard> {
    let body = body.to_string();
    Box::pin(async move {
        let received = receive_delivery(&app, body.as_bytes(), &["signed".to_owned()]).await;
        received.expect("the delivery is received");
        Heard::Done
    })
}

/// How the subject ended, in a word.
pub(crate) fn end(saga: &Saga, scene: &Scene) -> String {
    if saga.wish == Wish::Approval {
        return approval(scene).to_owned();
    }
    scene.subject().map_or_else(|| "none".to_owned(), |subject| word(scene, &subject))
}

/// What the person holds on the laser, or waits for.
fn approval(scene: &Scene) -> &'static str {
    let standing = run(read::<Standing>(&scene.world, Standing::key_of(&scene.ada)));
    let Some(standing) = standing else { return "not approved" };
    match (standing.checkouts.as_slice(), standing.wishes.as_slice()) {
        ([], []) => "not approved",
        ([], [wish]) if wish.first_yes.is_some() => "half approved",
        ([], [_]) => "waits",
        ([_], []) => "approved",
        ([_], [wish]) if wish.first_yes.is_some() => "approved, half approved anew",
        (_, _) => "approved and waits, or twice",
    }
}

/// A reservation's state in a word, with its time where it stands and its cause where it ended.
pub(crate) fn word(scene: &Scene, subject: &Reservation) -> String {
    let cause = || subject.state.cause().map(interlock_app::model::Cause::word).unwrap_or_default();
    let time = || match subject.interval.start() {
        start if start == scene.other => ", moved",
        start if start == scene.third => ", moved in Cal.com",
        _ => "",
    };
    match &subject.state {
        State::Awaiting { .. } => "awaiting".to_owned(),
        State::Pending { .. } => "pending".to_owned(),
        State::Confirmed { .. } => format!("confirmed{}", time()),
        State::Moving { .. } => "moving".to_owned(),
        State::Cancelling { .. } => "cancelling".to_owned(),
        State::Cancelled { .. } => format!("cancelled: {}", cause()),
        State::Failed { .. } => format!("failed: {}", cause()),
        State::Completed => "completed".to_owned(),
    }
}
