//! Slots and holds: hours in wall time, busy time, rounding, and what a hold is worth.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{EVENT_TYPES, Rig, SCHEDULES, SLOTS, cases};

cases! {
    "15" sim_only slots_follow_the_weekly_hours_and_the_grid;
    "15" sim_only wall_time_moves_with_daylight_saving;
    "15" sim_only an_override_replaces_its_day;
    "15" sim_only a_booking_hides_its_time_in_all_types_of_the_host;
    "15" sim_only buffers_widen_bookings_on_both_sides;
    "15" sim_only notice_window_and_limits_empty_the_slots;
    "15" sim_only pending_bookings_hide_their_slot_only_when_they_block;
    "15" sim_only a_booking_being_moved_gives_its_own_time_back;
    "15" sim_only an_end_at_midnight_means_the_end_of_that_day;
    "15" real a_zone_changes_the_day_keys_and_the_offsets;
    "15" real a_range_that_is_backwards_or_past_is_empty;
    "15" real bad_slot_queries_are_400_and_unknown_types_404;
    "15" real format_range_adds_the_end;
    "15" sim_only a_start_on_the_grid_is_accepted_exactly_when_it_is_offered;
    "15" sim_only the_coach_works_in_his_own_zone;
    "5" sim_only a_hold_hides_its_slot_in_all_types_and_lapses_by_the_clock;
    "5" sim_only a_hold_is_refused_only_by_its_own_event_type;
    "5" sim_only a_create_ignores_holds_and_leaves_them;
    "5" sim_only moving_a_hold_onto_itself_is_422_and_elsewhere_restarts_it;
    "5" real a_hold_can_be_made_outside_hours_read_and_released;
    "5" real an_own_duration_needs_credentials;
}

