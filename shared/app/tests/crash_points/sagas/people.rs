//! Approvals of people: asked for, given by one or by two, cut short, and declined.

use interlock_app::{
    App, AppError, AskCheckout, CheckoutAnswer, Decision, Terms, ask_checkout, check_out,
};
use interlock_policy::{Role, UserId};

use super::decisions::staff;
use crate::dice::run;
use crate::fuse::Work;
use crate::saga::{Landing, Repair, Saga, Wish};
use crate::scene::{Heard, Scene};
use crate::support::change_laser;

pub(super) fn all() -> Vec<Saga> {
    let answered = |name, scene: fn() -> Scene, act, ends| Saga {
        name,
        wish: Wish::Approval,
        scene,
        act,
        landing: Landing::Never,
        first: &[Repair::Sweep, Repair::Full, Repair::Again],
        last: &[Repair::Sweep, Repair::Full, Repair::Again],
        ends,
    };
    vec![
        answered("ask for an approval", newcomer, ask, &["waits", "not approved"]),
        answered("approve a person", waiting, yes, &["approved", "waits"]),
        answered("approve a person unasked", newcomer, yes, &["approved", "not approved"]),
        answered("approve a person, the first of two", guarded, yes, &["half approved", "waits"]),
        answered("approve a person, the second of two", half, other_yes, HALF),
        answered("decline a person", waiting, no, &["not approved", "waits"]),
        // The work a loss leaves is the sweep's; reconciliation compares calendars.
        Saga {
            wish: Wish::Nothing,
            first: &[Repair::Sweep, Repair::Again],
            last: &[Repair::Sweep, Repair::Again],
            ..answered(
                "approve a person for a shorter time",
                far_ahead,
                briefly,
                &["cancelled: eligibility", "confirmed"],
            )
        },
    ]
}

/// Who says yes again to what is approved begins another approval, which a second must agree to.
const HALF: &[&str] = &["approved", "half approved", "approved, half approved anew"];

/// Ada has proven nothing yet.
fn newcomer() -> Scene {
    let mut scene = Scene::new();
    scene.ada = run(scene.world.person("newcomer"));
    scene
}

fn waiting() -> Scene {
    newcomer().after(ask)
}

/// Two must say yes.
fn guarded() -> Scene {
    let scene = waiting();
    run(change_laser(&scene.world, |laser| laser.four_eyes = true));
    scene
}

fn half() -> Scene {
    guarded().after(yes)
}

/// Ada's reservation lies three days ahead.
fn far_ahead() -> Scene {
    let mut scene = Scene::new();
    scene.start = scene.world.after(3 * 24 * 60);
    scene.after(Scene::reserve)
}

fn ask(scene: &Scene, app: App) -> Work<Heard> {
    let request = AskCheckout {
        resource_id: scene.world.laser(),
        user_id: scene.ada.clone(),
        level: None,
        note: None,
        act: scene.world.act(&scene.ada),
    };
    Box::pin(async move { done(ask_checkout(&app, &request).await) })
}

fn yes(scene: &Scene, app: App) -> Work<Heard> {
    let by = staff(scene);
    answer(scene, app, by, Decision::Approve(Terms::default()))
}

fn other_yes(scene: &Scene, app: App) -> Work<Heard> {
    let by = run(scene.world.person_with("chief", &[Role::Admin]));
    answer(scene, app, by, Decision::Approve(Terms::default()))
}

fn briefly(scene: &Scene, app: App) -> Work<Heard> {
    let by = staff(scene);
    let terms = Terms { valid_for_days: Some(1), ..Terms::default() };
    answer(scene, app, by, Decision::Approve(terms))
}

fn no(scene: &Scene, app: App) -> Work<Heard> {
    let by = staff(scene);
    answer(scene, app, by, Decision::Decline { reason: "not today".to_owned() })
}

fn answer(scene: &Scene, app: App, by: UserId, decision: Decision) -> Work<Heard> {
    let act = scene.world.act(&by);
    let answer = CheckoutAnswer { resource_id: scene.world.laser(), by, decision, act };
    let whom = scene.ada.clone();
    Box::pin(async move { done(check_out(&app, &answer, &whom).await) })
}

fn done<T>(answer: Result<T, AppError>) -> Heard {
    match answer {
        Ok(_) => Heard::Done,
        Err(error) => Heard::No(error),
    }
}
