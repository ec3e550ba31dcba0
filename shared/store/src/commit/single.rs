//! One write, without the price of a transaction.
//!
//! It has no token, so a repeat after a lost answer may fail on its own success: such a refusal
//! is reported as unknown, never as a conflict.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use interlock_app::ports::store::{CommitError, Expect, Key, Record, StoreError};

use super::{Condition, NAME, VALUE};
use crate::codec;
use crate::error::{is_doubtful, is_throttled, store_error};
use crate::pause;

/// Writes one record.
pub(super) async fn put(
    client: &Client,
    table: &str,
    record: &Record,
    expect: Expect,
) -> Result<(), CommitError> {
    let mut put = client.put_item().table_name(table).set_item(Some(codec::encode(record)?));
    if let Some(Condition { expression, name, value }) = Condition::of(expect) {
        put = put.condition_expression(expression).expression_attribute_names(NAME, name);
        put = value.into_iter().fold(put, |put, it| put.expression_attribute_values(VALUE, it));
    }
    let mut doubt = Doubt::new(&record.key);
    loop {
        let once = put.clone().customize().config_override(no_retries());
        match once.send().await {
            Ok(_) => return Ok(()),
            Err(error) => doubt.judge(error).await?,
        }
    }
}

/// Removes one record.
pub(super) async fn delete(
    client: &Client,
    table: &str,
    key: &Key,
    expect: Expect,
) -> Result<(), CommitError> {
    let mut delete = client.delete_item().table_name(table).set_key(Some(codec::key_item(key)));
    if let Some(Condition { expression, name, value }) = Condition::of(expect) {
        delete = delete.condition_expression(expression).expression_attribute_names(NAME, name);
        delete = value.into_iter().fold(delete, |to, it| to.expression_attribute_values(VALUE, it));
    }
    let mut doubt = Doubt::new(key);
    loop {
        let once = delete.clone().customize().config_override(no_retries());
        match once.send().await {
            Ok(_) => return Ok(()),
            Err(error) => doubt.judge(error).await?,
        }
    }
}

fn no_retries() -> aws_sdk_dynamodb::config::Builder {
    aws_sdk_dynamodb::config::Config::builder().retry_config(RetryConfig::disabled())
}

/// What earlier tries of one write leave open.
struct Doubt<'a> {
    key: &'a Key,
    attempt: u32,
    may_have_written: bool,
}

impl<'a> Doubt<'a> {
    fn new(key: &'a Key) -> Self {
        Self { key, attempt: 0, may_have_written: false }
    }

    /// Waits for another try, or says why there is none.
    async fn judge<E, R>(&mut self, error: SdkError<E, R>) -> Result<(), CommitError>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        let code = error.code().unwrap_or_default();
        match code {
            "ConditionalCheckFailedException" if self.may_have_written => {
                return Err(CommitError::Store(StoreError::Unavailable(error.into())));
            }
            "ConditionalCheckFailedException" | "TransactionConflictException" => {
                return Err(CommitError::Conflict(vec![self.key.clone()]));
            }
            _ => {}
        }
        let doubtful = is_doubtful(&error) || code.starts_with("InternalServer");
        self.attempt += 1;
        if self.attempt >= pause::TRIES || !(doubtful || is_throttled(code)) {
            return Err(CommitError::Store(store_error(self.key, error)));
        }
        self.may_have_written |= doubtful;
        tracing::warn!(attempt = self.attempt, code, "the table did not take a write");
        pause::after(self.attempt - 1).await;
        Ok(())
    }
}
