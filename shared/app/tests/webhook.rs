//! Deliveries of Cal.com: kept once, applied as hints, harmless however often they come.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{Delivery, DeliveryState, HistoryEvent, Status};
use interlock_app::ports::QueueName;
use interlock_app::ports::scheduler::Failure;
use interlock_app::ports::store::Record;
use interlock_app::{Applied, apply_delivery, receive_delivery};
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use support::{all, ask, books_agree, by_hand, deliver, reservation, uid};

/// Everything in the table but the kept deliveries and their counters.
fn effects(world: &World) -> Vec<Record> {
    world.store.dump().into_iter().filter(|record| record.kind != "delivery").collect()
}

fn only_delivery(world: &World) -> Delivery {
    let mut deliveries = all::<Delivery>(world);
    assert_eq!(deliveries.len(), 1, "{deliveries:?}");
    deliveries.remove(0)
}

#[tokio::test]
async fn the_same_bytes_are_kept_once_and_counted() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    let body = format!(
        r#"{{"trigger":"BOOKING_CREATED","uid":"{}","eventTypeId":101}}"#,
        uid(&placed.reservation).0
    );
    for times in 1..=3 {
        let applied = deliver(&world, &body).await;
        assert!(matches!(applied.as_slice(), [Ok(Applied::Done)]), "{applied:?}");
        let kept = only_delivery(&world);
        assert_eq!((kept.times, kept.state), (times, DeliveryState::Applied));
        assert_eq!(kept.reservation_id.as_ref(), Some(&placed.reservation.id));
    }
}

