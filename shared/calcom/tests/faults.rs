//! What the client makes of answers that are none, and what it never lets out.
//!
//! A write is seen by the server once, whatever happens; only a refused credential is tried again.

#[cfg(test)]
mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use interlock_app::ports::Scheduler;
use interlock_app::ports::scheduler::{BookingFilter, CredentialMode, Failure, Outcome};
use interlock_calcom::{CalcomConfig, Credential, Secret};
use interlock_policy::EventTypeId;
use serde_json::json;
use support::*;
use tokio::net::TcpListener;

#[tokio::test]
async fn a_write_that_met_a_proxys_page_is_in_doubt_and_not_repeated() {
    for status in [500, 502, 503, 504] {
        assert_eq!(create_answered(Reply::html(status)).await, (Failure::UnknownOutcome, 1));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_leaves_a_write_in_doubt() {
    assert_eq!(create_answered(Reply::html(307)).await, (Failure::UnknownOutcome, 1));
}

#[tokio::test]
async fn a_success_that_cannot_be_read_is_no_failure_to_book() {
    for body in [
        json!({}),
        json!({"status": "success"}),
        json!({"status": "error", "data": booking()}),
        json!({"status": "success", "data": {"uid": UID}}),
        json!(["success", booking()]),
        json!([]),
    ] {
        let (failure, sent) = create_answered(Reply::json(201, &body)).await;
        assert_eq!((failure, sent), (Failure::Unreadable, 1), "{body}");
        assert_eq!(failure.outcome(), Outcome::Unknown);
    }
    assert_eq!(create_answered(Reply::html(201)).await, (Failure::Unreadable, 1));
}

#[tokio::test]
async fn a_slow_write_is_in_doubt_when_its_time_is_up() {
    let server = Server::start(vec![Reply::data(201, &booking()).after(20_000)]).await;
    let started = Instant::now();
    let client = hasty("http", server.address);
    let error = client.create(&keyed(), &new_booking()).await.unwrap_err();
    assert_eq!(error.failure, Failure::UnknownOutcome);
    assert_eq!(server.seen().len(), 1);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_slow_answer_within_the_time_is_taken() {
    let server = Server::start(vec![Reply::data(201, &booking()).after(200)]).await;
    client(&server).create(&keyed(), &new_booking()).await.unwrap();
}

#[tokio::test]
async fn nobody_listening_means_that_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = client_at(address, Row::of(vec![key(KEY)]));
    let error = client.create(&keyed(), &new_booking()).await.unwrap_err();
    assert_eq!(error.failure, Failure::NotConnected);
    assert_eq!(error.failure.outcome(), Outcome::NothingMade);
    assert_eq!(error.status, None);
}

#[tokio::test]
async fn a_name_that_does_not_resolve_means_that_nothing_was_sent() {
    let config = CalcomConfig::new("http://calcom.invalid").unwrap().waiting(patience());
    let client = interlock_calcom::CalcomClient::new(config, Row::of(vec![key(KEY)]));
    let error = client.create(&keyed(), &new_booking()).await.unwrap_err();
    assert_eq!(error.failure, Failure::NotConnected);
}

#[tokio::test]
async fn plain_http_at_a_tls_address_means_that_nothing_was_sent() {
    let (address, _) = raw_server("HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let config = CalcomConfig::new(&format!("https://{address}")).unwrap().waiting(patience());
    let client = interlock_calcom::CalcomClient::new(config, Row::of(vec![key(KEY)]));
    let error = client.create(&keyed(), &new_booking()).await.unwrap_err();
    assert_eq!(error.failure, Failure::NotConnected);
}

#[tokio::test]
async fn a_handshake_that_never_ends_means_that_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let error = hasty("https", address).create(&keyed(), &new_booking()).await.unwrap_err();
    assert_eq!(error.failure, Failure::NotConnected);
    drop(listener);
}

#[tokio::test]
async fn an_answer_without_end_is_not_taken_into_memory() {
    let huge = json!({"status": "success", "data": "x".repeat(9 * 1024 * 1024)});
    let server = Server::start(vec![Reply::json(201, &huge)]).await;
    let error = client(&server).create(&keyed(), &new_booking()).await.unwrap_err();
    assert_eq!(error.failure, Failure::Unreadable);
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_leaves_a_write_in_doubt() {
    let (address, connections) = raw_server("").await;
    let client = client_at(address, Row::of(vec![key(KEY)]));
    let error = client.create(&keyed(), &new_booking()).await.unwrap_err();
    assert_eq!(error.failure, Failure::UnknownOutcome);
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_body_cut_short_leaves_a_write_in_doubt() {
    let cut = "HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n\
               {\"status\":\"success\",\"da";
    let (address, connections) = raw_server(cut).await;
    let client = client_at(address, Row::of(vec![key(KEY)]));
    let error = client.create(&keyed(), &new_booking()).await.unwrap_err();
    assert_eq!(error.failure, Failure::UnknownOutcome);
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn bytes_that_are_no_http_leave_a_write_in_doubt() {
    let (address, connections) = raw_server("220 mail ready\r\n").await;
    let client = client_at(address, Row::of(vec![key(KEY)]));
    let error = client.create(&keyed(), &new_booking()).await.unwrap_err();
    assert_eq!(error.failure, Failure::UnknownOutcome);
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_read_is_repeated_once_and_then_given_up() {
    let server = Server::start(vec![Reply::html(502), Reply::data(200, &booking())]).await;
    assert!(client(&server).booking(&keyed(), &uid(UID)).await.unwrap().is_some());
    assert_eq!(server.seen().len(), 2);
    let server = Server::start(vec![Reply::html(502), Reply::html(503)]).await;
    let error = client(&server).booking(&keyed(), &uid(UID)).await.unwrap_err();
    assert_eq!((error.failure, error.status), (Failure::UnknownOutcome, Some(503)));
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_read_keeps_to_one_budget_over_both_attempts() {
    let slow = || Reply::data(200, &json!([])).after(20_000);
    let server = Server::start(vec![slow(), slow()]).await;
    let started = Instant::now();
    let filter = BookingFilter { take: 1, ..Default::default() };
    let client = hasty("http", server.address);
    let error = client.bookings(&keyed(), &filter).await.unwrap_err();
    assert_eq!(error.failure, Failure::UnknownOutcome);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_definite_refusal_of_a_read_is_not_repeated() {
    for reply in [
        Reply::refusal(400, "x"),
        Reply::refusal(403, "x"),
        Reply::refusal(429, "x"),
        Reply::data(200, &json!("odd")),
    ] {
        let server = Server::start(vec![reply]).await;
        client(&server).booking(&keyed(), &uid(UID)).await.unwrap_err();
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_cancel_and_a_move_are_never_repeated() {
    let server = Server::start(vec![Reply::html(502), Reply::html(502)]).await;
    let client = client(&server);
    let error = client.cancel(&keyed(), &uid(UID), "x").await.unwrap_err();
    assert_eq!(error.failure, Failure::UnknownOutcome);
    let start = at("2026-12-04T13:00:00Z");
    let error = client.reschedule(&keyed(), &uid(UID), start, "x").await.unwrap_err();
    assert_eq!(error.failure, Failure::UnknownOutcome);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn too_many_requests_say_how_long_to_be_silent() {
    let server = Server::start(vec![Reply::refusal(429, "ThrottlerException")]).await;
    let error = client(&server).create(&keyed(), &new_booking()).await.unwrap_err();
    assert_eq!(error.failure, Failure::RateLimited);
    assert_eq!(error.retry_after.unwrap().as_secs(), 60);
    assert_eq!(error.failure.outcome(), Outcome::NothingMade);
}

#[tokio::test]
async fn a_rotated_key_is_read_again_once_even_for_a_write() {
    let server = Server::start(vec![
        Reply::refusal(401, "ApiAuthStrategy - x"),
        Reply::data(201, &booking()),
    ])
    .await;
    let row = Row::of(vec![key("cal_old"), key("cal_new")]);
    client_at(server.address, row.clone()).create(&keyed(), &new_booking()).await.unwrap();
    let sent: Vec<String> =
        server.seen().iter().map(|seen| seen.headers["authorization"].clone()).collect();
    assert_eq!(sent, ["Bearer cal_old", "Bearer cal_new"]);
    assert_eq!(row.refreshed.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_second_refusal_is_final() {
    let refusal = || Reply::refusal(401, "CustomThrottlerGuard - Invalid API Key");
    let server = Server::start(vec![refusal(), refusal(), refusal()]).await;
    let row = Row::of(vec![key("a"), key("b"), key("c")]);
    let client = client_at(server.address, row.clone());
    let error = client.create(&keyed(), &new_booking()).await.unwrap_err();
    assert_eq!((error.failure, error.status), (Failure::Credential, Some(401)));
    assert_eq!(server.seen().len(), 2);
    assert_eq!(row.refreshed.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_same_key_again_is_not_tried_again() {
    let server = Server::start(vec![Reply::refusal(401, "x")]).await;
    let row = Row::of(vec![key("a")]);
    let client = client_at(server.address, row.clone());
    let error = client.me(&keyed()).await.unwrap_err();
    assert_eq!(error.failure, Failure::Credential);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_limit_that_looks_like_a_credential_renews_nothing() {
    let server = Server::start(vec![Reply::plain(401, "booking_limit_reached")]).await;
    let row = Row::of(vec![key("a"), key("b")]);
    let client = client_at(server.address, row.clone());
    let error = client.create(&keyed(), &new_booking()).await.unwrap_err();
    assert_eq!(error.failure, Failure::EventLimit);
    assert_eq!((server.seen().len(), row.refreshed.load(Ordering::SeqCst)), (1, 0));
}

#[tokio::test]
async fn without_a_credential_there_is_nothing_to_renew() {
    let server = Server::start(vec![Reply::refusal(401, "x")]).await;
    let row = Row::of(vec![Credential::None]);
    let client = client_at(server.address, row.clone());
    client.me(&account(CredentialMode::None)).await.unwrap_err();
    assert_eq!((server.seen().len(), row.refreshed.load(Ordering::SeqCst)), (1, 0));
}

#[tokio::test]
async fn a_token_unknown_to_a_list_is_renewed_and_a_forbidden_key_is_not() {
    let refusal = || Reply::refusal(403, "PermissionsGuard - no client found for token=t0");
    let filter = BookingFilter { take: 1, ..Default::default() };
    let server = Server::start(vec![refusal(), Reply::data(200, &json!([]))]).await;
    let token = |text| Credential::Bearer(Secret::new(text));
    let row = Row::of(vec![token("t0"), token("t1")]);
    let bearer = account(CredentialMode::Bearer);
    client_at(server.address, row).bookings(&bearer, &filter).await.unwrap();
    let server = Server::start(vec![refusal()]).await;
    let error = client(&server).bookings(&keyed(), &filter).await.unwrap_err();
    assert_eq!(error.failure, Failure::Credential);
}

#[tokio::test]
async fn a_credential_of_another_mode_is_never_sent() {
    let server = Server::start(Vec::new()).await;
    let error = client(&server).me(&account(CredentialMode::Bearer)).await.unwrap_err();
    assert_eq!(error.failure, Failure::Credential);
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_key_that_is_no_header_is_a_credential_fault() {
    let server = Server::start(Vec::new()).await;
    let client = client_at(server.address, Row::of(vec![key("cal_\r\nx: y")]));
    let error = client.me(&keyed()).await.unwrap_err();
    assert_eq!(error.failure, Failure::Credential);
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn without_the_store_of_secrets_nothing_is_sent() {
    let server = Server::start(Vec::new()).await;
    let error = client_at(server.address, Arc::new(Broken))
        .create(&keyed(), &new_booking())
        .await
        .unwrap_err();
    assert_eq!(error.failure, Failure::NotConnected);
    assert!(server.seen().is_empty());
    let client = client_at(server.address, Row::of(Vec::new()));
    assert_eq!(client.me(&keyed()).await.unwrap_err().failure, Failure::Credential);
}

#[tokio::test]
async fn an_error_carries_status_and_request_id_and_nothing_of_the_body() {
    let told = format!("PermissionsGuard - no client for access token={KEY} and lin@member.test");
    let server = Server::start(vec![Reply::refusal(403, &told)]).await;
    let client = client(&server);
    let error = client.booking(&keyed(), &uid(UID)).await.unwrap_err();
    assert_eq!((error.status, error.request_id.as_deref()), (Some(403), Some("d2f1")));
    let printed = format!("{} {client:?} {:?}", printed(&error), key(KEY));
    for secret in [KEY, "lin@member.test", UID, "PermissionsGuard"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[tokio::test]
async fn a_wrong_kind_and_a_wrong_address_are_told_apart() {
    let day = range("2026-12-03T00:00:00Z", "2026-12-04T00:00:00Z");
    for (reply, class) in [
        (Reply::refusal(404, "Event Type not found"), Failure::MappingBroken),
        (Reply::refusal(404, "Cannot GET /v2/slots?eventTypeId=77"), Failure::BadRequest),
        (Reply::html(404), Failure::BadRequest),
    ] {
        let server = Server::start(vec![reply]).await;
        let error = client(&server).slots(&keyed(), EventTypeId(77), day).await.unwrap_err();
        assert_eq!(error.failure, class);
    }
}

#[tokio::test]
async fn an_address_that_answers_pages_hides_no_booking() {
    let server = Server::start(vec![Reply::html(404)]).await;
    let error = client(&server).booking(&keyed(), &uid(UID)).await.unwrap_err();
    assert_eq!(error.failure, Failure::BadRequest);
}

#[tokio::test]
async fn health_is_asked_once_and_without_a_credential() {
    let server = Server::start(vec![Reply::html(200), Reply::html(500)]).await;
    let client = client(&server);
    client.health().await.unwrap();
    assert_eq!(client.health().await.unwrap_err().failure, Failure::UnknownOutcome);
    assert_eq!(server.seen().len(), 2);
    assert!(server.seen().iter().all(|seen| !seen.headers.contains_key("authorization")));
}
