//! What is known to differ, each pinned: the table in docs/FIDELITY.md.
//!
//! A difference that goes away fails here, and its line goes away with it.

use std::sync::Arc;

use interlock_app::ports::store::{Query, Transaction};
use interlock_testkit::MemoryStore;

use super::play::{Told, outcome};
use super::script::{Names, WRONG, Wrong};
use crate::support::{Embedded, Ministack, Table, ask, fill, ministack_table, thing};

/// Defects of the caller that ministack lets pass.
pub(super) const MINISTACK: &[Wrong] = &[Wrong::LongIndexSort, Wrong::Nameless];
/// And the embedded table.
pub(super) const EMBEDDED: &[Wrong] = &[Wrong::LongIndexSort];

fn memory() -> Table {
    Arc::new(MemoryStore::default())
}

/// The wrong requests that a table does not refuse.
async fn let_pass(table: &Table) -> Vec<Wrong> {
    let mut passed = Vec::new();
    for wrong in WRONG {
        let names = Names(format!("{wrong:?}"));
        if outcome(table.commit(&names.wrong(wrong)).await) != Told::Defect {
            passed.push(wrong);
        }
    }
    passed
}

#[tokio::test]
async fn wrong_requests_are_refused_everywhere_but_for_those_known() {
    assert_eq!(let_pass(&memory()).await, []);
    let embedded = Embedded::in_memory().await;
    assert_eq!(let_pass(&embedded.store()).await, EMBEDDED);
    let Some(ministack) = Ministack::start("dynamodb") else { return };
    let (_client, table) = ministack_table(&ministack).await;
    assert_eq!(let_pass(&table).await, MINISTACK);
}

/// Whether a record with so long a text is taken.
async fn takes(table: &Table, length: usize) -> bool {
    let made = thing("P", "size").in_two("Q", "1").with("x".repeat(length));
    table.commit(&Transaction::new().put(&made).unwrap()).await.is_ok()
}

/// The longest text that fits, between two lengths.
async fn longest(table: &Table) -> usize {
    let (mut fits, mut beyond) = (400_000, 410_000);
    while beyond - fits > 1 {
        let middle = usize::midpoint(fits, beyond);
        if takes(table, middle).await { fits = middle } else { beyond = middle }
    }
    fits
}

#[tokio::test]
async fn the_largest_record_is_the_same_to_the_byte() {
    let expected = longest(&memory()).await;
    let embedded = Embedded::in_memory().await;
    assert_eq!(longest(&embedded.store()).await, expected);
    let Some(ministack) = Ministack::start("dynamodb") else { return };
    let (_client, table) = ministack_table(&ministack).await;
    assert_eq!(longest(&table).await, expected);
}

/// Sizes of the pages of a partition of thirty records of 100 kB.
async fn page_sizes(table: &Table) -> Vec<usize> {
    let things: Vec<_> = (0..30)
        .map(|number| thing("P", &format!("{number:02}")).with("x".repeat(100_000)))
        .collect();
    fill(table, &things).await;
    let mut query: Query = ask(None, "P");
    let mut sizes = Vec::new();
    loop {
        let page = table.query(&query).await.unwrap();
        sizes.push(page.records.len());
        match page.next {
            Some(next) => query.after = Some(next),
            None => return sizes,
        }
    }
}

#[tokio::test]
async fn a_page_ends_at_a_mebibyte_everywhere_but_in_memory() {
    assert_eq!(page_sizes(&memory()).await, [30]);
    let embedded = Embedded::in_memory().await;
    let sizes = page_sizes(&embedded.store()).await;
    assert_eq!((sizes.len(), sizes.iter().sum()), (3, 30));
    let Some(ministack) = Ministack::start("dynamodb") else { return };
    let (_client, table) = ministack_table(&ministack).await;
    assert_eq!(page_sizes(&table).await, sizes);
}