async fn starts(rig: &Rig, query: &str) -> Vec<String> {
    let answer = rig.get(SLOTS, &format!("/v2/slots?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let days = answer.body["data"].as_object().expect("days").clone();
    days.values()
        .flat_map(|day| day.as_array().expect("slots").clone())
        .map(|slot| slot["start"].as_str().expect("a start").to_owned())
        .collect()
}

async fn day(rig: &Rig, id: i64, date: &str) -> Vec<String> {
    starts(rig, &format!("eventTypeId={id}&start={date}&end={date}")).await
}

async fn slots_follow_the_weekly_hours_and_the_grid(rig: Rig) {
    let tuesday = day(&rig, 101, "2026-12-01").await;
    assert_eq!(tuesday.first().map(String::as_str), Some("2026-12-01T08:00:00.000Z"));
    assert_eq!(tuesday.last().map(String::as_str), Some("2026-12-01T19:00:00.000Z"));
    assert_eq!(tuesday.len(), 23);
    assert_eq!(day(&rig, 102, "2026-12-01").await.len(), 24);
    let saturday = day(&rig, 101, "2026-12-05").await;
    assert_eq!(saturday.first().map(String::as_str), Some("2026-12-05T09:00:00.000Z"));
    assert_eq!(saturday.last().map(String::as_str), Some("2026-12-05T16:00:00.000Z"));
    assert!(day(&rig, 101, "2026-12-06").await.is_empty());
}

async fn wall_time_moves_with_daylight_saving(rig: Rig) {
    let winter = day(&rig, 101, "2027-03-27").await;
    let summer = day(&rig, 101, "2027-03-29").await;
    assert_eq!(winter[0], "2027-03-27T09:00:00.000Z", "Saturday 10:00 at +01:00");
    assert_eq!(summer[0], "2027-03-29T07:00:00.000Z", "Monday 09:00 at +02:00");
}

async fn an_override_replaces_its_day(rig: Rig) {
    let overrides = json!({ "overrides": [
        { "date": "2026-12-24", "startTime": "10:00", "endTime": "12:00" },
        { "date": "2026-12-25", "startTime": "00:00", "endTime": "00:00" }
    ]});
    rig.send(Method::PATCH, SCHEDULES, "/v2/schedules/1", overrides).await;
    let short = day(&rig, 101, "2026-12-24").await;
    let wanted =
        ["2026-12-24T09:00:00.000Z", "2026-12-24T09:30:00.000Z", "2026-12-24T10:00:00.000Z"];
    assert_eq!(short, wanted);
    assert!(day(&rig, 101, "2026-12-25").await.is_empty());
    assert_eq!(rig.book("2026-12-25T10:00:00Z").await.status, 400);
}

async fn a_booking_hides_its_time_in_all_types_of_the_host(rig: Rig) {
    rig.booked("2026-12-01T09:00:00Z").await;
    let hour = day(&rig, 101, "2026-12-01").await;
    for gone in ["08:30", "09:00", "09:30"] {
        assert!(!hour.contains(&format!("2026-12-01T{gone}:00.000Z")), "{gone}");
    }
    assert!(hour.contains(&"2026-12-01T08:00:00.000Z".to_owned()));
    assert!(hour.contains(&"2026-12-01T10:00:00.000Z".to_owned()));
    assert_eq!(day(&rig, 102, "2026-12-01").await.len(), 22);
    assert_eq!(day(&rig, 201, "2026-12-01").await.len(), 24, "another host is untouched");
}

async fn buffers_widen_bookings_on_both_sides(rig: Rig) {
    let buffers = json!({ "beforeEventBuffer": 15, "afterEventBuffer": 15 });
    rig.send(Method::PATCH, EVENT_TYPES, "/v2/event-types/101", buffers).await;
    rig.booked("2026-12-01T10:00:00Z").await;
    let left = day(&rig, 101, "2026-12-01").await;
    let around: Vec<&String> =
        left.iter().filter(|start| start.as_str() < "2026-12-01T12:00:00.000Z").collect();
    let wanted =
        ["2026-12-01T08:00:00.000Z", "2026-12-01T08:30:00.000Z", "2026-12-01T11:30:00.000Z"];
    assert_eq!(around, wanted.iter().collect::<Vec<_>>());
    assert_eq!(rig.book("2026-12-01T11:00:00Z").await.status, 400, "inside the buffer");
}

async fn notice_window_and_limits_empty_the_slots(rig: Rig) {
    let today = day(&rig, 101, "2026-11-20").await;
    assert_eq!(today[0], "2026-11-20T10:00:00.000Z", "nothing before now");
    let change = json!({
        "minimumBookingNotice": 120,
        "bookingWindow": { "type": "range", "value": ["2026-11-20", "2026-12-02"] },
        "bookingLimitsCount": { "day": 1 }
    });
    rig.send(Method::PATCH, EVENT_TYPES, "/v2/event-types/101", change).await;
    assert_eq!(day(&rig, 101, "2026-11-20").await[0], "2026-11-20T12:00:00.000Z");
    assert!(day(&rig, 101, "2026-12-03").await.is_empty());
    assert!(!day(&rig, 101, "2026-12-02").await.is_empty());
    rig.booked("2026-12-01T09:00:00Z").await;
    assert!(day(&rig, 101, "2026-12-01").await.is_empty());
}

async fn pending_bookings_hide_their_slot_only_when_they_block(mut rig: Rig) {
    for (slug, blocks) in [("loose", false), ("strict", true)] {
        let fields = json!({
            "title": "Asked", "slug": slug, "lengthInMinutes": 60, "minimumBookingNotice": 0,
            "confirmationPolicy": { "type": "always", "blockUnconfirmedBookingsInBooker": blocks }
        });
        let made = rig.post(EVENT_TYPES, "/v2/event-types", fields).await;
        rig.event_type_id = made.body["data"]["id"].as_i64().expect("an id");
        let before = day(&rig, rig.event_type_id, "2026-12-01").await.len();
        rig.booked("2026-12-01T09:00:00Z").await;
        let after = day(&rig, rig.event_type_id, "2026-12-01").await.len();
        assert_eq!(before - after, usize::from(blocks), "{slug}");
        assert_eq!(day(&rig, 101, "2026-12-01").await.len(), 23, "other types never");
    }
}

async fn a_booking_being_moved_gives_its_own_time_back(rig: Rig) {
    let uid = rig.booked("2026-12-01T09:00:00Z").await;
    let query =
        format!("eventTypeId=101&start=2026-12-01&end=2026-12-01&bookingUidToReschedule={uid}");
    assert_eq!(starts(&rig, &query).await.len(), 23);
}

async fn an_end_at_midnight_means_the_end_of_that_day(rig: Rig) {
    let query = "eventTypeId=101&start=2026-12-01T00:00:00Z&end=2026-12-01T00:00:00Z";
    assert_eq!(starts(&rig, query).await.len(), 23);
    let query = "eventTypeId=101&start=2026-12-01T08:00:00Z&end=2026-12-01T12:00:00Z";
    assert_eq!(starts(&rig, query).await.last().expect("one"), "2026-12-01T11:00:00.000Z");
}

async fn a_zone_changes_the_day_keys_and_the_offsets(rig: Rig) {
    let free = rig.free().await[0].clone();
    let date = &free[..10];
    let path = format!(
        "/v2/slots?eventTypeId={}&start={date}&end={date}&timeZone=Pacific/Auckland",
        rig.event_type_id
    );
    let answer = rig.get(SLOTS, &path).await;
    let days = answer.body["data"].as_object().expect("days").clone();
    assert!(!days.is_empty());
    for (day, slots) in &days {
        let start = slots[0]["start"].as_str().expect("a start");
        assert!(start.starts_with(day) && start.ends_with("+13:00"), "{day} {start}");
    }
}

async fn a_range_that_is_backwards_or_past_is_empty(rig: Rig) {
    let id = rig.event_type_id;
    for range in ["start=2026-12-05&end=2026-12-01", "start=2020-11-01&end=2020-11-05"] {
        let answer = rig.get(SLOTS, &format!("/v2/slots?eventTypeId={id}&{range}")).await;
        assert_eq!(answer.body, json!({ "data": {}, "status": "success" }));
    }
}

async fn bad_slot_queries_are_400_and_unknown_types_404(rig: Rig) {
    let id = rig.event_type_id;
    let bad = [
        format!("eventTypeId={id}&start=2026-12-01"),
        format!("eventTypeId={id}&start=2026-12-01&end=2026-12-02&timeZone=Moon/Base"),
        format!("eventTypeId={id}&start=2026-12-01&end=2026-12-02&format=weird"),
        format!("eventTypeId={id}&start=2026-12-01&end=2026-12-02&surprise=1"),
        "start=2026-12-01&end=2026-12-02".to_owned(),
    ];
    for query in bad {
        let answer = rig.get(SLOTS, &format!("/v2/slots?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.message().contains("property is wrong"));
    }
    let path = "/v2/slots?eventTypeId=999999&start=2026-12-01&end=2026-12-02";
    assert_eq!(rig.get(SLOTS, path).await.message(), "Event Type not found");
}

async fn format_range_adds_the_end(rig: Rig) {
    let free = rig.free().await[0].clone();
    let date = &free[..10];
    let id = rig.event_type_id;
    let path = format!("/v2/slots?eventTypeId={id}&start={date}&end={date}&format=range");
    let answer = rig.get(SLOTS, &path).await;
    assert!(answer.body["data"][date][0]["end"].is_string());
}

async fn a_start_on_the_grid_is_accepted_exactly_when_it_is_offered(rig: Rig) {
    for date in ["2026-12-05", "2027-03-27", "2027-03-29"] {
        rig.booked(&format!("{date}T12:00:00Z")).await;
        let offered = day(&rig, 101, date).await;
        for half_hour in 0..48 {
            let start = format!("{date}T{:02}:{:02}:00.000Z", half_hour / 2, (half_hour % 2) * 30);
            let made = rig.book(&start).await;
            assert_eq!(made.status == 201, offered.contains(&start), "{start}");
            if made.status == 201 {
                rig.cancel(&made.uid()).await;
            }
        }
    }
}

async fn the_coach_works_in_his_own_zone(rig: Rig) {
    let monday = day(&rig, 502, "2026-11-30").await;
    assert_eq!(monday.first().map(String::as_str), Some("2026-11-30T11:00:00.000Z"));
    assert_eq!(monday.last().map(String::as_str), Some("2026-11-30T21:30:00.000Z"));
}

async fn hold(rig: &Rig, id: i64, start: &str) -> crate::support::Answer {
    let body = json!({ "eventTypeId": id, "slotStart": start });
    rig.post(SLOTS, "/v2/slots/reservations", body).await
}

async fn a_hold_hides_its_slot_in_all_types_and_lapses_by_the_clock(rig: Rig) {
    let made = hold(&rig, 102, "2026-12-01T09:00:00Z").await;
    assert_eq!(made.status, 201);
    assert_eq!(made.body["data"]["reservationUntil"], "2026-11-20T10:05:00.000Z");
    assert_eq!(day(&rig, 102, "2026-12-01").await.len(), 23);
    assert_eq!(day(&rig, 101, "2026-12-01").await.len(), 21);
    rig.advance(301);
    assert_eq!(day(&rig, 101, "2026-12-01").await.len(), 23);
}

async fn a_hold_is_refused_only_by_its_own_event_type(rig: Rig) {
    hold(&rig, 101, "2026-12-01T09:00:00Z").await;
    let again = hold(&rig, 101, "2026-12-01T09:30:00Z").await;
    assert_eq!(again.status, 422);
    assert!(again.message().contains("already reserved by another user"));
    assert_eq!(hold(&rig, 101, "2026-12-01T10:00:00Z").await.status, 201, "touching is free");
    assert_eq!(hold(&rig, 102, "2026-12-01T09:00:00Z").await.status, 201, "another type");
    rig.booked("2026-12-02T09:00:00Z").await;
    assert_eq!(hold(&rig, 101, "2026-12-02T09:00:00Z").await.status, 422);
    assert_eq!(hold(&rig, 102, "2026-12-02T09:00:00Z").await.status, 201);
}

async fn a_create_ignores_holds_and_leaves_them(rig: Rig) {
    let uid = hold(&rig, 101, "2026-12-01T09:00:00Z").await.body["data"]["reservationUid"].clone();
    rig.booked("2026-12-01T09:00:00Z").await;
    let path = format!("/v2/slots/reservations/{}", uid.as_str().expect("a uid"));
    assert!(rig.get(SLOTS, &path).await.body["data"].is_object());
}

async fn moving_a_hold_onto_itself_is_422_and_elsewhere_restarts_it(rig: Rig) {
    let made = hold(&rig, 101, "2026-12-01T09:00:00Z").await;
    let uid = made.body["data"]["reservationUid"].as_str().expect("a uid").to_owned();
    let path = format!("/v2/slots/reservations/{uid}");
    let body = |start: &str| json!({ "eventTypeId": 101, "slotStart": start });
    rig.advance(60);
    let same = rig.send(Method::PATCH, SLOTS, &path, body("2026-12-01T09:00:00Z")).await;
    assert_eq!(same.status, 422);
    let moved = rig.send(Method::PATCH, SLOTS, &path, body("2026-12-01T12:00:00Z")).await;
    assert_eq!(moved.status, 200);
    assert_eq!(moved.body["data"]["reservationUntil"], "2026-11-20T10:06:00.000Z");
    let unknown = rig
        .send(Method::PATCH, SLOTS, "/v2/slots/reservations/none", body("2026-12-01T12:00:00Z"))
        .await;
    assert_eq!(unknown.status, 404);
}

async fn a_hold_can_be_made_outside_hours_read_and_released(rig: Rig) {
    let made = hold(&rig, rig.event_type_id, "2026-12-27T03:00:00Z").await;
    assert_eq!(made.status, 201, "{}", made.text);
    let uid = made.body["data"]["reservationUid"].as_str().expect("a uid").to_owned();
    let path = format!("/v2/slots/reservations/{uid}");
    for _ in 0..2 {
        let gone = rig.send(Method::DELETE, SLOTS, &path, Value::Null).await;
        assert_eq!((gone.status, gone.body), (200, json!({ "status": "success" })));
    }
    assert_eq!(rig.get(SLOTS, &path).await.body["data"], Value::Null);
}

async fn an_own_duration_needs_credentials(rig: Rig) {
    let body = json!({
        "eventTypeId": rig.event_type_id, "slotStart": "2026-12-28T03:00:00Z",
        "reservationDuration": 2
    });
    let path = "/v2/slots/reservations";
    let answer = rig.try_send(Method::POST, path, (Some(SLOTS), None), Some(body)).await;
    assert_eq!(answer.expect("an answer").status, 401);
}
