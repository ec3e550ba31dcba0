//! Records as items and back; the only place that knows the names of attributes.
//!
//! What is written here is what is read here: names in order, whole numbers, expiry in seconds.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use interlock_app::ports::store::{Index, Indexes, Key, Position, Record, StoreError};
use jiff::Timestamp;
use serde_json::{Map, Value};

/// Partition key of the table.
pub(crate) const PARTITION: &str = "pk";
/// Sort key of the table.
pub(crate) const SORT: &str = "sk";
/// Version, for conditions.
pub(crate) const VERSION: &str = "version";
const KIND: &str = "kind";
const SCHEMA: &str = "schema";
const BODY: &str = "body";
/// Where counts stand in a body; in the item each is an attribute of its own, because the table
/// adds to nothing deeper.
const COUNTS: &str = "counts";
/// How the attribute of a count begins.
const COUNT: &str = "count#";
/// Epoch seconds after which the table may drop the item.
const EXPIRY: &str = "ttl";

/// An item as the SDK gives and takes it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// Name of an index.
pub(crate) fn index_name(index: Index) -> &'static str {
    match index {
        Index::One => "gsi1",
        Index::Two => "gsi2",
    }
}

/// Attributes of the partition and sort key to ask by.
pub(crate) fn key_names(index: Option<Index>) -> (&'static str, &'static str) {
    match index {
        None => (PARTITION, SORT),
        Some(Index::One) => ("gsi1pk", "gsi1sk"),
        Some(Index::Two) => ("gsi2pk", "gsi2sk"),
    }
}

/// The key alone.
pub(crate) fn key_item(key: &Key) -> Item {
    pair((PARTITION, SORT), key).collect()
}

/// The key of a request for one item that goes on after a position.
pub(crate) fn position_item(index: Option<Index>, partition: &str, position: &Position) -> Item {
    let (record_partition, record_sort) = &position.key;
    let mut item = key_item(&Key::new(record_partition, record_sort));
    if let (Some(_), Some(sort)) = (index, &position.index_sort) {
        item.extend(pair(key_names(index), &Key::new(partition, sort)));
    }
    item
}

/// The position behind the last item of a page.
pub(crate) fn position(index: Option<Index>, item: &Item) -> Result<Position, StoreError> {
    let key = key_of(item)?;
    let index_sort = match index {
        None => None,
        Some(_) => Some(text(&key, item, key_names(index).1)?.to_owned()),
    };
    Ok(Position { key: (key.partition, key.sort), index_sort })
}

/// The whole item of a record; refuses numbers that are not whole, which would not come back.
pub(crate) fn encode(record: &Record) -> Result<Item, StoreError> {
    if has_fraction(&record.body) {
        return Err(StoreError::corrupt(&record.key, "a number that is not whole"));
    }
    let body = serde_dynamo::to_attribute_value(&*record.body)
        .map_err(|error| StoreError::corrupt(&record.key, error))?;
    let mut item = key_item(&record.key);
    let indexes = [(Index::One, &record.indexes.one), (Index::Two, &record.indexes.two)];
    for (index, key) in indexes {
        item.extend(key.iter().flat_map(|key| pair(key_names(Some(index)), key)));
    }
    item.insert(KIND.to_owned(), AttributeValue::S(record.kind.clone()));
    item.insert(SCHEMA.to_owned(), number(record.schema));
    item.insert(VERSION.to_owned(), number(record.version));
    item.insert(BODY.to_owned(), body);
    if let Some(expires_at) = record.expires_at {
        item.insert(EXPIRY.to_owned(), number(whole_seconds(expires_at)));
    }
    Ok(item)
}

/// What an addition writes beside the counts: everything but key and version.
pub(crate) fn encode_for_counts(record: &Record) -> Result<Item, StoreError> {
    if record.body.as_object().is_none_or(|members| members.contains_key(COUNTS)) {
        return Err(StoreError::corrupt(&record.key, "a body that has no room for counts"));
    }
    let mut item = encode(record)?;
    for name in [PARTITION, SORT, VERSION] {
        item.remove(name);
    }
    Ok(item)
}

