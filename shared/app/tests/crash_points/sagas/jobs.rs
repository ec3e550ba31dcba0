//! The jobs: they repair what others left, and die themselves.

use interlock_app::ports::scheduler::Failure;
use interlock_app::{App, Pass, reconcile, settle_due};
use interlock_testkit::scheduler::Call;

use crate::fuse::Work;
use crate::saga::{Landing, PAUSE, Repair, Saga, Wish};
use crate::scene::{Heard, Scene};
use crate::support::by_hand;

pub(super) fn all() -> Vec<Saga> {
    let job = |name, scene: fn() -> Scene, act, ends| Saga {
        name,
        wish: Wish::Nothing,
        scene,
        act,
        landing: Landing::Never,
        first: &[Repair::Again, Repair::Full],
        last: &[Repair::Again, Repair::Full],
        ends,
    };
    let swept = |name, scene: fn() -> Scene, ends| job(name, scene, sweep, ends);
    vec![
        swept("sweep, pending and made", pending, &["confirmed"]),
        swept("sweep, pending and never made", unmade, &["failed: never_made"]),
        swept("sweep, moving and moved", moving, &["confirmed, moved"]),
        swept("sweep, moving and not moved", unmoved, &["confirmed"]),
        swept("sweep, cancelling", cancelling, &["cancelled: holder"]),
        swept("sweep, eligibility lost", banned, &["cancelled: eligibility"]),
        job("reconcile by changes", drifted, incremental, &["cancelled: external"]),
        job("reconcile everything", drifted, full, &["cancelled: external"]),
        job("reconcile an orphan", orphan, incremental, &["failed: never_made"]),
    ]
}

fn sweep(scene: &Scene, app: App) -> Work<Heard> {
    let act = scene.world.job();
    Box::pin(async move {
        settle_due(&app, &act).await.expect("the sweep runs");
        Heard::Done
    })
}

fn incremental(scene: &Scene, app: App) -> Work<Heard> {
    reconciled(scene, app, Pass::Incremental)
}

fn full(scene: &Scene, app: App) -> Work<Heard> {
    reconciled(scene, app, Pass::Full)
}

fn reconciled(scene: &Scene, app: App, pass: Pass) -> Work<Heard> {
    let act = scene.world.job();
    Box::pin(async move {
        reconcile(&app, pass, &act).await.expect("the reconciliation runs");
        Heard::Done
    })
}

/// Time enough for every doubt passes.
fn later(scene: Scene) -> Scene {
    scene.world.advance(PAUSE);
    scene
}

fn pending() -> Scene {
    later(Scene::new().lose_answer(Call::Create).after(Scene::reserve))
}

fn unmade() -> Scene {
    let scene = Scene::new().refuse(Call::Create, Failure::UnknownOutcome);
    later(scene.after(Scene::reserve))
}

fn moving() -> Scene {
    later(Scene::with_one().lose_answer(Call::Reschedule).after(Scene::reschedule))
}

fn unmoved() -> Scene {
    let scene = Scene::with_one().refuse(Call::Reschedule, Failure::UnknownOutcome);
    later(scene.after(Scene::reschedule))
}

fn cancelling() -> Scene {
    later(Scene::with_one().refuse(Call::Cancel, Failure::NotConnected).after(Scene::cancel))
}

/// Ada is banned while nobody knows whether her booking was made.
fn banned() -> Scene {
    let scene = pending();
    scene.ban();
    scene
}

/// Ada's booking was ended, and another was made, both inside Cal.com and unheard of.
fn drifted() -> Scene {
    let scene = Scene::with_one();
    let (account, uid) = (scene.world.account(), scene.booking().uid);
    let made = by_hand(scene.third, "cy@test.example");
    scene.world.scheduler.ui_create(&account, made).unwrap();
    scene.world.scheduler.ui_cancel(&account, &uid, "by hand").unwrap();
    later(scene)
}

/// A create that took effect after all time for doubt.
fn orphan() -> Scene {
    let scene = later(Scene::new().late(Call::Create).after(Scene::reserve));
    let swept = scene.after(sweep);
    swept.world.scheduler.land();
    swept
}
