//! A process that dies at one point: before a call to the world has its effect, or after the
//! effect and before the answer is heard.
//!
//! The points are numbered from one as they are reached, two for each call to table, Cal.com or
//! queue; nothing else a use case does outlives the process. The call at the point never comes
//! back, and whoever drives the work drops it there.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use interlock_app::ports::scheduler::{
    Booking, BookingFilter, CalAccount, CalUid, EventType, NewBooking, SchedulerError,
};
use interlock_app::ports::store::{CommitError, Key, Page, Query, Record, StoreError, Transaction};
use interlock_app::ports::{
    Mail, Mailer, PostError, Queue, QueueError, QueueName, Scheduler, Store,
};
use interlock_app::{App, Hints, Post};
use interlock_policy::{EventTypeId, Interval};
use jiff::{SignedDuration, Timestamp};

/// Work whose every wait is a turn.
pub(crate) type Work<T> = Pin<Box<dyn Future<Output = T>>>;

#[derive(Default)]
struct State {
    reached: usize,
    place: String,
    blown: bool,
}

/// Counts points and stops at one of them.
pub(crate) struct Fuse {
    at: Option<usize>,
    state: Mutex<State>,
}

impl Fuse {
    async fn pass(&self, place: &str) {
        let stop = {
            let mut state = self.state.lock().unwrap();
            state.reached += 1;
            place.clone_into(&mut state.place);
            state.blown = self.at == Some(state.reached);
            state.blown
        };
        if stop {
            std::future::pending::<()>().await;
        }
    }

    async fn around<T>(&self, call: &str, effect: impl Future<Output = T>) -> T {
        self.pass(&format!("before {call}")).await;
        let answer = effect.await;
        self.pass(&format!("after {call}")).await;
        answer
    }
}

/// How work came out that was to die at a point.
pub(crate) enum Came<T> {
    /// It died there; where, in words.
    Died(String),
    /// It was done before it got there.
    Through(T),
}

/// Runs work on a process that dies at the point, or at none.
pub(crate) fn die_at<T>(
    app: &App,
    point: Option<usize>,
    work: impl FnOnce(App, &Arc<Fuse>) -> Work<T>,
) -> Came<T> {
    let fuse = Arc::new(Fuse { at: point, state: Mutex::default() });
    let mut work = work(fused(app, &fuse), &fuse);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
            return Came::Through(done);
        }
        let state = fuse.state.lock().unwrap();
        if state.blown {
            return Came::Died(state.place.clone());
        }
    }
}

/// The app of a process of its own: what an instance remembers while warm dies with it.
fn fused(app: &App, fuse: &Arc<Fuse>) -> App {
    App {
        store: Arc::new(FusedStore { inner: app.store.clone(), fuse: fuse.clone() }),
        scheduler: Arc::new(FusedScheduler { inner: app.scheduler.clone(), fuse: fuse.clone() }),
        queue: Arc::new(FusedQueue { inner: app.queue.clone(), fuse: fuse.clone() }),
        issuer: None,
        hints: Hints::default(),
        ..app.clone()
    }
}

struct FusedStore {
    inner: Arc<dyn Store>,
    fuse: Arc<Fuse>,
}

#[async_trait]
impl Store for FusedStore {
    async fn read(&self, keys: &[Key]) -> Result<BTreeMap<Key, Record>, StoreError> {
        self.fuse.around("a read", self.inner.read(keys)).await
    }

    async fn query(&self, query: &Query) -> Result<Page, StoreError> {
        self.fuse.around("a query", self.inner.query(query)).await
    }

    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        self.fuse.around("a commit", self.inner.commit(transaction)).await
    }
}

struct FusedScheduler {
    inner: Arc<dyn Scheduler>,
    fuse: Arc<Fuse>,
}

#[async_trait]
impl Scheduler for FusedScheduler {
    async fn slots(
        &self,
        account: &CalAccount,
        event_type: EventTypeId,
        range: Interval,
    ) -> Result<Vec<Timestamp>, SchedulerError> {
        let asked = self.inner.slots(account, event_type, range);
        self.fuse.around("Cal.com's free times", asked).await
    }

    async fn create(
        &self,
        account: &CalAccount,
        booking: &NewBooking,
    ) -> Result<Booking, SchedulerError> {
        self.fuse.around("Cal.com's create", self.inner.create(account, booking)).await
    }

    async fn booking(
        &self,
        account: &CalAccount,
        uid: &CalUid,
    ) -> Result<Option<Booking>, SchedulerError> {
        self.fuse.around("a look at Cal.com", self.inner.booking(account, uid)).await
    }

    async fn bookings(
        &self,
        account: &CalAccount,
        filter: &BookingFilter,
    ) -> Result<Vec<Booking>, SchedulerError> {
        self.fuse.around("Cal.com's list", self.inner.bookings(account, filter)).await
    }

    async fn cancel(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        self.fuse.around("Cal.com's cancel", self.inner.cancel(account, uid, reason)).await
    }

    async fn reschedule(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        start: Timestamp,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        let asked = self.inner.reschedule(account, uid, start, reason);
        self.fuse.around("Cal.com's move", asked).await
    }

    async fn event_types(&self, account: &CalAccount) -> Result<Vec<EventType>, SchedulerError> {
        self.fuse.around("Cal.com's kinds", self.inner.event_types(account)).await
    }

    async fn me(&self, account: &CalAccount) -> Result<String, SchedulerError> {
        self.fuse.around("Cal.com's owner", self.inner.me(account)).await
    }
}

/// Whoever carries letters for such a process.
#[allow(dead_code, reason = "not every test that dies sends letters")]
pub(crate) fn fused_post(post: &Post, fuse: &Arc<Fuse>) -> Post {
    let mailer = Arc::new(FusedMailer { inner: post.mailer.clone(), fuse: fuse.clone() });
    Post { mailer, ..post.clone() }
}

struct FusedMailer {
    inner: Arc<dyn Mailer>,
    fuse: Arc<Fuse>,
}

#[async_trait]
impl Mailer for FusedMailer {
    async fn send(&self, mail: &Mail) -> Result<Option<String>, PostError> {
        self.fuse.around("a mail", self.inner.send(mail)).await
    }
}

struct FusedQueue {
    inner: Arc<dyn Queue>,
    fuse: Arc<Fuse>,
}

#[async_trait]
impl Queue for FusedQueue {
    async fn send(
        &self,
        queue: QueueName,
        body: &str,
        delay: SignedDuration,
    ) -> Result<(), QueueError> {
        self.fuse.around("a message", self.inner.send(queue, body, delay)).await
    }
}
