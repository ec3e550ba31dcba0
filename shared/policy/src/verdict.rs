//! The answer of the gate: one word and all reasons at once.

use serde::{Deserialize, Serialize};

use crate::{PolicyVersion, Reason, ReasonClass, Severity};

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

    /// Whether something blocks; what only needs a yes may be asked for.
    pub fn refuses(&self) -> bool {
        match self.decision {
            Decision::Refuse => true,
            Decision::Permit | Decision::PermitWithConditions | Decision::NeedsApproval => false,
        }
    }

    /// How long a time is held until somebody has said yes, where a rule asks for one: the
    /// shortest of all that do.
    pub fn hold_hours(&self) -> Option<u32> {
        let asking = self.reasons.iter().filter(|reason| reason.severity == Severity::Approval);
        let hours = asking.filter_map(|reason| reason.parameters.get("holdHours")?.number());
        hours.filter_map(|hours| u32::try_from(hours).ok()).min()
    }

    /// The reason that leads the answer: one that blocks before one that does not, what the person
    /// lacks before what the request breaks before what is taken (PRODUCT 8).
    pub fn leading(&self) -> Option<&Reason> {
        let blocks = |reason: &&Reason| reason.severity == Severity::Block;
        let first = |reason: &&Reason| (!blocks(reason), reason.code.class());
        self.reasons.iter().min_by_key(first)
    }

    /// The class of the reason that leads.
    pub fn leading_class(&self) -> Option<ReasonClass> {
        self.leading().map(|reason| reason.code.class())
    }
}
