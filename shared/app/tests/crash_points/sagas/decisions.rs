//! What people in charge decide: a yes, a no, a term that runs out, a ban, a checkout taken back.

use interlock_app::ports::scheduler::Failure;
use interlock_app::{
    App, DecisionRequest, RevokeCheckout, UpdateUser, approve, decline, revoke_checkout,
    settle_due, update_user,
};
use interlock_policy::{AccountStatus, Role, UserId};
use interlock_testkit::scheduler::Call;

use crate::dice::run;
use crate::fuse::Work;
use crate::saga::{Landing, PAUSE, Repair, Saga, Wish};
use crate::scene::{Heard, Scene, heard, keyed};
use crate::support::laser_wants_a_yes;

pub(super) fn all() -> Vec<Saga> {
    let decided = |name, scene: fn() -> Scene, act, ends| Saga {
        name,
        wish: Wish::Nothing,
        scene,
        act,
        landing: Landing::Never,
        first: &[Repair::Sweep, Repair::Full, Repair::Again],
        last: &[Repair::Sweep, Repair::Full, Repair::Again],
        ends,
    };
    // The work a loss leaves is the sweep's; reconciliation compares calendars.
    let lost = |name, scene: fn() -> Scene, act, ends| Saga {
        first: &[Repair::Sweep, Repair::Again],
        last: &[Repair::Sweep, Repair::Again],
        ..decided(name, scene, act, ends)
    };
    vec![
        decided("approve", waiting, yes, &["confirmed", "awaiting", "failed: never_made"]),
        decided(
            "approve, answer lost",
            unheard,
            yes,
            &["confirmed", "awaiting", "failed: never_made"],
        ),
        decided(
            "approve, not connected",
            cut_off,
            yes,
            &["awaiting", "confirmed", "failed: never_made"],
        ),
        decided("decline", waiting, no, &["cancelled: declined", "awaiting"]),
        lost("sweep, nobody said yes in time", overdue, sweep, &["cancelled: expired"]),
        lost("ban", Scene::with_one, ban, &["cancelled: eligibility", "confirmed"]),
        lost("sweep, banned", banned, sweep, &["cancelled: eligibility"]),
        lost(
            "revoke a checkout",
            Scene::with_one,
            revoke,
            &["cancelled: eligibility", "confirmed"],
        ),
        lost("sweep, checkout taken back", revoked, sweep, &["cancelled: eligibility"]),
    ]
}

/// Ada's reservation waits for a yes.
fn waiting() -> Scene {
    let scene = Scene::new();
    run(laser_wants_a_yes(&scene.world));
    scene.after(Scene::reserve)
}

fn unheard() -> Scene {
    waiting().lose_answer(Call::Create)
}

fn cut_off() -> Scene {
    waiting().refuse(Call::Create, Failure::NotConnected)
}

/// The time for a yes is over.
fn overdue() -> Scene {
    let scene = waiting();
    scene.world.clock.set(scene.start);
    scene
}

fn banned() -> Scene {
    later(Scene::with_one().after(ban))
}

fn revoked() -> Scene {
    later(Scene::with_one().after(revoke))
}

fn later(scene: Scene) -> Scene {
    scene.world.advance(PAUSE);
    scene
}

fn sweep(scene: &Scene, app: App) -> Work<Heard> {
    let act = scene.world.job();
    Box::pin(async move {
        settle_due(&app, &act).await.expect("the sweep runs");
        Heard::Done
    })
}

/// Somebody in charge; made before the saga, so that it has no part in it.
pub(super) fn staff(scene: &Scene) -> UserId {
    run(scene.world.person_with("boss", &[Role::Admin]))
}

fn decision(scene: &Scene, word: &str) -> (UserId, DecisionRequest) {
    let boss = staff(scene);
    let id = scene.subject_id();
    let request = DecisionRequest {
        idempotency: Some(keyed(&id, word)),
        reservation_id: id,
        staff: true,
        act: scene.world.act(&boss),
    };
    (boss, request)
}

fn yes(scene: &Scene, app: App) -> Work<Heard> {
    let (boss, request) = decision(scene, "approve");
    Box::pin(async move { heard(approve(&app, &boss, &request).await) })
}

fn no(scene: &Scene, app: App) -> Work<Heard> {
    let (boss, request) = decision(scene, "decline");
    Box::pin(async move { heard(decline(&app, &boss, &request, "not today").await) })
}

fn ban(scene: &Scene, app: App) -> Work<Heard> {
    let boss = staff(scene);
    let request = UpdateUser {
        user_id: scene.ada.clone(),
        status: AccountStatus::Banned,
        suspension: None,
        act: scene.world.act(&boss),
    };
    Box::pin(async move {
        match update_user(&app, &boss, &request).await {
            Ok(_) => Heard::Done,
            Err(error) => Heard::No(error),
        }
    })
}

fn revoke(scene: &Scene, app: App) -> Work<Heard> {
    let boss = staff(scene);
    let request = RevokeCheckout {
        resource_id: scene.world.laser(),
        user_id: scene.ada.clone(),
        act: scene.world.act(&boss),
        by: boss,
        reason: "left the lid open".to_owned(),
        to_level: None,
    };
    Box::pin(async move {
        match revoke_checkout(&app, &request).await {
            Ok(_) => Heard::Done,
            Err(error) => Heard::No(error),
        }
    })
}
