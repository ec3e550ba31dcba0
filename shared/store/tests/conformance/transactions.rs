//! Several actions at once: all of them or none.

use interlock_app::ports::store::{Key, Transaction};
use serde_json::json;

use crate::support::{Table, create, fill, is_corrupt, lost, on_both, record, stored, thing};

on_both!(
    all_actions_happen_together,
    one_failed_condition_undoes_all_others,
    every_failed_key_is_named_in_the_order_of_the_actions,
    failed_creations_replacements_removals_and_checks_are_all_named,
    a_check_holds_and_leaves_the_record_as_it_was,
    a_failed_check_undoes_the_writes,
    a_check_that_nothing_is_there_holds_and_fails,
    a_check_alone_holds_and_fails,
    a_write_beside_a_check_keeps_its_own_condition,
    a_record_moves_to_another_key,
    a_hundred_actions_commit,
    a_hundred_actions_with_one_failure_write_nothing,
    more_than_a_hundred_actions_are_refused,
    a_key_named_twice_is_refused,
    records_of_many_partitions_commit_together,
    the_same_transaction_sent_again_conflicts_on_what_it_made,
);

fn key(sort: &str) -> Key {
    Key::new("P", sort)
}

async fn all_actions_happen_together(table: Table) {
    fill(&table, &[thing("P", "old"), thing("P", "gone"), thing("P", "seen")]).await;
    let transaction = Transaction::new()
        .create(&thing("P", "new"))
        .unwrap()
        .replace(&thing("P", "old").with(1), 1)
        .unwrap()
        .remove_at(key("gone"), 1)
        .unchanged(key("seen"), Some(1))
        .put(&thing("Q", "any"))
        .unwrap();
    table.commit(&transaction).await.unwrap();
    assert_eq!(record(&table, &key("new")).await.unwrap().version, 1);
    assert_eq!(stored(&table, &key("old")).await.unwrap().value.value, json!(1));
    assert_eq!(record(&table, &key("gone")).await, None);
    assert_eq!(record(&table, &key("seen")).await.unwrap().version, 1);
    assert!(record(&table, &Key::new("Q", "any")).await.is_some());
}

async fn one_failed_condition_undoes_all_others(table: Table) {
    fill(&table, &[thing("P", "a"), thing("P", "b")]).await;
    let transaction = Transaction::new()
        .create(&thing("P", "new"))
        .unwrap()
        .replace(&thing("P", "a").with(1), 1)
        .unwrap()
        .remove(key("b"))
        .create(&thing("P", "a2"))
        .unwrap()
        .replace(&thing("P", "absent"), 4)
        .unwrap();
    assert_eq!(lost(table.commit(&transaction).await), [key("absent")]);
    assert_eq!(record(&table, &key("new")).await, None);
    assert_eq!(record(&table, &key("a2")).await, None);
    assert_eq!(stored(&table, &key("a")).await.unwrap().value.value, json!(0));
    assert!(record(&table, &key("b")).await.is_some());
}

async fn every_failed_key_is_named_in_the_order_of_the_actions(table: Table) {
    fill(&table, &[thing("P", "a"), thing("P", "z")]).await;
    let transaction = Transaction::new()
        .create(&thing("P", "z"))
        .unwrap()
        .create(&thing("P", "m"))
        .unwrap()
        .create(&thing("P", "a"))
        .unwrap();
    assert_eq!(lost(table.commit(&transaction).await), [key("z"), key("a")]);
    assert_eq!(record(&table, &key("m")).await, None);
}

async fn failed_creations_replacements_removals_and_checks_are_all_named(table: Table) {
    fill(&table, &[thing("P", "1"), thing("P", "2"), thing("P", "3"), thing("P", "4")]).await;
    let transaction = Transaction::new()
        .unchanged(key("4"), None)
        .remove_at(key("3"), 7)
        .replace(&thing("P", "2"), 9)
        .unwrap()
        .create(&thing("P", "1"))
        .unwrap()
        .unchanged(key("5"), Some(1))
        .remove(key("6"));
    let failed = lost(table.commit(&transaction).await);
    assert_eq!(failed, ["4", "3", "2", "1", "5"].map(key));
}

async fn a_check_holds_and_leaves_the_record_as_it_was(table: Table) {
    create(&table, &thing("P", "seen").with(5)).await.unwrap();
    let before = record(&table, &key("seen")).await;
    let transaction =
        Transaction::new().create(&thing("P", "new")).unwrap().unchanged(key("seen"), Some(1));
    table.commit(&transaction).await.unwrap();
    assert_eq!(record(&table, &key("seen")).await, before);
}

