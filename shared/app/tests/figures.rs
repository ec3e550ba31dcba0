//! What passes, letters, chores, seals and the budget tell the alarms of docs/LOGGING.md; alone in
//! its binary: subscribers are process-wide.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../testkit/lines/mod.rs"]
mod lines;
mod support;

use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::model::AuditEntry;
use interlock_app::ports::scheduler::Urgency;
use interlock_app::ports::store::{Action, Document, Expect, Transaction};
use interlock_app::ports::{Chore, ChoreError, Chores, Scheduler};
use interlock_app::{
    Budget, Budgeted, CallLimit, Pass, reconcile, run_chores, seal_audit, send_due, watch_audit,
};
use interlock_testkit::{ClockPause, RecordingPost, SeededIds, World};
use jiff::SignedDuration;
use lines::Lines;
use support::{all, ask, by_hand};

const PASS: [&str; 5] = [
    "ReconcileIncrementalFinished",
    "ReconcileFullFinished",
    "DriftLostConfirmed",
    "DriftConflicts",
    "DriftRepaired",
];

#[tokio::test]
async fn a_pass_that_is_through_tells_that_it_is_and_what_it_found() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let world = World::new().await;
    let bob = world.eligible("bob").await;
    let start = world.after(300);
    ask(&world, &bob, start, "k").await.unwrap();
    lines.figures([]);
    reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
    assert_eq!(lines.figures(PASS), [vec![1], vec![], vec![0], vec![0], vec![0]]);

    world.scheduler.let_overlap(true);
    let over = start + SignedDuration::from_mins(30);
    world.scheduler.ui_create(&world.account(), by_hand(over, "eve@x.example")).unwrap();
    let apart = world.after(900);
    world.scheduler.ui_create(&world.account(), by_hand(apart, "cy@x.example")).unwrap();
    reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    assert_eq!(lines.figures(PASS), [vec![], vec![1], vec![0], vec![1], vec![1]]);

    let empty = World::new().await;
    let mut app = world.app.clone();
    app.scheduler = empty.scheduler.clone();
    reconcile(&app, Pass::Full, &world.job()).await.unwrap();
    let [_, finished, lost, ..] = lines.figures(PASS);
    assert_eq!(finished, [1]);
    assert!(lost[0] >= 1, "{lost:?}");
}

#[tokio::test]
async fn a_pass_that_breaks_off_tells_nothing() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let world = World::new().await;
    let failure = interlock_app::ports::scheduler::Failure::NotConnected;
    world.scheduler.fail_before(interlock_testkit::scheduler::Call::Bookings, failure);
    assert!(reconcile(&world.app, Pass::Incremental, &world.job()).await.is_err());
    assert!(lines.figures(PASS).iter().all(Vec::is_empty));
}

#[tokio::test]
async fn a_sweep_of_letters_tells_how_late_it_is_and_which_letters_it_gives_up() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let world = World::unlisted().await;
    let post: Arc<RecordingPost> = Arc::default();
    let names = ["OldestLetterSeconds", "DeadLetters"];
    send_due(&world.app, &post.post()).await.unwrap();
    assert_eq!(lines.figures(names), [vec![0], vec![]], "nothing is due");
    let ada = world.eligible("ada").await;
    ask(&world, &ada, world.after(30_000), "k").await.unwrap();
    world.advance(400);
    post.fail_before(8);
    send_due(&world.app, &post.post()).await.unwrap();
    let [late, dead] = lines.figures(names);
    assert_eq!((late, dead), (vec![400], vec![]), "it was due at once");
    for _ in 0..8 {
        world.advance(3600);
        send_due(&world.app, &post.post()).await.unwrap();
    }
    let [_, dead] = lines.figures(names);
    assert_eq!(dead, [1], "after eight tries, and once");
}

/// A Cal.com whose schedules are done, or not.
struct Called(Result<(), ChoreError>);

#[async_trait]
impl Chores for Called {
    async fn call(&self, _: Chore) -> Result<(), ChoreError> {
        self.0
    }
}

#[tokio::test]
async fn each_schedule_of_cal_com_that_was_done_is_told_and_one_that_was_not_is_not() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let names =
        ["CalcomMeetingsCalled", "CalcomTasksCalled", "CalcomHourlyCalled", "CalcomDailyCalled"];
    let own = [Chore::Meetings, Chore::Tasks, Chore::TimeZones, Chore::TasksCleanup];
    for (place, chore) in own.into_iter().enumerate() {
        run_chores(&Called(Err(ChoreError::Silent)), &[chore]).await;
        run_chores(&Called(Ok(())), &[chore]).await;
        let told = lines.figures(names);
        for (other, figure) in told.iter().enumerate() {
            assert_eq!(figure.len(), usize::from(place == other), "{chore:?}");
        }
    }
}

#[tokio::test]
async fn a_seal_is_told_and_so_is_what_the_night_finds() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    ask(&world, &ada, world.after(300), "k").await.unwrap();
    world.advance(900);
    let names = ["AuditSealed", "AuditFaults"];
    seal_audit(&world.app).await.unwrap();
    watch_audit(&world.app).await.unwrap();
    assert_eq!(lines.figures(names), [vec![1], vec![0]]);
    let entry = all::<AuditEntry>(&world).remove(0);
    let gone = Action::Delete { key: entry.key(), expect: Expect::Any };
    let past: Transaction = [gone].into_iter().collect();
    world.app.store.commit(&past).await.unwrap();
    watch_audit(&world.app).await.unwrap();
    assert_eq!(lines.figures(names), [vec![], vec![1]]);
}

#[tokio::test]
async fn calls_that_are_taken_from_the_budget_tell_how_much_of_it_is_taken() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let world = World::bare(1);
    let pause = Arc::new(ClockPause(world.clock.clone()));
    let ids = SeededIds::new(1);
    let limit = CallLimit::per_minute(10);
    let budget = Budget::new((world.store.clone(), world.clock.clone()), (&ids, pause), limit);
    let scheduler = Budgeted::new(world.scheduler.clone(), Arc::new(budget));
    let urgent = scheduler.paced(Urgency::User).unwrap();
    for _ in 0..3 {
        urgent.me(&world.account()).await.unwrap();
    }
    let [taken] = lines.figures(["CalcomBudgetPercent"]);
    assert_eq!(taken, [10, 20, 30], "in a hundred");
}
