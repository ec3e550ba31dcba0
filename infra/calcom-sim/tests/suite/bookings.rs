//! Creating and reading bookings: uniqueness, error shapes, what passes and what does not.

use serde_json::{Value, json};

use crate::support::{BOOKINGS, EVENT_TYPES, Options, Rig, cases};

cases! {
    "6" sim_only parallel_creates_of_one_interval_give_one_booking_and_plain_conflicts;
    "6" sim_only parallel_creates_that_only_overlap_all_succeed_inside_the_race_window;
    "6" real a_taken_interval_is_one_identical_400;
    "6" real a_retry_with_an_idempotency_key_is_refused_like_a_stranger;
    "9" real an_unknown_event_type_is_404_in_the_first_shape;
    "9" sim_only a_reached_day_limit_is_a_plain_401;
    "9" real a_bad_email_is_400_in_the_second_shape;
    "9" sim_only too_soon_and_too_late_are_400_about_the_start;
    "9" real a_start_in_the_past_is_400;
    "9" sim_only a_body_over_100_kilobytes_is_413_in_the_plain_shape;
    "9" real malformed_json_is_400_in_the_first_shape;
    "10" real unknown_body_fields_are_named_and_refused;
    "10" real an_empty_body_names_all_that_is_missing;
    "10" real numbers_in_metadata_are_refused_in_the_second_shape;
    "10" real metadata_limits_are_50_keys_40_and_500_characters;
    "10" real an_off_grid_start_and_an_unknown_answer_pass;
    "10" real a_start_with_an_offset_is_converted;
    "10" sim_only guests_pass_although_the_type_disables_them;
    "10" sim_only required_fields_and_options_of_the_type_are_enforced;
    "10" sim_only lengths_must_be_offered_by_the_type;
    "17" sim_only a_repeated_request_for_a_type_with_confirmation_is_answered_by_the_first;
    "17" sim_only confirm_looks_at_no_overlap_and_revives_the_rejected;
    "12" real words_of_the_api_are_in_lower_case;
    "8" sim_only a_type_that_requires_authentication_refuses_strangers;
}

async fn parallel(rig: &Rig, starts: &[&str]) -> Vec<u16> {
    let calls = starts.iter().map(|start| rig.book(start));
    let mut set = Vec::new();
    for answer in futures_of(calls.collect()).await {
        set.push(answer.status);
    }
    set.sort_unstable();
    set
}

/// Polls all futures together.
async fn futures_of<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        for (future, slot) in futures.iter_mut().zip(done.iter_mut()) {
            if slot.is_none()
                && let std::task::Poll::Ready(output) = future.as_mut().poll(context)
            {
                *slot = Some(output);
            }
        }
        if done.iter().all(Option::is_some) {
            return std::task::Poll::Ready(done.drain(..).flatten().collect());
        }
        std::task::Poll::Pending
    })
    .await
}

async fn parallel_creates_of_one_interval_give_one_booking_and_plain_conflicts(_: Rig) {
    let rig = Rig::with(Options { race_window_milliseconds: 200, ..Options::default() }).await;
    let statuses = parallel(&rig, &["2026-12-01T09:00:00Z"; 5]).await;
    assert_eq!(statuses, [201, 409, 409, 409, 409]);
    let later = rig.book("2026-12-01T09:00:00Z").await;
    assert_eq!(later.status, 400);
}

async fn parallel_creates_that_only_overlap_all_succeed_inside_the_race_window(_: Rig) {
    let rig = Rig::with(Options { race_window_milliseconds: 200, ..Options::default() }).await;
    let starts = ["2026-12-01T09:00:00Z", "2026-12-01T09:05:00Z", "2026-12-01T09:10:00Z"];
    assert_eq!(parallel(&rig, &starts).await, [201, 201, 201]);
}

async fn a_taken_interval_is_one_identical_400(rig: Rig) {
    let start = &rig.free().await[0];
    let uid = rig.booked(start).await;
    let again = rig.book(start).await;
    assert_eq!(again.status, 400);
    assert_eq!(again.body["error"]["code"], "BadRequestException");
    assert!(again.message().contains("already has booking at this time"));
    assert_eq!(again.body["error"]["details"]["statusCode"], 400);
    let mut outside = rig.wish("2026-12-06T03:00:00Z");
    if rig.sim.is_none() {
        outside["start"] = json!(start);
    }
    let outside = rig.post(BOOKINGS, "/v2/bookings", outside).await;
    assert_eq!(outside.message(), again.message(), "a closed day reads like a taken slot");
    rig.cancel(&uid).await;
}

