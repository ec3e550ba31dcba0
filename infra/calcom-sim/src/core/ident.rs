//! Identities drawn from a seed and a counter.
//! The same seed and the same number of draws give the same identities, whatever the clock says.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

const BASE_58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// 32 bytes that depend on the seed and the draw alone.
pub(crate) fn draw(seed: u64, count: i64) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"interlock-calcom-sim");
    hash.update(seed.to_be_bytes());
    hash.update(count.to_be_bytes());
    hash.finalize().into()
}

/// A booking uid: 22 characters of base 58 (CONTRACT 5.4).
pub(crate) fn uid(bytes: [u8; 32]) -> String {
    bytes
        .iter()
        .take(22)
        .filter_map(|byte| BASE_58.get(usize::from(*byte) % BASE_58.len()))
        .map(|byte| char::from(*byte))
        .collect()
}

/// A version 4 UUID.
pub(crate) fn uuid(bytes: [u8; 32]) -> String {
    let mut text = String::with_capacity(36);
    for (position, byte) in bytes.iter().take(16).enumerate() {
        let byte = match position {
            6 => (byte & 0x0f) | 0x40,
            8 => (byte & 0x3f) | 0x80,
            _ => *byte,
        };
        if matches!(position, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A number in 0..1000, for rules with a probability.
pub(crate) fn per_mille(bytes: [u8; 32]) -> u16 {
    let high = u16::from(bytes.first().copied().unwrap_or_default());
    let low = u16::from(bytes.get(1).copied().unwrap_or_default());
    ((high << 8) | low) % 1000
}
