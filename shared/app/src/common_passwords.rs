//! The passwords most people use, as a set small enough to travel with the functions that set one.
//!
//! Each is kept as a hash cut to a few bits more than tell so many apart, so no list of passwords
//! can be read from it. Whatever was put in is found; of other passwords one in 65,536 is found
//! too, and its owner has to think of another (RELIABILITY P2).

use sha2::{Digest, Sha256};

/// Made by `cargo xtask common-passwords`; never edited.
static SET: &[u8] = include_bytes!("common_passwords.bin");

/// Bits of a hash beyond what tells the members apart: one in 2^16 strangers passes for one.
const SPARE_BITS: usize = 16;
/// Bytes that say how many members there are.
const COUNT_BYTES: usize = 4;

/// Whether a password is among the most used, in whatever case of letters.
pub(crate) fn contains(password: &str) -> bool {
    Set(SET).contains(password)
}

/// The bytes of a set with these members, each in lower case and once.
#[must_use]
pub fn encode<'a>(members: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let members: std::collections::BTreeSet<String> =
        members.into_iter().map(str::to_lowercase).collect();
    let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
    let mut places: Vec<u64> = members.iter().map(|member| place(member, count)).collect();
    places.sort_unstable();
    let mut bits = Vec::new();
    let mut previous = 0;
    for place in places {
        let step = place.saturating_sub(previous);
        (0..step >> SPARE_BITS).for_each(|_| bits.push(true));
        bits.push(false);
        (0..SPARE_BITS).rev().for_each(|bit| bits.push(step >> bit & 1 == 1));
        previous = place;
    }
    [count.to_be_bytes().to_vec(), packed(&bits)].concat()
}

/// Where a member of so many stands: evenly spread over 2^16 places for each of them.
fn place(member: &str, count: u32) -> u64 {
    let sum = Sha256::digest(member.as_bytes());
    let head = sum.iter().take(8).fold(0_u128, |head, byte| head << 8 | u128::from(*byte));
    let places = u128::from(count) << SPARE_BITS;
    u64::try_from((head * places) >> 64).unwrap_or(u64::MAX)
}

/// Members in the order of their places, each as the step from the one before: its high part in
/// ones ended by a nought, then its low 16 bits.
#[derive(Clone, Copy)]
struct Set<'a>(&'a [u8]);

impl Set<'_> {
    fn count(self) -> u32 {
        self.0.iter().take(COUNT_BYTES).fold(0, |count, byte| count << 8 | u32::from(*byte))
    }

    fn contains(self, password: &str) -> bool {
        let count = self.count();
        let wanted = place(&password.to_lowercase(), count);
        let mut bits = Bits { bytes: self.0, at: COUNT_BYTES * 8 };
        let mut at = 0_u64;
        for _ in 0..count {
            let mut high = 0_u64;
            while bits.next() {
                high += 1;
            }
            at = at.saturating_add(high << SPARE_BITS | bits.spare());
            if at >= wanted {
                return at == wanted;
            }
        }
        false
    }
}

/// Bits read in order; noughts beyond the end. A look goes through half of them on average, so a
/// member's low part is taken in one piece.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn byte(&self, index: usize) -> u64 {
        self.bytes.get(index).map_or(0, |byte| u64::from(*byte))
    }

    fn next(&mut self) -> bool {
        let bit = self.byte(self.at / 8) >> (7 - self.at % 8) & 1;
        self.at += 1;
        bit == 1
    }

    /// The next 16, out of the three bytes they lie in.
    fn spare(&mut self) -> u64 {
        let (first, shift) = (self.at / 8, 8 - self.at % 8);
        let three = self.byte(first) << 16 | self.byte(first + 1) << 8 | self.byte(first + 2);
        self.at += SPARE_BITS;
        three >> shift & 0xffff
    }
}

/// Bits in order, eight to a byte.
fn packed(bits: &[bool]) -> Vec<u8> {
    let byte = |bits: &[bool]| {
        let filled = bits.iter().chain(std::iter::repeat(&false)).take(8);
        filled.fold(0_u8, |byte, bit| byte << 1 | u8::from(*bit))
    };
    bits.chunks(8).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_in_any_case_and_little_else() {
        let members: Vec<String> = (0..500).map(|number| format!("Member-{number}")).collect();
        let bytes = encode(members.iter().map(String::as_str));
        let set = Set(&bytes);
        assert_eq!(set.count(), 500);
        for member in &members {
            assert!(set.contains(member) && set.contains(&member.to_uppercase()), "{member}");
        }
        let strangers = (0..2000).filter(|number| set.contains(&format!("stranger-{number}")));
        assert!(strangers.count() <= 3, "one in 65,536 is expected");
    }

    #[test]
    fn a_member_twice_is_one_and_an_empty_set_has_none() {
        let bytes = encode(["Password", "password", "PASSWORD"]);
        assert_eq!(Set(&bytes).count(), 1);
        assert!(Set(&bytes).contains("passWORD") && !Set(&bytes).contains("passWORT"));
        assert!(!Set(&encode([])).contains(""));
    }

    #[test]
    fn the_set_in_use_has_a_hundred_thousand_members_and_those_that_everybody_knows() {
        assert_eq!(Set(SET).count(), 100_000);
        for password in ["password", "12345678", "Football", "iloveyou", "trustno1", "qwerty123"] {
            assert!(contains(password), "{password}");
        }
        for password in ["correct horse battery", "kfwpxtrq", "tausend  leere  zimmer"] {
            assert!(!contains(password), "{password}");
        }
    }
}