async fn a_retry_with_an_idempotency_key_is_refused_like_a_stranger(rig: Rig) {
    let start = &rig.free().await[0];
    let uid = rig.booked(start).await;
    let mut wish = rig.wish(start);
    wish["idempotencyKey"] = json!("one");
    let answer = rig.post(BOOKINGS, "/v2/bookings", wish).await;
    assert_eq!(answer.status, 400);
    assert!(answer.message().contains("property idempotencyKey should not exist"));
    rig.cancel(&uid).await;
}

async fn an_unknown_event_type_is_404_in_the_first_shape(rig: Rig) {
    let mut wish = rig.wish(&rig.free().await[0]);
    wish["eventTypeId"] = json!(999_999);
    let answer = rig.post(BOOKINGS, "/v2/bookings", wish).await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.body["error"]["code"], "NotFoundException");
    assert!(answer.message().starts_with("Event type with"));
    assert_eq!(answer.body["path"], "/v2/bookings");
}

async fn make_type(rig: &Rig, mut fields: Value) -> i64 {
    fields["title"] = json!("Case");
    fields["lengthInMinutes"] = fields.get("lengthInMinutes").cloned().unwrap_or(json!(60));
    fields["minimumBookingNotice"] =
        fields.get("minimumBookingNotice").cloned().unwrap_or(json!(0));
    let answer = rig.post(EVENT_TYPES, "/v2/event-types", fields).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.body["data"]["id"].as_i64().expect("an id")
}

async fn a_reached_day_limit_is_a_plain_401(mut rig: Rig) {
    let fields = json!({ "slug": "limited", "bookingLimitsCount": { "day": 1 } });
    rig.event_type_id = make_type(&rig, fields).await;
    rig.booked("2026-12-01T09:00:00Z").await;
    let answer = rig.book("2026-12-01T12:00:00Z").await;
    assert_eq!(answer.body, json!({ "statusCode": 401, "message": "booking_limit_reached" }));
    assert_eq!(rig.book("2026-12-02T12:00:00Z").await.status, 201);
}

async fn a_bad_email_is_400_in_the_second_shape(rig: Rig) {
    let mut wish = rig.wish(&rig.free().await[0]);
    wish["attendee"]["email"] = json!("nope");
    let answer = rig.post(BOOKINGS, "/v2/bookings", wish).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.body["error"]["code"], "BAD_REQUEST");
    assert!(answer.body["error"].get("details").is_none());
}

async fn too_soon_and_too_late_are_400_about_the_start(mut rig: Rig) {
    let fields = json!({
        "slug": "bounded", "minimumBookingNotice": 120,
        "bookingWindow": { "type": "calendarDays", "value": 7, "rolling": true }
    });
    rig.event_type_id = make_type(&rig, fields).await;
    for start in ["2026-11-20T11:00:00Z", "2026-11-30T11:00:00Z"] {
        let answer = rig.book(start).await;
        assert_eq!(answer.status, 400);
        assert!(answer.message().contains("can't be booked at the \"start\" time"), "{start}");
    }
    assert_eq!(rig.book("2026-11-27T11:00:00Z").await.status, 201, "the last day is inside");
}

async fn a_start_in_the_past_is_400(rig: Rig) {
    let answer = rig.book("2020-11-02T10:00:00Z").await;
    assert_eq!(answer.status, 400);
    assert!(answer.message().contains("meeting in the past"));
}

async fn a_body_over_100_kilobytes_is_413_in_the_plain_shape(rig: Rig) {
    let answer = rig.post(BOOKINGS, "/v2/bookings", json!({ "pad": "x".repeat(150_000) })).await;
    assert_eq!(answer.status, 413);
    assert_eq!(answer.body["statusCode"], 413);
}

async fn malformed_json_is_400_in_the_first_shape(rig: Rig) {
    let answer = reqwest::Client::builder()
        .build()
        .expect("a client")
        .post(format!("{}/v2/bookings", rig.url))
        .header("content-type", "application/json")
        .header("cal-api-version", BOOKINGS)
        .body("{\"start\": ")
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.headers()["x-request-id"], "unknown-request-id");
    let body: Value = answer.json().await.expect("json");
    assert_eq!(body["error"]["code"], "BadRequestException");
}

