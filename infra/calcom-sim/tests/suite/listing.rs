//! The list of bookings: filters, order, pages, and totals that are honestly wrong.

use serde_json::{Value, json};

use crate::support::{BOOKINGS, Rig, cases};

cases! {
    "13" real take_is_1_to_250_and_defaults_to_100;
    "13" sim_only the_default_order_is_by_start;
    "13" sim_only totals_ignore_the_created_and_updated_filters;
    "13" sim_only a_list_shows_what_the_user_hosts_or_attends;
    "13" sim_only status_words_select_their_own_vocabulary;
    "13" real the_attendee_filter_minds_the_case;
    "13" real a_window_and_an_event_type_find_one_booking;
    "10" real an_unknown_filter_is_ignored;
    "13" real an_unknown_status_is_400;
    "13" sim_only skip_beyond_the_end_is_an_empty_page;
    "13" sim_only bookings_of_a_deleted_type_stay_listed;
}

fn uids(list: &Value) -> Vec<String> {
    let rows = list["data"].as_array().expect("rows");
    rows.iter().map(|row| row["uid"].as_str().expect("a uid").to_owned()).collect()
}

async fn list(rig: &Rig, query: &str) -> Value {
    let answer = rig.get(BOOKINGS, &format!("/v2/bookings?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body
}

async fn take_is_1_to_250_and_defaults_to_100(rig: Rig) {
    for take in [0, 251] {
        let answer = rig.get(BOOKINGS, &format!("/v2/bookings?take={take}")).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.message(), "Bad Request Exception");
        assert_eq!(answer.body["error"]["details"]["errors"][0]["property"], "take");
    }
    assert_eq!(list(&rig, "").await["pagination"]["itemsPerPage"], 100);
    assert_eq!(list(&rig, "take=250").await["pagination"]["itemsPerPage"], 250);
}

async fn the_default_order_is_by_start(rig: Rig) {
    let late = rig.booked("2026-12-03T09:00:00Z").await;
    let early = rig.booked("2026-12-01T09:00:00Z").await;
    assert_eq!(uids(&list(&rig, "").await), [early.clone(), late.clone()]);
    assert_eq!(uids(&list(&rig, "sortStart=desc").await), [late.clone(), early.clone()]);
    rig.advance(60);
    rig.reschedule(&late, "2026-12-04T09:00:00Z").await;
    let last = uids(&list(&rig, "sortUpdatedAt=asc").await);
    assert_eq!(last[0], early, "the two rows of the move were touched later");
}

async fn totals_ignore_the_created_and_updated_filters(rig: Rig) {
    rig.booked("2026-12-01T09:00:00Z").await;
    rig.booked("2026-12-02T09:00:00Z").await;
    rig.advance(60);
    let late = rig.booked("2026-12-03T09:00:00Z").await;
    let found = list(&rig, "afterUpdatedAt=2026-11-20T10:00:30.000Z").await;
    assert_eq!(uids(&found), [late]);
    assert_eq!(found["pagination"]["totalItems"], 3);
    assert_eq!(found["pagination"]["returnedItems"], 3);
    let paged = list(&rig, "afterUpdatedAt=2026-11-20T10:00:30.000Z&take=2").await;
    assert_eq!(paged["pagination"]["hasNextPage"], true, "there is no next page at all");
}

async fn a_list_shows_what_the_user_hosts_or_attends(rig: Rig) {
    let mut wish = rig.wish("2026-12-01T09:00:00Z");
    wish["attendee"]["email"] = json!("printer@hosts.demo.test");
    let uid = rig.post(BOOKINGS, "/v2/bookings", wish).await.uid();
    for (index, seen) in [(0, true), (1, true), (2, false)] {
        let key = interlock_calcom_sim::demo_accounts().remove(index).api_key;
        let get = reqwest::Method::GET;
        let sent = rig.try_send(get, "/v2/bookings", (Some(BOOKINGS), Some(&key)), None);
        let body = sent.await.expect("a list").body;
        assert_eq!(uids(&body).contains(&uid), seen);
    }
}

async fn status_words_select_their_own_vocabulary(rig: Rig) {
    let past = rig.booked("2026-11-20T11:00:00Z").await;
    let gone = rig.booked("2026-12-01T09:00:00Z").await;
    let next = rig.booked("2026-12-02T09:00:00Z").await;
    rig.cancel(&gone).await;
    rig.advance(3 * 3600);
    assert_eq!(uids(&list(&rig, "status=upcoming").await), [next.as_str()]);
    assert_eq!(uids(&list(&rig, "status=past").await), [past.as_str()]);
    assert_eq!(uids(&list(&rig, "status=cancelled").await), [gone.as_str()]);
    assert!(uids(&list(&rig, "status=unconfirmed").await).is_empty());
    assert_eq!(uids(&list(&rig, "status=past,upcoming").await), [past, next]);
}

async fn the_attendee_filter_minds_the_case(rig: Rig) {
    let uid = rig.booked(&rig.free().await[0]).await;
    assert!(uids(&list(&rig, "attendeeEmail=ada@demo.test&status=upcoming").await).contains(&uid));
    assert!(!uids(&list(&rig, "attendeeEmail=Ada@demo.test").await).contains(&uid));
    rig.cancel(&uid).await;
}

async fn a_window_and_an_event_type_find_one_booking(rig: Rig) {
    let start = rig.free().await[0].clone();
    let uid = rig.booked(&start).await;
    let end = rig.read(&uid).await["end"].as_str().expect("an end").to_owned();
    let id = rig.event_type_id;
    let query = format!("eventTypeIds={id}&afterStart={start}&beforeEnd={end}&status=upcoming");
    assert_eq!(uids(&list(&rig, &query).await), [uid.as_str()]);
    rig.cancel(&uid).await;
}

async fn an_unknown_filter_is_ignored(rig: Rig) {
    let uid = rig.booked(&rig.free().await[0]).await;
    let all = list(&rig, "metadata=x&sortCreated=desc").await;
    assert_eq!(uids(&all)[0], uid);
    rig.cancel(&uid).await;
}

async fn an_unknown_status_is_400(rig: Rig) {
    assert_eq!(rig.get(BOOKINGS, "/v2/bookings?status=accepted").await.status, 400);
}

async fn skip_beyond_the_end_is_an_empty_page(rig: Rig) {
    for day in 1..=3 {
        rig.booked(&format!("2026-12-0{day}T09:00:00Z")).await;
    }
    let page = list(&rig, "take=2&skip=2").await;
    assert_eq!(uids(&page).len(), 1);
    let wanted = json!({
        "returnedItems": 1, "totalItems": 3, "itemsPerPage": 2, "remainingItems": 0,
        "currentPage": 2, "totalPages": 2, "hasNextPage": false, "hasPreviousPage": true
    });
    assert_eq!(page["pagination"], wanted);
    assert!(uids(&list(&rig, "skip=500&take=5").await).is_empty());
}

async fn bookings_of_a_deleted_type_stay_listed(rig: Rig) {
    let uid = rig.booked("2026-12-01T09:00:00Z").await;
    rig.control("/ui/delete-event-type", json!({ "eventTypeId": 101 })).await;
    let all = list(&rig, "").await;
    assert_eq!(all["data"][0]["eventType"], Value::Null);
    assert!(uids(&list(&rig, "eventTypeIds=101").await).is_empty());
    let moved = rig.reschedule(&uid, "2026-12-02T09:00:00Z").await;
    assert_eq!(moved.status, 404);
    assert_eq!(rig.cancel(&uid).await.status, 200);
}
