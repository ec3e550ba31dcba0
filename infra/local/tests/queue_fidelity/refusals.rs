//! Fixed scripts: the limits of the service, and the codes of what it refuses.

use aws_sdk_sqs::types::{QueueAttributeName, SendMessageBatchRequestEntry};

use crate::sides::{Servers, Side, depth, seen, told};

type Told = Result<(), String>;

fn entry(id: &str, body: &str) -> SendMessageBatchRequestEntry {
    SendMessageBatchRequestEntry::builder().id(id).message_body(body).build().unwrap()
}

async fn send(side: &Side, body: &str) -> Told {
    let send = side.client.send_message().queue_url(&side.work).message_body(body);
    told(send.send().await).map(|_| ())
}

async fn batch(side: &Side, entries: Vec<SendMessageBatchRequestEntry>) -> Told {
    let send = side.client.send_message_batch().queue_url(&side.work);
    told(send.set_entries(Some(entries)).send().await).map(|_| ())
}

async fn create(side: &Side, name: &str, attribute: QueueAttributeName, value: &str) -> Told {
    let create = side.client.create_queue().queue_name(name).attributes(attribute, value);
    told(create.send().await).map(|_| ())
}

async fn set(side: &Side, attribute: QueueAttributeName, value: &str) -> Told {
    let set = side.client.set_queue_attributes().queue_url(&side.work);
    told(set.attributes(attribute, value).send().await).map(|_| ())
}

async fn receive(side: &Side, most: i32) -> Told {
    let receive = side.client.receive_message().queue_url(&side.work);
    told(receive.max_number_of_messages(most).send().await).map(|_| ())
}

