//! One more of some counts, without reading them.
//!
//! Nothing is decided by a count, so a write that is not taken at once is not sent again, and
//! nobody waits for it longer than a moment.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Config;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use interlock_app::ports::store::{Record, StoreError};

use crate::codec::{self, Item};
use crate::error::store_error;

/// Longest that whoever is refused waits for the count of it.
const PATIENCE: Duration = Duration::from_millis(300);

/// Adds one to each count; what the record says beside is written as given.
pub(crate) async fn add(
    client: &Client,
    table: &str,
    record: &Record,
    counts: &[&str],
) -> Result<(), StoreError> {
    let update = Update::of(record, counts)?;
    let times = TimeoutConfig::builder()
        .operation_timeout(PATIENCE)
        .operation_attempt_timeout(PATIENCE)
        .build();
    let once = Config::builder().retry_config(RetryConfig::disabled()).timeout_config(times);
    let sent = client
        .update_item()
        .table_name(table)
        .set_key(Some(codec::key_item(&record.key)))
        .update_expression(update.expression)
        .set_expression_attribute_names(Some(update.names))
        .set_expression_attribute_values(Some(update.values))
        .customize()
        .config_override(once)
        .send()
        .await;
    sent.map(|_| ()).map_err(|error| store_error(&record.key, error))
}

/// An update in the table's words.
struct Update {
    expression: String,
    names: HashMap<String, String>,
    values: Item,
}

impl Update {
    fn of(record: &Record, counts: &[&str]) -> Result<Self, StoreError> {
        let mut said = codec::encode_for_counts(record)?;
        let (mut names, mut values) = (HashMap::new(), HashMap::new());
        let mut set = Vec::with_capacity(said.len());
        for (place, (name, value)) in said.drain().enumerate() {
            set.push(format!("#s{place} = :s{place}"));
            names.insert(format!("#s{place}"), name);
            values.insert(format!(":s{place}"), value);
        }
        let counts: BTreeSet<&str> = counts.iter().copied().collect();
        if counts.is_empty() || counts.contains("") {
            return Err(StoreError::corrupt(&record.key, "an addition to no count"));
        }
        let counted = counts.into_iter().map(codec::count_name);
        let mut add = Vec::new();
        for (place, name) in counted.chain([codec::VERSION.to_owned()]).enumerate() {
            add.push(format!("#a{place} :one"));
            names.insert(format!("#a{place}"), name);
        }
        values.insert(":one".to_owned(), codec::number(1_u8));
        let expression = format!("SET {} ADD {}", set.join(", "), add.join(", "));
        Ok(Self { expression, names, values })
    }
}
