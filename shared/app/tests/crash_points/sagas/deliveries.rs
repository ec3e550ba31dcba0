//! Deliveries of Cal.com: received, and applied from the queue.

use interlock_app::App;
use interlock_app::ports::QueueName;
use interlock_app::ports::scheduler::{Booking, METADATA_RESERVATION};
use interlock_testkit::scheduler::Call;
use interlock_testkit::world::HOUR;

use crate::dice::run;
use crate::fuse::Work;
use crate::saga::{Landing, Repair, Saga, Wish, deliver, receive};
use crate::scene::{Heard, Scene};
use crate::support::by_hand;

/// The queue delivers what it took until it was applied.
const FROM_THE_QUEUE: &[Repair] = &[Repair::Again, Repair::Incremental, Repair::Full];
/// Cal.com never sends twice: what the queue did not take is found by reconciliation.
const BY_LOOKING: &[Repair] = &[Repair::Incremental, Repair::Full];

pub(super) fn all() -> Vec<Saga> {
    let applied = |name, scene: fn() -> Scene, end| Saga {
        name,
        wish: Wish::Nothing,
        scene,
        act: deliver,
        landing: Landing::Never,
        first: FROM_THE_QUEUE,
        last: FROM_THE_QUEUE,
        ends: end,
    };
    vec![
        Saga {
            act: received,
            first: BY_LOOKING,
            last: BY_LOOKING,
            ..applied("delivery received and applied", cancelled, &["cancelled: external"])
        },
        applied("delivery of a create", queued_create, &["confirmed"]),
        applied("delivery of a cancel", queued_cancel, &["cancelled: external"]),
        applied("delivery of a move", queued_move, &["confirmed, moved in Cal.com"]),
        applied("delivery of a move onto taken time", queued_clash, &["confirmed"]),
        applied("delivery of an external booking", queued_external, &["confirmed"]),
    ]
}

/// Receives what Cal.com tells of Ada's booking, and applies what then waits.
fn received(scene: &Scene, app: App) -> Work<Heard> {
    let body = body("BOOKING_CANCELLED", &newest(scene));
    let (receiving, act) = (receive(app.clone(), &body), scene.world.job());
    let queue = scene.world.queue.clone();
    Box::pin(async move {
        let _received = receiving.await;
        for message in queue.sent() {
            if message.queue == QueueName::Webhook {
                let applied = interlock_app::apply_delivery(&app, &message.body, &act).await;
                applied.expect("the delivery is applied");
            }
        }
        Heard::Done
    })
}

/// The booking Cal.com speaks of: the last one made.
fn newest(scene: &Scene) -> Booking {
    let bookings = scene.world.scheduler.all(&scene.world.account());
    bookings.last().expect("there is a booking").clone()
}

fn body(trigger: &str, booking: &Booking) -> serde_json::Value {
    serde_json::json!({
        "trigger": trigger,
        "uid": booking.uid.0,
        "movedFrom": booking.rescheduled_from.as_ref().map(|uid| uid.0.clone()),
        "reservationId": booking.metadata.get(METADATA_RESERVATION),
        "eventTypeId": HOUR.0,
    })
}

fn queued(scene: Scene, trigger: &str) -> Scene {
    let body = body(trigger, &newest(&scene));
    run(receive(scene.world.app.clone(), &body));
    scene
}

fn queued_create() -> Scene {
    let scene = Scene::new().lose_answer(Call::Create).after(Scene::reserve);
    queued(scene, "BOOKING_CREATED")
}

fn cancelled() -> Scene {
    let scene = Scene::with_one();
    let uid = scene.booking().uid;
    scene.world.scheduler.ui_cancel(&scene.world.account(), &uid, "by hand").unwrap();
    scene
}

fn queued_cancel() -> Scene {
    queued(cancelled(), "BOOKING_CANCELLED")
}

fn queued_move() -> Scene {
    let scene = Scene::with_one();
    let (uid, to) = (scene.booking().uid, scene.third);
    scene.world.scheduler.ui_reschedule(&scene.world.account(), &uid, to).unwrap();
    queued(scene, "BOOKING_RESCHEDULED")
}

/// Moved inside Cal.com onto Bob's time, which Cal.com lets happen to unequal intervals.
fn queued_clash() -> Scene {
    let scene = Scene::with_one();
    scene.world.scheduler.let_overlap(true);
    let (uid, to) = (scene.booking().uid, scene.clash);
    scene.world.scheduler.ui_reschedule(&scene.world.account(), &uid, to).unwrap();
    queued(scene, "BOOKING_RESCHEDULED")
}

fn queued_external() -> Scene {
    let scene = Scene::new();
    let made = by_hand(scene.start, "ada@test.example");
    scene.world.scheduler.ui_create(&scene.world.account(), made).unwrap();
    queued(scene, "BOOKING_CREATED")
}
