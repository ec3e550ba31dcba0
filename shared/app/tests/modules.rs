//! Versions of modules, a manager's word, and what looks unusual: what each does to a person's
//! standing and to what he holds.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{
    Alternative, AlternativeKind, AuditEntry, Module, ModuleTerms, Standing, WatchState,
};
use interlock_app::{
    AppError, BeatRequest, Changed, Completed, ModuleEdit, ModuleStatus, Snapshot, UpdateModule,
    complete_training, decline_watch, eligibility, list_awaiting, record_alternative,
    record_progress, settle_due, training_status, update_module,
};
use interlock_policy::{Decision, Interval, ModuleId, Request, Role, UserId, WatchId};
use interlock_testkit::World;
use interlock_watch::Millis;
use interlock_watch::wire::{Percent, ProgressBody};
use jiff::{SignedDuration, Timestamp};
use support::{all, ask, change_laser, read, reservation, stored};

fn basics() -> ModuleId {
    "mod_basics".parse().unwrap()
}

fn message(watch_id: Option<WatchId>, sequence: u64, played: &[(u64, u64)]) -> BeatRequest {
    let segment = |(from, to): &(u64, u64)| {
        let wall = (to - from) * 1000;
        let body = serde_json::json!({"from": from, "to": to, "rate": 1, "wallMs": wall});
        serde_json::from_value(body).unwrap()
    };
    let end = played.last().map_or(0, |(_, to)| *to);
    BeatRequest {
        module_id: basics(),
        watch_id,
        sequence,
        segments: played.iter().map(segment).collect(),
        position: Millis::from_seconds(end),
        visible: true,
    }
}

async fn send(world: &World, user: &UserId, request: &BeatRequest) -> ProgressBody {
    record_progress(&world.app, Snapshot::default(), user, request).await.unwrap()
}

async fn watch(world: &World, user: &UserId, from: u64, until: u64) -> ProgressBody {
    let opened = send(world, user, &message(None, 1, &[])).await;
    let watch_id: WatchId = opened.watch_id.parse().unwrap();
    let mut last = opened;
    for start in (from..until).step_by(5) {
        world.advance(5);
        let part = (start, (start + 5).min(until));
        last = send(world, user, &message(Some(watch_id.clone()), start + 2, &[part])).await;
    }
    last
}

/// Claims far too much, jumps, from a hidden page, at an even beat: all that a script does.
async fn watch_like_a_script(world: &World, user: &UserId) {
    let opened = send(world, user, &message(None, 1, &[])).await;
    let watch_id: WatchId = opened.watch_id.parse().unwrap();
    for beat in 0..30 {
        world.advance(5);
        let mut claim = message(Some(watch_id.clone()), beat + 2, &[(0, 60), (10, 60)]);
        claim.visible = false;
        send(world, user, &claim).await;
    }
    let mut claim = message(Some(watch_id), 99, &[(7, 60)]);
    for second in [0, 14, 21, 28, 35, 42, 49, 53] {
        world.advance(15);
        claim.sequence += 1;
        claim.segments = message(None, 0, &[(second, 60)]).segments;
        send(world, user, &claim).await;
    }
}

async fn complete(world: &World, user: &UserId) -> Result<Completed, AppError> {
    complete_training(&world.app, user, &basics(), &world.act(user)).await
}

async fn say(world: &World, user: &UserId, kind: AlternativeKind) -> Result<Completed, AppError> {
    let mia: UserId = "usr_mia".parse().unwrap();
    let note = "was there".to_owned();
    let said = Alternative { kind, recorded_by: mia.clone(), note };
    record_alternative(&world.app, (user, &basics()), &said, &world.act(&mia)).await
}

async fn revise(world: &World, changed: &[(u64, u64)], grace_days: u16) -> Module {
    let version = stored::<Module>(world, Module::key_of(&basics())).await.unwrap().version;
    let seconds = Millis::from_seconds;
    let parts = changed.iter().map(|(from, to)| (seconds(*from), seconds(*to))).collect();
    let request = UpdateModule {
        id: basics(),
        version: Some(version),
        edit: ModuleEdit::default(),
        changed: Some(Changed::Parts(parts)),
        grace_days: Some(grace_days),
        act: world.act(&"usr_root".parse().unwrap()),
    };
    update_module(&world.app, &request).await.unwrap().value
}

