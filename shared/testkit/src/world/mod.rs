//! A workshop in memory: one laser, people by name, and every port within reach of the test.
//!
//! The clock stands on a Monday morning; every free start of the next weeks is offered.

mod documents;
mod second_factor;
mod session;

use std::sync::Arc;

use interlock_app::model::{Actor, IdempotencyKey};
use interlock_app::ports::Store;
use interlock_app::ports::scheduler::CalAccount;
use interlock_app::ports::store::{Document, Transaction};
use interlock_app::{
    Act, App, ExternalPolicy, FactorPolicy, Front, Hints, IdempotencyUse, ReserveRequest, Settings,
    Timing,
};
use interlock_policy::{EventTypeId, Interval, ResourceId, UserId};
use jiff::{SignedDuration, Timestamp};

use crate::{
    FakeDeliveries, FakePasswords, FakeScheduler, ManualClock, MemoryStore, RecordingQueue,
    SeededIds, scheduler,
};

/// The laser's kinds: an hour and half an hour.
pub const HOUR: EventTypeId = EventTypeId(101);
/// Half an hour on the laser.
pub const HALF_HOUR: EventTypeId = EventTypeId(102);

/// Everything a use case may touch, and the app over it.
pub struct World {
    /// The table.
    pub store: Arc<MemoryStore>,
    /// Cal.com.
    pub scheduler: Arc<FakeScheduler>,
    /// Time.
    pub clock: Arc<ManualClock>,
    /// Messages.
    pub queue: Arc<RecordingQueue>,
    /// Passwords.
    pub passwords: Arc<FakePasswords>,
    /// Randomness.
    pub ids: Arc<SeededIds>,
    /// The app.
    pub app: App,
}

impl World {
    /// A workshop with a laser that wants a module and a checkout, and nobody in it.
    pub async fn new() -> Self {
        let world = Self::unlisted().await;
        let account = documents::cal_account();
        for id in [HOUR, HALF_HOUR] {
            let from = world.clock_now();
            let weeks = Interval::lasting(from, SignedDuration::from_hours(24 * 28));
            if let Ok(weeks) = weeks {
                let step = SignedDuration::from_mins(30);
                world.scheduler.offer_each(&account.id, id, weeks, step);
            }
        }
        world
    }

    /// The same workshop, but Cal.com lists no free starts; quicker where nobody asks for them.
    pub async fn unlisted() -> Self {
        let world = Self::bare(1);
        world.put(&documents::module()).await;
        world.put(&documents::laser()).await;
        let account = documents::cal_account();
        for (id, minutes) in [(HOUR, 60), (HALF_HOUR, 30)] {
            let kind = scheduler::plain_event_type(id, "Laser", minutes);
            world.scheduler.set_event_type(&account.id, kind);
        }
        world
    }

    /// Ports without a document in the table.
    pub fn bare(seed: u64) -> Self {
        let clock = Arc::new(ManualClock::default());
        let ids = Arc::new(SeededIds::new(seed));
        let scheduler = FakeScheduler::new(clock.clone());
        let (store, queue) = (MemoryStore::default(), RecordingQueue::default());
        Self::of(clock, ids, (store, scheduler, queue))
    }

    /// The same world up to this instant, which from here goes its own way; what an instance
    /// remembers while warm is forgotten.
    #[must_use]
    pub fn fork(&self) -> Self {
        let clock = Arc::new(ManualClock::at(self.clock_now()));
        let ids = Arc::new(self.ids.fork());
        let scheduler = self.scheduler.fork(clock.clone());
        let mut fork = Self::of(clock, ids, (self.store.fork(), scheduler, self.queue.fork()));
        fork.app.settings = self.app.settings.clone();
        fork
    }

    fn of(
        clock: Arc<ManualClock>,
        ids: Arc<SeededIds>,
        (store, scheduler, queue): (MemoryStore, FakeScheduler, RecordingQueue),
    ) -> Self {
        let (store, scheduler) = (Arc::new(store), Arc::new(scheduler));
        let (queue, passwords) = (Arc::new(queue), Arc::new(FakePasswords::default()));
        let app = App {
            store: store.clone(),
            tally: store.clone(),
            scheduler: scheduler.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            queue: queue.clone(),
            deliveries: Arc::new(FakeDeliveries),
            passwords: passwords.clone(),
            settings: Arc::new(settings()),
            issuer: None,
            hints: Hints::default(),
        };
        Self { store, scheduler, clock, queue, passwords, ids, app }
    }

    /// The same workshop with the limits per person, account and address as they are deployed.
    #[must_use]
    pub fn limited(mut self) -> Self {
        let settings = Settings { limit_factor: 1, ..self.app.settings.as_ref().clone() };
        self.app.settings = Arc::new(settings);
        self
    }

    /// Now, by the test's clock.
    pub fn clock_now(&self) -> Timestamp {
        self.app.now()
    }

    /// So many minutes after the clock's present instant.
    pub fn after(&self, minutes: i64) -> Timestamp {
        self.clock_now() + SignedDuration::from_mins(minutes)
    }

    /// Moves the clock.
    pub fn advance(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// Writes a document whatever was there.
    ///
    /// # Panics
    ///
    /// If the table refuses it, because then the fixture is wrong.
    pub async fn put<T: Document>(&self, document: &T) {
        let written = async {
            let transaction = Transaction::new().put(document)?;
            self.store.commit(&transaction).await
        };
        assert!(written.await.is_ok(), "the fixture must be writable");
    }

    /// A person with an account and nothing proven.
    pub async fn person(&self, name: &str) -> UserId {
        let account = documents::account(name);
        self.put(&documents::email_claim(&account)).await;
        self.put(&account).await;
        account.id
    }

    /// A person who may use the laser.
    pub async fn eligible(&self, name: &str) -> UserId {
        let id = self.person(name).await;
        self.put(&documents::proven(&id)).await;
        id
    }

    /// The laser.
    pub fn laser(&self) -> ResourceId {
        documents::laser().id
    }

    /// The laser's account at Cal.com.
    pub fn account(&self) -> CalAccount {
        documents::cal_account()
    }

    /// A wish for an hour on the laser, under a key of the test's choice.
    pub fn wish(&self, user: &UserId, start: Timestamp, key: &str) -> ReserveRequest {
        ReserveRequest {
            resource_id: self.laser(),
            start,
            event_type_id: None,
            duration_minutes: None,
            idempotency: IdempotencyUse {
                key: IdempotencyKey(format!("{user}-{key}")),
                body_hash: start.to_string(),
            },
            act: self.act(user),
        }
    }

    /// The person as the one who acts.
    pub fn act(&self, user: &UserId) -> Act {
        Act { actor: Actor::User { user_id: user.clone() }, request_id: documents::request_id() }
    }

    /// A job as the one who acts.
    pub fn job(&self) -> Act {
        Act { actor: Actor::System { job: "test".to_owned() }, request_id: documents::request_id() }
    }
}

fn settings() -> Settings {
    Settings {
        deployment: "test".to_owned(),
        app_origin: "https://app.test".to_owned(),
        front: Front::default(),
        cursor_key: [7; 32],
        factor_key: Some([8; 32]),
        external_on_machines: ExternalPolicy::Flag,
        external_on_hosts: ExternalPolicy::Accept,
        second_factor: FactorPolicy::Nobody,
        // Tables of a test come all at once; what is limited is tried by `limited`.
        limit_factor: 1000,
        timing: Timing::default(),
    }
}