async fn a_failed_check_undoes_the_writes(table: Table) {
    create(&table, &thing("P", "seen")).await.unwrap();
    let transaction =
        Transaction::new().create(&thing("P", "new")).unwrap().unchanged(key("seen"), Some(2));
    assert_eq!(lost(table.commit(&transaction).await), [key("seen")]);
    assert_eq!(record(&table, &key("new")).await, None);
}

async fn a_check_that_nothing_is_there_holds_and_fails(table: Table) {
    let transaction = |name: &str| {
        Transaction::new().create(&thing("P", name)).unwrap().unchanged(key("void"), None)
    };
    table.commit(&transaction("one")).await.unwrap();
    create(&table, &thing("P", "void")).await.unwrap();
    assert_eq!(lost(table.commit(&transaction("two")).await), [key("void")]);
}

async fn a_check_alone_holds_and_fails(table: Table) {
    create(&table, &thing("P", "a")).await.unwrap();
    table.commit(&Transaction::new().unchanged(key("a"), Some(1))).await.unwrap();
    table.commit(&Transaction::new().unchanged(key("b"), None)).await.unwrap();
    let wrong = Transaction::new().unchanged(key("a"), Some(2)).unchanged(key("b"), Some(1));
    assert_eq!(lost(table.commit(&wrong).await), [key("a"), key("b")]);
}

async fn a_write_beside_a_check_keeps_its_own_condition(table: Table) {
    fill(&table, &[thing("P", "a"), thing("P", "b")]).await;
    let transaction =
        Transaction::new().create(&thing("P", "a")).unwrap().unchanged(key("b"), Some(1));
    assert_eq!(lost(table.commit(&transaction).await), [key("a")]);
}

async fn a_record_moves_to_another_key(table: Table) {
    create(&table, &thing("P", "here").with("kept")).await.unwrap();
    let transaction = Transaction::new()
        .remove_at(key("here"), 1)
        .create(&thing("P", "there").with("kept"))
        .unwrap();
    table.commit(&transaction).await.unwrap();
    assert_eq!(record(&table, &key("here")).await, None);
    assert_eq!(stored(&table, &key("there")).await.unwrap().value.value, json!("kept"));
}

fn creations(count: usize) -> Transaction {
    (0..count).fold(Transaction::new(), |transaction, number| {
        transaction.create(&thing("P", &format!("{number:03}"))).unwrap()
    })
}

async fn present(table: &Table, count: usize) -> usize {
    let keys: Vec<Key> = (0..count).map(|number| key(&format!("{number:03}"))).collect();
    table.read(&keys).await.unwrap().len()
}

async fn a_hundred_actions_commit(table: Table) {
    table.commit(&creations(100)).await.unwrap();
    assert_eq!(present(&table, 100).await, 100);
}

async fn a_hundred_actions_with_one_failure_write_nothing(table: Table) {
    create(&table, &thing("P", "099")).await.unwrap();
    assert_eq!(lost(table.commit(&creations(100)).await), [key("099")]);
    assert_eq!(present(&table, 100).await, 1);
}

async fn more_than_a_hundred_actions_are_refused(table: Table) {
    assert!(is_corrupt(table.commit(&creations(101)).await));
    assert_eq!(present(&table, 100).await, 0);
}

async fn a_key_named_twice_is_refused(table: Table) {
    let transactions = [
        Transaction::new().put(&thing("P", "a")).unwrap().put(&thing("P", "a")).unwrap(),
        Transaction::new().put(&thing("P", "a")).unwrap().unchanged(key("a"), None),
        Transaction::new().put(&thing("P", "a")).unwrap().remove(key("a")),
    ];
    for transaction in transactions {
        assert!(is_corrupt(table.commit(&transaction).await));
    }
    assert_eq!(record(&table, &key("a")).await, None);
}

async fn records_of_many_partitions_commit_together(table: Table) {
    let names: Vec<String> = (0..40).map(|number| format!("PART#{number}")).collect();
    let transaction = names.iter().fold(Transaction::new(), |transaction, name| {
        transaction.create(&thing(name, "ONLY")).unwrap()
    });
    table.commit(&transaction).await.unwrap();
    let keys: Vec<Key> = names.iter().map(|name| Key::new(name.as_str(), "ONLY")).collect();
    assert_eq!(table.read(&keys).await.unwrap().len(), 40);
}

async fn the_same_transaction_sent_again_conflicts_on_what_it_made(table: Table) {
    let transaction = creations(3);
    table.commit(&transaction).await.unwrap();
    assert_eq!(lost(table.commit(&transaction).await), ["000", "001", "002"].map(key));
}
