//! Rescheduling and cancelling: identities, links, and the many ways to be refused.

use serde_json::json;

use crate::support::{BOOKINGS, Rig, cases};

cases! {
    "1" real a_move_gives_a_new_uid_and_links_both_rows;
    "1" real both_rows_of_a_move_are_listed;
    "1" real metadata_and_calendar_identity_survive_a_chain_of_moves;
    "1" real a_moved_booking_names_its_successor_when_moved_again;
    "1" real a_move_onto_its_own_old_interval_passes;
    "1" real moves_are_refused_when_cancelled_unknown_or_without_a_start;
    "14" real a_host_must_give_a_reason;
    "14" real a_second_cancel_is_400_cancelled_already;
    "14" real an_unknown_booking_is_404;
    "14" sim_only an_ended_booking_cannot_be_cancelled;
    "14" sim_only a_type_may_forbid_cancelling_even_to_its_owner;
    "14" real anybody_with_the_uid_can_cancel_without_a_reason;
}

async fn a_move_gives_a_new_uid_and_links_both_rows(rig: Rig) {
    let free = rig.free().await;
    let old = rig.booked(&free[0]).await;
    let moved = rig.reschedule(&old, &free[1]).await;
    assert_eq!(moved.status, 201, "{}", moved.text);
    let new = moved.uid();
    assert_ne!(new, old);
    assert_eq!(moved.body["data"]["rescheduledFromUid"], json!(old));
    let before = rig.read(&old).await;
    assert_eq!(before["status"], "cancelled");
    assert_eq!(before["rescheduledToUid"], json!(new));
    assert_eq!(before["icsUid"], moved.body["data"]["icsUid"]);
    rig.cancel(&new).await;
}

async fn both_rows_of_a_move_are_listed(rig: Rig) {
    let free = rig.free().await;
    let old = rig.booked(&free[0]).await;
    let new = rig.reschedule(&old, &free[1]).await.uid();
    for (uid, status) in [(&old, "cancelled"), (&new, "accepted")] {
        let list = rig.get(BOOKINGS, &format!("/v2/bookings?bookingUid={uid}")).await;
        assert_eq!(list.body["data"][0]["status"], status);
    }
    let path = format!("/v2/bookings?status=cancelled&bookingUid={old}");
    assert_eq!(rig.get(BOOKINGS, &path).await.body["data"][0]["uid"], json!(old));
    rig.cancel(&new).await;
}

async fn metadata_and_calendar_identity_survive_a_chain_of_moves(rig: Rig) {
    let free = rig.free().await;
    let first = rig.booked(&free[0]).await;
    let second = rig.reschedule(&first, &free[1]).await.uid();
    let third = rig.reschedule(&second, &free[2]).await.uid();
    let last = rig.read(&third).await;
    assert_eq!(last["metadata"]["gateReservationId"], "res_01");
    assert_eq!(last["icsUid"], json!(format!("{first}@Cal.com")));
    rig.cancel(&third).await;
}

async fn a_moved_booking_names_its_successor_when_moved_again(rig: Rig) {
    let free = rig.free().await;
    let old = rig.booked(&free[0]).await;
    let new = rig.reschedule(&old, &free[1]).await.uid();
    let again = rig.reschedule(&old, &free[2]).await;
    assert_eq!(again.status, 400);
    assert!(again.message().contains(&new));
    rig.cancel(&new).await;
}

async fn a_move_onto_its_own_old_interval_passes(rig: Rig) {
    let start = rig.free().await[0].clone();
    let at: jiff::Timestamp = start.parse().expect("an instant");
    let later = (at + jiff::SignedDuration::from_mins(30)).to_string();
    let old = rig.booked(&start).await;
    let moved = rig.reschedule(&old, &later).await;
    assert_eq!(moved.status, 201, "{}", moved.text);
    rig.cancel(&moved.uid()).await;
}

async fn moves_are_refused_when_cancelled_unknown_or_without_a_start(rig: Rig) {
    let free = rig.free().await;
    let uid = rig.booked(&free[0]).await;
    let path = format!("/v2/bookings/{uid}/reschedule");
    let missing = rig.post(BOOKINGS, &path, json!({})).await;
    assert!(missing.message().starts_with("start property is wrong"));
    rig.cancel(&uid).await;
    let cancelled = rig.reschedule(&uid, &free[1]).await;
    assert_eq!(cancelled.status, 400);
    assert!(cancelled.message().contains("because it has been cancelled"));
    assert_eq!(rig.reschedule("nosuchuid", &free[1]).await.status, 404);
}

async fn a_host_must_give_a_reason(rig: Rig) {
    let uid = rig.booked(&rig.free().await[0]).await;
    let path = format!("/v2/bookings/{uid}/cancel");
    let answer = rig.post(BOOKINGS, &path, json!({})).await;
    assert_eq!((answer.status, &answer.body["statusCode"]), (400, &json!(400)));
    assert!(answer.message().contains("reason is required"));
    let extra = rig.post(BOOKINGS, &path, json!({ "cancellationReason": "x", "foo": 1 })).await;
    assert_eq!(extra.message(), "foo property is wrong,property foo should not exist ");
    rig.cancel(&uid).await;
}

async fn a_second_cancel_is_400_cancelled_already(rig: Rig) {
    let uid = rig.booked(&rig.free().await[0]).await;
    let first = rig.cancel(&uid).await;
    assert_eq!(first.status, 200);
    assert_eq!(first.body["data"]["cancelledByEmail"], "");
    let second = rig.cancel(&uid).await;
    assert_eq!(second.status, 400);
    assert!(second.message().contains("cancelled already"));
}

async fn an_unknown_booking_is_404(rig: Rig) {
    let answer = rig.cancel("nosuchuid").await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.message(), "Booking with uid=nosuchuid not found");
}

async fn an_ended_booking_cannot_be_cancelled(rig: Rig) {
    let uid = rig.booked("2026-11-20T12:00:00Z").await;
    rig.advance(4 * 3600);
    let answer = rig.cancel(&uid).await;
    let text = "Cannot cancel a booking that has already ended";
    assert_eq!(answer.body, json!({ "statusCode": 400, "message": text }));
}

async fn a_type_may_forbid_cancelling_even_to_its_owner(rig: Rig) {
    let change = json!({ "eventTypeId": 101, "disableCancelling": { "disabled": true } });
    rig.control("/ui/edit-event-type", change).await;
    let uid = rig.booked("2026-12-01T09:00:00Z").await;
    let answer = rig.cancel(&uid).await;
    assert_eq!(answer.body["statusCode"], 400);
    assert_eq!(rig.read(&uid).await["status"], "accepted");
}

async fn anybody_with_the_uid_can_cancel_without_a_reason(rig: Rig) {
    let uid = rig.booked(&rig.free().await[0]).await;
    let path = format!("/v2/bookings/{uid}/cancel");
    let post = reqwest::Method::POST;
    let answer = rig.try_send(post, &path, (Some(BOOKINGS), None), Some(json!({}))).await;
    assert_eq!(answer.expect("an answer").status, 200);
}
