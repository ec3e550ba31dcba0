//! Pages of a partition of the table.

use interlock_app::ports::store::{Query, StoreError};

use crate::support::{Table, all, ask, create, fill, on_both, sorts, thing};

on_both!(
    a_partition_comes_in_order_of_its_sort_keys,
    descending_turns_the_order_round,
    the_lower_bound_is_included,
    the_upper_bound_is_left_out,
    both_bounds_hold_in_both_directions,
    bounds_that_no_record_has_hold_as_well,
    reversed_and_equal_bounds_give_nothing,
    an_empty_lower_bound_is_none,
    an_unknown_partition_is_empty,
    partitions_with_a_common_beginning_are_apart,
    order_is_by_bytes,
    pages_of_every_size_give_each_record_once,
    bounded_pages_give_each_record_once,
    a_full_page_says_that_there_may_be_more,
    a_page_that_is_not_full_is_the_last,
    records_added_behind_a_page_neither_repeat_nor_hide_any,
    a_page_of_nothing_is_refused,
    more_than_one_answer_of_the_table_holds_is_found_by_going_on,
);

const FIVE: [&str; 5] = ["a", "b", "c", "d", "e"];

async fn five(table: &Table) {
    fill(table, &FIVE.map(|sort| thing("P", sort))).await;
}

fn bounded(from: Option<&str>, until: Option<&str>, descending: bool) -> Query {
    Query {
        from: from.map(str::to_owned),
        until: until.map(str::to_owned),
        descending,
        ..ask(None, "P")
    }
}

async fn found(table: &Table, query: Query) -> String {
    all(table, query).await.into_iter().map(|record| record.key.sort).collect()
}

async fn a_partition_comes_in_order_of_its_sort_keys(table: Table) {
    fill(&table, &["c", "a", "e", "b", "d"].map(|sort| thing("P", sort))).await;
    let page = table.query(&ask(None, "P")).await.unwrap();
    assert_eq!(sorts(&page), FIVE);
    assert_eq!(page.next, None);
}

async fn descending_turns_the_order_round(table: Table) {
    five(&table).await;
    assert_eq!(found(&table, bounded(None, None, true)).await, "edcba");
}

async fn the_lower_bound_is_included(table: Table) {
    five(&table).await;
    assert_eq!(found(&table, bounded(Some("c"), None, false)).await, "cde");
    assert_eq!(found(&table, bounded(Some("c"), None, true)).await, "edc");
}

async fn the_upper_bound_is_left_out(table: Table) {
    five(&table).await;
    assert_eq!(found(&table, bounded(None, Some("c"), false)).await, "ab");
    assert_eq!(found(&table, bounded(None, Some("c"), true)).await, "ba");
}

async fn both_bounds_hold_in_both_directions(table: Table) {
    five(&table).await;
    assert_eq!(found(&table, bounded(Some("b"), Some("d"), false)).await, "bc");
    assert_eq!(found(&table, bounded(Some("b"), Some("d"), true)).await, "cb");
    assert_eq!(found(&table, bounded(Some("a"), Some("z"), false)).await, "abcde");
}

async fn bounds_that_no_record_has_hold_as_well(table: Table) {
    five(&table).await;
    assert_eq!(found(&table, bounded(Some("aa"), Some("cc"), false)).await, "bc");
    assert_eq!(found(&table, bounded(Some("f"), Some("z"), false)).await, "");
    assert_eq!(found(&table, bounded(Some("A"), Some("Z"), true)).await, "");
}

async fn reversed_and_equal_bounds_give_nothing(table: Table) {
    five(&table).await;
    for (from, until) in [("d", "b"), ("c", "c")] {
        assert_eq!(found(&table, bounded(Some(from), Some(until), false)).await, "");
    }
    assert_eq!(found(&table, bounded(None, Some(""), false)).await, "");
}

async fn an_empty_lower_bound_is_none(table: Table) {
    five(&table).await;
    assert_eq!(found(&table, bounded(Some(""), None, false)).await, "abcde");
    assert_eq!(found(&table, bounded(Some(""), Some("c"), false)).await, "ab");
}

