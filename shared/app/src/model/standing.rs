//! What a person has proven: trainings and checkouts, one record so that one read has them all.

use interlock_policy::{
    CheckoutFact, CheckoutId, CheckoutScope, Level, ModuleId, TrainingFact, UserId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys;
use crate::ports::store::{Document, Key};

/// A person's proofs. Any change counts its version up, which every hold names as a condition:
/// a proof lost between question and hold is never overlooked (promise R3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// Whose.
    pub user_id: UserId,
    /// Completed modules.
    pub trainings: Vec<Training>,
    /// Approvals, lapsed ones included.
    pub checkouts: Vec<Checkout>,
}

/// A completed module (S0-039).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Training {
    /// Which.
    pub module_id: ModuleId,
    /// Version of the module that was watched.
    pub module_version: u32,
    /// When.
    pub completed_at: Timestamp,
    /// Coverage reached, in per cent.
    pub percent: u8,
}

/// A manager's approval (S0-040).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkout {
    /// Its name.
    pub id: CheckoutId,
    /// For what.
    pub scope: CheckoutScope,
    /// By whom.
    pub approved_by: UserId,
    /// When.
    pub granted_at: Timestamp,
    /// First instant at which it no longer counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// What the manager wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

impl Standing {
    /// Of a person who has proven nothing yet.
    pub fn empty(user_id: UserId) -> Self {
        Self { user_id, trainings: Vec::new(), checkouts: Vec::new() }
    }

    /// Address of a person's standing.
    pub fn key_of(id: &UserId) -> Key {
        keys::single(keys::user(id), "STANDING")
    }

    /// The trainings as the gate sees them.
    pub fn training_facts(&self) -> Vec<TrainingFact> {
        let fact = |training: &Training| TrainingFact {
            module_id: training.module_id.clone(),
            completed_at: training.completed_at,
            percent: training.percent,
            watched_seconds: 0,
            lapses_at: None,
        };
        self.trainings.iter().map(fact).collect()
    }

    /// The checkouts as the gate sees them.
    pub fn checkout_facts(&self) -> Vec<CheckoutFact> {
        let fact = |checkout: &Checkout| CheckoutFact {
            scope: checkout.scope.clone(),
            level: Level::PLAIN,
            granted_at: checkout.granted_at,
            expires_at: checkout.expires_at,
            last_used_at: None,
        };
        self.checkouts.iter().map(fact).collect()
    }
}

impl Document for Standing {
    const KIND: &'static str = "standing";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id)
    }
}