async fn status(world: &World, user: &UserId) -> ModuleStatus {
    training_status(&world.app, Snapshot::default(), user).await.unwrap().remove(0)
}

async fn missing(world: &World, user: &UserId, at: Timestamp) -> Vec<String> {
    let interval = Interval::new(at, at + SignedDuration::from_hours(1)).unwrap();
    let asked = Request { interval: Some(interval), event_type_id: None };
    let laser = world.laser();
    let verdict = eligibility(&world.app, Snapshot::default(), user, &laser, &asked).await.unwrap();
    let codes = verdict.reasons.iter().map(|reason| serde_json::to_value(reason.code).unwrap());
    codes.map(|code| code.as_str().unwrap().to_owned()).collect()
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

#[tokio::test]
async fn a_proof_of_the_version_before_counts_until_its_term_ends() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let until = world.after(7 * DAY);
    assert_eq!(revise(&world, &[(10, 20)], 7).await.version, 2);
    assert!(missing(&world, &ada, world.after(7 * DAY - HOUR)).await.is_empty());
    assert_eq!(missing(&world, &ada, world.after(7 * DAY - HOUR + 30)).await, ["training_expired"]);
    let shown = status(&world, &ada).await;
    assert_eq!((shown.completed, shown.valid_until), (true, Some(until)));
    world.advance(7 * 86_400);
    assert_eq!(missing(&world, &ada, world.after(2 * HOUR)).await, ["training_expired"]);
    let shown = status(&world, &ada).await;
    assert_eq!((shown.completed, shown.valid_until), (false, Some(until)));
    assert!(shown.completed_at.is_some(), "that it was held once is still told");
}

#[tokio::test]
async fn who_watched_the_version_before_watches_only_what_changed() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    watch(&world, &ada, 0, 60).await;
    complete(&world, &ada).await.unwrap();
    revise(&world, &[(10, 14)], 7).await;
    let shown = status(&world, &ada).await;
    let gaps: Vec<_> = shown.gaps.iter().map(|gap| (gap.from.0.get(), gap.to.0.get())).collect();
    assert_eq!(gaps, [(10_000, 14_000)]);
    let Err(AppError::TrainingIncomplete { gaps, .. }) = complete(&world, &ada).await else {
        panic!("what changed was not watched, though it is less than a tenth");
    };
    assert_eq!(gaps.iter().map(|gap| (gap.from, gap.to)).collect::<Vec<_>>(), [(10_000, 14_000)]);
    watch(&world, &ada, 10, 14).await;
    let Ok(Completed::Entered(training)) = complete(&world, &ada).await else {
        panic!("all that changed was watched");
    };
    assert_eq!((training.module_version, training.percent), (2, 100));
    let shown = status(&world, &ada).await;
    assert_eq!((shown.completed, shown.valid_until), (true, None));
    let standing = read::<Standing>(&world, Standing::key_of(&ada)).await.unwrap();
    assert_eq!(standing.trainings.len(), 1, "the newer proof takes the place of the older");
}

#[tokio::test]
async fn a_reservation_that_outlasts_the_term_is_judged_again_and_an_earlier_one_is_not_touched() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let early = ask(&world, &ada, world.after(2 * DAY), "early").await.unwrap().reservation.id;
    let late = ask(&world, &ada, world.after(5 * DAY), "late").await.unwrap().reservation.id;
    revise(&world, &[(10, 20)], 3).await;
    for _ in 0..3 {
        settle_due(&world.app, &world.job()).await.unwrap();
        world.advance(180);
    }
    let flags = async |id| reservation(&world, id).await.flags.len();
    let state = reservation(&world, &late).await;
    assert_eq!(flags(&early).await, 0);
    assert!(!state.flags.is_empty() || state.state.is_final(), "{state:?}");
}

