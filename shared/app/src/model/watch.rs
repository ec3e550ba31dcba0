//! What a person watched of a module, and the person's one clock; outside the hot partition.

use interlock_policy::{ModuleId, UserId};
use interlock_watch::{PersonBudget, Watch};
use serde::{Deserialize, Serialize};

use crate::ports::store::{Document, Key};

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
}

impl WatchState {
    /// Address of what a person watched of a module.
    pub fn key_of(user_id: &UserId, module_id: &ModuleId) -> Key {
        Key::new(partition(user_id), format!("MODULE#{module_id}"))
    }

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
