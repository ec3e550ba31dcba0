//! Keys read together, consistently.
//!
//! One request as long as the table keeps up; what it left open is asked for again.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use interlock_app::ports::store::{Key, MAX_READ, Record, StoreError};

use crate::codec::{self, Item};
use crate::error::store_error;
use crate::pause;

/// The records of these keys; a key named twice is asked for once.
pub(crate) async fn read(
    client: &Client,
    table: &str,
    keys: &[Key],
) -> Result<BTreeMap<Key, Record>, StoreError> {
    let wanted: BTreeSet<&Key> = keys.iter().collect();
    let Some(first) = wanted.first().copied() else { return Ok(BTreeMap::new()) };
    if wanted.len() > MAX_READ {
        return Err(StoreError::corrupt(first, "too many keys"));
    }
    let mut open: Vec<Item> = wanted.iter().map(|key| codec::key_item(key)).collect();
    let mut found = BTreeMap::new();
    for attempt in 0..pause::TRIES {
        let (items, left) = ask(client, table, first, open).await?;
        for item in items {
            let record = codec::decode(item)?;
            found.insert(record.key.clone(), record);
        }
        if left.is_empty() {
            return Ok(found);
        }
        tracing::warn!(attempt, keys = left.len(), "the table left keys unread");
        open = left;
        pause::after(attempt).await;
    }
    Err(StoreError::Unavailable("keys stayed unread".into()))
}

async fn ask(
    client: &Client,
    table: &str,
    first: &Key,
    keys: Vec<Item>,
) -> Result<(Vec<Item>, Vec<Item>), StoreError> {
    let wanted = KeysAndAttributes::builder()
        .set_keys(Some(keys))
        .consistent_read(true)
        .build()
        .map_err(|error| StoreError::corrupt(first, error))?;
    let answer = client
        .batch_get_item()
        .request_items(table, wanted)
        .send()
        .await
        .map_err(|error| store_error(first, error))?;
    // One table was asked, so one table answers, by name or by the ARN it was asked by.
    let items = answer.responses.into_iter().flatten().flat_map(|(_, items)| items).collect();
    let left = answer.unprocessed_keys.into_iter().flatten();
    Ok((items, left.flat_map(|(_, keys)| keys.keys).collect()))
}
