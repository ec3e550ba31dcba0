//! The answer of the gate: one word and all reasons at once.

use serde::{Deserialize, Serialize};

use crate::{PolicyVersion, Reason, ReasonClass};

/// The word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Nothing stands in the way.
    Permit,
    /// Nothing stands in the way if the conditions in the reasons are kept.
    PermitWithConditions,
    /// A person in charge must say yes first.
    NeedsApproval,
    /// At least one reason blocks.
    Refuse,
}

/// The word with every reason behind it, gravest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The word.
    #[serde(rename = "verdict")]
    pub decision: Decision,
    /// All reasons; empty for a plain permit.
    pub reasons: Vec<Reason>,
    /// The policy that was applied.
    pub policy_version: PolicyVersion,
}

impl Verdict {
    /// Whether the request may go on.
    pub fn permits(&self) -> bool {
        match self.decision {
            Decision::Permit | Decision::PermitWithConditions => true,
            Decision::NeedsApproval | Decision::Refuse => false,
        }
    }

    /// The class that leads the answer: what the person lacks before what the request breaks
    /// before what is taken (PRODUCT 8).
    pub fn leading_class(&self) -> Option<ReasonClass> {
        self.reasons.iter().map(|reason| reason.code.class()).min()
    }
}
