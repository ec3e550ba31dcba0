//! Looking at Cal.com to find what is wrong with it; nothing here gets or changes anything.
//!
//! A look tells the answer as it came, because the classes of failures hide what tells a licence
//! from a key and a database from either.

use std::fmt;

use async_trait::async_trait;
use interlock_policy::{EventTypeId, Interval};
use jiff::SignedDuration;

use super::scheduler::CalAccount;

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub enum Look<'a> {
    /// `GET /health`, without a credential.
    Health,
    /// Free starts of a kind, with their version and without a credential.
    Slots(EventTypeId, Interval),
    /// A hold that is not there, without a credential.
    Holds,
    /// Whose credential it is.
    Me(&'a CalAccount),
    /// The kinds of an account.
    EventTypes(&'a CalAccount),
    /// One booking of a list.
    Bookings(&'a CalAccount),
    /// The schedules of an account.
    Schedules(&'a CalAccount),
    /// One webhook of a list.
    Webhooks(&'a CalAccount),
}

impl<'a> Look<'a> {
    /// Whose credential is sent, if one is.
    pub fn account(&self) -> Option<&'a CalAccount> {
        match self {
            Self::Health | Self::Slots(..) | Self::Holds => None,
            Self::Me(account)
            | Self::EventTypes(account)
            | Self::Bookings(account)
            | Self::Schedules(account)
            | Self::Webhooks(account) => Some(account),
        }
    }
}

/// What a look saw.
#[derive(Clone, PartialEq, Eq)]
pub enum Seen {
    /// An answer.
    Answer {
        /// HTTP status.
        status: u16,
        /// As it came; may hold persons, so it is never told on.
        body: String,
    },
    /// The name leads nowhere.
    Unnamed,
    /// Nothing listens, or a rule lets nothing through.
    Closed,
    /// The certificate or the protocol is not what it must be.
    Untrusted,
    /// No answer in time.
    Silent,
}

impl fmt::Debug for Seen {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer { status, .. } => write!(out, "Answer({status}, …)"),
            Self::Unnamed => out.write_str("Unnamed"),
            Self::Closed => out.write_str("Closed"),
            Self::Untrusted => out.write_str("Untrusted"),
            Self::Silent => out.write_str("Silent"),
        }
    }
}

/// Why nobody looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unasked {
    /// There is no usable credential under the account's reference.
    NoCredential,
    /// The store of credentials did not answer.
    NoSecrets,
    /// The budget has no call to spare.
    NoRoom,
}

/// Looks at Cal.com.
#[async_trait]
pub trait Probe: Send + Sync {
    /// One look that takes no longer than `patience`, and is never in the way of other calls.
    async fn look(&self, look: Look<'_>, patience: SignedDuration) -> Result<Seen, Unasked>;
}
