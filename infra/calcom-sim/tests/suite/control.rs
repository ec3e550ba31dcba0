//! The control surface: people, modes of deliveries, clock, journal, reset, and determinism.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{BOOKINGS, EVENT_TYPES, Rig, cases};

cases! {
    "20" sim_only a_person_creates_moves_and_cancels_without_our_metadata;
    "20" sim_only a_requested_reschedule_is_a_cancel_with_a_flag;
    "20" sim_only a_person_edits_hides_and_deletes_event_types_in_silence;
    "20" sim_only a_person_follows_the_rules_unless_forced;
    "20" sim_only a_person_moves_the_location_and_nobody_is_told;
    "21" sim_only mails_are_counted_and_not_sent;
    "4" sim_only held_and_dropped_deliveries_are_sent_later_with_the_same_bytes;
    "20" sim_only the_state_shows_all_bookings_in_lower_case;
    "20" sim_only the_journal_masks_secrets_and_names_callers;
    "20" sim_only a_reset_brings_the_demo_world_back_and_reuses_no_identity;
    "20" sim_only the_clock_can_be_set_and_advanced;
    "20" sim_only the_same_seed_and_clock_give_the_same_uids;
}

async fn a_person_creates_moves_and_cancels_without_our_metadata(rig: Rig) {
    let attendee = json!({ "name": "Eve", "email": "eve@demo.test", "timeZone": "Europe/Berlin" });
    let body = json!({
        "eventTypeId": 101, "start": "2026-12-01T09:00:00Z", "attendee": attendee
    });
    let made = rig.control("/ui/create", body).await;
    assert_eq!((made.status, &made.body["status"]), (200, &json!("accepted")));
    assert_eq!(made.body["metadata"], json!({}));
    let uid = made.body["uid"].clone();
    let move_body = json!({ "uid": uid, "start": "2026-12-02T09:00:00Z" });
    let moved = rig.control("/ui/reschedule", move_body).await;
    assert_eq!(moved.body["rescheduledFromUid"], uid);
    let cancel = json!({ "uid": moved.body["uid"], "cancellationReason": "broken" });
    let gone = rig.control("/ui/cancel", cancel).await;
    assert_eq!(gone.body["status"], "cancelled");
    let wanted = ["BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED"];
    assert_eq!(rig.inbox.triggers(), wanted);
    let told = rig.inbox.last("BOOKING_CANCELLED").body["payload"].clone();
    assert_eq!(told["cancelledBy"], "laser@hosts.demo.test");
    let unknown = rig.control("/ui/cancel", json!({ "uid": "nosuchuid" })).await;
    assert_eq!(unknown.status, 404);
}

async fn a_requested_reschedule_is_a_cancel_with_a_flag(rig: Rig) {
    let uid = rig.booked("2026-12-01T09:00:00Z").await;
    let answer = rig.control("/ui/request-reschedule", json!({ "uid": uid, "reason": "no" })).await;
    assert_eq!(answer.body["status"], "cancelled");
    assert!(answer.body.get("rescheduledToUid").is_none());
    let told = rig.inbox.last("BOOKING_CANCELLED").body["payload"].clone();
    assert_eq!(told["requestReschedule"], true);
}

async fn a_person_edits_hides_and_deletes_event_types_in_silence(rig: Rig) {
    let change =
        json!({ "eventTypeId": 102, "changes": { "lengthInMinutes": 45, "hidden": true } });
    let edited = rig.control("/ui/edit-event-type", change).await;
    assert_eq!(edited.body["lengthInMinutes"], 45);
    let read = rig.get(EVENT_TYPES, "/v2/event-types/102").await;
    assert_eq!(read.body["data"]["hidden"], true);
    rig.control("/ui/delete-event-type", json!({ "eventTypeId": 102 })).await;
    assert_eq!(rig.get(EVENT_TYPES, "/v2/event-types/102").await.status, 404);
    assert!(rig.inbox.all().is_empty());
}

async fn a_person_follows_the_rules_unless_forced(rig: Rig) {
    rig.booked("2026-12-01T09:00:00Z").await;
    let mut body = json!({
        "eventTypeId": 101, "start": "2026-12-01T09:30:00Z",
        "attendee": { "name": "Eve", "email": "eve@demo.test", "timeZone": "Europe/Berlin" }
    });
    assert_eq!(rig.control("/ui/create", body.clone()).await.status, 400);
    body["force"] = json!(true);
    assert_eq!(rig.control("/ui/create", body).await.status, 200);
}

async fn a_person_moves_the_location_and_nobody_is_told(rig: Rig) {
    let uid = rig.booked("2026-12-01T09:00:00Z").await;
    rig.control("/ui/move-location", json!({ "uid": uid, "location": "Cellar" })).await;
    assert_eq!(rig.read(&uid).await["location"], "Cellar");
    assert_eq!(rig.inbox.all().len(), 1);
}

async fn mails_are_counted_and_not_sent(rig: Rig) {
    let uid = rig.booked("2026-12-01T09:00:00Z").await;
    assert_eq!(rig.control_get("/state").await["mails"], 2);
    rig.cancel(&uid).await;
    assert_eq!(rig.control_get("/state").await["mails"], 4);
}