async fn unknown_body_fields_are_named_and_refused(rig: Rig) {
    let mut wish = rig.wish(&rig.free().await[0]);
    wish["externalId"] = json!("z");
    let answer = rig.post(BOOKINGS, "/v2/bookings", wish).await;
    assert_eq!(answer.status, 400);
    let text = "externalId property is wrong,property externalId should not exist ";
    assert_eq!(answer.message(), text);
}

async fn an_empty_body_names_all_that_is_missing(rig: Rig) {
    let answer = rig.post(BOOKINGS, "/v2/bookings", json!({})).await;
    assert_eq!(answer.status, 400);
    for part in ["start property is wrong", "attendee property is wrong", "eventTypeId or"] {
        assert!(answer.message().contains(part), "{}", answer.message());
    }
}

async fn numbers_in_metadata_are_refused_in_the_second_shape(rig: Rig) {
    let mut wish = rig.wish(&rig.free().await[0]);
    wish["metadata"] = json!({ "n": 5 });
    let answer = rig.post(BOOKINGS, "/v2/bookings", wish).await;
    assert_eq!((answer.status, &answer.body["error"]["code"]), (400, &json!("BAD_REQUEST")));
    assert_eq!(answer.message(), "metadata.n - Expected string, received number, ");
}

async fn metadata_limits_are_50_keys_40_and_500_characters(rig: Rig) {
    let start = rig.free().await[0].clone();
    let many: serde_json::Map<String, Value> =
        (0..51).map(|number| (format!("k{number}"), json!("v"))).collect();
    let mut long_key = serde_json::Map::new();
    long_key.insert("k".repeat(41), json!("v"));
    let wrong =
        [json!(many), json!(long_key), json!({ "k": "v".repeat(501) }), json!({ "o": { "x": 1 } })];
    for metadata in wrong {
        let mut wish = rig.wish(&start);
        wish["metadata"] = metadata;
        let answer = rig.post(BOOKINGS, "/v2/bookings", wish).await;
        assert_eq!(answer.status, 400);
        assert!(answer.message().contains("Metadata must have at most 50 keys"));
    }
}

async fn an_off_grid_start_and_an_unknown_answer_pass(rig: Rig) {
    let mut wish = rig.wish("2026-12-02T09:07:00Z");
    if rig.sim.is_none() {
        wish["start"] = json!(rig.free().await[0]);
    }
    wish["bookingFieldsResponses"] = json!({ "nobody-asked": "x" });
    let answer = rig.post(BOOKINGS, "/v2/bookings", wish).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.body["data"]["bookingFieldsResponses"]["nobody-asked"], "x");
    rig.cancel(&answer.uid()).await;
}

async fn a_start_with_an_offset_is_converted(rig: Rig) {
    let free = rig.free().await[0].clone();
    let at: jiff::Timestamp = free.parse().expect("an instant");
    let east = at + jiff::SignedDuration::from_hours(1);
    let text = east.strftime("%Y-%m-%dT%H:%M:%S+01:00").to_string();
    let answer = rig.book(&text).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.body["data"]["start"], json!(free));
    rig.cancel(&answer.uid()).await;
}

async fn guests_pass_although_the_type_disables_them(rig: Rig) {
    let mut wish = rig.wish("2026-12-02T09:00:00Z");
    wish["guests"] = json!(["guest@demo.test"]);
    let answer = rig.post(BOOKINGS, "/v2/bookings", wish).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.body["data"]["guests"], json!(["guest@demo.test"]));
    assert_eq!(answer.body["data"]["attendees"].as_array().expect("attendees").len(), 2);
}

async fn required_fields_and_options_of_the_type_are_enforced(mut rig: Rig) {
    let fields = json!({ "slug": "fields", "bookingFields": [
        { "type": "text", "slug": "member", "label": "Member", "required": true },
        { "type": "select", "slug": "stuff", "label": "Stuff", "required": false,
          "options": ["wood", "acrylic"] }
    ]});
    rig.event_type_id = make_type(&rig, fields).await;
    let missing = rig.book("2026-12-02T09:00:00Z").await;
    assert!(missing.message().starts_with("Missing required booking field response: member"));
    let mut wish = rig.wish("2026-12-02T09:00:00Z");
    wish["bookingFieldsResponses"] = json!({ "member": "1", "stuff": "steel" });
    let wrong = rig.post(BOOKINGS, "/v2/bookings", wish.clone()).await;
    let text = "Invalid option 'steel' for booking field 'stuff'. Allowed options are: wood, \
        acrylic.";
    assert_eq!(wrong.message(), text);
    wish["bookingFieldsResponses"]["stuff"] = json!("wood");
    assert_eq!(rig.post(BOOKINGS, "/v2/bookings", wish).await.status, 201);
}

