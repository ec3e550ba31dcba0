//! Both indexes: sparse, whole, and left by an update.

use interlock_app::ports::store::{Index, Query, Transaction};

use crate::support::{Table, Thing, all, ask, create, fill, on_both, record, replace, thing};

on_both!(
    only_records_with_a_key_are_in_an_index,
    an_index_carries_the_whole_record,
    both_indexes_are_apart,
    a_record_leaves_an_index_when_its_key_goes,
    a_record_moves_within_an_index,
    a_record_moves_to_another_partition_of_an_index,
    a_record_enters_an_index_late,
    a_removed_record_leaves_its_indexes,
    bounds_hold_in_an_index,
    pages_of_the_first_index_give_each_record_once,
    pages_of_the_second_index_give_each_record_once,
    equal_sort_keys_give_each_record_once,
    equal_sort_keys_on_the_upper_bound_are_all_left_out,
    a_transaction_that_fails_leaves_the_indexes_alone,
);

const ONE: Option<Index> = Some(Index::One);
const TWO: Option<Index> = Some(Index::Two);

async fn found(table: &Table, query: Query) -> Vec<String> {
    all(table, query).await.into_iter().map(|record| record.key.sort).collect()
}

async fn only_records_with_a_key_are_in_an_index(table: Table) {
    fill(&table, &[thing("P", "a").in_one("I", "1"), thing("P", "b"), thing("Q", "c")]).await;
    assert_eq!(found(&table, ask(ONE, "I")).await, ["a"]);
    assert!(found(&table, ask(TWO, "I")).await.is_empty());
    assert!(found(&table, ask(ONE, "P")).await.is_empty());
}

async fn an_index_carries_the_whole_record(table: Table) {
    let made = thing("P", "a").in_one("I", "1").in_two("J", "2").with("text");
    create(&table, &made).await.unwrap();
    let read = record(&table, &interlock_app::ports::store::Key::new("P", "a")).await.unwrap();
    for query in [ask(ONE, "I"), ask(TWO, "J")] {
        assert_eq!(all(&table, query).await, std::slice::from_ref(&read));
    }
    assert_eq!(read.decode::<Thing>().unwrap().value, made);
}

async fn both_indexes_are_apart(table: Table) {
    fill(&table, &[thing("P", "a").in_one("I", "1"), thing("P", "b").in_two("I", "1")]).await;
    assert_eq!(found(&table, ask(ONE, "I")).await, ["a"]);
    assert_eq!(found(&table, ask(TWO, "I")).await, ["b"]);
}

async fn a_record_leaves_an_index_when_its_key_goes(table: Table) {
    create(&table, &thing("P", "a").in_one("I", "1").in_two("J", "1")).await.unwrap();
    replace(&table, &thing("P", "a").in_two("J", "1"), 1).await.unwrap();
    assert!(found(&table, ask(ONE, "I")).await.is_empty());
    assert_eq!(found(&table, ask(TWO, "J")).await, ["a"]);
}

async fn a_record_moves_within_an_index(table: Table) {
    fill(&table, &[thing("P", "a").in_one("I", "1"), thing("P", "b").in_one("I", "2")]).await;
    assert_eq!(found(&table, ask(ONE, "I")).await, ["a", "b"]);
    replace(&table, &thing("P", "a").in_one("I", "3"), 1).await.unwrap();
    assert_eq!(found(&table, ask(ONE, "I")).await, ["b", "a"]);
}

async fn a_record_moves_to_another_partition_of_an_index(table: Table) {
    create(&table, &thing("P", "a").in_one("I", "1")).await.unwrap();
    replace(&table, &thing("P", "a").in_one("K", "1"), 1).await.unwrap();
    assert!(found(&table, ask(ONE, "I")).await.is_empty());
    assert_eq!(found(&table, ask(ONE, "K")).await, ["a"]);
}

async fn a_record_enters_an_index_late(table: Table) {
    create(&table, &thing("P", "a")).await.unwrap();
    replace(&table, &thing("P", "a").in_two("J", "1"), 1).await.unwrap();
    assert_eq!(found(&table, ask(TWO, "J")).await, ["a"]);
}