async fn held_and_dropped_deliveries_are_sent_later_with_the_same_bytes(rig: Rig) {
    for (mode, start) in [("hold", "2026-12-01T09:00:00Z"), ("drop", "2026-12-02T09:00:00Z")] {
        assert_eq!(rig.control("/webhooks", json!({ "mode": mode })).await.status, 200);
        let uid = rig.booked(start).await;
        let before = rig.inbox.all().len();
        let listed = rig.control_get("/webhooks").await;
        let item = listed["items"].as_array().expect("items").last().expect("one").clone();
        let state = if mode == "hold" { "held" } else { "dropped" };
        assert_eq!((&item["uid"], &item["state"]), (&json!(uid), &json!(state)));
        assert_eq!(item["trigger"], "BOOKING_CREATED");
        let path = format!("/webhooks/{}/deliver", item["id"].as_str().expect("an id"));
        rig.advance(600);
        for _ in 0..2 {
            let sent = rig.control(&path, json!({})).await;
            assert_eq!(sent.body["state"], "delivered");
            assert_eq!(json!(rig.inbox.last("BOOKING_CREATED").raw), item["body"]);
        }
        assert_eq!(rig.inbox.all().len(), before + 2);
    }
    assert_eq!(rig.control("/webhooks", json!({ "mode": "loud" })).await.status, 400);
    assert_eq!(rig.control("/webhooks/none/deliver", json!({})).await.status, 404);
}

async fn the_state_shows_all_bookings_in_lower_case(rig: Rig) {
    let uid = rig.booked("2026-12-01T09:00:00Z").await;
    rig.cancel(&uid).await;
    let one = rig.control_get("/state").await["bookings"][0].clone();
    assert_eq!((&one["uid"], &one["status"]), (&json!(uid), &json!("cancelled")));
    assert_eq!(one["metadata"]["gateReservationId"], "res_01");
    for key in ["start", "end", "eventTypeId"] {
        assert!(!one[key].is_null(), "{key}");
    }
}

async fn the_journal_masks_secrets_and_names_callers(rig: Rig) {
    let path = "/@reservations-create/v2/me";
    let key = rig.key.clone();
    let answer = rig.try_send(Method::GET, path, (Some(BOOKINGS), Some(&key)), None).await;
    assert_eq!(answer.expect("an answer").status, 200);
    let journal = rig.control_get("/journal").await;
    let text = journal.to_string();
    assert!(!text.contains(&key), "no key in the journal");
    let entry = journal["items"][0].clone();
    assert_eq!((&entry["route"], &entry["status"]), (&json!("me.get"), &json!(200)));
    assert_eq!(entry["caller"], "reservations-create");
    let calls = rig.sim.as_ref().expect("a stand-in").calls(true);
    assert_eq!(calls.get("reservations-create"), Some(&1));
    assert!(rig.sim.as_ref().expect("a stand-in").calls(false).is_empty());
}

async fn a_reset_brings_the_demo_world_back_and_reuses_no_identity(rig: Rig) {
    let before = rig.booked("2026-12-01T09:00:00Z").await;
    rig.control("/ui/delete-event-type", json!({ "eventTypeId": 102 })).await;
    rig.control("/webhooks", json!({ "mode": "drop" })).await;
    rig.control("/reset", json!({})).await;
    let state = rig.control_get("/state").await;
    assert_eq!((&state["bookings"], &state["mails"]), (&json!([]), &json!(0)));
    assert_eq!(rig.get(EVENT_TYPES, "/v2/event-types/102").await.status, 200);
    let after = rig.booked("2026-12-01T09:00:00Z").await;
    assert_ne!(before, after);
    let told = rig.inbox.last("BOOKING_CREATED");
    assert_eq!(told.body["payload"]["uid"], json!(after), "deliveries go out again");
}

async fn the_clock_can_be_set_and_advanced(rig: Rig) {
    let now = rig.control_get("/clock").await;
    assert_eq!(now["now"], "2026-11-20T10:00:00.000Z");
    let later = rig.control("/clock", json!({ "advanceSeconds": 90 })).await;
    assert_eq!(later.body["now"], "2026-11-20T10:01:30.000Z");
    rig.control("/clock", json!({ "now": "2026-12-01T00:00:00Z" })).await;
    let uid = rig.booked("2026-12-01T09:00:00Z").await;
    assert_eq!(rig.read(&uid).await["createdAt"], "2026-12-01T00:00:00.000Z");
    assert_eq!(rig.control("/clock", json!({})).await.status, 400);
}

async fn the_same_seed_and_clock_give_the_same_uids(rig: Rig) {
    let other = Rig::sim().await;
    other.get(BOOKINGS, "/v2/me").await;
    let mut seen: Vec<Value> = Vec::new();
    for rig in [&rig, &other] {
        let mut booking = rig.book("2026-12-01T09:00:00Z").await.body["data"].clone();
        booking["second"] = json!(rig.booked("2026-12-02T09:00:00Z").await);
        seen.push(booking);
    }
    assert_eq!(seen[0], seen[1]);
}
