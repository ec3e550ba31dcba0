//! Who did what; written in the transaction of the change and never changed (promise R23).

use interlock_policy::{RequestId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ports::store::{Document, Key};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum Actor {
    /// A person.
    User {
        /// Who.
        user_id: UserId,
    },
    /// A job of ours.
    System {
        /// Which.
        job: String,
    },
    /// Somebody inside Cal.com.
    CalCom,
}

/// One act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Request, delivery or run in which it was done; several acts of one request differ by object.
    pub request_id: RequestId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// Stable word, such as `checkout.grant`.
    pub action: String,
    /// Id of what it was done to.
    pub object: String,
    /// Values that matter, without personal data.
    pub detail: serde_json::Value,
}

impl Document for AuditEntry {
    const KIND: &'static str = "audit_entry";

    fn key(&self) -> Key {
        // Nine digits always, so that the text sorts by time.
        let at = format!("{:.9}", self.at);
        let day = at.split('T').next().unwrap_or_default();
        Key::new(
            format!("AUDIT#{day}"),
            format!("{at}#{}#{}#{}", self.request_id, self.action, self.object),
        )
    }
}
