//! What the client sends and how it reads what it asked for.
//!
//! Every call is made against a real HTTP server on this machine.

#[cfg(test)]
mod support;

use interlock_app::ports::scheduler::{BookingFilter, BookingStatus, CredentialMode, Failure};
use interlock_app::ports::{Chore, ChoreError, Scheduler};
use interlock_calcom::{CalcomConfig, CalcomWeb, Credential, Family, Secret, VERSION_HEADER};
use interlock_policy::EventTypeId;
use serde_json::{Value, json};
use support::*;

#[test]
fn the_versions_are_those_of_the_contract() {
    let versions: Vec<&str> = Family::ALL.iter().map(|family| family.version()).collect();
    assert_eq!(versions, ["2024-09-04", "2024-08-13", "2024-06-14", "2024-06-11", "2024-08-13"]);
}

#[tokio::test]
async fn every_call_sends_the_version_of_its_family() {
    let moved = booking_with(json!({"uid": "new1", "rescheduledFromUid": UID}));
    let server = Server::start(vec![
        Reply::data(200, &json!({})),
        Reply::data(201, &booking()),
        Reply::data(200, &booking()),
        Reply::data(200, &json!([])),
        Reply::data(200, &booking_with(json!({"status": "cancelled"}))),
        Reply::data(201, &moved),
        Reply::data(200, &json!([])),
        Reply::data(200, &json!({"username": "kiln"})),
        Reply::html(200),
    ])
    .await;
    let (client, account, name) = (client(&server), keyed(), uid(UID));
    let day = range("2026-12-03T00:00:00Z", "2026-12-04T00:00:00Z");
    client.slots(&account, EventTypeId(77), day).await.unwrap();
    client.create(&account, &new_booking()).await.unwrap();
    client.booking(&account, &name).await.unwrap().unwrap();
    client.bookings(&account, &BookingFilter { take: 5, ..Default::default() }).await.unwrap();
    client.cancel(&account, &name, "cold").await.unwrap();
    client.reschedule(&account, &name, day.start(), "warm").await.unwrap();
    client.event_types(&account).await.unwrap();
    client.me(&account).await.unwrap();
    client.health().await.unwrap();
    let sent: Vec<(String, String)> = server
        .seen()
        .into_iter()
        .map(|seen| {
            (format!("{} {}", seen.method, seen.path), seen.headers[VERSION_HEADER].clone())
        })
        .collect();
    let expected = [
        ("GET /v2/slots".to_owned(), "2024-09-04"),
        ("POST /v2/bookings".to_owned(), "2024-08-13"),
        (format!("GET /v2/bookings/{UID}"), "2024-08-13"),
        ("GET /v2/bookings".to_owned(), "2024-08-13"),
        (format!("POST /v2/bookings/{UID}/cancel"), "2024-08-13"),
        (format!("POST /v2/bookings/{UID}/reschedule"), "2024-08-13"),
        ("GET /v2/event-types".to_owned(), "2024-06-14"),
        ("GET /v2/me".to_owned(), "2024-08-13"),
        ("GET /health".to_owned(), "2024-08-13"),
    ];
    assert_eq!(sent, expected.map(|(call, version)| (call, version.to_owned())));
}

#[tokio::test]
async fn without_a_credential_nothing_about_one_is_sent() {
    let seen = headers_in(CredentialMode::None, Credential::None).await;
    assert!(!seen.headers.contains_key("authorization"));
    assert!(!seen.headers.keys().any(|name| name.starts_with("x-cal-")));
}

#[tokio::test]
async fn a_key_goes_as_a_bearer_with_its_prefix() {
    let seen = headers_in(CredentialMode::ApiKey, key(KEY)).await;
    assert_eq!(seen.headers["authorization"], format!("Bearer {KEY}"));
}

#[tokio::test]
async fn a_platform_sends_its_id_and_its_secret() {
    let credential = Credential::PlatformClient {
        client_id: "client-7".to_owned(),
        secret: Secret::new("deep"),
    };
    let seen = headers_in(CredentialMode::PlatformClient, credential).await;
    assert_eq!(seen.headers["x-cal-client-id"], "client-7");
    assert_eq!(seen.headers["x-cal-secret-key"], "deep");
    assert!(!seen.headers.contains_key("authorization"));
}

#[tokio::test]
async fn a_token_goes_as_a_bearer() {
    let seen = headers_in(CredentialMode::Bearer, Credential::Bearer(Secret::new("t0"))).await;
    assert_eq!(seen.headers["authorization"], "Bearer t0");
}

