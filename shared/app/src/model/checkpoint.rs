//! How far a pass of reconciliation has come.

use std::collections::BTreeMap;

use interlock_policy::{CalAccountId, ResourceId, RunId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ports::store::{Document, Key};

/// Where a pass goes on; written after each page, so a killed run loses one page.
///
/// Its version is the right to go on: a younger run writes it first and the older one, which
/// finds its own version gone, stops at its next page. What both did is harmless twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkpoint {
    /// Which pass: `incremental` or `full`.
    pub pass: String,
    /// The run that is at work or was left unfinished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunId>,
    /// Incremental: by account, changes before this instant have been seen, by Cal.com's clock.
    pub seen_until: BTreeMap<CalAccountId, Timestamp>,
    /// Full: where the unfinished run goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// A place in a full pass: resources by their kinds at Cal.com, then accounts by start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "part")]
pub enum Place {
    /// The kinds of the resources after this one are checked next.
    #[serde(rename_all = "camelCase")]
    Kinds {
        /// The last resource done.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<ResourceId>,
    },
    /// Bookings and reservations of an account from an instant on are compared next.
    #[serde(rename_all = "camelCase")]
    Times {
        /// The account; absent means the first one.
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<CalAccountId>,
        /// From this start on.
        from: Timestamp,
        /// Bookings at that very start that were seen.
        skip: u32,
    },
}

impl Checkpoint {
    /// Of a pass that never ran.
    pub fn unused(pass: &str) -> Self {
        Self { pass: pass.to_owned(), run_id: None, seen_until: BTreeMap::new(), place: None }
    }

    /// Address of a pass's checkpoint.
    pub fn key_of(pass: &str) -> Key {
        Key::new("RECONCILE", format!("CHECKPOINT#{pass}"))
    }
}

impl Document for Checkpoint {
    const KIND: &'static str = "checkpoint";
    const SCHEMA: u32 = 2;

    fn key(&self) -> Key {
        Self::key_of(&self.pass)
    }

    /// The first shape had one instant for all accounts; each begins anew, which costs one longer
    /// look back.
    fn upgrade(_schema: u32, body: Value) -> Value {
        json!({ "pass": body.get("pass"), "seenUntil": {} })
    }
}
