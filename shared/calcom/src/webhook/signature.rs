//! Whether Cal.com sent a delivery.
//!
//! The MAC is over the raw bytes, every active secret is tried, and only a full match passes
//! (RELIABILITY W1, W2).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Secret;

/// Header with the signature, in lower case.
pub const SIGNATURE_HEADER: &str = "x-cal-signature-256";

/// What Cal.com sends in place of a signature when a webhook has no secret.
const PLACEHOLDER: &str = "no-secret-provided";
/// Prefix some senders put before the hex.
const PREFIX: &[u8] = b"sha256=";
/// Characters of a SHA-256 in hex.
const HEX_LENGTH: usize = 64;
/// Most secrets that are active at once; two during a rotation, one more for a second line.
const MAX_SECRETS: usize = 3;

/// Why a set of secrets cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// None, or more than three.
    #[error("there must be one to three webhook secrets")]
    Count,
    /// One is empty, blank or Cal.com's placeholder for none.
    #[error("a webhook secret is empty")]
    Empty,
}

/// Why a delivery is not believed; all of them are answered alike with 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum SignatureError {
    /// The header is missing.
    #[error("the signature is missing")]
    Missing,
    /// The header came more than once.
    #[error("there is more than one signature")]
    Duplicate,
    /// The webhook at Cal.com has no secret.
    #[error("the webhook has no secret")]
    Placeholder,
    /// The header is not 64 hex characters.
    #[error("the signature is malformed")]
    Malformed,
    /// No active secret made this signature over these bytes.
    #[error("the signature does not match")]
    Mismatch,
}

/// The active secrets, one to three, none empty.
#[derive(Debug, Clone)]
pub struct SigningSecrets(Vec<Secret>);

impl SigningSecrets {
    /// Takes the active secrets.
    pub fn new(secrets: Vec<Secret>) -> Result<Self, SecretsError> {
        if secrets.is_empty() || secrets.len() > MAX_SECRETS {
            return Err(SecretsError::Count);
        }
        let unusable = |secret: &Secret| {
            let text = secret.expose().trim();
            text.is_empty() || text.eq_ignore_ascii_case(PLACEHOLDER)
        };
        if secrets.iter().any(unusable) {
            return Err(SecretsError::Empty);
        }
        Ok(Self(secrets))
    }

    /// The secret new deliveries are to be signed with.
    pub(crate) fn newest(&self) -> Option<&Secret> {
        self.0.first()
    }

    /// Passes only if one of the secrets signed exactly these bytes. `header` holds every value
    /// of [`SIGNATURE_HEADER`] as it came.
    pub fn verify(&self, raw: &[u8], header: &[&[u8]]) -> Result<(), SignatureError> {
        let claimed = claimed(header)?;
        let mut matched = false;
        // No early exit: the time taken does not tell which secret matched.
        for secret in &self.0 {
            matched |= signed_with(secret, raw, &claimed);
        }
        if matched { Ok(()) } else { Err(SignatureError::Mismatch) }
    }
}

fn signed_with(secret: &Secret, raw: &[u8], claimed: &[u8]) -> bool {
    // A MAC of this kind takes keys of any length.
    Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes())
        .is_ok_and(|mac| mac.chain_update(raw).verify_slice(claimed).is_ok())
}