async fn a_removed_record_leaves_its_indexes(table: Table) {
    let made = thing("P", "a").in_one("I", "1").in_two("J", "1");
    create(&table, &made).await.unwrap();
    let key = interlock_app::ports::store::Key::new("P", "a");
    table.commit(&Transaction::new().remove_at(key, 1)).await.unwrap();
    assert!(found(&table, ask(ONE, "I")).await.is_empty());
    assert!(found(&table, ask(TWO, "J")).await.is_empty());
}

async fn bounds_hold_in_an_index(table: Table) {
    let at = |sort: &'static str, hour: &str| thing(sort, sort).in_two("R", hour);
    fill(&table, &[at("a", "T08"), at("b", "T09"), at("c", "T10"), at("d", "T11")]).await;
    for (descending, expected) in [(false, ["b", "c"]), (true, ["c", "b"])] {
        for limit in 1..=4 {
            let query = Query {
                from: Some("T09".to_owned()),
                until: Some("T11".to_owned()),
                descending,
                limit,
                ..ask(TWO, "R")
            };
            assert_eq!(found(&table, query).await, expected);
        }
    }
}

async fn pages_give_each_record_once(table: &Table, index: Index) {
    let things: Vec<Thing> = (0..12)
        .map(|number| {
            let made = thing(&format!("P{}", 11 - number), &format!("{number:02}"));
            made.in_one("I", &format!("{number:02}")).in_two("I", &format!("{number:02}"))
        })
        .collect();
    fill(table, &things).await;
    let mut expected: Vec<String> = things.into_iter().map(|thing| thing.sort).collect();
    for descending in [false, true] {
        for limit in [1, 2, 3, 5, 12, 13] {
            let query = Query { limit, descending, ..ask(Some(index), "I") };
            assert_eq!(found(table, query).await, expected, "limit {limit}");
        }
        expected.reverse();
    }
}

async fn pages_of_the_first_index_give_each_record_once(table: Table) {
    pages_give_each_record_once(&table, Index::One).await;
}

async fn pages_of_the_second_index_give_each_record_once(table: Table) {
    pages_give_each_record_once(&table, Index::Two).await;
}

async fn equal_sort_keys_give_each_record_once(table: Table) {
    let things: Vec<Thing> = (0..7)
        .map(|number| thing(&format!("P{}", number % 3), &number.to_string()).in_one("I", "same"))
        .collect();
    fill(&table, &things).await;
    for descending in [false, true] {
        for limit in 1..=8 {
            let mut sorts = found(&table, Query { limit, descending, ..ask(ONE, "I") }).await;
            sorts.sort();
            assert_eq!(sorts, ["0", "1", "2", "3", "4", "5", "6"], "limit {limit}");
        }
    }
}

async fn equal_sort_keys_on_the_upper_bound_are_all_left_out(table: Table) {
    let at = |sort: &'static str, hour: &str| thing("P", sort).in_one("I", hour);
    fill(&table, &[at("a", "1"), at("b", "2"), at("c", "3"), at("d", "3"), at("e", "3")]).await;
    for (descending, expected) in [(false, ["a", "b"]), (true, ["b", "a"])] {
        for limit in 1..=6 {
            let query = Query {
                from: Some("1".to_owned()),
                until: Some("3".to_owned()),
                descending,
                limit,
                ..ask(ONE, "I")
            };
            assert_eq!(found(&table, query).await, expected, "limit {limit}");
        }
    }
}

async fn a_transaction_that_fails_leaves_the_indexes_alone(table: Table) {
    create(&table, &thing("P", "a").in_one("I", "1")).await.unwrap();
    let transaction = Transaction::new()
        .replace(&thing("P", "a"), 1)
        .unwrap()
        .create(&thing("P", "b").in_one("I", "2"))
        .unwrap()
        .replace(&thing("P", "absent"), 1)
        .unwrap();
    assert!(table.commit(&transaction).await.is_err());
    assert_eq!(found(&table, ask(ONE, "I")).await, ["a"]);
}
