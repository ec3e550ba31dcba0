//! Every delivery leaves a record, can be listed and tried again, and a dry run changes nothing.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{
    AuditEntry, Delivery, DeliveryId, DeliveryState, HistoryEvent, Reservation, Status,
};
use interlock_app::ports::QueueName;
use interlock_app::ports::scheduler::{CalUid, Failure};
use interlock_app::ports::store::Record;
use interlock_app::{
    AppError, Applied, Batch, DeliveryQuery, Lost, MOST_RECEIVES, Received, apply_received,
    give_up_delivery, list_deliveries, read_delivery, receive_delivery, replay_delivery,
};
use interlock_policy::UserId;
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use support::{all, ask, books_agree, by_hand, deliver, reservation, uid};

async fn received(world: &World, body: &str) -> String {
    receive_delivery(&world.app, body.as_bytes(), &["signed".to_owned()]).await.unwrap();
    world.queue.drain(QueueName::Webhook).remove(0).body
}

async fn handed_out(world: &World, message: &str, receives: u32) -> Result<Applied, AppError> {
    let record = Received { body: message.to_owned(), receives, batch: Batch::default() };
    apply_received(&world.app, &record, &world.job()).await
}

fn only(world: &World) -> Delivery {
    let mut kept = all::<Delivery>(world);
    assert_eq!(kept.len(), 1, "{kept:?}");
    kept.remove(0)
}