async fn lengths_must_be_offered_by_the_type(mut rig: Rig) {
    let mut wish = rig.wish("2026-12-02T09:00:00Z");
    wish["lengthInMinutes"] = json!(90);
    let single = rig.post(BOOKINGS, "/v2/bookings", wish.clone()).await;
    assert!(single.message().starts_with("Can't specify 'lengthInMinutes'"));
    let fields = json!({ "slug": "lengths", "lengthInMinutesOptions": [60, 90] });
    rig.event_type_id = make_type(&rig, fields).await;
    wish["eventTypeId"] = json!(rig.event_type_id);
    let offered = rig.post(BOOKINGS, "/v2/bookings", wish.clone()).await;
    assert_eq!(offered.body["data"]["duration"], 90);
    let moved = rig.reschedule(&offered.uid(), "2026-12-03T09:00:00Z").await;
    assert_eq!(moved.body["data"]["duration"], 60, "a move loses the length");
}

async fn a_repeated_request_for_a_type_with_confirmation_is_answered_by_the_first(mut rig: Rig) {
    let fields = json!({ "slug": "asked", "confirmationPolicy": { "type": "always" } });
    rig.event_type_id = make_type(&rig, fields).await;
    let first = rig.book("2026-12-02T09:00:00Z").await;
    assert_eq!(first.body["data"]["status"], "pending");
    let second = rig.book("2026-12-02T09:00:00Z").await;
    assert_eq!((second.status, second.uid()), (201, first.uid()));
    assert_eq!(rig.inbox.triggers(), ["BOOKING_REQUESTED"]);
}

async fn confirm_looks_at_no_overlap_and_revives_the_rejected(mut rig: Rig) {
    rig.booked("2026-12-02T09:00:00Z").await;
    let laser = rig.event_type_id;
    let fields = json!({ "slug": "asked", "confirmationPolicy": { "type": "always" } });
    rig.event_type_id = make_type(&rig, fields).await;
    let pending = rig.booked("2026-12-03T09:00:00Z").await;
    rig.event_type_id = laser;
    assert_eq!(rig.book("2026-12-03T09:00:00Z").await.status, 201, "pending does not block");
    let path = |word: &str| format!("/v2/bookings/{pending}/{word}");
    let declined = rig.post(BOOKINGS, &path("decline"), json!({ "reason": "no" })).await;
    assert_eq!((declined.status, &declined.body["data"]["status"]), (200, &json!("rejected")));
    let confirmed = rig.post(BOOKINGS, &path("confirm"), json!({})).await;
    assert_eq!((confirmed.status, &confirmed.body["data"]["status"]), (200, &json!("accepted")));
    let again = rig.post(BOOKINGS, &path("confirm"), json!({})).await;
    assert_eq!((again.status, &again.body["error"]["code"]), (400, &json!("TRPCError")));
}

async fn words_of_the_api_are_in_lower_case(rig: Rig) {
    let uid = rig.booked(&rig.free().await[0]).await;
    assert_eq!(rig.read(&uid).await["status"], "accepted");
    assert_eq!(rig.cancel(&uid).await.body["data"]["status"], "cancelled");
}

async fn a_type_that_requires_authentication_refuses_strangers(mut rig: Rig) {
    let fields = json!({ "slug": "locked", "bookingRequiresAuthentication": true });
    rig.event_type_id = make_type(&rig, fields).await;
    let wish = rig.wish("2026-12-02T09:00:00Z");
    let printer = interlock_calcom_sim::demo_accounts().remove(1).api_key;
    for (key, status) in [(None, 401), (Some(printer.as_str()), 403), (Some(rig.key.as_str()), 201)]
    {
        let post = reqwest::Method::POST;
        let answer =
            rig.try_send(post, "/v2/bookings", (Some(BOOKINGS), key), Some(wish.clone())).await;
        assert_eq!(answer.expect("an answer").status, status);
    }
}
