//! Cursors: a place in a list that only we can make.
//!
//! The scope is under the signature, so a cursor of one list opens no other.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use interlock_app::ports::store::Position;
use sha2::Sha256;

use crate::{Problem, problems};

/// Bytes of the signature in front.
const SIGNATURE: usize = 32;
/// Longest cursor looked at, in characters.
const MAX_LENGTH: usize = 2048;

/// A cursor for a place in the list named by `scope`; `None` cannot happen with a key of 32 bytes.
pub fn seal(key: &[u8; 32], scope: &str, position: &Position) -> Option<String> {
    let body = serde_json::to_vec(position).ok()?;
    let mut bytes = mac(key, scope, &body)?.finalize().into_bytes().to_vec();
    bytes.extend(body);
    Some(BASE64URL_NOPAD.encode(&bytes))
}

/// The place a cursor of this list stands for; 400 `invalid_cursor` for any other text.
pub fn open(key: &[u8; 32], scope: &str, text: &str) -> Result<Position, Problem> {
    let found = || {
        let text = (text.len() <= MAX_LENGTH).then_some(text)?;
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (signature, body) = bytes.split_at_checked(SIGNATURE)?;
        mac(key, scope, body)?.verify_slice(signature).ok()?;
        serde_json::from_slice(body).ok()
    };
    found().ok_or_else(|| {
        Problem::new(&problems::INVALID_CURSOR, "the cursor was not given for this list")
    })
}

fn mac(key: &[u8; 32], scope: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(&u64::try_from(scope.len()).ok()?.to_be_bytes());
    mac.update(scope.as_bytes());
    mac.update(body);
    Some(mac)
}
