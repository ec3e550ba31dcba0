//! The table of CONTRACT 5.9, line by line, with answers made up for it.
//!
//! A class must not depend on a whole sentence, on letter case or on what a body echoes.

use interlock_app::ports::scheduler::Failure::{self, *};
use interlock_calcom::Operation::{self, *};
use interlock_calcom::{ErrorBody, Shape, classify, read};
use proptest::prelude::*;
use serde_json::json;

/// Shape 1: the envelope with details.
fn envelope(message: &str) -> Vec<u8> {
    json!({"status": "error", "path": "/v2/x", "error": {"code": "X", "message": message,
        "details": {"message": message}}})
    .to_string()
    .into_bytes()
}

/// Shape 2: the envelope without details.
fn bare(message: &str) -> Vec<u8> {
    json!({"status": "error", "error": {"code": "X", "message": message}}).to_string().into_bytes()
}

/// Shape 3: the booking core's own.
fn plain(message: &str) -> Vec<u8> {
    json!({"statusCode": 0, "message": message}).to_string().into_bytes()
}

fn page() -> Vec<u8> {
    b"<html><title>already has booking at this time</title></html>".to_vec()
}

fn check(lines: &[(Operation, u16, Vec<u8>, Failure)]) {
    for (operation, status, body, class) in lines {
        let found = classify(*operation, *status, body);
        assert_eq!(found, *class, "{operation:?} {status} {}", String::from_utf8_lossy(body));
    }
}

#[test]
fn a_refused_subscription_falls_into_its_class() {
    let foreign = "IsUserWebhookGuard - user with id=(1) is not the owner of webhook with id=(2)";
    for operation in [Resubscribe, Unsubscribe] {
        check(&[
            (operation, 403, envelope(foreign), NotFound),
            (operation, 403, envelope("insufficient scope"), Credential),
            (operation, 404, envelope("Webhook (2) not found"), NotFound),
            (operation, 404, envelope("Cannot PATCH /v2/webhooks/2"), BadRequest),
            (operation, 404, envelope("Cannot DELETE /v2/webhooks/2"), BadRequest),
            (operation, 404, page(), BadRequest),
        ]);
    }
    for operation in [Subscribe, Resubscribe] {
        check(&[
            (operation, 409, envelope("Webhook with this subscriber url already"), Duplicate),
            (operation, 400, envelope("Webhook URL is not allowed"), BadRequest),
        ]);
    }
    check(&[
        (Subscribe, 404, envelope("x"), BadRequest),
        (Subscriptions, 404, envelope("Cannot GET /v2/webhooks"), BadRequest),
    ]);
}

#[test]
fn a_refused_create_or_move_falls_into_the_class_of_the_table() {
    for operation in [Create, Reschedule] {
        check(&[
            (operation, 400, envelope("User already has booking at this time or so"), SlotTaken),
            (operation, 400, envelope("One of the hosts is busy"), SlotTaken),
            (operation, 400, envelope("It can't be booked at the \"start\" time"), OutOfBounds),
            (operation, 400, envelope("a meeting in the past."), OutOfBounds),
            (operation, 400, envelope("the maximum number of active bookings (u1)"), BookerLimit),
            (operation, 401, plain("booking_limit_reached"), EventLimit),
            (operation, 401, plain("duration_limit_reached"), EventLimit),
            (operation, 403, plain("booker_email_blocked"), AttendeeRefused),
            (operation, 403, plain("booker_email_requires_login"), AttendeeRefused),
            (operation, 400, plain("email_verification_required"), VerificationNeeded),
            (operation, 400, plain("invalid_verification_code"), VerificationNeeded),
            (operation, 400, envelope("Missing required booking field response: x"), BadRequest),
            (operation, 400, envelope("Invalid option 'x'"), BadRequest),
            (operation, 400, envelope("Can't specify 'lengthInMinutes'"), BadRequest),
            (operation, 401, envelope("checkBookingRequiresAuthentication - x"), Credential),
            (operation, 403, envelope("checkBookingRequiresAuthentication - x"), Credential),
            (operation, 404, envelope("Event type with id 1 not found."), MappingBroken),
            (operation, 409, plain("booking_conflict_error"), SlotTaken),
            (operation, 409, plain("already_signed_up_for_this_booking_error"), Duplicate),
            (operation, 409, envelope("No more seats left"), SlotTaken),
            (operation, 409, bare("unique constraint"), SlotTaken),
            (operation, 422, envelope("event type has no hosts"), MappingBroken),
            (operation, 429, envelope("x"), RateLimited),
            (operation, 413, plain("request entity too large"), BadRequest),
        ]);
    }
}

#[test]
fn only_a_create_can_be_a_decoy() {
    let body = envelope("Booking with uid=x was not found in the database");
    assert_eq!(classify(Create, 500, &body), Decoy);
    assert_eq!(classify(Create, 500, &plain("was not found in the database")), Decoy);
    assert_eq!(classify(Reschedule, 500, &body), UnknownOutcome);
    assert_eq!(classify(Create, 502, &body), UnknownOutcome);
}

