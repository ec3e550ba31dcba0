//! The only source of randomness: identifiers that sort by age and secrets that cannot be guessed.

use interlock_policy::{Id, IdKind};
use jiff::Timestamp;

use crate::AppError;

/// Crockford's alphabet in lower case: no letter that reads like a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Draws random bytes.
pub trait Ids: Send + Sync {
    /// 32 bytes from a cryptographic source.
    fn random(&self) -> [u8; 32];
}

/// An id of kind `K`: 48 bits of milliseconds, then 80 random bits, so ids sort by age and cannot
/// be guessed (RELIABILITY 3.1 asks for ids nobody can enumerate).
pub fn new_id<K: IdKind>(ids: &dyn Ids, now: Timestamp) -> Result<Id<K>, AppError> {
    let millis = u128::try_from(now.as_millisecond()).unwrap_or(0) & 0xffff_ffff_ffff;
    let mut low = [0_u8; 16];
    low[6..].copy_from_slice(&ids.random()[..10]);
    let bits = (millis << 80) | u128::from_be_bytes(low);
    let body: String = (0..26_u32).rev().map(|place| letter(bits, place)).collect();
    Id::from_body(&body).map_err(|_| AppError::internal("an id could not be made"))
}

fn letter(bits: u128, place: u32) -> char {
    let index = usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0);
    char::from(ALPHABET.get(index).copied().unwrap_or(b'0'))
}
