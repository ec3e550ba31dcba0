//! Counts that are added to without being read.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::ports::Tally;
use interlock_app::ports::store::{Record, StoreError};
use serde_json::{Map, Value};

use super::{Call, MemoryStore, answered, limits};
use crate::script::lock;

/// Where counts stand in a body.
const COUNTS: &str = "counts";

impl MemoryStore {
    /// As the port's `add`, without a turn for anybody else and without faults.
    pub fn add_now(&self, record: &Record, counts: &[&str]) -> Result<(), StoreError> {
        limits::addable(record, counts)?;
        let mut table = lock(&self.table);
        let old = table.records.get(&record.key).map(Arc::as_ref);
        let mut sums = old.map(so_far).unwrap_or_default();
        for count in &counts.iter().collect::<BTreeSet<_>>() {
            let sum = sums.get(**count).and_then(Value::as_u64).unwrap_or(0);
            sums.insert((**count).to_owned(), Value::from(sum.saturating_add(1)));
        }
        let mut record = limits::normalised(record);
        record.version = old.map_or(0, |old| old.version).saturating_add(1);
        if let Some(members) = record.body.as_object_mut() {
            members.insert(COUNTS.to_owned(), Value::Object(sums));
        }
        record.body = record.body.sorted();
        table.put(record);
        Ok(())
    }
}

fn so_far(record: &Record) -> Map<String, Value> {
    record.body.get(COUNTS).and_then(Value::as_object).cloned().unwrap_or_default()
}

#[async_trait]
impl Tally for MemoryStore {
    async fn add(&self, record: &Record, counts: &[&str]) -> Result<(), StoreError> {
        limits::addable(record, counts)?;
        let fault = self.enter(Call::Add, &self.additions).await?;
        self.add_now(record, counts)?;
        answered(fault.as_ref(), ())
    }
}
