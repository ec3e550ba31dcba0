//! Watching and completing a module: credit is the server's, and one second is spent once.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{Module, Standing, WatchState};
use interlock_app::{
    AppError, BeatRequest, Snapshot, complete_training, eligibility, list_modules, record_progress,
    training_status,
};
use interlock_policy::{Evidence, ModuleId, Request, UserId, Verdict, WatchId};
use interlock_testkit::World;
use interlock_watch::Millis;
use interlock_watch::wire::{Percent, ProgressBody, Seconds};
use support::{all, read, stored};

fn basics() -> ModuleId {
    "mod_basics".parse().unwrap()
}

fn opening() -> BeatRequest {
    BeatRequest {
        module_id: basics(),
        watch_id: None,
        sequence: 1,
        segments: Vec::new(),
        position: Millis::ZERO,
        visible: true,
    }
}

/// A message that says a stretch was played at normal speed.
fn played(watch_id: &WatchId, sequence: u64, from: u64, to: u64) -> BeatRequest {
    let wall = (to - from) * 1000;
    let segment = serde_json::json!({"from": from, "to": to, "rate": 1, "wallMs": wall});
    BeatRequest {
        watch_id: Some(watch_id.clone()),
        sequence,
        segments: vec![serde_json::from_value(segment).unwrap()],
        position: Millis::from_seconds(to),
        ..opening()
    }
}

async fn send(
    world: &World,
    user: &UserId,
    request: &BeatRequest,
) -> Result<ProgressBody, AppError> {
    record_progress(&world.app, Snapshot::default(), user, request).await
}

async fn open(world: &World, user: &UserId) -> WatchId {
    send(world, user, &opening()).await.unwrap().watch_id.parse().unwrap()
}

/// Plays up to a second of the module as an honest page does, five seconds at a time.
async fn watch_until(world: &World, user: &UserId, until: u64) -> ProgressBody {
    let watch_id = open(world, user).await;
    let mut last = None;
    for from in (0..until).step_by(5) {
        world.advance(5);
        let beat = played(&watch_id, from / 5 + 2, from, from + 5);
        last = Some(send(world, user, &beat).await.unwrap());
    }
    last.unwrap()
}

fn seconds(count: u64) -> Seconds {
    Seconds(Millis::from_seconds(count))
}

async fn complete(world: &World, user: &UserId) -> Result<(), AppError> {
    complete_training(&world.app, user, &basics(), &world.act(user)).await.map(|_| ())
}

#[tokio::test]
async fn opening_a_watch_earns_nothing_and_names_it() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let opened = send(&world, &ada, &opening()).await.unwrap();
    assert!(opened.watch_id.starts_with("wat_"));
    assert_eq!((opened.covered_seconds, opened.accepted_seconds), (seconds(0), seconds(0)));
    assert_eq!(opened.gaps.len(), 1);
    assert!(!opened.completed);
}

#[tokio::test]
async fn an_honest_page_is_credited_in_full() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let seen = watch_until(&world, &ada, 60).await;
    assert_eq!((seen.covered_seconds, seen.accepted_seconds), (seconds(60), seconds(5)));
    assert_eq!(seen.rejected_seconds, seconds(0));
    assert!(seen.completed && seen.gaps.is_empty());
}

#[tokio::test]
async fn a_repeated_message_is_answered_alike_and_counted_once() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let watch_id = open(&world, &ada).await;
    world.advance(5);
    let beat = played(&watch_id, 2, 0, 5);
    let first = send(&world, &ada, &beat).await.unwrap();
    let before = world.store.dump();
    world.advance(5);
    let again = send(&world, &ada, &beat).await.unwrap();
    assert_eq!(again, first);
    assert_eq!(world.store.dump(), before, "a repeated message writes nothing");
}

