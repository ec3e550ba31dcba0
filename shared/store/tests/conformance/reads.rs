//! Keys read together.

use interlock_app::ports::store::{Key, StoreError};

use crate::support::{Table, fill, on_both, replace, thing};

on_both!(
    a_hundred_keys_are_read_and_absent_ones_left_out,
    a_key_named_twice_is_read_once,
    more_names_than_the_limit_of_few_enough_keys_are_read,
    no_keys_give_no_records,
    more_than_a_hundred_keys_are_refused,
    a_read_sees_the_last_commit,
    only_the_keys_asked_for_come_back,
    records_beyond_one_answer_of_the_table_all_come_back,
);

fn keys(count: usize) -> Vec<Key> {
    (0..count).map(|number| Key::new("P", format!("{number:03}"))).collect()
}

async fn a_hundred_keys_are_read_and_absent_ones_left_out(table: Table) {
    let things: Vec<_> =
        (0..100).step_by(3).map(|number| thing("P", &format!("{number:03}"))).collect();
    fill(&table, &things).await;
    let found = table.read(&keys(100)).await.unwrap();
    assert_eq!(found.len(), 34);
    assert!(found.iter().all(|(key, record)| *key == record.key));
    assert!(found.contains_key(&Key::new("P", "099")));
    assert!(!found.contains_key(&Key::new("P", "001")));
}

async fn a_key_named_twice_is_read_once(table: Table) {
    fill(&table, &[thing("P", "a")]).await;
    let twice = [Key::new("P", "a"), Key::new("P", "b"), Key::new("P", "a"), Key::new("P", "b")];
    assert_eq!(table.read(&twice).await.unwrap().len(), 1);
}

async fn more_names_than_the_limit_of_few_enough_keys_are_read(table: Table) {
    fill(&table, &[thing("P", "000")]).await;
    let repeated: Vec<Key> = keys(100).into_iter().chain(keys(100)).collect();
    assert_eq!(table.read(&repeated).await.unwrap().len(), 1);
}

async fn no_keys_give_no_records(table: Table) {
    assert!(table.read(&[]).await.unwrap().is_empty());
}

async fn more_than_a_hundred_keys_are_refused(table: Table) {
    assert!(matches!(table.read(&keys(101)).await, Err(StoreError::Corrupt { .. })));
}

async fn a_read_sees_the_last_commit(table: Table) {
    fill(&table, &[thing("P", "a")]).await;
    for version in 1..20 {
        replace(&table, &thing("P", "a"), version).await.unwrap();
        let found = table.read(&[Key::new("P", "a")]).await.unwrap();
        assert_eq!(found[&Key::new("P", "a")].version, version + 1);
    }
}

async fn only_the_keys_asked_for_come_back(table: Table) {
    fill(&table, &[thing("P", "a"), thing("P", "b"), thing("Q", "a"), thing("P", "ab")]).await;
    let found = table.read(&[Key::new("P", "a"), Key::new("Q", "b")]).await.unwrap();
    assert_eq!(found.into_keys().collect::<Vec<_>>(), [Key::new("P", "a")]);
}

async fn records_beyond_one_answer_of_the_table_all_come_back(table: Table) {
    let big = "x".repeat(350_000);
    let things: Vec<_> =
        (0..50).map(|number| thing("P", &format!("{number:03}")).with(big.as_str())).collect();
    for some in things.chunks(5) {
        fill(&table, some).await;
    }
    assert_eq!(table.read(&keys(50)).await.unwrap().len(), 50);
}
