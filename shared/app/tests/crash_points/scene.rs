//! The workshop in which a saga is cut short: its person, a bystander, and what is looked at.
//!
//! Starts are fixed when the scene is set, because time passes while it is played.

use interlock_app::model::{Account, Reservation, State};
use interlock_app::ports::scheduler::{Booking, Failure};
use interlock_app::ports::store::{Record, Transaction};
use interlock_app::{
    Act, App, AppError, CancelRequest, IdempotencyUse, Placed, RescheduleRequest, ReserveRequest,
    Snapshot, cancel, reschedule, reserve,
};
use interlock_policy::{AccountStatus, ReservationId, UserId};
use interlock_testkit::scheduler::Call;
use interlock_testkit::{Sent, World};
use jiff::Timestamp;

use crate::dice::run;
use crate::fuse::Work;
use crate::support::{all, reservation, stored};

/// What whoever started a saga hears when nothing dies.
#[derive(Debug)]
pub(crate) enum Heard {
    /// An answer with a status.
    Placed(Box<Placed>),
    /// A refusal or failure.
    No(AppError),
    /// A job or a delivery went through.
    Done,
}

/// Everything that outlives a process, to tell whether two deaths left the same behind.
#[derive(PartialEq)]
pub(crate) struct Imprint {
    now: Timestamp,
    records: Vec<Record>,
    bookings: Vec<Booking>,
    sent: Vec<Sent>,
    /// Faults are used up by these.
    writes: usize,
}

/// The workshop with Ada, whose saga it is, and Bob, who must notice nothing.
pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) ada: UserId,
    /// Where Ada reserves.
    pub(crate) start: Timestamp,
    /// Where she moves to.
    pub(crate) other: Timestamp,
    /// A third time.
    pub(crate) third: Timestamp,
    /// A time that overlaps Bob's.
    pub(crate) clash: Timestamp,
    bystander: Reservation,
}

impl Scene {
    /// Ada has nothing yet; Bob's reservation is confirmed and told.
    pub(crate) fn new() -> Self {
        let world = run(World::unlisted());
        let (ada, bob) = run(async { (world.eligible("ada").await, world.eligible("bob").await) });
        let wish = world.wish(&bob, world.after(3000), "k");
        let placed = run(reserve(&world.app, Snapshot::default(), &bob, &wish)).unwrap();
        assert_eq!(placed.status, 201);
        let bystander = run(reservation(&world, &placed.reservation.id));
        let (start, other, third) = (world.after(600), world.after(720), world.after(840));
        let clash = world.after(3030);
        Self { world, ada, start, other, third, clash, bystander }
    }

    /// The same scene up to this instant, which from here goes its own way.
    pub(crate) fn fork(&self) -> Self {
        Self {
            world: self.world.fork(),
            ada: self.ada.clone(),
            bystander: self.bystander.clone(),
            ..*self
        }
    }

    /// Ada's confirmed reservation.
    pub(crate) fn with_one() -> Self {
        let scene = Self::new();
        let Heard::Placed(placed) = run(scene.reserve(scene.world.app.clone())) else {
            panic!("the scene needs a reservation")
        };
        assert_eq!(placed.status, 201);
        scene
    }

    /// The next call of this kind takes effect and its answer is lost.
    pub(crate) fn lose_answer(self, call: Call) -> Self {
        self.world.scheduler.fail_after(call, Failure::UnknownOutcome);
        self
    }

    /// The next call of this kind times out and takes effect when late calls land.
    pub(crate) fn late(self, call: Call) -> Self {
        self.world.scheduler.fail_late(call, Failure::UnknownOutcome);
        self
    }

    /// The next call of this kind fails so and has no effect.
    pub(crate) fn refuse(self, call: Call, failure: Failure) -> Self {
        self.world.scheduler.fail_before(call, failure);
        self
    }

    /// Plays something to its end before the saga.
    pub(crate) fn after(self, work: fn(&Self, App) -> Work<Heard>) -> Self {
        run(work(&self, self.world.app.clone()));
        self
    }

