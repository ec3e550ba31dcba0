//! Work that a loss leaves: judge again what somebody holds, or what is held on something.

use interlock_policy::{ModuleId, ResourceId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Lane, keys};
use crate::ports::store::{Document, Indexes, Key, Position, StoreError, Transaction};

/// Whose reservations are judged again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum Subject {
    /// A person's, because he lost or regained something.
    User {
        /// Whose.
        user_id: UserId,
    },
    /// Those on a resource, because its rules changed.
    Resource {
        /// Of what.
        resource_id: ResourceId,
    },
    /// Those on a resource, because it can be used no longer, or again.
    Use {
        /// Of what.
        resource_id: ResourceId,
    },
    /// Those on every resource that asks for a module, because the module has a new version.
    Module {
        /// Which.
        module_id: ModuleId,
    },
    /// Nobody's: what was asked for in a category that a resource has left.
    Left {
        /// Which resource.
        resource_id: ResourceId,
        /// Which category.
        category: String,
    },
}

impl Subject {
    fn id(&self) -> &str {
        match self {
            Self::User { user_id } => user_id.as_str(),
            Self::Resource { resource_id }
            | Self::Use { resource_id }
            | Self::Left { resource_id, .. } => resource_id.as_str(),
            Self::Module { module_id } => module_id.as_str(),
        }
    }
}

/// Work of the Cal.com lane, written in the transaction of the loss (promise R3). One record per
/// subject is enough, because whoever works it off judges by what is true then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cascade {
    /// Whose reservations.
    pub subject: Subject,
    /// When.
    pub due_at: Timestamp,
    /// How often it was tried and put off.
    pub attempts: u32,
    /// How many passes are still to be made. A resource's reservations are found through an index
    /// that may lag behind the loss, so they are gone through twice.
    pub passes: u8,
    /// The instant at which something planned takes effect; such work has a record of its own, so
    /// that a loss before that instant leaves it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_for: Option<Timestamp>,
    /// Where the present pass goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Position>,
}

impl Cascade {
    /// Work due at once.
    pub fn of(subject: Subject, now: Timestamp) -> Self {
        let passes = match subject {
            Subject::User { .. } | Subject::Module { .. } => 1,
            Subject::Resource { .. } | Subject::Use { .. } | Subject::Left { .. } => 2,
        };
        Self { subject, due_at: now, attempts: 0, passes, planned_for: None, after: None }
    }

    /// Address of the work that is due for a subject at once.
    pub fn key_of(subject: Subject) -> Key {
        Self::of(subject, Timestamp::UNIX_EPOCH).key()
    }

    /// Partition of all the work of a resource.
    pub fn partition_of(resource_id: &ResourceId) -> String {
        format!("OUTBOX#{resource_id}")
    }

    /// Whether it is for rules that are in force and may have been changed for what is held.
    pub fn is_for_rules(&self, now: Timestamp) -> bool {
        match self.subject {
            Subject::Resource { .. } => self.planned_for.is_none_or(|at| at <= now),
            Subject::User { .. }
            | Subject::Use { .. }
            | Subject::Module { .. }
            | Subject::Left { .. } => false,
        }
    }

    /// Work for an instant at which something planned takes effect.
    pub fn planned(subject: Subject, at: Timestamp) -> Self {
        Self { planned_for: Some(at), ..Self::of(subject, at) }
    }

    /// Adds it to the transaction of a loss, over whatever was there and at a version nobody has
    /// read, so that who works off the old one does not remove this.
    pub fn write(
        &self,
        transaction: Transaction,
        now: Timestamp,
    ) -> Result<Transaction, StoreError> {
        transaction.overwrite(self, u64::try_from(now.as_microsecond()).unwrap_or(u64::MAX))
    }
}

impl Document for Cascade {
    const KIND: &'static str = "cascade";

    fn key(&self) -> Key {
        let sort = match (&self.subject, self.planned_for) {
            (Subject::Use { .. }, _) => "CASCADE#USE".to_owned(),
            (Subject::Left { category, .. }, _) => format!("CASCADE#LEFT#{category}"),
            (_, Some(at)) => format!("CASCADE#{}", keys::sortable(at)),
            (_, None) => "CASCADE".to_owned(),
        };
        Key::new(format!("OUTBOX#{}", self.subject.id()), sort)
    }

    fn indexes(&self) -> Indexes {
        let sort = keys::by_time(self.due_at, self.subject.id());
        Indexes { one: Some(Key::new(Lane::Calcom.partition(), sort)), two: None }
    }
}