fn claimed(header: &[&[u8]]) -> Result<Vec<u8>, SignatureError> {
    let value = match header {
        [] | [b""] => return Err(SignatureError::Missing),
        [value] => *value,
        [_, ..] => return Err(SignatureError::Duplicate),
    };
    if value == PLACEHOLDER.as_bytes() {
        return Err(SignatureError::Placeholder);
    }
    let digits = value.strip_prefix(PREFIX).unwrap_or(value);
    if digits.len() != HEX_LENGTH {
        return Err(SignatureError::Malformed);
    }
    hex::decode(digits).map_err(|_| SignatureError::Malformed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// HMAC-SHA-256 of `BODY` under `whsec-one`, made with another implementation.
    const BODY: &[u8] = "{\"triggerEvent\":\"PING\",\"title\":\"Fräse\"}".as_bytes();
    const SIGNED_ONE: &str = "6b478137a75dc9103f74318d4305f9de64e98024e8270af326ed63630e26cdca";
    const SIGNED_TWO: &str = "14a079fa04ed26ce8ec1b0ea3dcefcdff01819d2f04d7cddd0e8b9edd2717c2c";
    const SIGNED_EMPTY: &str = "57c711ce7078ea4ef3368a85d66a6b71cbc3c01fa4fe18b08185dccc01e22334";

    fn secrets(texts: &[&str]) -> SigningSecrets {
        SigningSecrets::new(texts.iter().map(|text| Secret::new(*text)).collect()).unwrap()
    }

    fn check(header: &[&[u8]]) -> Result<(), SignatureError> {
        secrets(&["whsec-one"]).verify(BODY, header)
    }

    #[test]
    fn a_signature_over_the_raw_bytes_passes() {
        assert_eq!(check(&[SIGNED_ONE.as_bytes()]), Ok(()));
    }

    #[test]
    fn a_prefix_and_upper_case_digits_pass() {
        assert_eq!(check(&[format!("sha256={SIGNED_ONE}").as_bytes()]), Ok(()));
        assert_eq!(check(&[SIGNED_ONE.to_uppercase().as_bytes()]), Ok(()));
    }

    #[test]
    fn every_active_secret_passes_wherever_it_stands() {
        for order in [["whsec-one", "whsec-two", "c"], ["c", "whsec-two", "whsec-one"]] {
            let secrets = secrets(&order);
            assert_eq!(secrets.verify(BODY, &[SIGNED_ONE.as_bytes()]), Ok(()));
            assert_eq!(secrets.verify(BODY, &[SIGNED_TWO.as_bytes()]), Ok(()));
        }
    }

    #[test]
    fn a_retired_secret_no_longer_passes() {
        assert_eq!(check(&[SIGNED_TWO.as_bytes()]), Err(SignatureError::Mismatch));
    }

    #[test]
    fn a_body_changed_by_one_space_does_not_pass() {
        let body = [BODY, b" "].concat();
        let verdict = secrets(&["whsec-one"]).verify(&body, &[SIGNED_ONE.as_bytes()]);
        assert_eq!(verdict, Err(SignatureError::Mismatch));
    }

    #[test]
    fn a_missing_or_empty_header_does_not_pass() {
        assert_eq!(check(&[]), Err(SignatureError::Missing));
        assert_eq!(check(&[b""]), Err(SignatureError::Missing));
    }

    #[test]
    fn two_headers_do_not_pass_even_if_one_of_them_is_right() {
        let right = SIGNED_ONE.as_bytes();
        assert_eq!(check(&[right, right]), Err(SignatureError::Duplicate));
        assert_eq!(check(&[right, b"x"]), Err(SignatureError::Duplicate));
    }

    #[test]
    fn the_placeholder_for_no_secret_does_not_pass() {
        assert_eq!(check(&[b"no-secret-provided"]), Err(SignatureError::Placeholder));
    }

    #[test]
    fn what_is_not_64_hex_characters_does_not_pass() {
        let long = format!("{SIGNED_ONE}0");
        let joined = format!("{SIGNED_ONE},{SIGNED_ONE}");
        let spaced = format!(" {SIGNED_ONE}");
        let twice = format!("sha256=sha256={SIGNED_ONE}");
        let not_hex = "g".repeat(64);
        let short = "0".repeat(63);
        let other = format!("sha1={SIGNED_ONE}");
        for text in [&long, &joined, &spaced, &twice, &not_hex, &short, &other, "sha256="] {
            assert_eq!(check(&[text.as_bytes()]), Err(SignatureError::Malformed), "{text}");
        }
        assert_eq!(check(&[&[0xff_u8; 64]]), Err(SignatureError::Malformed));
    }

    #[test]
    fn a_signature_made_with_an_empty_secret_does_not_pass() {
        assert_eq!(check(&[SIGNED_EMPTY.as_bytes()]), Err(SignatureError::Mismatch));
    }

    #[test]
    fn a_set_without_a_usable_secret_cannot_be_made() {
        let make = |texts: &[&str]| {
            SigningSecrets::new(texts.iter().map(|text| Secret::new(*text)).collect())
        };
        assert_eq!(make(&[]).unwrap_err(), SecretsError::Count);
        assert_eq!(make(&["a", "b", "c", "d"]).unwrap_err(), SecretsError::Count);
        for text in ["", "  ", "no-secret-provided"] {
            assert_eq!(make(&["a", text]).unwrap_err(), SecretsError::Empty, "{text}");
        }
    }

    #[test]
    fn secrets_never_print_themselves() {
        assert!(!format!("{:?}", secrets(&["whsec-one"])).contains("whsec"));
    }

    proptest! {
        #[test]
        fn no_made_up_header_passes(header in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert!(check(&[&header]).is_err());
        }
    }
}
