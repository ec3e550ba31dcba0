//! Identifiers: a prefix that names the kind and a body that sorts by age.
//!
//! One type per kind, so a user id never stands where a reservation id belongs.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Longest body of an identifier, in characters.
const MAX_BODY: usize = 64;

/// What an identifier is of; `PREFIX` is what a reader sees first.
pub trait IdKind {
    /// Text before the underscore.
    const PREFIX: &'static str;
}

/// An identifier of kind `K`, written `<prefix>_<body>`, body in `[a-z0-9_]`.
pub struct Id<K> {
    text: Arc<str>,
    kind: PhantomData<fn() -> K>,
}

/// Why a text is no identifier of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form `{prefix}_…`")]
pub struct IdError {
    prefix: &'static str,
}

impl<K: IdKind> Id<K> {
    /// Builds an id from a body, as the id port produces it; refuses what is not `[a-z0-9_]`.
    pub fn from_body(body: &str) -> Result<Self, IdError> {
        format!("{}_{body}", K::PREFIX).parse()
    }

    /// The whole text, prefix included.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands after the prefix; other ids are named after it.
    pub fn body(&self) -> &str {
        let rest = self.text.strip_prefix(K::PREFIX).and_then(|rest| rest.strip_prefix('_'));
        rest.unwrap_or_default()
    }

    /// The same text, shared.
    pub(crate) fn text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }
}

impl<K: IdKind> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let body = text.strip_prefix(K::PREFIX).and_then(|rest| rest.strip_prefix('_'));
        match body {
            Some(body) if well_formed(body) => Ok(Self { text: text.into(), kind: PhantomData }),
            Some(_) | None => Err(IdError { prefix: K::PREFIX }),
        }
    }
}

/// Ids of a kind begin alike and differ at the end.
fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().last() == other.as_bytes().last() && one == other
}

fn well_formed(body: &str) -> bool {
    !body.is_empty()
        && body.len() <= MAX_BODY
        && body
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), kind: PhantomData }
    }
}

impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        is_same(&self.text, &other.text)
    }
}

impl<K> Eq for Id<K> {}

impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<K> fmt::Display for Id<K> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, K: IdKind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Kinds of identifiers.
pub mod kind {
    use super::IdKind;

    /// A person.
    #[derive(Debug)]
    pub enum User {}
    impl IdKind for User {
        const PREFIX: &'static str = "usr";
    }

    /// A training module.
    #[derive(Debug)]
    pub enum Module {}
    impl IdKind for Module {
        const PREFIX: &'static str = "mod";
    }

    /// A watch session of one module.
    #[derive(Debug)]
    pub enum Watch {}
    impl IdKind for Watch {
        const PREFIX: &'static str = "wat";
    }

    /// A reservation of ours.
    #[derive(Debug)]
    pub enum Reservation {}
    impl IdKind for Reservation {
        const PREFIX: &'static str = "rsv";
    }

    /// A manager's approval.
    #[derive(Debug)]
    pub enum Checkout {}
    impl IdKind for Checkout {
        const PREFIX: &'static str = "chk";
    }

    /// An account at Cal.com whose calendar one or more resources share.
    #[derive(Debug)]
    pub enum CalAccount {}
    impl IdKind for CalAccount {
        const PREFIX: &'static str = "cal";
    }

    /// A piece of work due at a time.
    #[derive(Debug)]
    pub enum Outbox {}
    impl IdKind for Outbox {
        const PREFIX: &'static str = "out";
    }

    /// A run of reconciliation.
    #[derive(Debug)]
    pub enum Run {}
    impl IdKind for Run {
        const PREFIX: &'static str = "run";
    }

    /// A difference that reconciliation found.
    #[derive(Debug)]
    pub enum Finding {}
    impl IdKind for Finding {
        const PREFIX: &'static str = "fnd";
    }

    /// An exemption of a person from some rules.
    #[derive(Debug)]
    pub enum Exemption {}
    impl IdKind for Exemption {
        const PREFIX: &'static str = "exm";
    }

    /// A stretch in which a resource is out of order.
    #[derive(Debug)]
    pub enum Outage {}
    impl IdKind for Outage {
        const PREFIX: &'static str = "otg";
    }

    /// A member's wish for a checkout.
    #[derive(Debug)]
    pub enum CheckoutRequest {}
    impl IdKind for CheckoutRequest {
        const PREFIX: &'static str = "chr";
    }

    /// One HTTP request, delivery or job run, as logs and problems name it.
    #[derive(Debug)]
    pub enum Request {}
    impl IdKind for Request {
        const PREFIX: &'static str = "req";
    }
}

/// A person.
pub type UserId = Id<kind::User>;
/// A training module.
pub type ModuleId = Id<kind::Module>;
/// A watch session.
pub type WatchId = Id<kind::Watch>;
/// A reservation of ours.
pub type ReservationId = Id<kind::Reservation>;
/// A manager's approval.
pub type CheckoutId = Id<kind::Checkout>;
/// An account at Cal.com.
pub type CalAccountId = Id<kind::CalAccount>;
/// A piece of work due at a time.
pub type OutboxId = Id<kind::Outbox>;
/// A run of reconciliation.
pub type RunId = Id<kind::Run>;
/// A difference that reconciliation found.
pub type FindingId = Id<kind::Finding>;
/// An exemption of a person from some rules.
pub type ExemptionId = Id<kind::Exemption>;
/// A stretch in which a resource is out of order.
pub type OutageId = Id<kind::Outage>;
/// A member's wish for a checkout.
pub type CheckoutRequestId = Id<kind::CheckoutRequest>;
/// One request, delivery or job run.
pub type RequestId = Id<kind::Request>;

/// A bookable kind at Cal.com; the number is Cal.com's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(inline))]
#[serde(transparent)]
pub struct EventTypeId(pub u64);

impl fmt::Display for EventTypeId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// A resource: a machine (`mch_…`) or a host (`hst_…`), a person who is booked.
#[derive(Clone, Eq, PartialOrd, Ord)]
pub struct ResourceId {
    text: Arc<str>,
}

impl PartialEq for ResourceId {
    fn eq(&self, other: &Self) -> bool {
        is_same(&self.text, &other.text)
    }
}

impl Hash for ResourceId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl ResourceId {
    /// The whole text, prefix included.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same text, shared.
    pub(crate) fn text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// What the prefix says the resource is.
    pub fn kind(&self) -> crate::ResourceKind {
        if self.text.starts_with("hst_") {
            crate::ResourceKind::Host
        } else {
            crate::ResourceKind::Machine
        }
    }
}

impl FromStr for ResourceId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let body = text.strip_prefix("mch_").or_else(|| text.strip_prefix("hst_"));
        match body {
            Some(body) if well_formed(body) => Ok(Self { text: text.into() }),
            Some(_) | None => Err(IdError { prefix: "mch" }),
        }
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl fmt::Debug for ResourceId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl Serialize for ResourceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for ResourceId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
