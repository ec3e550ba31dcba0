//! Versions and credentials: silent fallbacks, optional and wrong keys, licence modes.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, BOOKINGS, EVENT_TYPES, Rig, SCHEDULES, SLOTS, cases};

cases! {
    "7" real without_its_version_a_slot_query_is_404;
    "7" real without_its_version_a_create_is_400_about_old_fields;
    "7" real without_its_version_reads_succeed_in_another_shape;
    "7" real the_version_of_another_resource_counts_as_none;
    "7" sim_only each_wrong_version_is_a_noted_violation;
    "8" real credentials_are_optional_on_create_read_move_and_cancel;
    "8" real wrong_credentials_fail_even_where_none_are_needed;
    "8" real guarded_routes_answer_403_and_echo_an_unknown_bearer;
    "8" real required_routes_answer_401_without_credentials;
    "8" sim_only the_word_bearer_is_optional_and_its_case_matters;
    "8" sim_only licence_modes_refuse_keys_and_nothing_else;
    "9" real create_answers_201_and_cancel_200;
    "9" real health_is_plain_text_and_only_at_the_root;
    "9" real every_answer_names_its_request;
}

const RANGE: &str = "start=2026-12-01&end=2026-12-02";

async fn bare(rig: &Rig, method: Method, path: &str, version: Option<&str>) -> Answer {
    rig.try_send(method, path, (version, None), None).await.expect("an answer")
}

async fn without_its_version_a_slot_query_is_404(rig: Rig) {
    let path = format!("/v2/slots?eventTypeId={}&{RANGE}", rig.event_type_id);
    for version in [None, Some(BOOKINGS), Some("2026-02-25")] {
        let answer = bare(&rig, Method::GET, &path, version).await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.message(), format!("Cannot GET {path}"));
        assert_eq!(answer.headers["x-request-id"].len(), 36, "numbered, though no guard met it");
    }
}

async fn without_its_version_a_create_is_400_about_old_fields(rig: Rig) {
    let wish = rig.wish(&rig.free().await[0]);
    for version in [None, Some("2099-01-01")] {
        let key = Some(rig.key.as_str());
        let sent = rig.try_send(Method::POST, "/v2/bookings", (version, key), Some(wish.clone()));
        let answer = sent.await.expect("an answer");
        assert_eq!(answer.status, 400);
        let errors = answer.body["error"]["details"]["errors"].as_array().expect("a tree").clone();
        let named: Vec<&str> = errors.iter().filter_map(|node| node["property"].as_str()).collect();
        assert!(named.contains(&"timeZone") && named.contains(&"language"));
    }
}

async fn without_its_version_reads_succeed_in_another_shape(rig: Rig) {
    let uid = rig.booked(&rig.free().await[0]).await;
    let key = Some(rig.key.as_str());
    let path = format!("/v2/bookings/{uid}");
    let one = rig.try_send(Method::GET, &path, (None, key), None).await.expect("an answer");
    assert_eq!((one.status, &one.body["data"]["status"]), (200, &json!("ACCEPTED")));
    assert!(one.body["data"]["startTime"].is_string() && one.body["data"].get("start").is_none());
    let list = rig.try_send(Method::GET, "/v2/bookings", (None, key), None).await.expect("a list");
    assert!(list.body["data"]["bookings"].is_array());
    assert!(list.body.get("pagination").is_none());
    rig.cancel(&uid).await;
}

async fn the_version_of_another_resource_counts_as_none(rig: Rig) {
    let wish = rig.wish(&rig.free().await[0]);
    let answer = rig.post(EVENT_TYPES, "/v2/bookings", wish).await;
    assert_eq!(answer.status, 400);
    let types = rig.get(BOOKINGS, "/v2/event-types").await;
    assert!(types.body["data"]["eventTypeGroups"].is_array());
}

async fn each_wrong_version_is_a_noted_violation(rig: Rig) {
    rig.booked("2026-12-01T09:00:00Z").await;
    assert_eq!(rig.control_get("/state").await["strictViolations"], json!([]));
    bare(&rig, Method::GET, &format!("/v2/slots?eventTypeId=101&{RANGE}"), None).await;
    let mut wish = rig.wish("2026-12-02T10:07:00+01:00");
    wish["attendee"]["email"] = json!("Ada@demo.test");
    rig.post(BOOKINGS, "/v2/bookings", wish).await;
    rig.get(BOOKINGS, "/v2/bookings?atendeeEmail=x").await;
    let noted = rig.control_get("/state").await["strictViolations"].clone();
    let codes: Vec<&str> =
        noted.as_array().expect("a list").iter().filter_map(|one| one["code"].as_str()).collect();
    let wanted = [
        "wrong_version",
        "instant_not_utc",
        "email_not_lower_case",
        "start_off_grid",
        "unknown_filter",
    ];
    assert_eq!(codes, wanted);
}