#[tokio::test]
async fn more_than_the_servers_time_is_never_credited() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let watch_id = open(&world, &ada).await;
    world.advance(5);
    let seen = send(&world, &ada, &played(&watch_id, 2, 0, 60)).await.unwrap();
    assert!(seen.accepted_seconds <= seconds(10), "{seen:?}");
    assert!(seen.rejected_seconds >= seconds(50), "{seen:?}");
}

#[tokio::test]
async fn a_watch_of_somebody_else_or_of_nobody_is_unknown() {
    let world = World::new().await;
    let (ada, bob) = (world.person("ada").await, world.person("bob").await);
    let foreign = open(&world, &ada).await;
    world.advance(5);
    let beat = played(&foreign, 2, 0, 5);
    assert!(matches!(send(&world, &bob, &beat).await, Err(AppError::NotFound { .. })));
    open(&world, &bob).await;
    assert!(matches!(send(&world, &bob, &beat).await, Err(AppError::NotFound { .. })));
    let invented = played(&"wat_invented".parse().unwrap(), 2, 0, 5);
    assert!(matches!(send(&world, &ada, &invented).await, Err(AppError::NotFound { .. })));
}

#[tokio::test]
async fn two_tabs_race_for_one_clock_and_never_spend_a_second_twice() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let (one, two) = (open(&world, &ada).await, open(&world, &ada).await);
    world.advance(10);
    let (first, second) = (played(&one, 2, 0, 10), played(&two, 2, 30, 40));
    let (first, second) = tokio::join!(send(&world, &ada, &first), send(&world, &ada, &second));
    let credited =
        first.unwrap().accepted_seconds.0.get() + second.unwrap().accepted_seconds.0.get();
    // Ten seconds of the server's clock at the fastest credited rate, and the one grace.
    assert!(credited <= 10 * 1500 + 2000, "{credited} ms");
    let watch = all::<WatchState>(&world).remove(0).watch;
    assert_eq!(watch.coverage.length().get(), credited, "what was answered is what is kept");
}

#[tokio::test]
async fn what_no_player_sends_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let watch_id = open(&world, &ada).await;
    world.advance(5);
    let before = world.store.dump();
    let mut backwards = played(&watch_id, 2, 0, 5);
    let segment = serde_json::json!({"from": 5, "to": 0, "rate": 1, "wallMs": 5000});
    backwards.segments = vec![serde_json::from_value(segment).unwrap()];
    let mut flood = played(&watch_id, 2, 0, 5);
    flood.segments = vec![flood.segments[0]; 65];
    for beat in [backwards, flood] {
        let answer = send(&world, &ada, &beat).await;
        assert!(matches!(answer, Err(AppError::Invalid(_))), "{answer:?}");
    }
    assert_eq!(world.store.dump(), before);
}

#[tokio::test]
async fn completing_is_refused_with_the_gaps_and_accepted_once_they_are_watched() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let Err(AppError::TrainingIncomplete { gaps, .. }) = complete(&world, &ada).await else {
        panic!("nothing was watched");
    };
    assert_eq!(gaps.iter().map(|gap| (gap.from, gap.to)).collect::<Vec<_>>(), [(0, 60_000)]);
    watch_until(&world, &ada, 30).await;
    let Err(AppError::TrainingIncomplete { gaps, .. }) = complete(&world, &ada).await else {
        panic!("half was watched");
    };
    assert_eq!(gaps.iter().map(|gap| (gap.from, gap.to)).collect::<Vec<_>>(), [(30_000, 60_000)]);
    assert!(read::<Standing>(&world, Standing::key_of(&ada)).await.is_none());
    watch_until(&world, &ada, 60).await;
    complete(&world, &ada).await.unwrap();
    let standing = read::<Standing>(&world, Standing::key_of(&ada)).await.unwrap();
    assert_eq!(standing.trainings.len(), 1);
    assert_eq!(standing.trainings[0].percent, 100);
}