/// The attribute of a count.
pub(crate) fn count_name(count: &str) -> String {
    format!("{COUNT}{count}")
}

/// The record of an item.
pub(crate) fn decode(mut item: Item) -> Result<Record, StoreError> {
    let key = key_of(&item)?;
    let body = item.remove(BODY).ok_or_else(|| missing(&key, BODY))?;
    let mut body: Value = serde_dynamo::from_attribute_value(body)
        .map_err(|error| StoreError::corrupt(&key, error))?;
    let counts = counts(&key, &item)?;
    if let Some(members) = body.as_object_mut().filter(|_| !counts.is_empty()) {
        members.insert(COUNTS.to_owned(), Value::Object(counts));
    }
    // The SDK hands maps over in random order, and two reads must give the same bytes.
    body.sort_all_objects();
    Ok(Record {
        kind: text(&key, &item, KIND)?.to_owned(),
        schema: parsed(&key, &item, SCHEMA)?,
        version: parsed(&key, &item, VERSION)?,
        indexes: Indexes {
            one: index_key(&key, &item, Index::One)?,
            two: index_key(&key, &item, Index::Two)?,
        },
        expires_at: expiry(&key, &item)?,
        key,
        body: body.into(),
    })
}

/// A number as an attribute.
pub(crate) fn number(value: impl Into<i128>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// The key of an item.
pub(crate) fn key_of(item: &Item) -> Result<Key, StoreError> {
    let nowhere = Key::new("", "");
    let partition = text(&nowhere, item, PARTITION)?;
    let sort = text(&nowhere, item, SORT)?;
    Ok(Key::new(partition, sort))
}

fn pair(
    (partition, sort): (&'static str, &'static str),
    key: &Key,
) -> impl Iterator<Item = (String, AttributeValue)> + use<> {
    [
        (partition.to_owned(), AttributeValue::S(key.partition.clone())),
        (sort.to_owned(), AttributeValue::S(key.sort.clone())),
    ]
    .into_iter()
}

fn counts(key: &Key, item: &Item) -> Result<Map<String, Value>, StoreError> {
    let names = item.keys().filter_map(|name| Some((name, name.strip_prefix(COUNT)?)));
    let counts = names.map(|(name, count)| {
        let sum: u64 = parsed(key, item, name)?;
        Ok((count.to_owned(), Value::from(sum)))
    });
    counts.collect()
}

fn index_key(key: &Key, item: &Item, index: Index) -> Result<Option<Key>, StoreError> {
    let (partition, sort) = key_names(Some(index));
    if !item.contains_key(partition) && !item.contains_key(sort) {
        return Ok(None);
    }
    Ok(Some(Key::new(text(key, item, partition)?, text(key, item, sort)?)))
}

fn expiry(key: &Key, item: &Item) -> Result<Option<Timestamp>, StoreError> {
    if !item.contains_key(EXPIRY) {
        return Ok(None);
    }
    let second = parsed(key, item, EXPIRY)?;
    Timestamp::from_second(second).map(Some).map_err(|error| StoreError::corrupt(key, error))
}

fn text<'a>(key: &Key, item: &'a Item, name: &str) -> Result<&'a str, StoreError> {
    let value = item.get(name).and_then(|value| value.as_s().ok());
    value.map(String::as_str).ok_or_else(|| missing(key, name))
}

fn parsed<T: std::str::FromStr>(key: &Key, item: &Item, name: &str) -> Result<T, StoreError> {
    let value = item.get(name).and_then(|value| value.as_n().ok());
    value.and_then(|digits| digits.parse().ok()).ok_or_else(|| missing(key, name))
}

fn missing(key: &Key, name: &str) -> StoreError {
    StoreError::corrupt(key, format!("attribute `{name}` is absent or of another type"))
}

/// Rounded up, so that nothing goes earlier than was said.
fn whole_seconds(instant: Timestamp) -> i64 {
    instant.as_second() + i64::from(instant.subsec_nanosecond() > 0)
}

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => !number.is_i64() && !number.is_u64(),
        Value::Array(items) => items.iter().any(has_fraction),
        Value::Object(members) => members.values().any(has_fraction),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;