async fn credentials_are_optional_on_create_read_move_and_cancel(rig: Rig) {
    let free = rig.free().await;
    let send = |path: String, body: Value| {
        let rig = &rig;
        async move {
            let sent = rig.try_send(Method::POST, &path, (Some(BOOKINGS), None), Some(body));
            sent.await.expect("an answer")
        }
    };
    let made = send("/v2/bookings".to_owned(), rig.wish(&free[0])).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let path = format!("/v2/bookings/{}", made.uid());
    let read = bare(&rig, Method::GET, &path, Some(BOOKINGS)).await;
    assert_eq!(read.body["data"]["attendees"][0]["email"], "ada@demo.test");
    let moved = send(format!("{path}/reschedule"), json!({ "start": free[1] })).await;
    assert_eq!(moved.status, 201);
    let cancelled = send(format!("/v2/bookings/{}/cancel", moved.uid()), json!({})).await;
    assert_eq!(cancelled.status, 200);
}

async fn wrong_credentials_fail_even_where_none_are_needed(rig: Rig) {
    let wish = rig.wish(&rig.free().await[0]);
    for (key, fragment) in [("cal_wrong", "Invalid API Key"), ("sometoken", "")] {
        let wish = Some(wish.clone());
        let sent = rig.try_send(Method::POST, "/v2/bookings", (Some(BOOKINGS), Some(key)), wish);
        let answer = sent.await.expect("an answer");
        assert_eq!(answer.status, 401);
        assert!(answer.message().contains(fragment));
    }
}

async fn guarded_routes_answer_403_and_echo_an_unknown_bearer(rig: Rig) {
    let none = bare(&rig, Method::GET, "/v2/bookings", Some(BOOKINGS)).await;
    assert_eq!(none.status, 403);
    assert!(none.message().contains("PermissionsGuard"));
    let key = Some("some-unknown-token");
    let sent = rig.try_send(Method::GET, "/v2/bookings", (Some(BOOKINGS), key), None);
    let unknown = sent.await.expect("an answer");
    assert_eq!(unknown.status, 403);
    assert!(unknown.message().ends_with("access token=some-unknown-token"));
}

async fn required_routes_answer_401_without_credentials(rig: Rig) {
    for (path, version) in [("/v2/me", BOOKINGS), ("/v2/schedules", SCHEDULES)] {
        let answer = bare(&rig, Method::GET, path, Some(version)).await;
        assert_eq!(answer.status, 401);
        assert!(answer.message().starts_with("ApiAuthStrategy"));
    }
}

async fn the_word_bearer_is_optional_and_its_case_matters(rig: Rig) {
    let client = reqwest::Client::builder().build().expect("a client");
    for (text, status) in [(rig.key.clone(), 200), (format!("bearer {}", rig.key), 401)] {
        let request = client.get(format!("{}/v2/me", rig.url)).header("authorization", text);
        assert_eq!(request.send().await.expect("an answer").status(), status);
    }
}

async fn licence_modes_refuse_keys_and_nothing_else(rig: Rig) {
    rig.fault("*", "licence_refused", json!(null)).await;
    let me = rig.get(BOOKINGS, "/v2/me").await;
    assert_eq!(me.status, 401);
    assert!(me.message().contains("CALCOM_LICENSE_KEY"));
    assert_eq!(rig.book("2026-12-01T09:00:00Z").await.status, 401, "a key turns 201 into 401");
    let wish = Some(rig.wish("2026-12-01T09:00:00Z"));
    let sent = rig.try_send(Method::POST, "/v2/bookings", (Some(BOOKINGS), None), wish);
    assert_eq!(sent.await.expect("an answer").status, 201);
    let path = format!("/v2/slots?eventTypeId=101&{RANGE}");
    assert_eq!(rig.get(SLOTS, &path).await.status, 200);
    rig.try_send(Method::DELETE, "/__sim/faults", (None, None), None).await.expect("an answer");
    rig.fault("*", "licence_down", json!(1)).await;
    let down = rig.get(BOOKINGS, "/v2/me").await;
    assert_eq!(down.body, json!({ "statusCode": 500, "message": "Internal server error" }));
}

async fn create_answers_201_and_cancel_200(rig: Rig) {
    let made = rig.book(&rig.free().await[0]).await;
    assert_eq!((made.status, &made.body["status"]), (201, &json!("success")));
    assert_eq!(rig.cancel(&made.uid()).await.status, 200);
}

async fn health_is_plain_text_and_only_at_the_root(rig: Rig) {
    let health = bare(&rig, Method::GET, "/health", None).await;
    assert_eq!((health.status, health.text.as_str()), (200, "OK"));
    assert_eq!(bare(&rig, Method::GET, "/v2/health", None).await.status, 404);
}

async fn every_answer_names_its_request(rig: Rig) {
    let first = rig.get(BOOKINGS, "/v2/me").await.headers["x-request-id"].clone();
    let second = rig.get(BOOKINGS, "/v2/me").await.headers["x-request-id"].clone();
    assert_ne!(first, second);
}