    /// What a process that dies now leaves behind.
    pub(crate) fn imprint(&self) -> Imprint {
        let World { store, scheduler, queue, .. } = &self.world;
        let writes = [Call::Create, Call::Cancel, Call::Reschedule];
        Imprint {
            now: self.world.clock_now(),
            records: store.dump(),
            bookings: scheduler.all(&self.world.account()),
            sent: queue.sent(),
            writes: writes.into_iter().map(|call| scheduler.count(call)).sum(),
        }
    }

    /// Ada's reservation that counts: the one not failed, else the last.
    pub(crate) fn subject(&self) -> Option<Reservation> {
        let own: Vec<_> = all::<Reservation>(&self.world)
            .into_iter()
            .filter(|one| one.user_id() == Some(&self.ada))
            .collect();
        let lives = own.iter().find(|one| !matches!(one.state, State::Failed { .. }));
        lives.or(own.last()).cloned()
    }

    pub(crate) fn subject_id(&self) -> ReservationId {
        self.subject().expect("the scene has a reservation").id
    }

    /// Ada may reserve no more.
    pub(crate) fn ban(&self) {
        let found = run(stored::<Account>(&self.world, Account::key_of(&self.ada))).unwrap();
        let changed = Account { status: AccountStatus::Banned, ..found.value };
        let transaction = Transaction::new().replace(&changed, found.version).unwrap();
        run(self.world.app.store.commit(&transaction)).unwrap();
    }

    /// Ada's booking that stands.
    pub(crate) fn booking(&self) -> Booking {
        let mark = self.subject_id();
        let live = self.world.scheduler.live(&self.world.account());
        live.into_iter()
            .find(|one| one.metadata.values().any(|value| value == mark.as_str()))
            .expect("the scene has a booking")
    }

    /// Whether Bob noticed anything.
    pub(crate) fn bystander_fault(&self) -> Option<String> {
        let now = run(reservation(&self.world, &self.bystander.id));
        (now != self.bystander).then(|| format!("the bystander became {now:?}"))
    }

    /// Ada reserves; the same request each time.
    pub(crate) fn reserve(&self, app: App) -> Work<Heard> {
        let request = self.world.wish(&self.ada, self.start, "k");
        let user = self.ada.clone();
        Box::pin(async move { heard(placed(&app, &user, &request).await) })
    }

    /// Ada cancels her reservation.
    pub(crate) fn cancel(&self, app: App) -> Work<Heard> {
        self.cancelled_by(app, false)
    }

    /// A manager cancels it.
    pub(crate) fn cancel_by_staff(&self, app: App) -> Work<Heard> {
        self.cancelled_by(app, true)
    }

    fn cancelled_by(&self, app: App, staff: bool) -> Work<Heard> {
        let id = self.subject_id();
        let request = CancelRequest {
            reason: "plans changed".to_owned(),
            staff,
            idempotency: Some(keyed(&id, "cancel")),
            act: self.act(),
            reservation_id: id,
        };
        let user = self.ada.clone();
        Box::pin(async move { heard(cancel(&app, &user, &request).await) })
    }

    /// Ada moves her reservation.
    pub(crate) fn reschedule(&self, app: App) -> Work<Heard> {
        let id = self.subject_id();
        let request = RescheduleRequest {
            start: self.other,
            reason: None,
            staff: false,
            idempotency: Some(keyed(&id, "move")),
            act: self.act(),
            reservation_id: id,
        };
        let user = self.ada.clone();
        Box::pin(async move { heard(reschedule(&app, &user, &request).await) })
    }

    fn act(&self) -> Act {
        self.world.act(&self.ada)
    }
}

async fn placed(app: &App, user: &UserId, wish: &ReserveRequest) -> Result<Placed, AppError> {
    reserve(app, Snapshot::default(), user, wish).await
}

pub(crate) fn heard(answer: Result<Placed, AppError>) -> Heard {
    match answer {
        Ok(placed) => Heard::Placed(Box::new(placed)),
        Err(error) => Heard::No(error),
    }
}

pub(crate) fn keyed(id: &ReservationId, operation: &str) -> IdempotencyUse {
    let key = interlock_app::model::IdempotencyKey(format!("{operation}-{id}"));
    IdempotencyUse { key, body_hash: "same".to_owned() }
}