#[tokio::test]
async fn a_replayed_delivery_changes_nothing_but_its_count() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    let old = uid(&placed.reservation);
    let new = world.scheduler.ui_reschedule(&world.account(), &old, world.after(600)).unwrap().uid;
    let moved =
        format!(r#"{{"trigger":"BOOKING_RESCHEDULED","uid":"{}","movedFrom":"{}"}}"#, new.0, old.0);
    deliver(&world, &moved).await;
    world.scheduler.ui_cancel(&world.account(), &new, "x").unwrap();
    let ended = format!(r#"{{"trigger":"BOOKING_CANCELLED","uid":"{}"}}"#, new.0);
    deliver(&world, &ended).await;
    let before = effects(&world);
    for body in [&moved, &ended, &ended, &moved] {
        world.advance(5);
        deliver(&world, body).await;
        assert_eq!(effects(&world), before);
    }
    let ended = reservation(&world, &placed.reservation.id).await;
    assert_eq!(ended.status(), Status::Cancelled);
}

#[tokio::test]
async fn a_signed_body_that_cannot_be_read_is_quarantined_as_evidence() {
    let world = World::new().await;
    let before = effects(&world);
    let applied = deliver(&world, "not json").await;
    assert!(matches!(applied.as_slice(), [Ok(Applied::Quarantined)]), "{applied:?}");
    assert_eq!(only_delivery(&world).state, DeliveryState::Quarantined);
    assert_eq!(effects(&world), before);
}

#[tokio::test]
async fn a_message_that_is_no_delivery_is_taken_off_the_queue() {
    let world = World::new().await;
    let before = world.store.dump();
    let applied = apply_delivery(&world.app, "{}", &world.job()).await.unwrap();
    assert_eq!(applied, Applied::Quarantined);
    assert_eq!(world.store.dump(), before);
}

#[tokio::test]
async fn a_body_that_is_not_text_is_refused_before_the_queue() {
    let world = World::new().await;
    let signed = ["signed".to_owned()];
    let answer = receive_delivery(&world.app, &[0xff, 0xfe], &signed).await;
    assert!(answer.is_err());
    assert!(world.queue.sent().is_empty());
}

#[tokio::test]
async fn a_ping_is_answered_and_leaves_nothing() {
    let world = World::new().await;
    let before = world.store.dump();
    let applied = deliver(&world, r#"{"trigger":"PING"}"#).await;
    assert!(matches!(applied.as_slice(), [Ok(Applied::Ignored)]), "{applied:?}");
    assert_eq!(world.store.dump(), before);
}

#[tokio::test]
async fn a_delivery_that_concerns_no_booking_is_kept_and_ignored() {
    let world = World::new().await;
    let before = effects(&world);
    deliver(&world, r#"{"trigger":"FORM_SUBMITTED"}"#).await;
    assert_eq!(only_delivery(&world).state, DeliveryState::Ignored);
    assert_eq!(effects(&world), before);
    assert!(world.scheduler.calls().is_empty());
}

#[tokio::test]
async fn a_booking_of_another_deployment_is_left_alone() {
    let world = World::new().await;
    let booking = world
        .scheduler
        .ui_create(&world.account(), by_hand(world.after(300), "cy@test.example"))
        .unwrap();
    let before = effects(&world);
    let body = format!(
        r#"{{"trigger":"BOOKING_CREATED","uid":"{}","eventTypeId":101,"deployment":"other"}}"#,
        booking.uid.0
    );
    let applied = deliver(&world, &body).await;
    assert!(matches!(applied.as_slice(), [Ok(Applied::Ignored)]), "{applied:?}");
    assert_eq!(effects(&world), before);
    assert!(world.scheduler.calls().is_empty());
    assert_eq!(world.scheduler.live(&world.account()).len(), 1);
}

#[tokio::test]
async fn a_booking_on_a_kind_we_do_not_know_is_left_alone() {
    let world = World::new().await;
    let before = effects(&world);
    deliver(&world, r#"{"trigger":"BOOKING_CREATED","uid":"x","eventTypeId":999}"#).await;
    assert_eq!(effects(&world), before);
    let kept = only_delivery(&world);
    assert_eq!(kept.state, DeliveryState::Quarantined);
    assert_eq!(kept.last_error.as_deref(), Some("event_type_unknown"));
}

#[tokio::test]
async fn a_move_inside_calcom_is_found_by_the_uid_it_left() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    let (old, start) = (uid(&placed.reservation), world.after(600));
    let new = world.scheduler.ui_reschedule(&world.account(), &old, start).unwrap().uid;
    let body =
        format!(r#"{{"trigger":"BOOKING_RESCHEDULED","uid":"{}","movedFrom":"{}"}}"#, new.0, old.0);
    deliver(&world, &body).await;
    let moved = reservation(&world, &placed.reservation.id).await;
    assert_eq!((moved.status(), moved.interval.start()), (Status::Confirmed, start));
    assert_eq!((uid(&moved), moved.cal_uids.clone()), (new, vec![old, uid(&moved)]));
    books_agree(&world);
}

#[tokio::test]
async fn deliveries_in_the_wrong_order_end_where_calcom_is() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    let first = uid(&placed.reservation);
    let account = world.account();
    let second = world.scheduler.ui_reschedule(&account, &first, world.after(600)).unwrap().uid;
    let third = world.scheduler.ui_reschedule(&account, &second, world.after(900)).unwrap().uid;
    for (uid, from) in [(&third, &second), (&second, &first)] {
        let body = format!(
            r#"{{"trigger":"BOOKING_RESCHEDULED","uid":"{}","movedFrom":"{}"}}"#,
            uid.0, from.0
        );
        deliver(&world, &body).await;
    }
    let moved = reservation(&world, &placed.reservation.id).await;
    // The third is known only by following the chain, unless a mark names the reservation.
    assert_eq!((moved.status(), moved.interval.start()), (Status::Confirmed, world.after(900)));
    books_agree(&world);
}

#[tokio::test]
async fn a_webhook_that_overtakes_our_own_confirmation_leaves_one_booking_and_a_201() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let start = world.after(300);
    let own = ask(&world, &ada, start, "k");
    let webhook = async {
        // Turns are given until the booking stands and its maker has not confirmed it yet.
        while world.scheduler.live(&world.account()).is_empty() {
            tokio::task::yield_now().await;
        }
        let booking = world.scheduler.live(&world.account()).remove(0);
        let mark = booking.metadata["interlockReservationId"].clone();
        let body = format!(
            r#"{{"trigger":"BOOKING_CREATED","uid":"{}","reservationId":"{mark}"}}"#,
            booking.uid.0
        );
        receive_delivery(&world.app, body.as_bytes(), &["signed".to_owned()]).await.unwrap();
        for message in world.queue.drain(QueueName::Webhook) {
            apply_delivery(&world.app, &message.body, &world.job()).await.unwrap();
        }
    };
    let (placed, ()) = tokio::join!(own, webhook);
    let placed = placed.unwrap();
    assert_eq!((placed.status, placed.reservation.status()), (201, Status::Confirmed));
    assert_eq!(world.scheduler.live(&world.account()).len(), 1);
    let confirmed = all::<HistoryEvent>(&world)
        .into_iter()
        .filter(|event| event.to == Status::Confirmed)
        .count();
    assert_eq!(confirmed, 1, "one of both confirms, the other sees it done");
    let replay = ask(&world, &ada, start, "k").await.unwrap();
    assert_eq!((replay.status, replay.replayed, replay.body), (201, true, placed.body));
    books_agree(&world);
}

#[tokio::test]
async fn a_booking_made_inside_calcom_is_taken_in_once() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let booking = world
        .scheduler
        .ui_create(&world.account(), by_hand(world.after(300), "ADA@test.example"))
        .unwrap();
    let body =
        format!(r#"{{"trigger":"BOOKING_CREATED","uid":"{}","eventTypeId":101}}"#, booking.uid.0);
    deliver(&world, &body).await;
    deliver(&world, &body).await;
    let taken = all::<interlock_app::model::Reservation>(&world);
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].user_id(), Some(&ada), "the attendee's e-mail is found in any case");
    assert_eq!(only_delivery(&world).reservation_id.as_ref(), Some(&taken[0].id));
    books_agree(&world);
}

