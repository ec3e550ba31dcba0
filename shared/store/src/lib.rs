//! The table in DynamoDB.
//!
//! One call of the port is one request, repeated only where repeating cannot do harm.

mod add;
mod codec;
mod commit;
mod error;
mod pause;
mod query;
mod read;

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use interlock_app::ports::store::{CommitError, Key, Page, Query, Record, StoreError, Transaction};
use interlock_app::ports::{Store, Tally};

/// The port over one table, whose keys and indexes are those of `infra/data.yaml`.
#[derive(Debug, Clone)]
pub struct DynamoStore {
    client: Client,
    table: String,
}

impl DynamoStore {
    /// Over a table that exists; nothing is sent yet.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }
}

#[async_trait]
impl Store for DynamoStore {
    async fn read(&self, keys: &[Key]) -> Result<BTreeMap<Key, Record>, StoreError> {
        read::read(&self.client, &self.table, keys).await
    }

    async fn query(&self, query: &Query) -> Result<Page, StoreError> {
        query::query(&self.client, &self.table, query).await
    }

    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        commit::commit(&self.client, &self.table, transaction).await
    }
}

#[async_trait]
impl Tally for DynamoStore {
    async fn add(&self, record: &Record, counts: &[&str]) -> Result<(), StoreError> {
        add::add(&self.client, &self.table, record, counts).await
    }
}