#[tokio::test]
async fn a_create_sends_exactly_the_fields_of_the_contract() {
    let server = Server::start(vec![Reply::data(201, &booking())]).await;
    client(&server).create(&keyed(), &new_booking()).await.unwrap();
    assert_eq!(
        server.only().body,
        json!({"start": "2026-12-03T13:00:00Z", "eventTypeId": 77,
            "attendee": {"name": "Lin Park", "email": "lin@member.test", "timeZone": "Asia/Seoul"},
            "metadata": {"interlockReservationId": "rsv_1"}})
    );
}

#[tokio::test]
async fn a_booking_is_read_with_what_the_port_wants() {
    let server = Server::start(vec![Reply::data(200, &booking())]).await;
    let found = client(&server).booking(&keyed(), &uid(UID)).await.unwrap().unwrap();
    assert_eq!(found.status, BookingStatus::Accepted);
    assert_eq!(found.interval, range("2026-12-03T13:00:00Z", "2026-12-03T14:30:00Z"));
    assert_eq!(found.event_type_id, Some(EventTypeId(77)));
    assert_eq!(found.attendee_email.as_deref(), Some("lin@member.test"));
    assert_eq!(found.metadata.len(), 1, "numbers are no metadata of ours");
    assert_eq!(found.cancellation_reason, None);
    assert_eq!(found.updated_at, Some(at("2026-11-25T04:00:00Z")));
}

#[tokio::test]
async fn a_status_word_not_known_is_kept_and_never_an_end() {
    let reply = Reply::data(200, &booking_with(json!({"status": "awaiting_host"})));
    let server = Server::start(vec![reply]).await;
    let found = client(&server).booking(&keyed(), &uid(UID)).await.unwrap().unwrap();
    assert_eq!(found.status, BookingStatus::Other("awaiting_host".to_owned()));
}

#[tokio::test]
async fn what_only_describes_a_booking_may_take_another_form() {
    let odd = json!({"title": 7, "attendees": {"0": {}}, "icsUid": [], "updatedAt": "yesterday",
        "cancellationReason": {"text": "x"}, "brandNew": {"a": 1}});
    let server = Server::start(vec![Reply::data(200, &booking_with(odd))]).await;
    let found = client(&server).booking(&keyed(), &uid(UID)).await.unwrap().unwrap();
    assert_eq!((found.title.as_str(), found.attendee_email), ("", None));
    let lost = json!({"metadata": [], "rescheduledToUid": 7});
    let server = Server::start(vec![Reply::data(200, &booking_with(lost))]).await;
    let error = client(&server).booking(&keyed(), &uid(UID)).await.unwrap_err();
    assert_eq!(error.failure, Failure::Unreadable, "our marks must not get lost unseen");
}

#[tokio::test]
async fn a_booking_that_does_not_exist_is_none() {
    let server = Server::start(vec![Reply::refusal(404, "Booking with uid=x not found")]).await;
    assert_eq!(client(&server).booking(&keyed(), &uid(UID)).await, Ok(None));
}

