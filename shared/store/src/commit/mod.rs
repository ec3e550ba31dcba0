//! Writes that happen together or not at all.
//!
//! A single write costs half of a transaction, so it is sent as one; everything else is one.

mod single;
mod together;

use std::collections::BTreeSet;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use interlock_app::ports::store::{
    Action, CommitError, Expect, MAX_ACTIONS, StoreError, Transaction,
};

use crate::codec;

/// Sends a transaction in the cheapest form that keeps its promise.
pub(crate) async fn commit(
    client: &Client,
    table: &str,
    transaction: &Transaction,
) -> Result<(), CommitError> {
    check(transaction)?;
    let actions: Vec<&Action> =
        transaction.actions().iter().filter(|action| says(action)).collect();
    match actions.as_slice() {
        [] => Ok(()),
        [Action::Put { record, expect }] => single::put(client, table, record, *expect).await,
        [Action::Delete { key, expect }] => single::delete(client, table, key, *expect).await,
        _ => together::write(client, table, &actions).await,
    }
}

/// Whether the action writes or demands anything.
fn says(action: &Action) -> bool {
    match action {
        Action::Put { .. } | Action::Delete { .. } => true,
        Action::Check { expect, .. } => *expect != Expect::Any,
    }
}

fn check(transaction: &Transaction) -> Result<(), StoreError> {
    let mut seen = BTreeSet::new();
    for (place, action) in transaction.actions().iter().enumerate() {
        if place >= MAX_ACTIONS {
            return Err(StoreError::corrupt(action.key(), "too many actions"));
        }
        if !seen.insert(action.key()) {
            return Err(StoreError::corrupt(action.key(), "a key named twice"));
        }
    }
    Ok(())
}

/// A condition in the table's words: expression, name and value.
struct Condition {
    expression: &'static str,
    name: &'static str,
    value: Option<AttributeValue>,
}

impl Condition {
    fn of(expect: Expect) -> Option<Self> {
        match expect {
            Expect::Any => None,
            Expect::Absent => Some(Self {
                expression: "attribute_not_exists(#c)",
                name: codec::PARTITION,
                value: None,
            }),
            Expect::Version(version) => Some(Self {
                expression: "#c = :c",
                name: codec::VERSION,
                value: Some(codec::number(version)),
            }),
        }
    }
}

const NAME: &str = "#c";
const VALUE: &str = ":c";
