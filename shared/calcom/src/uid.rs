//! What a uid of Cal.com's looks like.
//!
//! A text that fails here never becomes part of a path.

/// Longest uid taken; real ones have 22 characters, those of series 36.
const MAX_LENGTH: usize = 64;

/// Whether the text can be a uid: letters, digits, `-` and `_`.
pub(crate) fn well_formed(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_LENGTH
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_digits_and_dashes_are_a_uid() {
        assert!(well_formed("8kTz3Qm2vX7LdRfWc5YpHn"));
        assert!(well_formed("0b8f6a0e-1d2c-4e5f-8a9b-0c1d2e3f4a5b"));
    }

    #[test]
    fn what_could_leave_its_place_in_a_path_is_no_uid() {
        for text in ["", "..", "a/b", "a?b", "a%2fb", "a b", "ü", &"a".repeat(65)] {
            assert!(!well_formed(text), "{text}");
        }
    }
}
