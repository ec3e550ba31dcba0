//! How many calls Cal.com may still be sent, for all functions together.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ports::scheduler::{CalAccount, CredentialMode};
use crate::ports::store::{Document, Key};

/// The calls of one credential, because Cal.com counts by credential and, without one, by address
/// (CONTRACT 2.5). Its version is the condition of every taking, so no call is given out twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallBudget {
    /// Whose calls.
    pub tracker: String,
    /// When the calls given out so far would be over at the steady rate, in microseconds of Unix
    /// time.
    pub arrival: i64,
    /// Until when nobody calls, after Cal.com said that it was too much.
    pub blocked_until: Timestamp,
    /// Until when only people's requests call.
    pub quiet_until: Timestamp,
    /// Calls given out that may still be made, by process.
    pub spares: Vec<Spare>,
    /// The minute of Unix time in which the last call was given out.
    pub minute: i64,
    /// Calls given out in that minute.
    pub given: u32,
    /// Calls given out in the minute before.
    pub given_before: u32,
}

/// Calls a process may make without asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Spare {
    /// Which process, by a name it drew at random.
    pub process: String,
    /// How many.
    pub calls: u32,
    /// Until when, excluded.
    pub until: Timestamp,
}

impl CallBudget {
    /// The tracker of all calls without a credential: the address they come from.
    pub const OF_ADDRESS: &'static str = "address";

    /// Of a credential that was never used.
    pub fn unused(tracker: String) -> Self {
        Self {
            tracker,
            arrival: 0,
            blocked_until: Timestamp::UNIX_EPOCH,
            quiet_until: Timestamp::UNIX_EPOCH,
            spares: Vec::new(),
            minute: 0,
            given: 0,
            given_before: 0,
        }
    }

    /// By what Cal.com counts the calls of an account. All accounts without a credential share
    /// the address they call from.
    pub fn tracker_of(account: &CalAccount) -> String {
        match account.mode {
            CredentialMode::None => Self::OF_ADDRESS.to_owned(),
            CredentialMode::ApiKey | CredentialMode::PlatformClient | CredentialMode::Bearer => {
                format!("credential#{}", account.credential_ref)
            }
        }
    }

    /// Address of a tracker's calls.
    pub fn key_of(tracker: &str) -> Key {
        Key::new(format!("BUDGET#{tracker}"), "CALLS")
    }
}

impl Document for CallBudget {
    const KIND: &'static str = "call_budget";

    fn key(&self) -> Key {
        Self::key_of(&self.tracker)
    }
}