/// Every wrong call by a name, with what it was told.
async fn wrong_calls(side: &Side) -> Vec<(&'static str, Told)> {
    let client = &side.client;
    let nowhere = side.work.replace("refusals", "nowhere");
    let many = (0..11).map(|at| entry(&format!("e{at}"), "x")).collect();
    let half = "x".repeat(600_000);
    let url = client.get_queue_url().queue_name("nowhere").send().await;
    let gone = client.send_message().queue_url(&nowhere).message_body("x").send().await;
    let purge = client.purge_queue().queue_url(&nowhere).send().await;
    let delete = client.delete_message().queue_url(&side.work).receipt_handle("nonsense");
    let hide = client.change_message_visibility().queue_url(&side.work);
    let hide = hide.receipt_handle("nonsense").visibility_timeout(5);
    let waiting = QueueAttributeName::VisibilityTimeout;
    vec![
        ("address of no queue", told(url).map(|_| ())),
        ("send to no queue", told(gone).map(|_| ())),
        ("purge of no queue", told(purge).map(|_| ())),
        ("delete by nonsense", told(delete.send().await).map(|_| ())),
        ("hide by nonsense", told(hide.send().await).map(|_| ())),
        ("receive none", receive(side, 0).await),
        ("receive eleven", receive(side, 11).await),
        ("empty body", send(side, "").await),
        ("control character", send(side, "a\u{1}b").await),
        ("the largest message", send(side, &"x".repeat(1_048_576)).await),
        ("one byte more", send(side, &"x".repeat(1_048_577)).await),
        ("no entries", batch(side, Vec::new()).await),
        ("eleven entries", batch(side, many).await),
        ("one id twice", batch(side, vec![entry("a", "1"), entry("a", "2")]).await),
        ("an empty id", batch(side, vec![entry("", "1")]).await),
        ("an id of other letters", batch(side, vec![entry("a.b", "1")]).await),
        ("an id of 81 letters", batch(side, vec![entry(&"a".repeat(81), "1")]).await),
        ("a batch too long", batch(side, vec![entry("a", &half), entry("b", &half)]).await),
        ("create out of bounds", create(side, "bad", waiting.clone(), "43201").await),
        ("create without number", create(side, "bad", waiting.clone(), "soon").await),
        ("create anew alike", create(side, "alike", waiting.clone(), "45").await),
        ("create again alike", create(side, "alike", waiting.clone(), "45").await),
        ("create again otherwise", create(side, "alike", waiting.clone(), "46").await),
        ("create again without", {
            told(client.create_queue().queue_name("alike").send().await).map(|_| ())
        }),
        ("set out of bounds", set(side, QueueAttributeName::DelaySeconds, "901").await),
        ("set a policy of no JSON", set(side, QueueAttributeName::RedrivePolicy, "{").await),
        ("set a policy of nobody", {
            set(side, QueueAttributeName::RedrivePolicy, r#"{"maxReceiveCount":"3"}"#).await
        }),
    ]
}

#[tokio::test]
async fn wrong_calls_are_refused_with_the_same_codes() {
    let Some(servers) = Servers::start().await else { return };
    let [ours, theirs] = servers.queues("refusals", 3).await;
    let (mine, other) = (wrong_calls(&ours).await, wrong_calls(&theirs).await);
    let apart: Vec<_> = mine.iter().zip(&other).filter(|(mine, other)| mine != other).collect();
    assert!(apart.is_empty(), "{apart:#?}");
    assert_eq!(depth(&ours, false).await, depth(&theirs, false).await);
}

#[tokio::test]
async fn a_poison_message_is_buried_after_exactly_its_receives() {
    let Some(servers) = Servers::start().await else { return };
    let [ours, theirs] = servers.queues("poison", 6).await;
    for side in [&ours, &theirs] {
        send(side, "poison").await.unwrap();
        for count in 1..=9 {
            let receive = side.client.receive_message().queue_url(&side.work);
            let got = receive.visibility_timeout(0).send().await.unwrap();
            assert_eq!(got.messages().len(), usize::from(count <= 6), "receive {count}");
        }
        let receive = side.client.receive_message().queue_url(&side.dead);
        let name = aws_sdk_sqs::types::MessageSystemAttributeName::All;
        let got = receive.message_system_attribute_names(name).send().await.unwrap();
        let buried = seen(&got.messages()[0]);
        assert_eq!(
            (buried.body.as_str(), buried.system["DeadLetterQueueSourceArn"].as_str()),
            ("poison", "poison")
        );
    }
}

#[tokio::test]
async fn settings_are_told_as_they_were_set() {
    let Some(servers) = Servers::start().await else { return };
    let sides = servers.queues("settings", 4).await;
    let mut all = Vec::new();
    for side in &sides {
        for (name, value) in [
            (QueueAttributeName::VisibilityTimeout, "90"),
            (QueueAttributeName::MessageRetentionPeriod, "345600"),
            (QueueAttributeName::DelaySeconds, "3"),
            (QueueAttributeName::ReceiveMessageWaitTimeSeconds, "1"),
        ] {
            set(side, name, value).await.unwrap();
        }
        let ask = side.client.get_queue_attributes().queue_url(&side.work);
        let answer = ask.attribute_names(QueueAttributeName::All).send().await.unwrap();
        let mut told: Vec<(String, String)> = answer
            .attributes
            .unwrap()
            .into_iter()
            .map(|(name, value)| (name.as_str().to_owned(), plain(&name, value)))
            .collect();
        told.sort();
        all.push(told);
    }
    assert_eq!(all[0], all[1]);
}

/// Instants, places and the writing of a policy are each server's own.
fn plain(name: &QueueAttributeName, value: String) -> String {
    match name.as_str() {
        "CreatedTimestamp" | "LastModifiedTimestamp" => value.len().to_string(),
        "QueueArn" => value.rsplit(':').next().unwrap().to_owned(),
        "RedrivePolicy" => {
            let policy: serde_json::Value = serde_json::from_str(&value).unwrap();
            let arn = policy["deadLetterTargetArn"].as_str().unwrap();
            let count = policy["maxReceiveCount"].to_string();
            format!("{} after {}", arn.rsplit(':').next().unwrap(), count.trim_matches('"'))
        }
        _ => value,
    }
}

#[tokio::test]
async fn a_receive_waits_for_what_is_delayed_and_no_longer_than_it_was_told() {
    let Some(servers) = Servers::start().await else { return };
    let sides = servers.queues("waits", 4).await;
    for side in &sides {
        let send = side.client.send_message().queue_url(&side.work).message_body("late");
        send.delay_seconds(1).send().await.unwrap();
        let receive = |wait: i32| {
            side.client.receive_message().queue_url(&side.work).wait_time_seconds(wait).send()
        };
        assert!(receive(0).await.unwrap().messages().is_empty());
        assert_eq!(receive(20).await.unwrap().messages()[0].body(), Some("late"));
        assert!(receive(1).await.unwrap().messages().is_empty());
    }
}
