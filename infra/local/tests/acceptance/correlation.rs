//! One name from the request that books to the delivery that Cal.com sends of it.

use serde_json::Value;

use crate::stack::Stack;

/// Lines of a function's log.
fn lines(stack: &Stack, function: &str) -> Vec<Value> {
    let log =
        stack.data.as_ref().unwrap().path().join("stack/logs").join(format!("{function}.log"));
    let text = std::fs::read_to_string(&log).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[tokio::test]
async fn a_booking_carries_the_name_of_its_request_to_cal_com_and_back() {
    let stack = Stack::start().await;
    let (max, root) = (stack.login("max").await, stack.login("root").await);
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    stack.reserve(&max, &start, "k").await.expect(201);
    let booked = lines(&stack, "reservations-create");
    let begun = booked.iter().find(|line| line["status"] == 201).unwrap()["request_id"].clone();

    for _ in 0..100 {
        let list = stack.get(&root, "/api/webhook-events?state=applied").await.expect(200);
        if let Some(event) = list.body["items"].as_array().unwrap().first() {
            assert_eq!(event["correlationId"], begun, "the list of deliveries names it");
            for (function, message) in
                [("webhooks-calcom", "request"), ("webhook-worker", "delivery tried")]
            {
                let said = lines(&stack, function);
                let line = said.iter().find(|line| line["correlation_id"] == begun);
                assert_eq!(line.unwrap()["message"], message, "{function}: {said:?}");
            }
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("the delivery never came");
}