fn ended(uid: &CalUid) -> String {
    format!(r#"{{"trigger":"BOOKING_CANCELLED","uid":"{}"}}"#, uid.0)
}

/// A reservation whose booking somebody cancelled inside Cal.com.
async fn cancelled_there(world: &World) -> (UserId, Reservation, String) {
    let ada = world.eligible("ada").await;
    let placed = ask(world, &ada, world.after(300), "k").await.unwrap();
    let uid = uid(&placed.reservation);
    world.scheduler.ui_cancel(&world.account(), &uid, "x").unwrap();
    (ada, placed.reservation, ended(&uid))
}

/// The records of deliveries without what only counts.
fn uncounted(world: &World) -> Vec<Record> {
    let counters = ["times", "attempts", "tries", "lastReceivedAt"];
    let strip = |mut record: Record| {
        if record.kind == "delivery" {
            record.version = 0;
            let fields = record.body.as_object_mut().unwrap();
            fields.retain(|name, _| !counters.contains(&name.as_str()));
        }
        record
    };
    world.store.dump().into_iter().map(strip).collect()
}

#[tokio::test]
async fn an_applied_delivery_says_what_it_changed() {
    let world = World::new().await;
    let (_, reserved, body) = cancelled_there(&world).await;
    deliver(&world, &body).await;
    let kept = only(&world);
    assert_eq!((kept.state, kept.times, kept.attempts), (DeliveryState::Applied, 1, 1));
    assert_eq!(kept.reservation_id.as_ref(), Some(&reserved.id));
    assert_eq!(kept.settled_at, Some(world.clock_now()));
    let effect = kept.effect.unwrap();
    assert_eq!((effect.before, effect.after), (Some(Status::Confirmed), Status::Cancelled));
    assert!(effect.changed);
    let stored = support::stored::<Reservation>(&world, Reservation::key_of(&reserved.id)).await;
    assert_eq!(effect.version, stored.unwrap().version);
}

#[tokio::test]
async fn the_same_bytes_again_leave_every_record_as_it_was_but_for_counters() {
    let world = World::new().await;
    let (_, _, body) = cancelled_there(&world).await;
    for body in [body.as_str(), "not json", r#"{"trigger":"FORM_SUBMITTED"}"#] {
        deliver(&world, body).await;
        let before = uncounted(&world);
        for _ in 0..3 {
            world.advance(3600);
            deliver(&world, body).await;
            assert_eq!(uncounted(&world), before, "{body}");
        }
        let kept = all::<Delivery>(&world);
        let kept = kept.iter().find(|kept| kept.hash == DeliveryId::of(body.as_bytes())).unwrap();
        assert_eq!((kept.times, kept.attempts), (4, 4));
        assert_eq!(kept.last_received_at, world.clock_now());
    }
}

#[tokio::test]
async fn news_of_what_stands_already_writes_nothing_but_the_delivery() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    let others = |world: &World| {
        let mut records = world.store.dump();
        records.retain(|record| record.kind != "delivery");
        records
    };
    let before = others(&world);
    world.advance(60);
    let body =
        format!(r#"{{"trigger":"BOOKING_RESCHEDULED","uid":"{}"}}"#, uid(&placed.reservation).0);
    deliver(&world, &body).await;
    assert_eq!(only(&world).state, DeliveryState::Applied);
    assert_eq!(others(&world), before);
}

#[tokio::test]
async fn the_same_bytes_while_calcom_is_down_leave_what_is_applied_applied() {
    let world = World::new().await;
    let (_, _, body) = cancelled_there(&world).await;
    deliver(&world, &body).await;
    let before = uncounted(&world);
    world.scheduler.fail_before(Call::Booking, Failure::NotConnected);
    assert!(matches!(deliver(&world, &body).await.as_slice(), [Err(_)]));
    assert_eq!(uncounted(&world), before);
}

#[tokio::test]
async fn a_failed_try_is_noted_and_the_last_one_is_dead() {
    let world = World::new().await;
    let (_, reserved, body) = cancelled_there(&world).await;
    let message = received(&world, &body).await;
    for receives in 1..=MOST_RECEIVES {
        world.scheduler.fail_before(Call::Booking, Failure::NotConnected);
        assert!(handed_out(&world, &message, receives).await.is_err());
        let kept = only(&world);
        let expected =
            if receives < MOST_RECEIVES { DeliveryState::Retrying } else { DeliveryState::Dead };
        assert_eq!((kept.state, kept.attempts, kept.times), (expected, receives, 1));
        assert_eq!(kept.last_error.as_deref(), Some("scheduler_unavailable"));
        assert_eq!(kept.tries.len(), usize::try_from(receives).unwrap());
    }
    let last = only(&world).tries.pop().unwrap();
    let wanted = (DeliveryState::Dead, Some("scheduler_unavailable"), world.clock_now());
    assert_eq!((last.state, last.error.as_deref(), last.at), wanted);
    assert_eq!(only(&world).settled_at, None);
    let id = only(&world).hash;
    assert_eq!(read_delivery(&world.app, &id).await.unwrap().tries.len(), only(&world).tries.len());
    let wanted = DeliveryQuery { limit: 1, ..DeliveryQuery::default() };
    let listed = list_deliveries(&world.app, &wanted).await;
    assert!(listed.unwrap().0[0].tries.is_empty(), "a list is short");
    assert_eq!(reservation(&world, &reserved.id).await.status(), Status::Confirmed);
}

#[tokio::test]
async fn a_dead_delivery_is_replayed_once_and_its_dead_letter_is_harmless_afterwards() {
    let world = World::new().await;
    let (ada, reserved, body) = cancelled_there(&world).await;
    let letter = received(&world, &body).await;
    world.scheduler.fail_before(Call::Booking, Failure::NotConnected);
    assert!(handed_out(&world, &letter, MOST_RECEIVES).await.is_err());
    let id = only(&world).hash;
    let event = replay_delivery(&world.app, &id, &world.act(&ada)).await.unwrap();
    assert_eq!((event.state, event.replays), (DeliveryState::Replaying, 1));
    let message = world.queue.drain(QueueName::Webhook).remove(0).body;
    assert_eq!(handed_out(&world, &message, 1).await.unwrap(), Applied::Done);
    assert_eq!(reservation(&world, &reserved.id).await.status(), Status::Cancelled);
    assert_eq!((only(&world).state, only(&world).times), (DeliveryState::Applied, 1));
    let before = uncounted(&world);
    // The operator moves the dead letters back as well.
    assert_eq!(handed_out(&world, &letter, 1).await.unwrap(), Applied::Done);
    assert_eq!(uncounted(&world), before);
    let ends = all::<HistoryEvent>(&world);
    assert_eq!(ends.iter().filter(|event| event.to == Status::Cancelled).count(), 1);
    books_agree(&world);
}

#[tokio::test]
async fn a_replay_asked_for_twice_is_sent_twice_and_noted_once() {
    let world = World::new().await;
    let (ada, _, body) = cancelled_there(&world).await;
    deliver(&world, &body).await;
    let id = only(&world).hash;
    for _ in 0..2 {
        let event = replay_delivery(&world.app, &id, &world.act(&ada)).await.unwrap();
        assert_eq!((event.state, event.replays), (DeliveryState::Replaying, 1));
    }
    let noted: Vec<AuditEntry> = all(&world);
    let noted = noted.iter().filter(|entry| entry.action == "webhook-event.replay");
    assert_eq!(noted.map(|entry| entry.object.as_str()).collect::<Vec<_>>(), [id.as_str()]);
    let messages = world.queue.drain(QueueName::Webhook);
    assert_eq!(messages.len(), 2);
    for message in messages {
        handed_out(&world, &message.body, 1).await.unwrap();
    }
    assert_eq!((only(&world).state, only(&world).times), (DeliveryState::Applied, 1));
}

#[tokio::test]
async fn a_replay_that_the_queue_refused_is_sent_when_it_is_asked_for_again() {
    let world = World::new().await;
    let (ada, _, body) = cancelled_there(&world).await;
    deliver(&world, &body).await;
    let id = only(&world).hash;
    world.queue.fail_before(1);
    assert!(replay_delivery(&world.app, &id, &world.act(&ada)).await.is_err());
    replay_delivery(&world.app, &id, &world.act(&ada)).await.unwrap();
    assert_eq!(world.queue.drain(QueueName::Webhook).len(), 1);
}

#[tokio::test]
async fn a_quarantined_kind_is_replayed_after_it_was_mapped() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let booking = by_hand(world.after(300), "ada@test.example");
    let booking = world.scheduler.ui_create(&world.account(), booking).unwrap();
    let laser = support::read::<interlock_app::model::Resource>(
        &world,
        interlock_app::model::Resource::key_of(&world.laser()),
    );
    let laser = laser.await.unwrap();
    world.put(&interlock_app::model::Resource { event_types: Vec::new(), ..laser.clone() }).await;
    let uid = &booking.uid.0;
    let body = format!(r#"{{"trigger":"BOOKING_CREATED","uid":"{uid}","eventTypeId":101}}"#);
    deliver(&world, &body).await;
    assert_eq!(only(&world).state, DeliveryState::Quarantined);
    assert_eq!(only(&world).last_error.as_deref(), Some("event_type_unknown"));
    world.put(&laser).await;
    let id = only(&world).hash;
    replay_delivery(&world.app, &id, &world.act(&ada)).await.unwrap();
    let message = world.queue.drain(QueueName::Webhook).remove(0).body;
    assert_eq!(handed_out(&world, &message, 1).await.unwrap(), Applied::Done);
    let kept = only(&world);
    assert_eq!(kept.state, DeliveryState::Applied);
    let effect = kept.effect.unwrap();
    assert_eq!((effect.before, effect.after), (None, Status::Confirmed));
}

#[tokio::test]
async fn what_could_not_be_kept_is_not_replayed_and_what_never_came_is_not_found() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    deliver(&world, "not json").await;
    let kept = only(&world);
    assert_eq!((kept.body.as_deref(), kept.bytes), (None, 8));
    assert_eq!(kept.last_error.as_deref(), Some("malformed"));
    let before = world.store.dump();
    let act = world.act(&ada);
    let answer = replay_delivery(&world.app, &kept.hash, &act).await;
    assert!(matches!(answer, Err(AppError::StateConflict { .. })), "{answer:?}");
    let never = DeliveryId::of(b"never");
    let answer = replay_delivery(&world.app, &never, &act).await;
    assert!(matches!(answer, Err(AppError::NotFound { .. })), "{answer:?}");
    assert!(matches!(read_delivery(&world.app, &never).await, Err(AppError::NotFound { .. })));
    assert_eq!(world.store.dump(), before);
    assert!(world.queue.sent().is_empty());
}

