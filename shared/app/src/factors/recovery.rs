//! Codes for the day on which the app is lost: ten, of 80 random bits each, good for once.

use sha2::{Digest, Sha256};

use crate::ports::Ids;

/// How many there are.
const HOW_MANY: usize = 10;
/// Random bytes of one.
const BYTES: usize = 10;
/// Letters between two hyphens.
const GROUP: usize = 4;

/// Ten fresh codes with the hashes to keep.
pub(super) fn draw(ids: &dyn Ids) -> (Vec<String>, Vec<String>) {
    let codes: Vec<String> = (0..HOW_MANY).map(|_| code(ids)).collect();
    let hashes = codes.iter().map(|code| hash(code)).collect();
    (codes, hashes)
}

fn code(ids: &dyn Ids) -> String {
    let random: Vec<u8> = ids.random().into_iter().take(BYTES).collect();
    let letters = data_encoding::BASE32_NOPAD.encode(&random).to_lowercase();
    let mut code = String::new();
    for (place, letter) in letters.chars().enumerate() {
        if place > 0 && place % GROUP == 0 {
            code.push('-');
        }
        code.push(letter);
    }
    code
}

/// The hash of a code, however it was typed.
pub(super) fn hash(typed: &str) -> String {
    let letters = typed.chars().filter(|letter| *letter != '-' && !letter.is_whitespace());
    let plain: String = letters.collect::<String>().to_lowercase();
    hex::encode(Sha256::digest(plain.as_bytes()))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    struct Rising(AtomicU8);

    impl Ids for Rising {
        fn random(&self) -> [u8; 32] {
            [self.0.fetch_add(1, Ordering::Relaxed); 32]
        }
    }

    #[test]
    fn ten_codes_differ_and_are_known_however_they_are_typed() {
        let (codes, hashes) = draw(&Rising(AtomicU8::new(0)));
        assert_eq!(codes.len(), 10);
        let different: std::collections::BTreeSet<_> = codes.iter().collect();
        assert_eq!(different.len(), 10);
        for (code, kept) in codes.iter().zip(&hashes) {
            assert_eq!(code.len(), 19, "{code}");
            let typed = format!(" {} ", code.replace('-', " ").to_uppercase());
            assert_eq!((hash(code), hash(&typed)), (kept.clone(), kept.clone()));
            assert!(!kept.contains(&code.replace('-', "")));
        }
    }
}
