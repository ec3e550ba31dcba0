//! Event types, schedules, webhooks and the own user, as the product manages them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{BOOKINGS, EVENT_TYPES, Rig, SCHEDULES, cases};

cases! {
    "22" sim_only event_types_can_be_read_changed_and_deleted_by_their_owner;
    "22" sim_only a_foreign_event_type_is_404;
    "22" sim_only the_public_list_leaves_hidden_types_out;
    "22" sim_only event_type_bodies_are_validated;
    "22" sim_only schedules_have_their_life_cycle;
    "22" sim_only schedule_bodies_are_validated_but_not_their_sense;
    "22" sim_only webhooks_have_their_life_cycle;
    "22" sim_only webhook_bodies_are_validated_but_not_their_address;
    "22" real me_names_the_owner_of_the_key;
}

fn printer() -> String {
    interlock_calcom_sim::demo_accounts().remove(1).api_key
}

async fn event_types_can_be_read_changed_and_deleted_by_their_owner(rig: Rig) {
    let list = rig.get(EVENT_TYPES, "/v2/event-types").await;
    let ids: Vec<i64> = list.body["data"]
        .as_array()
        .expect("types")
        .iter()
        .filter_map(|one| one["id"].as_i64())
        .collect();
    assert_eq!(ids, [101, 102]);
    let path = "/v2/event-types/101";
    let one = rig.get(EVENT_TYPES, path).await.body["data"].clone();
    assert_eq!((&one["lengthInMinutes"], &one["slotInterval"]), (&json!(60), &json!(30)));
    assert_eq!((&one["disableGuests"], &one["minimumBookingNotice"]), (&json!(true), &json!(0)));
    let change = json!({ "title": "New", "id": 7, "price": 5 });
    let changed = rig.send(Method::PATCH, EVENT_TYPES, path, change).await.body["data"].clone();
    let got = (&changed["title"], &changed["id"], &changed["price"]);
    assert_eq!(got, (&json!("New"), &json!(101), &json!(0)));
    let gone = rig.send(Method::DELETE, EVENT_TYPES, path, Value::Null).await;
    let wanted = json!({ "id": 101, "lengthInMinutes": 60, "slug": "laser-60", "title": "New" });
    assert_eq!((gone.status, &gone.body["data"]), (200, &wanted));
    let again = rig.send(Method::DELETE, EVENT_TYPES, path, Value::Null).await;
    assert_eq!(again.message(), "Event type with ID=101 does not exist.");
}

async fn a_foreign_event_type_is_404(rig: Rig) {
    let path = "/v2/event-types/201";
    let read = rig.get(EVENT_TYPES, path).await;
    assert_eq!((read.status, read.message()), (404, "Event type with id 201 not found".to_owned()));
    let stolen = rig.send(Method::PATCH, EVENT_TYPES, path, json!({ "title": "x" })).await;
    assert_eq!(stolen.status, 404);
}

async fn the_public_list_leaves_hidden_types_out(rig: Rig) {
    rig.control("/ui/edit-event-type", json!({ "eventTypeId": 102, "hidden": true })).await;
    let path = "/v2/event-types?username=laser";
    let sent = rig.try_send(Method::GET, path, (Some(EVENT_TYPES), None), None);
    let public = sent.await.expect("an answer").body;
    assert_eq!(public["data"].as_array().expect("types").len(), 1);
    let own = rig.get(EVENT_TYPES, "/v2/event-types").await.body;
    assert_eq!(own["data"].as_array().expect("types").len(), 2);
}

async fn event_type_bodies_are_validated(rig: Rig) {
    let path = "/v2/event-types";
    let missing = rig.post(EVENT_TYPES, path, json!({ "title": "X", "slug": "x" })).await;
    assert_eq!(missing.body["error"]["details"]["errors"][0]["property"], "lengthInMinutes");
    let fields = json!({ "title": "X", "slug": "laser-60", "lengthInMinutes": 20 });
    let taken = rig.post(EVENT_TYPES, path, fields).await;
    assert_eq!(taken.message(), "User already has an event type with this slug.");
    let fields = json!({ "title": "X", "slug": "x", "lengthInMinutes": 20 });
    let made = rig.post(EVENT_TYPES, path, fields).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.body["data"]["minimumBookingNotice"], 120);
}

