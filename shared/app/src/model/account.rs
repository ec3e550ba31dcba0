//! A person: who it is, apart from the password, which is read at login only.

use interlock_policy::{
    AccountStatus, CheckoutScope, DocumentFact, ResourceId, Role, UserId, ZoneName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{IdentityLink, Resource, keys};
use crate::ports::store::{Document, Indexes, Key};

/// A person (S0-035).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Who.
    pub id: UserId,
    /// Lower case; unique by [`EmailClaim`].
    pub email: String,
    /// Shown name.
    pub name: String,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// Whether the person may act, but for a suspension that has ended: see [`Self::status_at`].
    pub status: AccountStatus,
    /// Why the person is suspended and until when, where that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspension: Option<Suspension>,
    /// Zone for presentation.
    pub time_zone: ZoneName,
    /// What a manager may approve people on; absent means everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ManagerScope>,
    /// Where the person belongs and what he has agreed to.
    #[serde(default, skip_serializing_if = "Membership::is_empty")]
    pub membership: Membership,
    /// Under which name the issuer outside knows the person (PRODUCT D7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityLink>,
    /// Sessions made before this count are dead (RELIABILITY A3).
    pub session_epoch: u32,
    /// When made.
    pub created_at: Timestamp,
}

/// What was said when a person was suspended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Suspension {
    /// Why, for the person and for staff; erased with the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// First instant at which it no longer counts; absent without an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Groups, membership and documents of a person, as policies ask for them (PRODUCT 6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub struct Membership {
    /// Groups the person is in, in order, each once.
    pub groups: Vec<String>,
    /// First instant at which the membership no longer runs; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Documents accepted, each in its latest version.
    pub documents: Vec<AcceptedDocument>,
}

/// A document a person has accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AcceptedDocument {
    /// Its stable name.
    pub document: String,
    /// Which version.
    pub version: u32,
    /// When.
    pub accepted_at: Timestamp,
}

impl Membership {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The documents as the gate sees them.
    pub fn document_facts(&self) -> Vec<DocumentFact> {
        let fact = |accepted: &AcceptedDocument| DocumentFact {
            document: accepted.document.clone(),
            version: accepted.version,
            accepted_at: accepted.accepted_at,
        };
        self.documents.iter().map(fact).collect()
    }
}

/// Machines and categories a manager's word is confined to (S0-051).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ManagerScope {
    /// These machines.
    pub machines: Vec<ResourceId>,
    /// Every machine of these categories, and the categories themselves.
    pub categories: Vec<String>,
}

impl ManagerScope {
    /// Whether an approval lies within it. One for a whole category reaches beyond any single
    /// machine, so it takes the category.
    pub fn covers(&self, scope: &CheckoutScope, category: &str) -> bool {
        let in_category = || self.categories.iter().any(|own| own == category);
        match scope {
            CheckoutScope::Machine(id) => self.machines.contains(id) || in_category(),
            CheckoutScope::Category(_) => in_category(),
        }
    }
}

impl Account {
    /// Index partition of all accounts.
    pub const PARTITION: &'static str = "USERS";
    /// Index partition of those who may decide on others.
    pub const STAFF: &'static str = "STAFF";

    /// The same with every session of before dead at its next request, and every token that an
    /// issuer outside gave out until now (promise R21).
    #[must_use]
    pub fn with_sessions_ended(self, now: Timestamp) -> Self {
        let identity = self.identity.map(|link| IdentityLink { issued_after: now, ..link });
        Self { session_epoch: self.session_epoch.saturating_add(1), identity, ..self }
    }

    /// First instant at which a suspension no longer counts; `None` for one without an end.
    pub fn suspended_until(&self) -> Option<Timestamp> {
        self.suspension.as_ref().and_then(|suspension| suspension.until)
    }

