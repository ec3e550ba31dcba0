//! The queue server driven by the real SDK client.
//! Each test has queues of its own.

#[cfg(test)]
mod support;

use aws_sdk_sqs::types::{
    MessageAttributeValue, MessageSystemAttributeName, QueueAttributeName,
    SendMessageBatchRequestEntry,
};
use support::QueueRig;

#[cfg(test)]
fn entry(id: &str, body: &str) -> SendMessageBatchRequestEntry {
    SendMessageBatchRequestEntry::builder().id(id).message_body(body).build().unwrap()
}

#[cfg(test)]
async fn attribute(rig: &QueueRig, url: &str, name: QueueAttributeName) -> Option<String> {
    let request = rig.client.get_queue_attributes().queue_url(url).attribute_names(name.clone());
    let answer = request.send().await.unwrap();
    answer.attributes.unwrap_or_default().remove(&name)
}

#[tokio::test]
async fn a_message_goes_in_and_comes_out_byte_for_byte() {
    let rig = QueueRig::new().await;
    let url = rig.create("one").await;
    let body = "{\"ü\":\"\\u0001 & <x>\"}\n";
    let colour = MessageAttributeValue::builder().data_type("String").string_value("red");
    let sent = rig.client.send_message().queue_url(&url).message_body(body);
    let sent = sent.message_attributes("colour", colour.build().unwrap()).send().await.unwrap();
    let received = rig
        .client
        .receive_message()
        .queue_url(&url)
        .message_attribute_names("All")
        .message_system_attribute_names(MessageSystemAttributeName::All)
        .send()
        .await
        .unwrap();
    let message = &received.messages()[0];
    assert_eq!(message.body(), Some(body));
    assert_eq!(message.message_id(), sent.message_id());
    assert_eq!(message.md5_of_body(), sent.md5_of_message_body());
    assert_eq!(message.md5_of_message_attributes(), sent.md5_of_message_attributes());
    let attributes = message.attributes().unwrap();
    assert_eq!(attributes[&MessageSystemAttributeName::ApproximateReceiveCount], "1");
    assert_eq!(rig.counters.read(false)["queue-test"].queue, 3);
}

#[tokio::test]
async fn a_received_message_is_hidden_until_it_is_given_back() {
    let rig = QueueRig::new().await;
    let url = rig.create("hidden").await;
    rig.client.send_message().queue_url(&url).message_body("x").send().await.unwrap();
    let first = rig.client.receive_message().queue_url(&url).send().await.unwrap();
    let handle = first.messages()[0].receipt_handle().unwrap();
    let nothing = rig.client.receive_message().queue_url(&url).send().await.unwrap();
    assert!(nothing.messages().is_empty());
    let visibility = rig.client.change_message_visibility().queue_url(&url);
    visibility.receipt_handle(handle).visibility_timeout(0).send().await.unwrap();
    let again = rig.client.receive_message().queue_url(&url).send().await.unwrap();
    assert_eq!(again.messages().len(), 1);
    // The older receipt is accepted and deletes nothing.
    let delete = rig.client.delete_message().queue_url(&url).receipt_handle(handle);
    delete.send().await.unwrap();
    let held = QueueAttributeName::ApproximateNumberOfMessagesNotVisible;
    assert_eq!(attribute(&rig, &url, held).await.as_deref(), Some("1"));
}

#[tokio::test]
async fn a_poison_message_goes_to_the_dead_letter_queue_after_its_last_delivery() {
    let rig = QueueRig::new().await;
    let dead = rig.create("dead").await;
    let url = rig.create("work").await;
    let arn = attribute(&rig, &dead, QueueAttributeName::QueueArn).await.unwrap();
    let policy = format!(r#"{{"deadLetterTargetArn":"{arn}","maxReceiveCount":"3"}}"#);
    let set = rig.client.set_queue_attributes().queue_url(&url);
    let set = set.attributes(QueueAttributeName::RedrivePolicy, policy);
    set.attributes(QueueAttributeName::VisibilityTimeout, "0").send().await.unwrap();
    rig.client.send_message().queue_url(&url).message_body("poison").send().await.unwrap();
    for count in 1..=3 {
        let received = rig.client.receive_message().queue_url(&url);
        let received = received
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
            .send()
            .await
            .unwrap();
        let attributes = received.messages()[0].attributes().unwrap();
        let name = MessageSystemAttributeName::ApproximateReceiveCount;
        assert_eq!(attributes[&name], count.to_string());
    }
    let spent = rig.client.receive_message().queue_url(&url).send().await.unwrap();
    assert!(spent.messages().is_empty());
    let moved = rig
        .client
        .receive_message()
        .queue_url(&dead)
        .visibility_timeout(0)
        .message_system_attribute_names(MessageSystemAttributeName::All)
        .send()
        .await
        .unwrap();
    let attributes = moved.messages()[0].attributes().unwrap();
    let source = &attributes[&MessageSystemAttributeName::DeadLetterQueueSourceArn];
    assert!(source.ends_with(":work"), "{source}");

    rig.client.start_message_move_task().source_arn(&arn).send().await.unwrap();
    let back = rig.client.receive_message().queue_url(&url).send().await.unwrap();
    assert_eq!(back.messages()[0].body(), Some("poison"));
}

#[tokio::test]
async fn a_long_poll_ends_with_the_message_it_waited_for() {
    let rig = QueueRig::new().await;
    let url = rig.create("poll").await;
    let receive = rig.client.receive_message().queue_url(&url).wait_time_seconds(10).send();
    let send = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        rig.client.send_message().queue_url(&url).message_body("late").send().await.unwrap();
    };
    let start = std::time::Instant::now();
    let (received, ()) = tokio::join!(receive, send);
    assert_eq!(received.unwrap().messages().len(), 1);
    assert!(start.elapsed().as_secs() < 5);
}

