//! What the store makes of answers that the embedded table never gives.
//!
//! What each class of refusal means is in `classes`.

use interlock_app::ports::Store;
use interlock_app::ports::store::{CommitError, Key, StoreError, Transaction};
use interlock_store::DynamoStore;
use serde_json::{Value, json};

use crate::support::scripted::{Answer, Scripted, broken, cancelled, done, refusal};
use crate::support::{ask, client_at, lost, thing};

fn one() -> Transaction {
    Transaction::new().create(&thing("P", "1")).unwrap()
}

fn two() -> Transaction {
    one().create(&thing("P", "2")).unwrap()
}

fn is_unavailable(result: Result<(), CommitError>) -> bool {
    result.is_err_and(|error| matches!(error, CommitError::Store(StoreError::Unavailable(_))))
}

#[tokio::test]
async fn another_transaction_at_work_is_a_conflict_on_its_keys() {
    let table = Scripted::answering(vec![cancelled(&["None", "TransactionConflict"])]).await;
    assert_eq!(lost(table.store.commit(&two()).await), [Key::new("P", "2")]);
    let table = Scripted::answering(vec![refusal("TransactionConflictException")]).await;
    assert_eq!(lost(table.store.commit(&one()).await), [Key::new("P", "1")]);
}

#[tokio::test]
async fn a_failed_condition_beside_throttling_is_a_conflict() {
    let table =
        Scripted::answering(vec![cancelled(&["ThrottlingError", "ConditionalCheckFailed"])]).await;
    assert_eq!(lost(table.store.commit(&two()).await), [Key::new("P", "2")]);
}

#[tokio::test]
async fn a_throttled_transaction_is_unavailable() {
    let table = Scripted::answering(vec![cancelled(&["None", "ThrottlingError"])]).await;
    assert!(is_unavailable(table.store.commit(&two()).await));
}

#[tokio::test]
async fn a_transaction_with_an_action_at_fault_is_a_defect() {
    let table = Scripted::answering(vec![cancelled(&["None", "ValidationError"])]).await;
    let Err(CommitError::Store(StoreError::Corrupt { sort, .. })) =
        table.store.commit(&two()).await
    else {
        panic!("not reported as a defect");
    };
    assert_eq!(sort, "2");
}

#[tokio::test]
async fn a_transaction_is_repeated_with_the_same_token() {
    let table = Scripted::answering(vec![broken(), Answer::Silence, done()]).await;
    table.store.commit(&two()).await.unwrap();
    let asked = table.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked[0]["ClientRequestToken"].as_str().is_some_and(|token| token.len() >= 32));
    assert_eq!(asked[0], asked[1]);
    assert_eq!(asked[0], asked[2]);
}

#[tokio::test]
async fn two_commits_have_two_tokens() {
    let table = Scripted::answering(vec![done(), done()]).await;
    for _ in 0..2 {
        table.store.commit(&two()).await.unwrap();
    }
    let asked = table.asked();
    assert_ne!(asked[0]["ClientRequestToken"], asked[1]["ClientRequestToken"]);
}

#[tokio::test]
async fn a_single_write_is_no_transaction() {
    let table = Scripted::answering(vec![done(), done()]).await;
    table.store.commit(&one()).await.unwrap();
    table.store.commit(&Transaction::new().remove_at(Key::new("P", "1"), 4)).await.unwrap();
    let asked = table.asked();
    assert_eq!(asked[0]["ConditionExpression"], json!("attribute_not_exists(#c)"));
    assert_eq!(asked[0]["Item"]["pk"], json!({"S": "P"}));
    assert_eq!(asked[1]["ExpressionAttributeValues"], json!({":c": {"N": "4"}}));
    assert_eq!(asked[1]["Key"], json!({"pk": {"S": "P"}, "sk": {"S": "1"}}));
}

#[tokio::test]
async fn a_throttled_single_write_is_repeated_and_its_refusal_stays_a_conflict() {
    let throttled = || refusal("ProvisionedThroughputExceededException");
    let failed = refusal("ConditionalCheckFailedException");
    let table = Scripted::answering(vec![throttled(), throttled(), failed]).await;
    assert_eq!(lost(table.store.commit(&one()).await), [Key::new("P", "1")]);
    let table = Scripted::answering(vec![throttled(), done()]).await;
    table.store.commit(&one()).await.unwrap();
}

#[tokio::test]
async fn a_refusal_after_a_lost_answer_is_unknown_and_no_conflict() {
    for lost_answer in [broken(), Answer::Silence] {
        let failed = refusal("ConditionalCheckFailedException");
        let table = Scripted::answering(vec![lost_answer, failed]).await;
        assert!(is_unavailable(table.store.commit(&one()).await));
        assert_eq!(table.asked().len(), 2);
    }
}

#[tokio::test]
async fn a_single_write_is_given_up_after_five_tries() {
    let table = Scripted::answering((0..9).map(|_| broken()).collect()).await;
    assert!(is_unavailable(table.store.commit(&one()).await));
    assert_eq!(table.asked().len(), 5);
}

