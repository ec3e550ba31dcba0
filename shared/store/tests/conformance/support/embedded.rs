//! The table behind DynamoDB's protocol, in this process.
//!
//! It is reached through its HTTP endpoint only, as the real one is.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use dynoxide::Database;
use interlock_app::ports::Tally;
use interlock_app::ports::store::Key;
use interlock_aws::{Http, Transport};
use interlock_store::DynamoStore;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::Table;

const NAME: &str = "interlock";

/// A server with one table; it ends with this value.
pub(crate) struct Embedded {
    client: Client,
    servers: JoinSet<()>,
}

impl Embedded {
    pub(crate) async fn in_memory() -> Self {
        let table = Self::serve(Database::memory().unwrap()).await;
        create_table(&table.client).await;
        table
    }

    pub(crate) async fn in_file(path: &Path) -> Self {
        let known = path.exists();
        let table = Self::serve(Database::new(path.to_str().unwrap()).unwrap()).await;
        if !known {
            create_table(&table.client).await;
        }
        table
    }

    pub(crate) fn store(&self) -> Table {
        table_of(&self.client)
    }

    /// The counts of the same table.
    pub(crate) fn tally(&self) -> Arc<dyn Tally> {
        Arc::new(DynamoStore::new(self.client.clone(), NAME))
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Ends the server at once, as a killed process ends.
    pub(crate) async fn kill(mut self) {
        self.servers.shutdown().await;
    }

    async fn serve(database: Database) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = client_at(&format!("http://{}", listener.local_addr().unwrap()));
        let mut servers = JoinSet::new();
        servers.spawn(async move {
            dynoxide::server::serve_with_shutdown(listener, database, std::future::pending())
                .await
                .unwrap();
        });
        Self { client, servers }
    }
}

/// Creates the one table of the suite.
pub(crate) async fn create_table(client: &Client) {
    let names = ["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk"];
    client
        .create_table()
        .table_name(NAME)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(names.map(attribute).into()))
        .set_key_schema(Some(schema("pk", "sk")))
        .global_secondary_indexes(index("gsi1", "gsi1pk", "gsi1sk"))
        .global_secondary_indexes(index("gsi2", "gsi2pk", "gsi2sk"))
        .send()
        .await
        .unwrap();
}

pub(crate) async fn delete_table(client: &Client) {
    client.delete_table().table_name(NAME).send().await.unwrap();
}

/// The table behind any client.
pub(crate) fn table_of(client: &Client) -> Table {
    Arc::new(DynamoStore::new(client.clone(), NAME))
}

/// Every record of the table by key, with its version.
pub(crate) async fn every_version(client: &Client) -> BTreeMap<Key, u64> {
    let mut found = BTreeMap::new();
    let mut pages = client.scan().table_name(NAME).consistent_read(true).into_paginator().send();
    while let Some(page) = pages.next().await {
        for item in page.unwrap().items() {
            let text = |name: &str| item[name].as_s().unwrap().clone();
            let version = item["version"].as_n().unwrap().parse().unwrap();
            found.insert(Key::new(text("pk"), text("sk")), version);
        }
    }
    found
}

/// A client of a server on this machine.
pub(crate) fn client_at(url: &str) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(Transport::new(Http::default()))
        .region(Region::new("eu-central-1"))
        .endpoint_url(url)
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .retry_config(RetryConfig::standard().with_initial_backoff(std::time::Duration::ZERO))
        .build();
    Client::from_conf(config)
}

fn attribute(name: &str) -> AttributeDefinition {
    let attribute = AttributeDefinition::builder().attribute_name(name);
    attribute.attribute_type(ScalarAttributeType::S).build().unwrap()
}

fn schema(partition: &str, sort: &str) -> Vec<KeySchemaElement> {
    let element = |name: &str, kind| {
        KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
    };
    vec![element(partition, KeyType::Hash), element(sort, KeyType::Range)]
}

fn index(name: &str, partition: &str, sort: &str) -> GlobalSecondaryIndex {
    GlobalSecondaryIndex::builder()
        .index_name(name)
        .set_key_schema(Some(schema(partition, sort)))
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build()
        .unwrap()
}