#[tokio::test]
async fn a_resource_that_does_not_ask_for_the_module_is_left_alone() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    change_laser(&world, |laser| laser.policy.requirements.clear()).await;
    let late = ask(&world, &ada, world.after(5 * DAY), "late").await.unwrap().reservation.id;
    revise(&world, &[(10, 20)], 0).await;
    settle_due(&world.app, &world.job()).await.unwrap();
    assert!(reservation(&world, &late).await.flags.is_empty());
}

#[tokio::test]
async fn a_session_attended_is_as_good_as_watching() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    revise(&world, &[(0, 60)], 0).await;
    let wish = world.after(2 * DAY);
    assert_eq!(missing(&world, &ada, wish).await, ["training_expired"]);
    let Ok(Completed::Entered(training)) = say(&world, &ada, AlternativeKind::LiveSession).await
    else {
        panic!("it was said");
    };
    let said = training.alternative.unwrap();
    assert_eq!((said.recorded_by.as_str(), said.note.as_str()), ("usr_mia", "was there"));
    assert!(missing(&world, &ada, wish).await.is_empty());
    let entry = all::<AuditEntry>(&world).pop().unwrap();
    assert_eq!((entry.action.as_str(), entry.object.as_str()), ("training.complete", "mod_basics"));
    assert_eq!(entry.detail["userId"], "usr_ada");
    assert_eq!(entry.detail["alternative"]["kind"], "live_session");
    assert!(!entry.detail.to_string().contains("was there"), "the audit is never erased");
}

#[tokio::test]
async fn what_looks_unusual_waits_for_a_manager_and_is_never_denied() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    watch_like_a_script(&world, &ada).await;
    let since = world.clock_now();
    let waits = Completed::AwaitsConfirmation { since };
    assert_eq!(complete(&world, &ada).await.unwrap(), waits);
    world.advance(60);
    let before = world.store.dump();
    assert_eq!(complete(&world, &ada).await.unwrap(), waits);
    assert_eq!(world.store.dump(), before, "asking again changes nothing");
    let shown = status(&world, &ada).await;
    assert_eq!((shown.completed, shown.needs_confirmation_since), (false, Some(since)));
    let (items, next) = list_awaiting(&world.app, 10, None).await.unwrap();
    assert_eq!((items.len(), next.is_none(), &items[0].user_id), (1, true, &ada));
    assert!(items[0].evidence.integrity_percent < Percent(interlock_watch::BasisPoints::new(5000)));
    assert!(items[0].evidence.signals.len() > 1, "{:?}", items[0].evidence);
    let confirmed = say(&world, &ada, AlternativeKind::WatchConfirmed).await.unwrap();
    let Completed::Entered(training) = confirmed else { panic!("it was confirmed") };
    assert_eq!(training.alternative.unwrap().kind, AlternativeKind::WatchConfirmed);
    assert!(training.watched_seconds >= 54, "{}", training.watched_seconds);
    assert!(list_awaiting(&world.app, 10, None).await.unwrap().0.is_empty());
    assert_eq!(status(&world, &ada).await.needs_confirmation_since, None);
}

#[tokio::test]
async fn what_waits_is_gone_with_a_new_version() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    watch_like_a_script(&world, &ada).await;
    complete(&world, &ada).await.unwrap();
    revise(&world, &[(10, 20)], 0).await;
    let refused = say(&world, &ada, AlternativeKind::WatchConfirmed).await;
    assert!(matches!(refused, Err(AppError::StateConflict { .. })), "{refused:?}");
    send(&world, &ada, &message(None, 1, &[])).await;
    assert!(list_awaiting(&world.app, 10, None).await.unwrap().0.is_empty());
    assert_eq!(all::<WatchState>(&world)[0].awaiting_since, None);
}