#[tokio::test]
async fn a_table_that_does_not_exist_is_unavailable_at_once() {
    let table = Scripted::answering(vec![refusal("ResourceNotFoundException"); 4]).await;
    assert!(is_unavailable(table.store.commit(&one()).await));
    assert!(is_unavailable(table.store.commit(&two()).await));
    let read = table.store.read(&[Key::new("P", "1")]).await;
    assert!(matches!(read, Err(StoreError::Unavailable(_))));
    let page = table.store.query(&ask(None, "P")).await;
    assert!(matches!(page, Err(StoreError::Unavailable(_))));
    assert_eq!(table.asked().len(), 4);
}

#[tokio::test]
async fn nobody_listening_is_unavailable() {
    let store = DynamoStore::new(client_at("http://127.0.0.1:1"), "interlock");
    assert!(matches!(store.read(&[Key::new("P", "1")]).await, Err(StoreError::Unavailable(_))));
    assert!(is_unavailable(store.commit(&one()).await));
    assert!(is_unavailable(store.commit(&two()).await));
}

#[tokio::test]
async fn a_read_is_one_consistent_request_for_each_key_once() {
    let table = Scripted::answering(vec![done()]).await;
    let keys = [Key::new("P", "1"), Key::new("P", "1"), Key::new("Q", "1")];
    assert!(table.store.read(&keys).await.unwrap().is_empty());
    let wanted = json!([
        {"pk": {"S": "P"}, "sk": {"S": "1"}},
        {"pk": {"S": "Q"}, "sk": {"S": "1"}},
    ]);
    let asked = &table.asked()[0]["RequestItems"]["interlock"];
    assert_eq!(asked["ConsistentRead"], json!(true));
    assert_eq!(asked["Keys"], wanted);
}

fn item(sort: &str) -> Value {
    json!({
        "pk": {"S": "P"}, "sk": {"S": sort}, "kind": {"S": "thing"}, "schema": {"N": "1"},
        "version": {"N": "1"}, "body": {"M": {}},
    })
}

fn partly(found: &[&str], left: &[&str]) -> Answer {
    let found: Vec<Value> = found.iter().map(|sort| item(sort)).collect();
    let left: Vec<Value> =
        left.iter().map(|sort| json!({"pk": {"S": "P"}, "sk": {"S": sort}})).collect();
    let open = if left.is_empty() { json!({}) } else { json!({"interlock": {"Keys": left}}) };
    Answer::Reply(200, json!({"Responses": {"interlock": found}, "UnprocessedKeys": open}))
}

#[tokio::test]
async fn keys_left_open_are_asked_for_again() {
    let table = Scripted::answering(vec![
        partly(&["1"], &["2", "3"]),
        partly(&["3"], &["2"]),
        partly(&[], &[]),
    ])
    .await;
    let keys = ["1", "2", "3"].map(|sort| Key::new("P", sort));
    let found = table.store.read(&keys).await.unwrap();
    assert_eq!(found.into_keys().collect::<Vec<_>>(), [Key::new("P", "1"), Key::new("P", "3")]);
    let asked = table.asked();
    let sizes = asked.iter().map(|body| body["RequestItems"]["interlock"]["Keys"].as_array());
    assert_eq!(sizes.map(|keys| keys.unwrap().len()).collect::<Vec<_>>(), [3, 2, 1]);
    assert!(asked.iter().all(|body| body["RequestItems"]["interlock"]["ConsistentRead"] == true));
}

#[tokio::test]
async fn keys_that_stay_open_make_the_read_unavailable() {
    let table = Scripted::answering((0..9).map(|_| partly(&[], &["1"])).collect()).await;
    let read = table.store.read(&[Key::new("P", "1")]).await;
    assert!(matches!(read, Err(StoreError::Unavailable(_))));
    assert_eq!(table.asked().len(), 5);
}

#[tokio::test]
async fn an_item_nobody_of_ours_wrote_is_corrupt() {
    let strange = json!({"pk": {"S": "P"}, "sk": {"S": "1"}, "name": {"S": "console"}});
    let read = json!({"Responses": {"interlock": [strange]}});
    let page = json!({"Items": [strange], "Count": 1, "ScannedCount": 1});
    let table = Scripted::answering(vec![Answer::Reply(200, read), Answer::Reply(200, page)]).await;
    let read = table.store.read(&[Key::new("P", "1")]).await;
    assert!(matches!(read, Err(StoreError::Corrupt { sort, .. }) if sort == "1"));
    assert!(matches!(table.store.query(&ask(None, "P")).await, Err(StoreError::Corrupt { .. })));
}

#[tokio::test]
async fn only_the_table_itself_is_asked_consistently() {
    let table = Scripted::answering(vec![done(), done()]).await;
    let index = Some(interlock_app::ports::store::Index::Two);
    table.store.query(&ask(None, "P")).await.unwrap();
    table.store.query(&ask(index, "P")).await.unwrap();
    let asked = table.asked();
    assert_eq!(asked[0]["ConsistentRead"], json!(true));
    assert_eq!(asked[1]["IndexName"], json!("gsi2"));
    assert!(asked[1].get("ConsistentRead").is_none());
}
