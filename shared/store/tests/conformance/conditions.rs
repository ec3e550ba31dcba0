//! Conditions and versions of one write.

use interlock_app::ports::store::{Key, Transaction};
use serde_json::json;

use crate::support::{Table, create, lost, on_both, record, replace, stored, thing};

on_both!(
    a_created_record_is_read_back_whole,
    creating_over_a_record_conflicts_and_changes_nothing,
    replacing_at_the_version_read_counts_up,
    replacing_at_an_older_version_conflicts,
    replacing_at_a_later_version_conflicts,
    replacing_what_is_absent_conflicts,
    saving_creates_and_then_replaces,
    putting_writes_whatever_was_there,
    removing_asks_for_no_version,
    removing_what_is_absent_succeeds,
    removing_at_the_version_read_removes,
    removing_at_another_version_conflicts_and_keeps,
    removing_at_a_version_what_is_absent_conflicts,
    a_record_made_anew_starts_at_version_one,
    an_empty_transaction_does_nothing,
);

async fn a_created_record_is_read_back_whole(table: Table) {
    let made = thing("P", "1").with(json!({"a": [1, "two", null]})).in_one("I", "1");
    create(&table, &made).await.unwrap();
    let found = record(&table, &Key::new("P", "1")).await.unwrap();
    assert_eq!((found.kind.as_str(), found.schema, found.version), ("thing", 1, 1));
    assert_eq!(found.indexes.one, Some(Key::new("I", "1")));
    assert_eq!(found.indexes.two, None);
    assert_eq!(found.decode::<crate::support::Thing>().unwrap().value, made);
}

async fn creating_over_a_record_conflicts_and_changes_nothing(table: Table) {
    create(&table, &thing("P", "1").with(1)).await.unwrap();
    let again = create(&table, &thing("P", "1").with(2)).await;
    assert_eq!(lost(again), [Key::new("P", "1")]);
    let found = stored(&table, &Key::new("P", "1")).await.unwrap();
    assert_eq!((found.version, found.value.value), (1, json!(1)));
}

async fn replacing_at_the_version_read_counts_up(table: Table) {
    create(&table, &thing("P", "1")).await.unwrap();
    for version in 1..=5 {
        replace(&table, &thing("P", "1").with(version), version).await.unwrap();
        let found = stored(&table, &Key::new("P", "1")).await.unwrap();
        assert_eq!((found.version, found.value.value), (version + 1, json!(version)));
    }
}

async fn replacing_at_an_older_version_conflicts(table: Table) {
    create(&table, &thing("P", "1")).await.unwrap();
    replace(&table, &thing("P", "1").with(1), 1).await.unwrap();
    assert_eq!(lost(replace(&table, &thing("P", "1").with(2), 1).await), [Key::new("P", "1")]);
    assert_eq!(stored(&table, &Key::new("P", "1")).await.unwrap().value.value, json!(1));
}

async fn replacing_at_a_later_version_conflicts(table: Table) {
    create(&table, &thing("P", "1")).await.unwrap();
    assert_eq!(lost(replace(&table, &thing("P", "1").with(2), 2).await), [Key::new("P", "1")]);
}

async fn replacing_what_is_absent_conflicts(table: Table) {
    assert_eq!(lost(replace(&table, &thing("P", "1"), 1).await), [Key::new("P", "1")]);
    assert_eq!(record(&table, &Key::new("P", "1")).await, None);
}

async fn saving_creates_and_then_replaces(table: Table) {
    for read in [None, Some(1), Some(2)] {
        let save = Transaction::new().save(&thing("P", "1"), read).unwrap();
        table.commit(&save).await.unwrap();
        assert_eq!(lost(table.commit(&save).await), [Key::new("P", "1")]);
    }
    assert_eq!(record(&table, &Key::new("P", "1")).await.unwrap().version, 3);
}

async fn putting_writes_whatever_was_there(table: Table) {
    for value in [1, 2, 3] {
        let put = Transaction::new().put(&thing("P", "1").with(value)).unwrap();
        table.commit(&put).await.unwrap();
        let found = stored(&table, &Key::new("P", "1")).await.unwrap();
        assert_eq!((found.version, found.value.value), (1, json!(value)));
    }
}

async fn removing_asks_for_no_version(table: Table) {
    create(&table, &thing("P", "1")).await.unwrap();
    table.commit(&Transaction::new().remove(Key::new("P", "1"))).await.unwrap();
    assert_eq!(record(&table, &Key::new("P", "1")).await, None);
}

async fn removing_what_is_absent_succeeds(table: Table) {
    table.commit(&Transaction::new().remove(Key::new("P", "1"))).await.unwrap();
}

async fn removing_at_the_version_read_removes(table: Table) {
    create(&table, &thing("P", "1")).await.unwrap();
    replace(&table, &thing("P", "1"), 1).await.unwrap();
    table.commit(&Transaction::new().remove_at(Key::new("P", "1"), 2)).await.unwrap();
    assert_eq!(record(&table, &Key::new("P", "1")).await, None);
}

async fn removing_at_another_version_conflicts_and_keeps(table: Table) {
    create(&table, &thing("P", "1")).await.unwrap();
    for version in [0, 2] {
        let removal = Transaction::new().remove_at(Key::new("P", "1"), version);
        assert_eq!(lost(table.commit(&removal).await), [Key::new("P", "1")]);
    }
    assert!(record(&table, &Key::new("P", "1")).await.is_some());
}

async fn removing_at_a_version_what_is_absent_conflicts(table: Table) {
    let removal = Transaction::new().remove_at(Key::new("P", "1"), 1);
    assert_eq!(lost(table.commit(&removal).await), [Key::new("P", "1")]);
}

async fn a_record_made_anew_starts_at_version_one(table: Table) {
    create(&table, &thing("P", "1")).await.unwrap();
    replace(&table, &thing("P", "1"), 1).await.unwrap();
    table.commit(&Transaction::new().remove(Key::new("P", "1"))).await.unwrap();
    create(&table, &thing("P", "1")).await.unwrap();
    assert_eq!(record(&table, &Key::new("P", "1")).await.unwrap().version, 1);
}

async fn an_empty_transaction_does_nothing(table: Table) {
    table.commit(&Transaction::new()).await.unwrap();
}