async fn schedules_have_their_life_cycle(rig: Rig) {
    let body = json!({ "name": "Evening", "timeZone": "Europe/Lisbon", "isDefault": false });
    let made = rig.post(SCHEDULES, "/v2/schedules", body).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.body["data"]["availability"][0]["startTime"], "09:00");
    let path = format!("/v2/schedules/{}", made.body["data"]["id"]);
    let list = rig.get(SCHEDULES, "/v2/schedules").await;
    assert_eq!(list.body["data"].as_array().expect("schedules").len(), 2);
    let default = rig.get(SCHEDULES, "/v2/schedules/default").await;
    assert_eq!(default.body["data"]["id"], 1);
    let foreign = rig.try_send(Method::GET, &path, (Some(SCHEDULES), Some(&printer())), None).await;
    assert_eq!(foreign.expect("an answer").status, 403);
    let gone = rig.send(Method::DELETE, SCHEDULES, &path, Value::Null).await;
    assert_eq!((gone.status, gone.body), (200, json!({ "status": "success" })));
    assert_eq!(rig.send(Method::DELETE, SCHEDULES, &path, Value::Null).await.status, 400);
    assert_eq!(rig.get(SCHEDULES, &path).await.status, 404);
}

async fn schedule_bodies_are_validated_but_not_their_sense(rig: Rig) {
    let path = "/v2/schedules";
    let wrong = [
        json!({ "name": "x", "timeZone": "Mars/Base", "isDefault": false }),
        json!({ "name": "x", "timeZone": "Europe/Berlin", "isDefault": false, "availability":
            [{ "days": ["Mon"], "startTime": "9:00", "endTime": "25:00" }] }),
    ];
    for body in wrong {
        assert_eq!(rig.post(SCHEDULES, path, body).await.status, 400);
    }
    let backwards = json!({ "name": "x", "timeZone": "UTC", "isDefault": false, "availability":
        [{ "days": ["Monday"], "startTime": "17:00", "endTime": "09:00" }] });
    assert_eq!(rig.post(SCHEDULES, path, backwards).await.status, 201);
}

async fn webhooks_have_their_life_cycle(rig: Rig) {
    let body = json!({
        "subscriberUrl": "http://127.0.0.1:9/x", "active": true,
        "triggers": ["BOOKING_CREATED"], "secret": "in clear"
    });
    let made = rig.post(BOOKINGS, "/v2/webhooks", body.clone()).await;
    assert_eq!((made.status, &made.body["data"]["secret"]), (201, &json!("in clear")));
    assert_eq!(rig.post(BOOKINGS, "/v2/webhooks", body).await.status, 409);
    let path = format!("/v2/webhooks/{}", made.body["data"]["id"].as_str().expect("an id"));
    let read = rig.get(BOOKINGS, &path).await.body["data"].clone();
    assert_eq!(read["version"], "2021-10-20");
    let foreign = rig.try_send(Method::GET, &path, (None, Some(&printer())), None).await;
    assert_eq!(foreign.expect("an answer").status, 403);
    let changed = rig.send(Method::PATCH, BOOKINGS, &path, json!({ "active": false })).await;
    assert_eq!(changed.body["data"]["active"], false);
    let page = rig.get(BOOKINGS, "/v2/webhooks?take=1&skip=1").await;
    assert_eq!(page.body["data"][0]["id"], made.body["data"]["id"]);
    assert_eq!(rig.send(Method::DELETE, BOOKINGS, &path, Value::Null).await.status, 200);
    assert_eq!(rig.get(BOOKINGS, &path).await.status, 404);
}

async fn webhook_bodies_are_validated_but_not_their_address(rig: Rig) {
    let body =
        |url: &str, word: &str| json!({ "subscriberUrl": url, "active": true, "triggers": [word] });
    let wrong = rig.post(BOOKINGS, "/v2/webhooks", body("http://x", "BOOKING_CONFIRMED")).await;
    assert_eq!(wrong.body["error"]["details"]["errors"][0]["property"], "triggers");
    let odd = rig.post(BOOKINGS, "/v2/webhooks", body("not a url", "BOOKING_CREATED")).await;
    assert_eq!(odd.status, 201);
    assert_eq!(rig.book("2026-12-01T09:00:00Z").await.status, 201, "a dead address harms nobody");
}

async fn me_names_the_owner_of_the_key(rig: Rig) {
    let me = rig.get(BOOKINGS, "/v2/me").await.body["data"].clone();
    for key in ["id", "email", "username", "timeZone"] {
        assert!(!me[key].is_null(), "{key}");
    }
}
