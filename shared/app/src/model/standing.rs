//! What a person has proven: trainings and checkouts, one record so that one read has them all.

use interlock_policy::{
    CheckoutFact, CheckoutId, CheckoutScope, ExemptionFact, Level, ModuleId, ResourceId,
    TrainingFact, UserId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CheckoutWish, Exemption, ModuleTerms, keys};
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
    /// Approvals asked for and not answered, one per scope; here as well as by themselves, so that
    /// asking twice races on this record and the person's own read has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<CheckoutWish>,
    /// Exemptions; those that are over go when another is granted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exemptions: Vec<Exemption>,
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
    /// Seconds credited, counting what was watched twice.
    #[serde(default)]
    pub watched_seconds: u32,
    /// The word of a manager it stands on, where it does not stand on watching alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<Alternative>,
}

impl Training {
    /// Seconds that count as watched.
    fn seconds(&self) -> u32 {
        match self.alternative.as_ref().map(|alternative| alternative.kind) {
            Some(AlternativeKind::Transcript | AlternativeKind::LiveSession) => u32::MAX,
            Some(AlternativeKind::WatchConfirmed) | None => self.watched_seconds,
        }
    }
}

/// A manager's word that stands for watching (FEATURES 5.4 rules 9 and 11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Alternative {
    /// What it says.
    pub kind: AlternativeKind,
    /// Whose word it is.
    pub recorded_by: UserId,
    /// Why, as the manager wrote it.
    pub note: String,
}

/// What a manager's word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlternativeKind {
    /// The person has read the transcript.
    Transcript,
    /// The person has attended a live session.
    LiveSession,
    /// The person has watched it, although the record looks unusual.
    WatchConfirmed,
}

/// A manager's approval (S0-040).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkout {
    /// Its name.
    pub id: CheckoutId,
    /// For what.
    pub scope: CheckoutScope,
    /// How far it reaches; what was granted before there were levels is of the first.
    #[serde(default = "first_level", skip_serializing_if = "is_first_level")]
    pub level: u8,
    /// By whom.
    pub approved_by: UserId,
    /// Who said yes before, where two must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_approved_by: Option<UserId>,
    /// When.
    pub granted_at: Timestamp,
    /// First instant at which it no longer counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// What the manager wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// The level of an approval when nothing is said.
pub const FIRST_LEVEL: u8 = 1;

fn first_level() -> u8 {
    FIRST_LEVEL
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form a serializer asks for")]
fn is_first_level(level: &u8) -> bool {
    *level == FIRST_LEVEL
}

impl Checkout {
    /// Whether it still counts by its own term; what a policy says of age and disuse is not its.
    pub fn lapsed(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }
}

impl Standing {
    /// Of a person who has proven nothing yet.
    pub fn empty(user_id: UserId) -> Self {
        Self {
            user_id,
            trainings: Vec::new(),
            checkouts: Vec::new(),
            wishes: Vec::new(),
            exemptions: Vec::new(),
        }
    }

    /// Address of a person's standing.
    pub fn key_of(id: &UserId) -> Key {
        keys::single(keys::user(id), "STANDING")
    }

    /// The approval held for a scope, lapsed or not.
    pub fn checkout(&self, scope: &CheckoutScope) -> Option<&Checkout> {
        self.checkouts.iter().find(|held| held.scope == *scope)
    }

    /// The approval asked for on a scope.
    pub fn wish(&self, scope: &CheckoutScope) -> Option<&CheckoutWish> {
        self.wishes.iter().find(|wish| wish.scope == *scope)
    }

    /// The exemptions on a resource as the gate sees them.
    pub fn exemption_facts(&self, resource: &ResourceId) -> Vec<ExemptionFact> {
        let own = self.exemptions.iter().filter(|exemption| exemption.resource_id == *resource);
        own.map(Exemption::fact).collect()
    }

    /// The trainings as the gate sees them. A manager's word is equal proof, however many seconds a
    /// policy asks for.
    pub fn training_facts(&self, terms: &ModuleTerms) -> Vec<TrainingFact> {
        let fact = |training: &Training| TrainingFact {
            module_id: training.module_id.clone(),
            completed_at: training.completed_at,
            percent: training.percent,
            watched_seconds: training.seconds(),
            lapses_at: terms.lapse_of(&training.module_id, training.module_version),
        };
        self.trainings.iter().map(fact).collect()
    }

    /// The checkouts as the gate sees them.
    pub fn checkout_facts(&self) -> Vec<CheckoutFact> {
        let fact = |checkout: &Checkout| CheckoutFact {
            scope: checkout.scope.clone(),
            level: Level(checkout.level),
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