async fn an_unknown_partition_is_empty(table: Table) {
    five(&table).await;
    let page = table.query(&ask(None, "Q")).await.unwrap();
    assert_eq!((page.records.len(), page.next), (0, None));
}

async fn partitions_with_a_common_beginning_are_apart(table: Table) {
    fill(&table, &[thing("P", "a"), thing("P#1", "b"), thing("P#10", "c"), thing("", "d")][..3])
        .await;
    for (partition, sort) in [("P", "a"), ("P#1", "b"), ("P#10", "c")] {
        assert_eq!(sorts(&table.query(&ask(None, partition)).await.unwrap()), [sort]);
    }
}

async fn order_is_by_bytes(table: Table) {
    let order = ["#", "0", "10", "9", "A", "Z", "_", "a", "aa", "b", "ä", "€", "\u{ffee}", "😀"];
    let mut things = order.map(|sort| thing("P", sort));
    things.reverse();
    fill(&table, &things).await;
    assert_eq!(sorts(&table.query(&ask(None, "P")).await.unwrap()), order);
}

async fn pages_of_every_size_give_each_record_once(table: Table) {
    five(&table).await;
    for limit in 1..=7 {
        for (descending, expected) in [(false, "abcde"), (true, "edcba")] {
            let query = Query { limit, descending, ..ask(None, "P") };
            assert_eq!(found(&table, query).await, expected, "limit {limit}");
        }
    }
}

async fn bounded_pages_give_each_record_once(table: Table) {
    five(&table).await;
    for limit in 1..=6 {
        for (descending, expected) in [(false, "bcd"), (true, "dcb")] {
            let query = Query { limit, ..bounded(Some("b"), Some("e"), descending) };
            assert_eq!(found(&table, query).await, expected, "limit {limit}");
        }
    }
}

async fn a_full_page_says_that_there_may_be_more(table: Table) {
    five(&table).await;
    let page = table.query(&Query { limit: 5, ..ask(None, "P") }).await.unwrap();
    assert_eq!(page.records.len(), 5);
    let rest = Query { limit: 5, after: page.next.clone(), ..ask(None, "P") };
    assert!(page.next.is_some());
    let page = table.query(&rest).await.unwrap();
    assert_eq!((page.records.len(), page.next), (0, None));
}

async fn a_page_that_is_not_full_is_the_last(table: Table) {
    five(&table).await;
    for descending in [false, true] {
        let query = Query { limit: 4, ..bounded(Some("b"), Some("e"), descending) };
        let page = table.query(&query).await.unwrap();
        assert_eq!((page.records.len(), page.next), (3, None));
    }
}

async fn records_added_behind_a_page_neither_repeat_nor_hide_any(table: Table) {
    five(&table).await;
    let query = Query { limit: 2, ..ask(None, "P") };
    let first = table.query(&query).await.unwrap();
    assert_eq!(sorts(&first), ["a", "b"]);
    fill(&table, &[thing("P", "aa"), thing("P", "bb")]).await;
    let rest = all(&table, Query { after: first.next, ..query }).await;
    let rest: Vec<_> = rest.iter().map(|record| record.key.sort.as_str()).collect();
    assert_eq!(rest, ["bb", "c", "d", "e"]);
}

async fn a_page_of_nothing_is_refused(table: Table) {
    let query = Query { limit: 0, ..ask(None, "P") };
    assert!(matches!(table.query(&query).await, Err(StoreError::Corrupt { .. })));
}

async fn more_than_one_answer_of_the_table_holds_is_found_by_going_on(table: Table) {
    let big = "x".repeat(300_000);
    for number in 0..9 {
        create(&table, &thing("P", &number.to_string()).with(big.as_str())).await.unwrap();
    }
    assert_eq!(found(&table, ask(None, "P")).await, "012345678");
    assert_eq!(found(&table, bounded(None, None, true)).await, "876543210");
}
