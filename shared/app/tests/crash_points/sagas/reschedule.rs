//! Reschedule, by how Cal.com answers.

use interlock_app::ports::scheduler::Failure;
use interlock_testkit::scheduler::Call;

use crate::saga::{Landing, Repair, Saga, Wish};
use crate::scene::Scene;
use crate::support::by_hand;

const REPAIRS: &[Repair] = &[Repair::Sweep, Repair::Full, Repair::Again];

pub(super) fn all() -> Vec<Saga> {
    let cut = |name, scene: fn() -> Scene, ends| Saga {
        name,
        wish: Wish::Move,
        scene,
        act: Scene::reschedule,
        landing: Landing::Never,
        first: REPAIRS,
        last: REPAIRS,
        ends,
    };
    vec![
        cut("reschedule", Scene::with_one, &["confirmed, moved", "confirmed"]),
        cut("reschedule, answer lost", lost, &["confirmed, moved", "confirmed"]),
        cut("reschedule, own success refused", hidden, &["confirmed, moved", "confirmed"]),
        cut("reschedule, time taken in Cal.com", taken, &["confirmed"]),
        cut("reschedule, not connected", cut_off, &["confirmed", "confirmed, moved"]),
        Saga {
            last: &[Repair::Full, Repair::Incremental, Repair::Again],
            ..cut("reschedule, cancelled in Cal.com", ended, &["cancelled: external"])
        },
        Saga {
            landing: Landing::Soon,
            ..cut("reschedule, late", late, &["confirmed, moved", "confirmed"])
        },
        Saga {
            landing: Landing::TooLate,
            last: &[Repair::Full],
            ..cut("reschedule, too late", late, &["confirmed, moved", "confirmed"])
        },
    ]
}

fn lost() -> Scene {
    Scene::with_one().lose_answer(Call::Reschedule)
}

fn late() -> Scene {
    Scene::with_one().late(Call::Reschedule)
}

/// Cal.com says no, and has moved it all the same.
fn hidden() -> Scene {
    let scene = Scene::with_one();
    scene.world.scheduler.fail_after(Call::Reschedule, Failure::AlreadyRescheduled);
    scene
}

fn taken() -> Scene {
    let scene = Scene::with_one();
    let made = by_hand(scene.other, "cy@test.example");
    scene.world.scheduler.ui_create(&scene.world.account(), made).unwrap();
    scene
}

fn cut_off() -> Scene {
    Scene::with_one().refuse(Call::Reschedule, Failure::NotConnected)
}

/// Somebody ended it inside Cal.com, and we have not heard.
fn ended() -> Scene {
    let scene = Scene::with_one();
    let uid = scene.booking().uid;
    scene.world.scheduler.ui_cancel(&scene.world.account(), &uid, "by hand").unwrap();
    scene
}