#[tokio::test]
async fn a_module_is_completed_only_after_those_it_builds_on() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let mut module = read::<Module>(&world, Module::key_of(&basics())).await.unwrap();
    module.prerequisites = vec!["mod_before".parse().unwrap()];
    world.put(&module).await;
    watch(&world, &ada, 0, 60).await;
    let Err(AppError::TrainingIncomplete { gaps, prerequisites }) = complete(&world, &ada).await
    else {
        panic!("the one before is missing");
    };
    assert_eq!((gaps.len(), prerequisites), (0, module.prerequisites.clone()));
    let mut standing = Standing::empty(ada.clone());
    standing.trainings.push(interlock_app::model::Training {
        module_id: module.prerequisites[0].clone(),
        module_version: 1,
        completed_at: world.clock_now(),
        percent: 100,
        watched_seconds: 0,
        alternative: None,
    });
    world.put(&standing).await;
    assert!(matches!(complete(&world, &ada).await, Ok(Completed::Entered(_))));
}

#[tokio::test]
async fn of_two_edits_at_once_one_is_told_that_it_lost() {
    let world = World::new().await;
    world.person_with("root", &[Role::Admin]).await;
    let request = |title: &str| UpdateModule {
        id: basics(),
        version: Some(1),
        edit: ModuleEdit { title: Some(title.to_owned()), ..ModuleEdit::default() },
        changed: Some(Changed::Everything),
        grace_days: None,
        act: world.act(&"usr_root".parse().unwrap()),
    };
    let (one, two) = (request("One"), request("Two"));
    let (one, two) = tokio::join!(update_module(&world.app, &one), update_module(&world.app, &two));
    assert!(one.is_ok() != two.is_ok());
    let lost = one.err().or(two.err()).unwrap();
    assert!(matches!(lost, AppError::PreconditionFailed), "{lost:?}");
    let terms = read::<ModuleTerms>(&world, ModuleTerms::the_key()).await.unwrap();
    assert_eq!(terms.modules[&basics()].lapses.len(), 1);
    let audits = all::<AuditEntry>(&world);
    assert_eq!(audits.iter().filter(|entry| entry.action == "module.update").count(), 1);
}

#[tokio::test]
async fn the_gate_itself_refuses_what_outlasts_the_term() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    revise(&world, &[(10, 20)], 3).await;
    assert!(ask(&world, &ada, world.after(2 * DAY), "a").await.is_ok());
    let Err(AppError::NotEligible(verdict)) = ask(&world, &ada, world.after(4 * DAY), "b").await
    else {
        panic!("the proof lapses before");
    };
    assert_eq!(verdict.decision, Decision::Refuse);
}

#[tokio::test]
async fn a_watch_that_waits_is_turned_down_and_watched_anew() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    watch_like_a_script(&world, &ada).await;
    complete(&world, &ada).await.unwrap();
    let mia = world.person_with("mia", &[Role::Manager]).await;
    let id = basics();
    let no = async |by: &UserId, reason: &str| {
        decline_watch(&world.app, (&ada, &id), (by, reason), &world.act(by)).await
    };
    assert!(matches!(no(&ada, "mine").await, Err(AppError::SelfApproval)));
    assert!(matches!(no(&mia, " ").await, Err(AppError::Invalid(_))));
    let declined = no(&mia, " it ran beside another film ").await.unwrap();
    assert_eq!(declined.reason, "it ran beside another film");
    let shown = status(&world, &ada).await;
    assert_eq!((shown.needs_confirmation_since, shown.declined), (None, Some(declined)));
    assert_eq!(shown.covered_seconds, interlock_watch::wire::Seconds(Millis::ZERO));
    assert!(list_awaiting(&world.app, 10, None).await.unwrap().0.is_empty());
    let again = no(&mia, "twice").await;
    assert!(matches!(again, Err(AppError::StateConflict { .. })), "{again:?}");
    let entry = all::<AuditEntry>(&world).pop().unwrap();
    assert_eq!(entry.action, "training.decline");
    assert!(!entry.detail.to_string().contains("film"), "the audit is never erased");
    watch(&world, &ada, 0, 60).await;
    assert!(status(&world, &ada).await.declined.is_some(), "told until it is completed");
    assert!(matches!(complete(&world, &ada).await, Ok(Completed::Entered(_))));
    assert_eq!(status(&world, &ada).await.declined, None);
}
