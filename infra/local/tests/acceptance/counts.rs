//! What an answer costs, counted at the table and at Cal.com, on warm instances.

use crate::stack::Stack;

#[tokio::test]
async fn eligibility_costs_one_request_and_a_reservation_three_and_one_call() {
    let stack = Stack::start().await;
    let max = stack.login("max").await;
    let starts = stack.starts(&max, "machines/mch_laser").await;
    let path = "/api/machines/mch_laser/eligibility";
    stack.get(&max, path).await.expect(200);
    stack.reserve(&max, &starts[0], "warm").await.expect(201);
    stack.look("/__dev/calls?reset=true").await;

    stack.get(&max, path).await.expect(200);
    stack.reserve(&max, &starts[4], "counted").await.expect(201);
    let calls = stack.look("/__dev/calls").await;
    let eligibility = &calls["routes"]["machines-eligibility"];
    assert_eq!(eligibility["dynamodb"], 1, "{calls}");
    assert_eq!(eligibility["calcom"], 0, "{calls}");
    let reservation = &calls["routes"]["reservations-create"];
    // Three of the reservation's own, and the one of the limit on reserving.
    assert!(reservation["dynamodb"].as_u64().unwrap() <= 4, "{calls}");
    assert_eq!(reservation["calcom"], 1, "{calls}");
}
