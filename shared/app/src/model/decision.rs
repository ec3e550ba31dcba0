//! What the gate was asked about a reservation and what it said, so that it can be asked again.
//!
//! The record holds everything the gate looked at; nothing else is needed to judge anew.

use std::collections::BTreeSet;

use interlock_policy::{
    ExemptionId, Facts, MemberFacts, Policy, PolicyVersion, Purpose, Request, ReservationId,
    ResourceFacts, Verdict, evaluate,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::keys;
use crate::ports::store::{Document, Key};

/// One decision on a reservation, written in the transaction of the change it led to (FEATURES 4
/// item 5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DecisionRecord {
    /// On which.
    pub reservation_id: ReservationId,
    /// Version of the reservation that the change made.
    pub version: u64,
    /// The policy that was applied.
    pub policy_version: PolicyVersion,
    /// SHA-256 of the canonical JSON of `input`, in lower-case hex.
    pub digest: String,
    /// What was looked at.
    pub input: DecisionInput,
    /// What was said, one answer to each question.
    pub verdicts: Vec<Value>,
}

/// Everything the gate looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DecisionInput {
    /// The instant of the decision.
    pub now: Timestamp,
    /// The person.
    pub member: MemberFacts,
    /// The resource.
    pub resource: ResourceFacts,
    /// The rules.
    pub policy: Policy,
    /// What was asked; a move asks about the old time and about the new one.
    pub questions: Vec<Question>,
}

/// One question to the gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// Why it was asked.
    pub purpose: Purpose,
    /// What was asked for.
    pub request: Request,
}

/// What a decision looks like when it is made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replay {
    /// Whether the input is the one the digest was taken of.
    pub same_input: bool,
    /// Whether every answer is the same, bit for bit.
    pub same_verdicts: bool,
}

/// Why a decision cannot be written or made anew.
#[derive(Debug, thiserror::Error)]
#[error("a decision cannot be written as JSON")]
pub struct Unwritable(#[from] serde_json::Error);

impl DecisionInput {
    /// The answers to its questions, under these rules.
    pub fn judge_by(&self, policy: &Policy) -> Vec<Verdict> {
        let facts = Facts { now: self.now, member: &self.member, resource: &self.resource };
        let judge = |asked: &Question| evaluate(&facts, policy, &asked.request, &asked.purpose);
        self.questions.iter().map(judge).collect()
    }

    /// The exemptions that let it through.
    pub fn exempted_by(&self) -> BTreeSet<ExemptionId> {
        let verdicts = self.judge_by(&self.policy);
        let reasons = verdicts.into_iter().flat_map(|verdict| verdict.reasons);
        reasons.filter_map(|reason| reason.waived_by).collect()
    }

    /// SHA-256 of its canonical JSON, in lower-case hex.
    pub fn digest(&self) -> Result<String, Unwritable> {
        let text = canonical(&serde_json::to_value(self)?);
        Ok(hex::encode(Sha256::digest(text.as_bytes())))
    }
}

impl DecisionRecord {
    /// The record of a decision that is made now.
    pub fn of(
        reservation_id: ReservationId,
        version: u64,
        input: DecisionInput,
    ) -> Result<Self, Unwritable> {
        let verdicts = input.judge_by(&input.policy);
        let verdicts = verdicts.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
        let policy_version = input.policy.version;
        Ok(Self {
            reservation_id,
            version,
            policy_version,
            digest: input.digest()?,
            input,
            verdicts,
        })
    }

    /// Judges anew and compares.
    pub fn replay(&self) -> Result<Replay, Unwritable> {
        let anew = self.input.judge_by(&self.input.policy);
        let anew = anew.iter().map(|verdict| Ok(canonical(&serde_json::to_value(verdict)?)));
        let anew: Vec<String> = anew.collect::<Result<_, Unwritable>>()?;
        let then: Vec<String> = self.verdicts.iter().map(canonical).collect();
        let same_policy = self.policy_version == self.input.policy.version;
        Ok(Replay {
            same_input: same_policy && self.input.digest()? == self.digest,
            same_verdicts: anew == then,
        })
    }

    /// First sort key of a reservation's decisions.
    pub const FIRST: &'static str = "DECISION#";
    /// First sort key after them.
    pub const END: &'static str = "DECISION$";

    /// Address of the decision that led to a version.
    pub fn key_of(id: &ReservationId, version: u64) -> Key {
        Key::new(keys::reservation(id), format!("{}{version:010}", Self::FIRST))
    }

    /// Partition of a reservation's decisions.
    pub fn partition_of(id: &ReservationId) -> String {
        keys::reservation(id)
    }
}

impl Document for DecisionRecord {
    const KIND: &'static str = "decision";

    fn key(&self) -> Key {
        Self::key_of(&self.reservation_id, self.version)
    }
}

/// JSON without spaces and with the names of every object in order, so that equal values are equal
/// bytes whatever they went through.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort_unstable();
            let field = |name: &&String| {
                let text = Value::String((*name).clone());
                format!("{text}:{}", fields.get(*name).map_or_else(String::new, canonical))
            };
            format!("{{{}}}", names.iter().map(field).collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_order_of_names_does_not_matter_and_that_of_items_does() {
        let (one, other) =
            (json!({"a": 1, "b": {"c": "ü", "d": [1, 2]}}), r#"{"b":{"d":[1,2],"c":"ü"},"a":1}"#);
        let other: Value = serde_json::from_str(other).unwrap();
        assert_eq!(canonical(&one), canonical(&other));
        assert_eq!(canonical(&one), r#"{"a":1,"b":{"c":"ü","d":[1,2]}}"#);
        assert_ne!(canonical(&json!([1, 2])), canonical(&json!([2, 1])));
    }
}