#[tokio::test]
async fn completing_again_changes_nothing() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    watch_until(&world, &ada, 60).await;
    complete(&world, &ada).await.unwrap();
    let before = world.store.dump();
    world.advance(3600);
    complete(&world, &ada).await.unwrap();
    assert_eq!(world.store.dump(), before);
}

#[tokio::test]
async fn two_completions_at_once_enter_it_once() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    watch_until(&world, &ada, 60).await;
    let (one, two) = tokio::join!(complete(&world, &ada), complete(&world, &ada));
    assert!(one.is_ok() && two.is_ok());
    let standing = stored::<Standing>(&world, Standing::key_of(&ada)).await.unwrap();
    assert_eq!((standing.value.trainings.len(), standing.version), (1, 1));
}

#[tokio::test]
async fn a_module_that_is_inactive_or_unknown_can_neither_be_watched_nor_completed() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let module = read::<Module>(&world, Module::key_of(&basics())).await.unwrap();
    world.put(&Module { active: false, ..module }).await;
    let unknown = BeatRequest { module_id: "mod_unknown".parse().unwrap(), ..opening() };
    for beat in [opening(), unknown] {
        let answer = send(&world, &ada, &beat).await;
        assert!(matches!(answer, Err(AppError::NotFound { what: "module" })), "{answer:?}");
        let act = world.act(&ada);
        let answer = complete_training(&world.app, &ada, &beat.module_id, &act).await;
        assert!(matches!(answer, Err(AppError::NotFound { what: "module" })), "{answer:?}");
    }
    assert_eq!(list_modules(&world.app).await.unwrap().len(), 1, "the list still shows it");
    let status = training_status(&world.app, Snapshot::default(), &ada).await.unwrap();
    assert!(status.is_empty(), "nobody is asked to watch it");
}

#[tokio::test]
async fn a_new_version_of_the_module_says_so_to_an_old_watch() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let watch_id = open(&world, &ada).await;
    let module = read::<Module>(&world, Module::key_of(&basics())).await.unwrap();
    world.put(&Module { version: 2, duration_seconds: 90, ..module }).await;
    world.advance(5);
    let answer = send(&world, &ada, &played(&watch_id, 2, 0, 5)).await;
    assert!(matches!(answer, Err(AppError::StateConflict { .. })), "{answer:?}");
    assert!(send(&world, &ada, &opening()).await.is_ok());
}

#[tokio::test]
async fn the_status_tells_what_is_covered_and_since_when_it_is_completed() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    watch_until(&world, &ada, 30).await;
    let status = training_status(&world.app, Snapshot::default(), &ada).await.unwrap();
    assert_eq!((status[0].completed, status[0].covered_seconds), (false, seconds(30)));
    assert_eq!(status[0].coverage_percent, Percent(interlock_watch::BasisPoints::new(5000)));
    watch_until(&world, &ada, 60).await;
    complete(&world, &ada).await.unwrap();
    let status = training_status(&world.app, Snapshot::default(), &ada).await.unwrap();
    assert_eq!((status[0].completed, status[0].completed_at), (true, Some(world.clock_now())));
}

#[tokio::test]
async fn whoever_lacks_a_training_is_told_how_much_of_it_is_left() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let now = Request { interval: None, event_type_id: None };
    let laser = world.laser();
    let ask = || eligibility(&world.app, Snapshot::default(), &ada, &laser, &now);
    let left = |verdict: Verdict| verdict.reasons[0].next_steps[0].estimated_seconds;
    let wanted = 54; // 90 per cent of 60 seconds
    assert_eq!(left(ask().await.unwrap()), Some(wanted));
    watch_until(&world, &ada, 20).await;
    world.store.reset_counts();
    let verdict = ask().await.unwrap();
    assert_eq!(world.store.requests(), 2, "what is left takes a second read");
    let seen = verdict.reasons[0].evidence.first().unwrap();
    assert!(matches!(seen, Evidence::Progress { covered_seconds: 20, .. }), "{seen:?}");
    assert_eq!(left(verdict), Some(wanted - 20));
}