#[tokio::test]
async fn a_delayed_message_is_seen_when_its_delay_has_passed() {
    let rig = QueueRig::new().await;
    let url = rig.create("delayed").await;
    let send = rig.client.send_message().queue_url(&url).message_body("x").delay_seconds(1);
    send.send().await.unwrap();
    let early = rig.client.receive_message().queue_url(&url).send().await.unwrap();
    assert!(early.messages().is_empty());
    let late = rig.client.receive_message().queue_url(&url).wait_time_seconds(5);
    assert_eq!(late.send().await.unwrap().messages().len(), 1);
}

#[tokio::test]
async fn each_entry_of_a_batch_has_its_own_outcome() {
    let rig = QueueRig::new().await;
    let url = rig.create("batch").await;
    let send = rig.client.send_message_batch().queue_url(&url);
    let outcome = send.entries(entry("a", "1")).entries(entry("b", "\u{1}")).send().await.unwrap();
    assert_eq!(outcome.successful()[0].id(), "a");
    assert_eq!(outcome.failed()[0].id(), "b");
    assert!(outcome.failed()[0].sender_fault());
}

#[tokio::test]
async fn a_batch_that_breaks_a_rule_is_refused_as_a_whole() {
    let rig = QueueRig::new().await;
    let url = rig.create("rules").await;
    let request = || rig.client.send_message_batch().queue_url(&url);
    let twice =
        request().entries(entry("a", "1")).entries(entry("a", "2")).send().await.unwrap_err();
    assert!(twice.into_service_error().is_batch_entry_ids_not_distinct());
    let empty = request().set_entries(Some(vec![])).send().await.unwrap_err();
    assert!(empty.into_service_error().is_empty_batch_request());
    let many = (0..11).map(|at| entry(&format!("e{at}"), "x")).collect();
    let many = request().set_entries(Some(many)).send().await.unwrap_err();
    assert!(many.into_service_error().is_too_many_entries_in_batch_request());
    let half = "x".repeat(600_000);
    let long = request().entries(entry("a", &half)).entries(entry("b", &half)).send().await;
    assert!(long.unwrap_err().into_service_error().is_batch_request_too_long());
    let number = QueueAttributeName::ApproximateNumberOfMessages;
    assert_eq!(attribute(&rig, &url, number).await.as_deref(), Some("0"));
}

#[tokio::test]
async fn the_largest_message_passes_and_one_byte_more_does_not() {
    let rig = QueueRig::new().await;
    let url = rig.create("size").await;
    let send = |length| rig.client.send_message().queue_url(&url).message_body("x".repeat(length));
    send(1_048_576).send().await.unwrap();
    assert!(send(1_048_577).send().await.is_err());
}