#[tokio::test]
async fn a_uid_that_could_leave_its_place_is_never_sent() {
    let server = Server::start(Vec::new()).await;
    let client = client(&server);
    for text in ["../me", "", "a?b=c", "a/b", "a%2e"] {
        assert_eq!(client.booking(&keyed(), &uid(text)).await, Ok(None));
        let error = client.cancel(&keyed(), &uid(text), "x").await.unwrap_err();
        assert_eq!(error.failure, Failure::NotFound);
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn another_booking_than_the_one_asked_for_is_not_taken() {
    let other = booking_with(json!({"uid": "other"}));
    let server =
        Server::start(vec![Reply::data(200, &other), Reply::data(200, &json!([other]))]).await;
    let client = client(&server);
    let error = client.booking(&keyed(), &uid(UID)).await.unwrap_err();
    assert_eq!(error.failure, Failure::Unreadable);
    let error = client.cancel(&keyed(), &uid(UID), "x").await.unwrap_err();
    assert_eq!(error.failure, Failure::Unreadable);
}

#[tokio::test]
async fn slots_are_asked_longer_and_cut_to_the_half_open_range() {
    let days = json!({
        "2026-12-04": [{"start": "2026-12-04T00:00:00.000Z"}, {"start": "2026-12-04T09:00:00Z"}],
        "2026-12-03": [{"start": "2026-12-03T23:00:00.000Z"}, {"start": "2026-12-02T23:59:00.000Z"},
            {"start": "2026-12-03T09:00:00.000+09:00"}, {"start": "2026-12-03T00:00:00.000Z"}]});
    let server = Server::start(vec![Reply::data(200, &days)]).await;
    let day = range("2026-12-03T00:00:00Z", "2026-12-04T00:00:00Z");
    let starts = client(&server).slots(&keyed(), EventTypeId(77), day).await.unwrap();
    assert_eq!(starts, [at("2026-12-03T00:00:00Z"), at("2026-12-03T23:00:00Z")]);
    let query = server.only().query;
    assert_eq!(query["eventTypeId"], "77");
    assert_eq!(query["start"], "2026-12-03T00:00:00Z");
    assert_eq!(query["end"], "2026-12-05T00:00:00Z");
    assert_eq!(query.len(), 3);
}

#[tokio::test]
async fn no_days_are_no_slots() {
    let server = Server::start(vec![Reply::data(200, &json!({}))]).await;
    let day = range("2026-12-03T00:00:00Z", "2026-12-04T00:00:00Z");
    assert_eq!(client(&server).slots(&keyed(), EventTypeId(77), day).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_list_sends_only_filters_that_cal_com_knows() {
    let server = Server::start(vec![Reply::data(200, &json!([]))]).await;
    let filter = BookingFilter {
        event_type_ids: vec![EventTypeId(77), EventTypeId(78)],
        after_start: Some(at("2026-12-01T00:00:00Z")),
        before_end: Some(at("2026-12-31T00:00:00Z")),
        after_updated: Some(at("2026-11-20T10:00:00.5Z")),
        by_update: true,
        skip: 249,
        take: 1000,
    };
    client(&server).bookings(&keyed(), &filter).await.unwrap();
    let expected = [
        ("eventTypeIds", "77,78"),
        ("afterStart", "2026-12-01T00:00:00Z"),
        ("beforeEnd", "2026-12-31T00:00:00Z"),
        ("afterUpdatedAt", "2026-11-20T10:00:00.5Z"),
        ("sortUpdatedAt", "asc"),
        ("skip", "249"),
        ("take", "250"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(server.only().query, expected.into());
}

#[tokio::test]
async fn a_list_counts_its_own_records_whatever_the_totals_say() {
    let second = booking_with(json!({"uid": "second", "status": "cancelled"}));
    let body = json!({"status": "success", "data": [booking(), second],
        "pagination": {"returnedItems": 12, "totalItems": 12}});
    let server = Server::start(vec![Reply::json(200, &body)]).await;
    let filter = BookingFilter { take: 2, ..Default::default() };
    assert_eq!(client(&server).bookings(&keyed(), &filter).await.unwrap().len(), 2);
    assert_eq!(server.only().query["sortStart"], "asc");
}

#[tokio::test]
async fn one_record_that_cannot_be_read_spoils_its_page() {
    let broken = booking_with(json!({"start": null}));
    let server = Server::start(vec![Reply::data(200, &json!([booking(), broken]))]).await;
    let filter = BookingFilter { take: 2, ..Default::default() };
    let error = client(&server).bookings(&keyed(), &filter).await.unwrap_err();
    assert_eq!(error.failure, Failure::Unreadable);
}

#[tokio::test]
async fn a_cancel_always_gives_a_reason() {
    let ended = booking_with(json!({"status": "cancelled", "cancellationReason": "ill"}));
    let server = Server::start(vec![Reply::data(200, &ended), Reply::data(200, &ended)]).await;
    let client = client(&server);
    let booking = client.cancel(&keyed(), &uid(UID), "ill").await.unwrap();
    assert_eq!(booking.status, BookingStatus::Cancelled);
    assert_eq!(booking.cancellation_reason.as_deref(), Some("ill"));
    client.cancel(&keyed(), &uid(UID), "  ").await.unwrap();
    let bodies: Vec<Value> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies[0], json!({"cancellationReason": "ill"}));
    assert_eq!(bodies[1], json!({"cancellationReason": "no reason given"}));
}

#[tokio::test]
async fn a_cancel_that_ends_a_series_answers_the_booking_asked_for() {
    let first = booking_with(json!({"uid": "first", "status": "cancelled"}));
    let asked = booking_with(json!({"status": "cancelled"}));
    let server = Server::start(vec![Reply::data(200, &json!([first, asked]))]).await;
    let booking = client(&server).cancel(&keyed(), &uid(UID), "x").await.unwrap();
    assert_eq!(booking.uid, uid(UID));
}

#[tokio::test]
async fn a_move_answers_the_new_booking() {
    let moved = booking_with(json!({"uid": "new1", "rescheduledFromUid": UID,
        "start": "2026-12-04T13:00:00.000Z", "end": "2026-12-04T14:00:00.000Z"}));
    let server = Server::start(vec![Reply::data(201, &moved)]).await;
    let start = at("2026-12-04T13:00:00Z");
    let booking = client(&server).reschedule(&keyed(), &uid(UID), start, "cold").await.unwrap();
    assert_eq!(booking.uid, uid("new1"));
    assert_eq!(booking.rescheduled_from, Some(uid(UID)));
    assert_eq!(booking.interval.length().as_mins(), 60, "the length is the caller's to check");
    let body = json!({"start": "2026-12-04T13:00:00Z", "reschedulingReason": "cold"});
    assert_eq!(server.only().body, body);
}

#[tokio::test]
async fn kinds_tell_what_the_preconditions_need() {
    let kinds = json!([
        {"id": 77, "title": "Kiln", "lengthInMinutes": 90, "price": 0, "recurrence": null,
            "confirmationPolicy": {"disabled": true}, "seats": {"disabled": true},
            "disableCancelling": {"disabled": false}, "requiresBookerEmailVerification": false,
            "minimumBookingNotice": 120, "beforeEventBuffer": 15, "afterEventBuffer": 5},
        {"id": 78, "title": "Class", "lengthInMinutes": 60, "price": 12.5,
            "recurrence": {"disabled": false, "frequency": "weekly"},
            "confirmationPolicy": {"type": "always"}, "seats": {"seatsPerTimeSlot": 3},
            "disableCancelling": {"disabled": true}, "requiresBookerEmailVerification": true},
        {"id": 79, "lengthInMinutes": 30}]);
    let server = Server::start(vec![Reply::data(200, &kinds)]).await;
    let kinds = client(&server).event_types(&keyed()).await.unwrap();
    let flags: Vec<[bool; 6]> = kinds
        .iter()
        .map(|kind| {
            [
                kind.requires_confirmation,
                kind.has_seats,
                kind.recurring,
                kind.has_price,
                kind.cancelling_disabled,
                kind.requires_email_verification,
            ]
        })
        .collect();
    assert_eq!(flags, [[false; 6], [true; 6], [false; 6]]);
    assert_eq!(kinds[0].minimum_notice_minutes, 120);
    assert_eq!((kinds[0].before_buffer_minutes, kinds[0].after_buffer_minutes), (15, 5));
    assert!(server.only().query.is_empty(), "a key lists its own kinds");
}

#[tokio::test]
async fn kinds_are_asked_by_name_where_no_key_says_whose() {
    let server = Server::start(vec![Reply::data(200, &json!([]))]).await;
    let client = client_at(server.address, Row::of(vec![Credential::None]));
    client.event_types(&account(CredentialMode::None)).await.unwrap();
    assert_eq!(server.only().query["username"], "kiln");
}

#[tokio::test]
async fn a_key_says_whose_it_is() {
    let server = Server::start(vec![Reply::data(200, &json!({"id": 7, "username": "kiln"}))]).await;
    assert_eq!(client(&server).me(&keyed()).await.unwrap(), "kiln");
}

#[cfg(test)]
async fn chore(server: &Server, chore: Chore) -> Result<(), ChoreError> {
    let config = CalcomConfig::new(&format!("http://{}", server.address)).unwrap();
    CalcomWeb::new(config).call(chore, &Secret::new("s3cret")).await
}

#[tokio::test]
async fn each_chore_is_called_as_the_web_app_wants_it() {
    for (one, method, path, proof) in [
        (Chore::Meetings, "POST", "/api/cron/webhookTriggers", "s3cret"),
        (Chore::Tasks, "GET", "/api/tasks/cron", "Bearer s3cret"),
        (Chore::TasksCleanup, "GET", "/api/tasks/cleanup", "Bearer s3cret"),
        (Chore::TimeZones, "POST", "/api/cron/changeTimeZone", "s3cret"),
        (Chore::CalendarSubscriptions, "GET", "/api/cron/calendar-subscriptions", "s3cret"),
        (Chore::CalendarCleanup, "GET", "/api/cron/calendar-subscriptions-cleanup", "s3cret"),
        (Chore::SelectedCalendars, "GET", "/api/cron/selected-calendars", "s3cret"),
        (Chore::Credentials, "GET", "/api/cron/credentials", "s3cret"),
    ] {
        let server = Server::start(vec![Reply::json(200, &json!({"ok": true}))]).await;
        chore(&server, one).await.unwrap();
        let seen = server.only();
        assert_eq!((seen.method.as_str(), seen.path.as_str()), (method, path));
        assert_eq!(seen.headers["authorization"], proof, "{path}");
    }
}

#[tokio::test]
async fn what_keeps_a_chore_from_being_done_is_told_apart_and_never_tried_again() {
    for (reply, error) in [
        (Reply::json(401, &json!({"message": "Not authenticated"})), ChoreError::Refused),
        (Reply::html(403), ChoreError::Refused),
        (Reply::html(404), ChoreError::Unknown),
        (Reply::html(405), ChoreError::Unknown),
        (Reply::html(307), ChoreError::Failed(307)),
        (Reply::html(500), ChoreError::Failed(500)),
    ] {
        let server = Server::start(vec![reply]).await;
        assert_eq!(chore(&server, Chore::Tasks).await, Err(error));
        assert_eq!(server.seen().len(), 1);
    }
}
