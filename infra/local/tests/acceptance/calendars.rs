//! Reservations in people's own calendars, over HTTP.

use reqwest::Method;
use serde_json::json;

use crate::stack::Stack;

#[tokio::test]
async fn a_reservation_is_in_its_holders_calendar_until_the_address_is_changed() {
    let stack = Stack::start().await;
    let max = stack.login("max").await;
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    let made = stack.reserve(&max, &start, "k").await.expect(201);
    let id = made.body["reservation"]["id"].as_str().unwrap();

    let shown = stack.get(&max, &format!("/api/reservations/{id}")).await.expect(200);
    let links = &shown.body["calendarLinks"];
    assert!(links["ics"].as_str().unwrap().starts_with("data:text/calendar"), "{}", shown.text);
    assert!(links["google"].as_str().unwrap().contains("google"), "{}", shown.text);
    assert!(links["outlook"].as_str().unwrap().contains("outlook"), "{}", shown.text);

    let address = async || {
        let answer = stack.post(&max, "/api/calendar/reset", &json!({})).await.expect(200);
        let url = answer.body["url"].as_str().unwrap().to_owned();
        format!("/api/calendar/{}", url.rsplit('/').next().unwrap())
    };
    let old = address().await;
    let feed = stack.send(stack.request(Method::GET, &old)).await.expect(200);
    assert!(feed.text.starts_with("BEGIN:VCALENDAR\r\n"), "{}", feed.text);
    assert!(feed.text.contains(&format!("UID:{id}@")), "{}", feed.text);
    let new = address().await;
    stack.send(stack.request(Method::GET, &old)).await.problem(404, "not_found");
    stack.send(stack.request(Method::GET, &new)).await.expect(200);
    let none = json!({ "enabled": false });
    let ended = stack.post(&max, "/api/calendar/reset", &none).await.expect(200);
    assert!(ended.body["url"].is_null(), "{}", ended.text);
    stack.send(stack.request(Method::GET, &new)).await.problem(404, "not_found");
}