#[tokio::test]
async fn an_unknown_queue_is_told_with_the_code_that_sdks_know() {
    let rig = QueueRig::new().await;
    let error = rig.client.get_queue_url().queue_name("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_queue_does_not_exist());
    let url = rig.create("known").await;
    let delete = rig.client.delete_message().queue_url(&url).receipt_handle("nonsense");
    let error = delete.send().await.unwrap_err();
    assert!(error.into_service_error().is_receipt_handle_is_invalid());
}

#[tokio::test]
async fn a_purged_queue_is_empty() {
    let rig = QueueRig::new().await;
    let url = rig.create("purge").await;
    rig.client.send_message().queue_url(&url).message_body("x").send().await.unwrap();
    rig.client.purge_queue().queue_url(&url).send().await.unwrap();
    let left = rig.client.receive_message().queue_url(&url).send().await.unwrap();
    assert!(left.messages().is_empty());
    let listed = rig.client.list_queues().queue_name_prefix("pur").send().await.unwrap();
    assert_eq!(listed.queue_urls().len(), 1);
}

/// A queue whose messages are set aside after one receive, with its dead-letter queue's address
/// and resource name.
#[cfg(test)]
async fn with_dead_letters(rig: &QueueRig) -> (String, String, String) {
    let dead = rig.create("set-aside").await;
    let url = rig.create("worked").await;
    let arn = attribute(rig, &dead, QueueAttributeName::QueueArn).await.unwrap();
    let policy = format!(r#"{{"deadLetterTargetArn":"{arn}","maxReceiveCount":"1"}}"#);
    let set = rig.client.set_queue_attributes().queue_url(&url);
    let set = set.attributes(QueueAttributeName::RedrivePolicy, policy);
    set.attributes(QueueAttributeName::VisibilityTimeout, "0").send().await.unwrap();
    (url, dead, arn)
}

#[tokio::test]
async fn dead_letters_go_back_by_one_call_whose_task_can_be_asked_for() {
    let rig = QueueRig::new().await;
    let (url, dead, arn) = with_dead_letters(&rig).await;
    for body in ["one", "two"] {
        rig.client.send_message().queue_url(&url).message_body(body).send().await.unwrap();
    }
    for _ in 0..3 {
        let receive = rig.client.receive_message().queue_url(&url).max_number_of_messages(10);
        receive.send().await.unwrap();
    }
    let visible = QueueAttributeName::ApproximateNumberOfMessages;
    assert_eq!(attribute(&rig, &dead, visible.clone()).await.as_deref(), Some("2"));

    // As docs/runbooks/dead-letters.md has it.
    let start = rig.client.start_message_move_task().source_arn(&arn);
    let started = start.max_number_of_messages_per_second(50).send().await.unwrap();
    assert!(started.task_handle().is_some());

    let tasks = rig.client.list_message_move_tasks().source_arn(&arn).max_results(10);
    let tasks = tasks.send().await.unwrap();
    let task = &tasks.results()[0];
    assert_eq!((tasks.results().len(), task.status()), (1, Some("COMPLETED")));
    assert_eq!(task.source_arn(), Some(arn.as_str()));
    assert_eq!(task.approximate_number_of_messages_moved(), 2);
    assert!(task.started_timestamp() > 0);
    assert_eq!(attribute(&rig, &dead, visible.clone()).await.as_deref(), Some("0"));
    let back = rig.client.receive_message().queue_url(&url).max_number_of_messages(10);
    let back =
        back.message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount);
    let back = back.send().await.unwrap();
    assert_eq!(back.messages().len(), 2);
    let count = &MessageSystemAttributeName::ApproximateReceiveCount;
    for message in back.messages() {
        assert_eq!(message.attributes().unwrap()[count], "1", "it starts anew");
    }
}

#[tokio::test]
async fn only_a_queue_of_dead_letters_that_exists_can_be_moved_from() {
    let rig = QueueRig::new().await;
    let (url, _, arn) = with_dead_letters(&rig).await;
    let work = attribute(&rig, &url, QueueAttributeName::QueueArn).await.unwrap();
    let move_from = |arn: &str| rig.client.start_message_move_task().source_arn(arn).send();
    let refused = move_from(&work).await.unwrap_err().into_service_error();
    assert_eq!(refused.meta().code(), Some("InvalidParameterValue"));
    let unknown = move_from(&arn.replace("set-aside", "nowhere")).await.unwrap_err();
    assert!(unknown.into_service_error().is_resource_not_found_exception());
    let none = rig.client.list_message_move_tasks().source_arn(&arn).send().await.unwrap();
    assert!(none.results().is_empty());
}

#[tokio::test]
async fn a_queue_created_again_is_compared_by_what_is_named() {
    let rig = QueueRig::new().await;
    let create = |value: Option<&'static str>| {
        let create = rig.client.create_queue().queue_name("again");
        let attributes = value.map(|value| {
            [(QueueAttributeName::VisibilityTimeout, value.to_owned())].into_iter().collect()
        });
        create.set_attributes(attributes).send()
    };
    create(Some("45")).await.unwrap();
    create(Some("45")).await.unwrap();
    create(None).await.unwrap();
    let refused = create(Some("46")).await.unwrap_err().into_service_error();
    assert!(refused.is_queue_name_exists(), "{refused:?}");
}

#[tokio::test]
async fn wrong_settings_and_wrong_letters_have_codes_of_their_own() {
    let rig = QueueRig::new().await;
    let url = rig.create("codes").await;
    let set = rig.client.set_queue_attributes().queue_url(&url);
    let set = set.attributes(QueueAttributeName::DelaySeconds, "901");
    let refused = set.send().await.unwrap_err().into_service_error();
    assert_eq!(refused.meta().code(), Some("InvalidAttributeValue"));
    let send = rig.client.send_message().queue_url(&url).message_body("a\u{1}b");
    let refused = send.send().await.unwrap_err().into_service_error();
    assert!(refused.is_invalid_message_contents(), "{refused:?}");
}
