//! `Idempotency-Key`: read, bounded, and turned into the name of a record.
//!
//! The name covers user, operation and path, so a key says nothing outside of them (PRODUCT 8).

use interlock_app::model::IdempotencyKey;
use interlock_policy::UserId;
use sha2::{Digest, Sha256};

use crate::{Idempotency, Problem, RawRequest, Route, problems};

/// The header.
const HEADER: &str = "idempotency-key";
/// Longest key, in characters.
const MAX_LENGTH: usize = 255;

/// The record's name, if the route honours keys and one came.
pub(crate) fn key(
    route: &Route,
    request: &RawRequest,
    user_id: &UserId,
) -> Result<Option<IdempotencyKey>, Problem> {
    if route.idempotency == Idempotency::Ignored {
        return Ok(None);
    }
    let malformed = || {
        let detail = "the header must be 1 to 255 visible ASCII characters";
        Problem::parameter("Idempotency-Key", "malformed", detail)
    };
    match request.single(HEADER).map_err(|()| malformed())? {
        Some(text) => {
            let text = text.trim();
            let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            let text = quoted.unwrap_or(text);
            let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
            if text.is_empty() || text.len() > MAX_LENGTH || !visible {
                return Err(malformed());
            }
            Ok(Some(named(route, request, user_id, text)))
        }
        None if route.idempotency == Idempotency::Required => Err(Problem::new(
            &problems::IDEMPOTENCY_KEY_REQUIRED,
            "send an `Idempotency-Key` of your own making with this call",
        )),
        None => Ok(None),
    }
}

fn named(route: &Route, request: &RawRequest, user_id: &UserId, text: &str) -> IdempotencyKey {
    let mut hash = Sha256::new();
    for part in [user_id.as_str(), route.name, &request.path, text] {
        // The length in front keeps two different lists of parts from hashing alike.
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    IdempotencyKey(hex::encode(hash.finalize()))
}

/// SHA-256 of the body, in lower-case hex.
pub(crate) fn body_hash(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}
