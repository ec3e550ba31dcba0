//! The known differences, each pinned on both sides: the table in docs/FIDELITY.md.
//!
//! One that goes away fails here, and its line goes away with it.

use aws_sdk_sqs::types::{MessageAttributeValue, MessageSystemAttributeName};

use crate::sides::{Servers, Side, told};

async fn receive(side: &Side, dead: bool, hide: i32) -> Vec<aws_sdk_sqs::types::Message> {
    let receive = side.client.receive_message().queue_url(side.url(dead));
    let receive = receive
        .visibility_timeout(hide)
        .message_system_attribute_names(MessageSystemAttributeName::All);
    receive.send().await.unwrap().messages.unwrap_or_default()
}

async fn send(side: &Side) {
    let send = side.client.send_message().queue_url(&side.work).message_body("x");
    send.send().await.unwrap();
}

/// Both outcomes of one call, ours first.
macro_rules! on_both {
    ($sides:expr, $side:ident => $call:expr) => {{
        let mut all = Vec::new();
        for $side in &$sides {
            all.push($call);
        }
        all
    }};
}

#[tokio::test]
async fn a_spent_receipt_deletes_nothing_and_is_refused_only_there() {
    let Some(servers) = Servers::start().await else { return };
    let sides = servers.queues("spent", 9).await;
    let answers = on_both!(sides, side => {
        send(side).await;
        let first = receive(side, false, 0).await;
        receive(side, false, 600).await;
        let delete = side.client.delete_message().queue_url(&side.work);
        let delete = delete.receipt_handle(first[0].receipt_handle().unwrap());
        told(delete.send().await).map(|_| ())
    });
    assert_eq!(answers, [Ok(()), Err("ReceiptHandleIsInvalid".to_owned())]);
}

#[tokio::test]
async fn a_second_delete_is_accepted_here_and_refused_there() {
    let Some(servers) = Servers::start().await else { return };
    let sides = servers.queues("twice", 9).await;
    let answers = on_both!(sides, side => {
        send(side).await;
        let got = receive(side, false, 600).await;
        let delete = side.client.delete_message().queue_url(&side.work);
        let delete = delete.receipt_handle(got[0].receipt_handle().unwrap());
        delete.clone().send().await.unwrap();
        told(delete.send().await).map(|_| ())
    });
    assert_eq!(answers, [Ok(()), Err("ReceiptHandleIsInvalid".to_owned())]);
}

#[tokio::test]
async fn a_visible_message_is_not_in_flight_here_and_hidden_there() {
    let Some(servers) = Servers::start().await else { return };
    let sides = servers.queues("visible", 9).await;
    let answers = on_both!(sides, side => {
        send(side).await;
        let got = receive(side, false, 0).await;
        let change = side.client.change_message_visibility().queue_url(&side.work);
        let change = change.receipt_handle(got[0].receipt_handle().unwrap());
        told(change.visibility_timeout(5).send().await).map(|_| ())
    });
    let code = "AWS.SimpleQueueService.MessageNotInflight".to_owned();
    assert!(answers[0].as_ref().is_err_and(|told| code.ends_with(told.as_str())), "{answers:?}");
    assert_eq!(answers[1], Ok(()));
}

#[tokio::test]
async fn receives_among_the_dead_are_counted_anew_here_and_on_there() {
    let Some(servers) = Servers::start().await else { return };
    let sides = servers.queues("anew", 2).await;
    let counts = on_both!(sides, side => {
        send(side).await;
        for _ in 0..3 {
            receive(side, false, 0).await;
        }
        let got = receive(side, true, 0).await;
        let name = MessageSystemAttributeName::ApproximateReceiveCount;
        got[0].attributes().unwrap()[&name].clone()
    });
    assert_eq!(counts, ["1", "3"]);
}

#[tokio::test]
async fn the_dead_come_as_they_were_sent_here_and_as_they_were_buried_there() {
    let Some(servers) = Servers::start().await else { return };
    let sides = servers.queues("order", 1).await;
    let orders = on_both!(sides, side => {
        send(side).await;
        let first = receive(side, false, 600).await;
        send(side).await;
        // The second is handed out and buried while the first is in somebody's hands.
        receive(side, false, 0).await;
        receive(side, false, 0).await;
        let back = side.client.change_message_visibility().queue_url(&side.work);
        let back = back.receipt_handle(first[0].receipt_handle().unwrap());
        back.visibility_timeout(0).send().await.unwrap();
        receive(side, false, 0).await;
        let dead = side.client.receive_message().queue_url(side.url(true));
        let dead = dead.max_number_of_messages(10).send().await.unwrap();
        let ids: Vec<_> = dead.messages().iter().filter_map(|one| one.message_id()).collect();
        assert_eq!(ids.len(), 2);
        ids[0] == first[0].message_id().unwrap()
    });
    assert_eq!(orders, [true, false]);
}

#[tokio::test]
async fn attributes_count_against_the_size_only_here() {
    let Some(servers) = Servers::start().await else { return };
    let sides = servers.queues("size", 9).await;
    let answers = on_both!(sides, side => {
        let value = MessageAttributeValue::builder().data_type("String").string_value("red");
        let send = side.client.send_message().queue_url(&side.work);
        let send = send.message_body("x".repeat(1_048_576));
        let send = send.message_attributes("colour", value.build().unwrap());
        told(send.send().await).map(|_| ())
    });
    assert_eq!(answers, [Err("InvalidParameterValue".to_owned()), Ok(())]);
}

#[tokio::test]
async fn bounds_of_waiting_and_delay_are_held_only_here() {
    let Some(servers) = Servers::start().await else { return };
    let sides = servers.queues("bounds", 9).await;
    let refused = || Err("InvalidParameterValue".to_owned());
    let delays = on_both!(sides, side => {
        let send = side.client.send_message().queue_url(&side.work).message_body("x");
        told(send.delay_seconds(901).send().await).map(|_| ())
    });
    assert_eq!(delays, [refused(), Ok(())]);
    let hidden = on_both!(sides, side => {
        let receive = side.client.receive_message().queue_url(&side.work);
        told(receive.visibility_timeout(43_201).send().await).map(|_| ())
    });
    assert_eq!(hidden, [refused(), Ok(())]);
    let names = on_both!(sides, side => {
        told(side.client.create_queue().queue_name("a b").send().await).map(|_| ())
    });
    assert_eq!(names, [refused(), Ok(())]);
}

#[tokio::test]
async fn attributes_nobody_asked_for_are_told_only_there() {
    let Some(servers) = Servers::start().await else { return };
    let sides = servers.queues("unasked", 9).await;
    let counts = on_both!(sides, side => {
        let ask = side.client.get_queue_attributes().queue_url(&side.work);
        ask.send().await.unwrap().attributes.unwrap_or_default().is_empty()
    });
    assert_eq!(counts, [true, false]);
}

#[tokio::test]
async fn dead_letters_go_back_with_one_call_only_here() {
    let Some(servers) = Servers::start().await else { return };
    let sides = servers.queues("back", 9).await;
    let answers = on_both!(sides, side => {
        let arn = side.arn(true).await;
        let start = side.client.start_message_move_task().source_arn(arn);
        start.send().await.is_ok()
    });
    assert_eq!(answers, [true, false]);
}
