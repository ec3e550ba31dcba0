//! Several actions as one transaction of the table.
//!
//! The SDK gives each call its own token and keeps it over its retries, so a retry of a
//! transaction that already happened is no conflict with itself.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, ConditionCheck, Delete, Put, TransactWriteItem};
use interlock_app::ports::store::{Action, CommitError, Expect, Key, Record, StoreError};

use super::{Condition, NAME, VALUE};
use crate::codec;
use crate::error::{is_wrong, store_error};

/// Commits all of them or none.
pub(super) async fn write(
    client: &Client,
    table: &str,
    actions: &[&Action],
) -> Result<(), CommitError> {
    let items: Result<Vec<_>, StoreError> =
        actions.iter().map(|action| item(table, action)).collect();
    let sent = client.transact_write_items().set_transact_items(Some(items?)).send().await;
    sent.map(|_| ()).map_err(|error| refused(actions, error))
}

fn item(table: &str, action: &Action) -> Result<TransactWriteItem, StoreError> {
    let item = TransactWriteItem::builder();
    let item = match action {
        Action::Put { record, expect } => item.put(put(table, record, *expect)?),
        Action::Delete { key, expect } => item.delete(delete(table, key, *expect)?),
        Action::Check { key, expect } => item.condition_check(demand(table, key, *expect)?),
    };
    Ok(item.build())
}

fn put(table: &str, record: &Record, expect: Expect) -> Result<Put, StoreError> {
    let mut put = Put::builder().table_name(table).set_item(Some(codec::encode(record)?));
    if let Some(Condition { expression, name, value }) = Condition::of(expect) {
        put = put.condition_expression(expression).expression_attribute_names(NAME, name);
        put = value.into_iter().fold(put, |put, it| put.expression_attribute_values(VALUE, it));
    }
    put.build().map_err(|error| StoreError::corrupt(&record.key, error))
}

fn delete(table: &str, key: &Key, expect: Expect) -> Result<Delete, StoreError> {
    let mut delete = Delete::builder().table_name(table).set_key(Some(codec::key_item(key)));
    if let Some(Condition { expression, name, value }) = Condition::of(expect) {
        delete = delete.condition_expression(expression).expression_attribute_names(NAME, name);
        delete = value.into_iter().fold(delete, |to, it| to.expression_attribute_values(VALUE, it));
    }
    delete.build().map_err(|error| StoreError::corrupt(key, error))
}

fn demand(table: &str, key: &Key, expect: Expect) -> Result<ConditionCheck, StoreError> {
    let mut check = ConditionCheck::builder().table_name(table).set_key(Some(codec::key_item(key)));
    if let Some(Condition { expression, name, value }) = Condition::of(expect) {
        check = check.condition_expression(expression).expression_attribute_names(NAME, name);
        check = value.into_iter().fold(check, |to, it| to.expression_attribute_values(VALUE, it));
    }
    check.build().map_err(|error| StoreError::corrupt(key, error))
}

fn refused(actions: &[&Action], error: SdkError<TransactWriteItemsError>) -> CommitError {
    let first = actions.first().map_or_else(|| Key::new("", ""), |action| action.key().clone());
    if let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
        error.as_service_error()
    {
        let reasons = cancelled.cancellation_reasons();
        let lost = lost(actions, reasons);
        if !lost.is_empty() {
            return CommitError::Conflict(lost);
        }
        if let Some(key) = at_fault(actions, reasons) {
            return CommitError::Store(StoreError::corrupt(key, error));
        }
        return CommitError::Store(StoreError::Unavailable(error.into()));
    }
    CommitError::Store(store_error(&first, error))
}

/// Keys whose condition failed, or on which another transaction was at work.
fn lost(actions: &[&Action], reasons: &[CancellationReason]) -> Vec<Key> {
    let pairs = actions.iter().zip(reasons);
    let lost = pairs.filter(|(_, reason)| {
        matches!(reason.code(), Some("ConditionalCheckFailed" | "TransactionConflict"))
    });
    lost.map(|(action, _)| action.key().clone()).collect()
}

fn at_fault<'a>(actions: &'a [&Action], reasons: &[CancellationReason]) -> Option<&'a Key> {
    let mut pairs = actions.iter().zip(reasons);
    let wrong = pairs.find(|(_, reason)| {
        reason.code().is_some_and(|code| is_wrong(code) || code.starts_with("ItemCollection"))
    });
    wrong.map(|(action, _)| action.key())
}
