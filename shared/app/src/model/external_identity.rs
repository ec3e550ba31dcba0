//! Whom an issuer outside means by a name of its own; only a hash of both names is kept.

use interlock_policy::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ports::store::{Document, Key};

/// A person's name at an issuer outside (PRODUCT D7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalIdentity {
    /// Hash of issuer and subject.
    pub hash: String,
    /// Who it is here.
    pub user_id: UserId,
}

/// What an account says of the name (PRODUCT D7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentityLink {
    /// Hash of issuer and subject.
    pub hash: String,
    /// Only tokens issued after this instant count: that of the link, or of the latest end of all
    /// sessions (RELIABILITY A3).
    pub issued_after: Timestamp,
}

impl ExternalIdentity {
    /// The hash of a name at an issuer.
    pub fn hash_of(issuer: &str, subject: &str) -> String {
        let mut both = Sha256::new();
        // With its length before it, no part of one name passes for a part of the other.
        both.update(issuer.len().to_be_bytes());
        both.update(issuer.as_bytes());
        both.update(subject.as_bytes());
        hex::encode(both.finalize())
    }

    /// Address of the one with this hash.
    pub fn key_of(hash: &str) -> Key {
        Key::new(format!("IDENTITY#{hash}"), "IDENTITY")
    }
}

impl Document for ExternalIdentity {
    const KIND: &'static str = "external_identity";

    fn key(&self) -> Key {
        Self::key_of(&self.hash)
    }
}