#[tokio::test]
async fn a_delivery_comes_back_whole_when_calcom_does_not_answer() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    let uid = uid(&placed.reservation);
    world.scheduler.ui_cancel(&world.account(), &uid, "x").unwrap();
    world.scheduler.fail_before(Call::Booking, Failure::NotConnected);
    let body = format!(r#"{{"trigger":"BOOKING_CANCELLED","uid":"{}"}}"#, uid.0);
    let applied = deliver(&world, &body).await;
    assert!(matches!(applied.as_slice(), [Err(error)] if error.retryable()), "{applied:?}");
    let kept = only_delivery(&world);
    assert_eq!((kept.state, kept.attempts), (DeliveryState::Retrying, 1));
    assert_eq!(kept.last_error.as_deref(), Some("scheduler_unavailable"));
    let applied = deliver(&world, &body).await;
    assert!(matches!(applied.as_slice(), [Ok(Applied::Done)]), "{applied:?}");
    let kept = only_delivery(&world);
    assert_eq!((kept.state, kept.attempts), (DeliveryState::Applied, 2));
    let ended = reservation(&world, &placed.reservation.id).await;
    assert_eq!(ended.status(), Status::Cancelled);
}

#[tokio::test]
async fn an_observed_booking_is_never_changed_from_here() {
    let mut world = World::new().await;
    let settings = interlock_app::Settings {
        external_on_machines: interlock_app::ExternalPolicy::Observe,
        ..world.app.settings.as_ref().clone()
    };
    world.app.settings = std::sync::Arc::new(settings);
    let ada = world.eligible("ada").await;
    let booking = by_hand(world.after(300), "ada@test.example");
    world.scheduler.ui_create(&world.account(), booking).unwrap();
    let report =
        interlock_app::reconcile(&world.app, interlock_app::Pass::Incremental, &world.job())
            .await
            .unwrap();
    let request = interlock_app::CancelRequest {
        reservation_id: report.findings[0].reservation_id.clone().unwrap(),
        reason: "mine".to_owned(),
        staff: false,
        idempotency: None,
        act: world.act(&ada),
    };
    let answer = interlock_app::cancel(&world.app, &ada, &request).await;
    assert!(matches!(answer, Err(interlock_app::AppError::StateConflict { .. })), "{answer:?}");
    assert_eq!(world.scheduler.live(&world.account()).len(), 1);
}
