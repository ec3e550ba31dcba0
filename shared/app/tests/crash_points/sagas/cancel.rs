//! Cancel, by what is cancelled and how Cal.com answers.

use interlock_app::App;
use interlock_app::ports::scheduler::Failure;
use interlock_testkit::scheduler::Call;

use crate::fuse::Work;
use crate::saga::{Landing, Repair, Saga, Wish};
use crate::scene::{Heard, Scene};

const REPAIRS: &[Repair] = &[Repair::Sweep, Repair::Full, Repair::Again];

pub(super) fn all() -> Vec<Saga> {
    let cut = |name, scene: fn() -> Scene, ends| Saga {
        name,
        wish: Wish::Cancel,
        scene,
        act: Scene::cancel,
        landing: Landing::Never,
        first: REPAIRS,
        last: REPAIRS,
        ends,
    };
    let soon = |saga| Saga { landing: Landing::Soon, ..saga };
    vec![
        cut("cancel", Scene::with_one, &["cancelled: holder", "confirmed"]),
        Saga {
            act: by_staff,
            ..cut("cancel by staff", Scene::with_one, &["cancelled: staff", "confirmed"])
        },
        cut("cancel, answer lost", lost, &["cancelled: holder", "confirmed"]),
        cut("cancel, not connected", cut_off, &["cancelled: holder", "confirmed"]),
        soon(cut("cancel, late", late, &["cancelled: holder", "confirmed"])),
        cut("cancel while pending", pending, &["cancelled: holder", "confirmed"]),
        soon(cut("cancel while pending, late", pending_late, &["cancelled: holder", "confirmed"])),
        cut(
            "cancel while pending, never made",
            unmade,
            &["cancelled: holder", "failed: never_made"],
        ),
        cut("cancel while moving", moving, &["cancelled: holder", "confirmed, moved"]),
        soon(cut(
            "cancel while moving, late",
            moving_late,
            &["cancelled: holder", "confirmed, moved"],
        )),
    ]
}

fn by_staff(scene: &Scene, app: App) -> Work<Heard> {
    scene.cancel_by_staff(app)
}

fn lost() -> Scene {
    Scene::with_one().lose_answer(Call::Cancel)
}

fn cut_off() -> Scene {
    Scene::with_one().refuse(Call::Cancel, Failure::NotConnected)
}

fn late() -> Scene {
    Scene::with_one().late(Call::Cancel)
}

fn pending() -> Scene {
    Scene::new().lose_answer(Call::Create).after(Scene::reserve)
}

fn pending_late() -> Scene {
    Scene::new().late(Call::Create).after(Scene::reserve)
}

/// The time-out came before anything reached Cal.com.
fn unmade() -> Scene {
    Scene::new().refuse(Call::Create, Failure::UnknownOutcome).after(Scene::reserve)
}

fn moving() -> Scene {
    Scene::with_one().lose_answer(Call::Reschedule).after(Scene::reschedule)
}

fn moving_late() -> Scene {
    Scene::with_one().late(Call::Reschedule).after(Scene::reschedule)
}
