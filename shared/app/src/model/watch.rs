//! What a person watched of a module, and the person's one clock; outside the hot partition.

use interlock_policy::{ModuleId, UserId};
use interlock_watch::{PersonBudget, Watch};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys;
use crate::ports::store::{Document, Indexes, Key};

fn partition(user_id: &UserId) -> String {
    format!("WATCH#{user_id}")
}

/// What a person watched of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WatchState {
    /// Who.
    pub user_id: UserId,
    /// What.
    pub module_id: ModuleId,
    /// How much.
    pub watch: Watch,
    /// Since when it is watched enough and waits for a manager to look at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaiting_since: Option<Timestamp>,
    /// Why what was watched before was turned down, until the module is completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<DeclinedWatch>,
}

/// A manager's no to what was watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeclinedWatch {
    /// When.
    pub at: Timestamp,
    /// What he said; for the person, and erased with the watch.
    pub reason: String,
}

impl WatchState {
    /// Address of what a person watched of a module.
    pub fn key_of(user_id: &UserId, module_id: &ModuleId) -> Key {
        Key::new(partition(user_id), format!("MODULE#{module_id}"))
    }

    /// Index partition of what waits for a manager to look at it.
    pub const AWAITING: &'static str = "WATCH#AWAITING";

    /// Partition of all a person watched.
    pub fn partition_of(user_id: &UserId) -> String {
        partition(user_id)
    }
}

impl Document for WatchState {
    const KIND: &'static str = "watch_state";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id, &self.module_id)
    }

    fn indexes(&self) -> Indexes {
        let sort = |since| keys::by_time(since, &format!("{}#{}", self.user_id, self.module_id));
        let one = self.awaiting_since.map(|since| Key::new(Self::AWAITING, sort(since)));
        Indexes { one, two: None }
    }
}

/// The one clock a person has over all tabs and modules (FEATURES 5.4 rule 6). Its version is a
/// condition of every heartbeat, so parallel tabs cannot spend the same second twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WatchBudget {
    /// Whose.
    pub user_id: UserId,
    /// What is left.
    pub budget: PersonBudget,
}

impl WatchBudget {
    /// Address of a person's clock.
    pub fn key_of(user_id: &UserId) -> Key {
        Key::new(partition(user_id), "BUDGET")
    }
}

impl Document for WatchBudget {
    const KIND: &'static str = "watch_budget";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id)
    }
}
