//! What the real table refuses or changes, refused and changed here as well.
//!
//! A request beyond a limit is a defect of the caller: never retried, so reported as corrupt.

use std::collections::BTreeSet;

use interlock_app::ports::store::{
    Action, Key, MAX_ACTIONS, MAX_READ, Query, Record, StoreError, Transaction,
};
use jiff::Timestamp;
use serde_json::Value;

const MAX_PARTITION_BYTES: usize = 2048;
const MAX_SORT_BYTES: usize = 1024;
const MAX_ITEM_BYTES: usize = 400 * 1024;
const MAX_TRANSACTION_BYTES: usize = 4 * 1024 * 1024;

/// Refuses too many keys, and keys no record can have.
pub(super) fn readable(keys: &BTreeSet<&Key>) -> Result<(), StoreError> {
    for key in keys {
        keyed(key)?;
    }
    match keys.first() {
        Some(key) if keys.len() > MAX_READ => Err(StoreError::corrupt(key, "too many keys")),
        Some(_) | None => Ok(()),
    }
}

/// Refuses a page of nothing and a partition that cannot be.
pub(super) fn askable(query: &Query) -> Result<(), StoreError> {
    let key = Key::new(query.partition.as_str(), "-");
    keyed(&key)?;
    if query.limit == 0 { Err(StoreError::corrupt(&key, "a page of nothing")) } else { Ok(()) }
}

/// Refuses too many actions, a key named twice, and records that do not fit.
pub(super) fn committable(transaction: &Transaction) -> Result<(), StoreError> {
    let actions = transaction.actions();
    let (mut seen, mut total) = (BTreeSet::new(), 0);
    for action in actions {
        keyed(action.key())?;
        if !seen.insert(action.key()) {
            return Err(StoreError::corrupt(action.key(), "a key named twice"));
        }
        if let Action::Put { record, .. } = action {
            total += storable(record)?;
        }
    }
    match actions.first() {
        Some(action) if actions.len() > MAX_ACTIONS => {
            Err(StoreError::corrupt(action.key(), "too many actions"))
        }
        Some(action) if total > MAX_TRANSACTION_BYTES => {
            Err(StoreError::corrupt(action.key(), "a transaction beyond 4 MiB"))
        }
        Some(_) | None => Ok(()),
    }
}

/// Refuses an addition of nothing, and a record that could not hold it.
pub(super) fn addable(record: &Record, counts: &[&str]) -> Result<(), StoreError> {
    keyed(&record.key)?;
    let fits = record.body.as_object().is_some_and(|members| !members.contains_key("counts"));
    let nameless = counts.is_empty() || counts.iter().any(|count| count.is_empty());
    if nameless || !fits {
        return Err(StoreError::corrupt(&record.key, "an addition to no count"));
    }
    storable(record).map(|_| ())
}

/// The record as it comes back: expiry in whole seconds and rounded up, names in order.
pub(super) fn normalised(record: &Record) -> Record {
    let mut record = record.clone();
    record.expires_at = record.expires_at.map(whole_seconds);
    record.body = record.body.sorted();
    record
}

fn whole_seconds(instant: Timestamp) -> Timestamp {
    let second = instant.as_second() + i64::from(instant.subsec_nanosecond() > 0);
    Timestamp::from_second(second).unwrap_or(instant)
}

fn keyed(key: &Key) -> Result<(), StoreError> {
    let fits = (1..=MAX_PARTITION_BYTES).contains(&key.partition.len())
        && (1..=MAX_SORT_BYTES).contains(&key.sort.len());
    if fits { Ok(()) } else { Err(StoreError::corrupt(key, "a key that is empty or too long")) }
}

/// Its size in bytes, if the table takes it.
fn storable(record: &Record) -> Result<usize, StoreError> {
    if has_fraction(&record.body) {
        return Err(StoreError::corrupt(&record.key, "a number that is not whole"));
    }
    if has_nameless(&record.body) {
        return Err(StoreError::corrupt(&record.key, "a member without a name"));
    }
    for index in [&record.indexes.one, &record.indexes.two].into_iter().flatten() {
        keyed(index)?;
    }
    let size = size(record);
    if size > MAX_ITEM_BYTES {
        return Err(StoreError::corrupt(&record.key, "a record beyond 400 KiB"));
    }
    Ok(size)
}

/// Size of the item by the table's published rule: names and values of all attributes.
fn size(record: &Record) -> usize {
    let key = |names: usize, key: &Key| names + key.partition.len() + key.sort.len();
    let own = key("pksk".len(), &record.key);
    let indexes = [&record.indexes.one, &record.indexes.two].into_iter().flatten();
    let indexes: usize = indexes.map(|index| key("gsi1pkgsi1sk".len(), index)).sum();
    let counts =
        "schema".len() + digits(record.schema.into()) + "version".len() + digits(record.version);
    let expiry = record.expires_at.map_or(0, |at| "ttl".len() + signed(at.as_second()));
    let body = "body".len() + bytes(&record.body);
    own + indexes + "kind".len() + record.kind.len() + counts + expiry + body
}

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => !number.is_i64() && !number.is_u64(),
        Value::Array(items) => items.iter().any(has_fraction),
        Value::Object(members) => members.values().any(has_fraction),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

fn has_nameless(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_nameless),
        Value::Object(members) => {
            members.iter().any(|(name, value)| name.is_empty() || has_nameless(value))
        }
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Number(_) => false,
    }
}

/// A number's size: one byte, and one for each two digits that count.
fn digits(number: u64) -> usize {
    let mut rest = number;
    while rest != 0 && rest.is_multiple_of(10) {
        rest /= 10;
    }
    let digits = rest.checked_ilog10().map_or(0, |log| log + 1);
    1 + usize::try_from(digits.div_ceil(2)).unwrap_or_default()
}

/// The same, and one byte for a sign.
fn signed(number: i64) -> usize {
    digits(number.unsigned_abs()) + usize::from(number < 0)
}

/// Size by the table's published rule: text by its bytes, three for a container, one each part.
fn bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 1,
        // Fractions were refused before anything is weighed.
        Value::Number(number) => {
            number.as_i64().map_or_else(|| digits(number.as_u64().unwrap_or_default()), signed)
        }
        Value::String(text) => text.len(),
        Value::Array(items) => 3 + items.iter().map(|item| 1 + bytes(item)).sum::<usize>(),
        Value::Object(members) => {
            3 + members.iter().map(|(name, item)| 1 + name.len() + bytes(item)).sum::<usize>()
        }
    }
}