#[test]
fn what_says_nothing_of_the_outcome_is_unknown() {
    for status in [301, 302, 307, 408, 500, 501, 502, 503, 504, 599] {
        for body in [page(), plain("x"), envelope("x"), Vec::new()] {
            assert_eq!(classify(Create, status, &body), UnknownOutcome, "{status}");
        }
    }
}

#[test]
fn a_limit_in_the_later_envelope_is_still_a_limit() {
    let body = json!({"status": "error", "message": "booking_limit_reached",
        "error": {"code": "ErrorWithCode"}});
    assert_eq!(classify(Create, 401, body.to_string().as_bytes()), EventLimit);
}

#[test]
fn a_refused_cancel_falls_into_the_class_of_the_table() {
    check(&[
        (Cancel, 404, envelope("Booking with uid=x not found"), NotFound),
        (Cancel, 400, envelope("uid=x because it has been cancelled already."), AlreadyCancelled),
        (Cancel, 400, plain("Cancellation reason is required"), CancelRefused),
        (Cancel, 400, plain("does not allow cancellations"), CancelRefused),
        (Cancel, 400, plain("already ended"), CancelRefused),
        (Cancel, 400, envelope("Invalid seatUid"), CancelRefused),
        (Cancel, 401, plain("x"), CancelRefused),
        (Cancel, 401, envelope("ApiAuthStrategy - x"), Credential),
        (Cancel, 400, envelope("foo property is wrong,property foo should not exist"), BadRequest),
        (Cancel, 500, plain("x"), UnknownOutcome),
    ]);
}

#[test]
fn a_move_of_what_was_ended_or_moved_before_has_a_class_of_its_own() {
    check(&[
        (Reschedule, 400, envelope("because it has been cancelled. x"), AlreadyRescheduled),
        (Reschedule, 400, envelope("cancelled and rescheduled already to x"), AlreadyRescheduled),
        (Reschedule, 403, plain("minimum notice"), OutOfBounds),
        (Reschedule, 404, envelope("Booking with uid=x was not found in the database"), NotFound),
        (Reschedule, 404, envelope("uid=x is missing event type"), MappingBroken),
        (Create, 400, envelope("it has been cancelled"), BadRequest),
    ]);
}

#[test]
fn a_missing_route_is_not_taken_for_a_missing_booking() {
    check(&[
        (Read, 404, envelope("Booking with uid=x was not found in the database"), NotFound),
        (Read, 404, bare("not found"), NotFound),
        (Read, 404, envelope("Cannot GET /v2/bookings/x"), BadRequest),
        (Cancel, 404, envelope("Cannot POST /v2/bookings/x/cancel"), BadRequest),
        (Read, 404, page(), BadRequest),
        (Slots, 404, envelope("Cannot GET /v2/slots?x"), BadRequest),
        (Slots, 404, envelope("Event Type not found"), MappingBroken),
    ]);
}

#[test]
fn a_proxy_that_wants_a_login_is_a_credential_and_no_limit() {
    assert_eq!(classify(Create, 401, &page()), Credential);
    assert_eq!(classify(Create, 403, &page()), Credential);
}

#[test]
fn a_page_of_html_never_lends_its_words() {
    assert_eq!(classify(Create, 400, &page()), BadRequest);
    assert_eq!(ErrorBody::parse(&page()).shape, Shape::Foreign);
}

#[test]
fn what_a_body_echoes_is_not_read() {
    let body = json!({"status": "error", "error": {"code": "X", "message": "Bad Request Exception",
        "details": {"errors": [{"value": "already has booking at this time"}]}}});
    assert_eq!(classify(Create, 400, body.to_string().as_bytes()), BadRequest);
}

#[test]
fn details_may_be_a_text() {
    let body = json!({"status": "error", "error": {"code": "ThrottlerException",
        "message": "x", "details": "x"}});
    assert_eq!(ErrorBody::parse(body.to_string().as_bytes()).shape, Shape::Envelope);
}

#[test]
fn an_error_body_never_prints_its_message() {
    let printed = format!("{:?}", ErrorBody::parse(&envelope("access token=abc123")));
    assert!(!printed.contains("abc123"), "{printed}");
}

#[test]
fn bodies_that_are_no_json_or_odd_json_are_foreign() {
    for body in ["", "null", "[]", "7", "{}", "\"x\"", "{\"error\":\"text\"}", "\u{feff}{}"] {
        assert_eq!(ErrorBody::parse(body.as_bytes()).shape, Shape::Foreign, "{body}");
    }
    assert_eq!(ErrorBody::parse(b"{\"message\":[\"a\"]}").shape, Shape::Plain);
}

proptest! {
    #[test]
    fn no_answer_makes_the_reader_fail_other_than_by_a_class(
        status in 100_u16..=599,
        body in proptest::collection::vec(any::<u8>(), 0..200),
        wrapped in any::<bool>(),
    ) {
        let body = if wrapped {
            let text = String::from_utf8_lossy(&body).into_owned();
            json!({"status": "success", "data": text, "error": {"message": text}}).to_string()
                .into_bytes()
        } else {
            body
        };
        for operation in [Slots, Create, Read, List, Cancel, Reschedule, EventTypes, Me] {
            prop_assert!(read(operation, status, &body).is_err());
        }
    }
}