    /// Whether the person may act at an instant: nothing has to run for a suspension to end.
    pub fn status_at(&self, now: Timestamp) -> AccountStatus {
        match self.status {
            AccountStatus::Suspended
                if self.suspended_until().is_some_and(|until| until <= now) =>
            {
                AccountStatus::Active
            }
            AccountStatus::Active | AccountStatus::Suspended | AccountStatus::Banned => self.status,
        }
    }

    /// Whether the person may act without any bound.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.status_at(now) == AccountStatus::Active
    }

    /// Whether the person may decide on approvals of this scope: an active manager within his
    /// scope; an admin has none.
    pub fn decides_on(&self, scope: &CheckoutScope, category: &str, now: Timestamp) -> bool {
        let within = || self.scope.as_ref().is_some_and(|own| own.covers(scope, category));
        self.decides_anywhere(now).unwrap_or_else(within)
    }

    /// The answer where it is the same everywhere: no for who is not an active manager, yes for
    /// one without a scope and for an admin.
    pub fn decides_anywhere(&self, now: Timestamp) -> Option<bool> {
        if !self.is_active(now) || self.rank() < Role::Manager.rank() {
            return Some(false);
        }
        (self.scope.is_none() || self.rank() >= Role::Admin.rank()).then_some(true)
    }

    /// Whether the person may set rules for a resource and keep records on it: an active manager
    /// whose scope names it or its category, or an admin (S0-051).
    pub fn manages(&self, resource: &Resource, now: Timestamp) -> bool {
        self.decides_on(&CheckoutScope::Machine(resource.id.clone()), &resource.category, now)
    }

    /// Address of a person's account.
    pub fn key_of(id: &UserId) -> Key {
        keys::single(keys::user(id), "ACCOUNT")
    }

    /// Highest rank among the roles.
    pub fn rank(&self) -> u8 {
        self.roles.iter().map(|role| role.rank()).max().unwrap_or(0)
    }
}

impl Document for Account {
    const KIND: &'static str = "account";

    fn key(&self) -> Key {
        Self::key_of(&self.id)
    }

    fn indexes(&self) -> Indexes {
        let staff = self.rank() >= Role::Manager.rank();
        Indexes {
            one: Some(Key::new(Self::PARTITION, self.id.as_str())),
            two: staff.then(|| Key::new(Self::STAFF, self.id.as_str())),
        }
    }
}

/// A person's password hash, in PHC form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// Whose.
    pub user_id: UserId,
    /// Carries its own parameters.
    pub password_hash: String,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Credential").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

impl Credential {
    /// Address of a person's password hash.
    pub fn key_of(id: &UserId) -> Key {
        keys::single(keys::user(id), "CREDENTIAL")
    }
}

impl Document for Credential {
    const KIND: &'static str = "credential";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id)
    }
}

/// Makes an e-mail belong to one account; also the way from e-mail to account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmailClaim {
    /// Lower case.
    pub email: String,
    /// To whom.
    pub user_id: UserId,
}

impl EmailClaim {
    /// Address of the claim of an e-mail.
    pub fn key_of(email: &str) -> Key {
        keys::single(keys::email(email), "CLAIM")
    }
}

impl Document for EmailClaim {
    const KIND: &'static str = "email_claim";

    fn key(&self) -> Key {
        Self::key_of(&self.email)
    }
}

/// Makes a Cal.com user name belong to one account of ours (PRODUCT D16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CalUsernameClaim {
    /// User name at Cal.com.
    pub username: String,
    /// To which of our Cal.com accounts.
    pub cal_account_id: interlock_policy::CalAccountId,
}

impl CalUsernameClaim {
    /// Address of the claim of a user name.
    pub fn key_of(username: &str) -> Key {
        keys::single(format!("CALUSERNAME#{username}"), "CLAIM")
    }
}

impl Document for CalUsernameClaim {
    const KIND: &'static str = "cal_username_claim";

    fn key(&self) -> Key {
        Self::key_of(&self.username)
    }
}