#[tokio::test]
async fn a_message_given_up_by_a_panic_is_noted_like_any_failed_try() {
    let world = World::new().await;
    let (_, _, body) = cancelled_there(&world).await;
    let message = received(&world, &body).await;
    for (receives, state) in [(1, DeliveryState::Retrying), (MOST_RECEIVES, DeliveryState::Dead)] {
        let lost = Received { body: message.clone(), receives, batch: Batch::default() };
        give_up_delivery(&world.app, &lost, Lost::Panicked).await;
        assert_eq!(only(&world).state, state);
        assert_eq!(only(&world).last_error.as_deref(), Some("panicked"));
    }
}

#[tokio::test]
async fn deliveries_of_one_uid_in_one_batch_cost_one_look() {
    let world = World::new().await;
    let (_, reserved, body) = cancelled_there(&world).await;
    let uid = &uid(&reserved).0;
    let others = ["BOOKING_CREATED", "BOOKING_PAID"]
        .map(|trigger| format!(r#"{{"trigger":"{trigger}","uid":"{uid}"}}"#));
    let mut messages = Vec::new();
    for body in others.iter().chain([&body]) {
        messages.push(received(&world, body).await);
    }
    let looks = || world.scheduler.calls().iter().filter(|call| **call == Call::Booking).count();
    let before = looks();
    let batch = Batch::default();
    for body in messages {
        let received = Received { body, receives: 1, batch: batch.clone() };
        let applied = apply_received(&world.app, &received, &world.job()).await;
        assert_eq!(applied.unwrap(), Applied::Done);
    }
    assert_eq!(looks() - before, 1);
    let kept = all::<Delivery>(&world);
    assert_eq!(kept.len(), 3);
    assert!(kept.iter().all(|kept| kept.state == DeliveryState::Applied), "{kept:?}");
    let changed = kept.iter().filter(|kept| kept.effect.as_ref().unwrap().changed).count();
    assert_eq!(changed, 1, "one of them had the effect");
    assert_eq!(reservation(&world, &reserved.id).await.status(), Status::Cancelled);
}

#[tokio::test]
async fn a_delivery_sent_long_ago_or_ahead_of_time_is_marked_and_still_only_a_look() {
    for (sent_at, stale) in [(-72 * 60 - 1, true), (-71 * 60, false), (4, false), (6, true)] {
        let world = World::new().await;
        let (_, reserved, body) = cancelled_there(&world).await;
        let sent = world.after(sent_at);
        let body = body.replace('}', &format!(r#","sentAt":"{sent}"}}"#));
        deliver(&world, &body).await;
        assert_eq!((only(&world).stale, only(&world).state), (stale, DeliveryState::Applied));
        assert_eq!(reservation(&world, &reserved.id).await.status(), Status::Cancelled);
    }
}

#[tokio::test]
async fn deliveries_are_listed_newest_first_by_state_trigger_and_reservation() {
    let world = World::new().await;
    let (_, reserved, body) = cancelled_there(&world).await;
    deliver(&world, &body).await;
    for number in 0..7 {
        world.advance(60);
        deliver(&world, &format!(r#"{{"trigger":"FORM_SUBMITTED","number":{number}}}"#)).await;
    }
    deliver(&world, "not json").await;
    let list = async |query: DeliveryQuery| {
        let (mut found, mut query) = (Vec::new(), query);
        loop {
            let (page, next) = list_deliveries(&world.app, &query).await.unwrap();
            assert!(page.len() <= 2);
            found.extend(page);
            match next {
                Some(next) => query.after = Some(next),
                None => return found,
            }
        }
    };
    let two = DeliveryQuery { limit: 2, ..DeliveryQuery::default() };
    let every = list(two.clone()).await;
    assert_eq!(every.len(), 9);
    assert!(every.is_sorted_by(|one, other| one.received_at >= other.received_at));
    let ignored = DeliveryQuery { state: Some(DeliveryState::Ignored), ..two.clone() };
    assert_eq!(list(ignored).await.len(), 7);
    let trigger = DeliveryQuery { trigger: Some("BOOKING_CANCELLED".into()), ..two.clone() };
    assert_eq!(list(trigger).await.len(), 1);
    let own = DeliveryQuery { reservation_id: Some(reserved.id.clone()), ..two.clone() };
    assert_eq!(list(own.clone()).await.len(), 1);
    let none = DeliveryQuery { state: Some(DeliveryState::Dead), ..own };
    assert!(list(none).await.is_empty());
}

#[tokio::test]
async fn a_shown_body_has_no_uid() {
    let world = World::new().await;
    let (_, reserved, body) = cancelled_there(&world).await;
    deliver(&world, &body).await;
    let event = read_delivery(&world.app, &only(&world).hash).await.unwrap();
    let shown = serde_json::to_string(&event).unwrap();
    assert!(!shown.contains(&uid(&reserved).0), "{shown}");
    assert_eq!(event.body.unwrap()["trigger"], "BOOKING_CANCELLED");
}
