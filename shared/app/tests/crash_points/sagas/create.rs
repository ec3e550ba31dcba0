//! Create, by how Cal.com answers.

use interlock_app::ports::scheduler::Failure;
use interlock_testkit::scheduler::Call;

use crate::saga::{Landing, Repair, Saga, Wish};
use crate::scene::Scene;
use crate::support::by_hand;

const REPAIRS: &[Repair] = &[Repair::Sweep, Repair::Full, Repair::Again];

pub(super) fn all() -> Vec<Saga> {
    let cut = |name, scene, ends| Saga {
        name,
        wish: Wish::Create,
        scene,
        act: Scene::reserve,
        landing: Landing::Never,
        first: REPAIRS,
        last: REPAIRS,
        ends,
    };
    vec![
        cut("create", Scene::new, &["confirmed", "none", "failed: never_made"]),
        cut("create, answer lost", lost, &["confirmed", "none", "failed: never_made"]),
        cut("create, own success refused", hidden, &["confirmed", "none", "failed: never_made"]),
        cut("create, time taken in Cal.com", taken, TAKEN),
        cut("create, refused", refused, REFUSED),
        cut("create, not connected", cut_off, CUT_OFF),
        Saga {
            landing: Landing::Soon,
            ..cut("create, late", late, &["confirmed", "none", "failed: never_made"])
        },
        Saga {
            landing: Landing::TooLate,
            last: &[Repair::Full],
            ..cut("create, too late", late, &["failed: never_made", "none", "confirmed"])
        },
    ]
}

const TAKEN: &[&str] = &["failed: slot_taken", "none", "failed: never_made"];
/// Asked again once the fault is over, a request that had made nothing is made.
const REFUSED: &[&str] = &["failed: refused", "none", "failed: never_made", "confirmed"];
const CUT_OFF: &[&str] = &["failed: unreachable", "none", "failed: never_made", "confirmed"];

fn lost() -> Scene {
    Scene::new().lose_answer(Call::Create)
}

fn late() -> Scene {
    Scene::new().late(Call::Create)
}

/// Cal.com says that the time is taken, and it is by us.
fn hidden() -> Scene {
    let scene = Scene::new();
    scene.world.scheduler.fail_after(Call::Create, Failure::SlotTaken);
    scene
}

fn taken() -> Scene {
    let scene = Scene::new();
    let made = by_hand(scene.start, "cy@test.example");
    scene.world.scheduler.ui_create(&scene.world.account(), made).unwrap();
    scene
}

fn refused() -> Scene {
    Scene::new().refuse(Call::Create, Failure::AttendeeRefused)
}

fn cut_off() -> Scene {
    Scene::new().refuse(Call::Create, Failure::NotConnected)
}
