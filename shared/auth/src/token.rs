//! The session token: whose it is, and 256 random bits that only the browser keeps.
//!
//! The secret half is never stored and never printed; the table knows its hash (RELIABILITY A1).

use std::fmt;
use std::str::FromStr;

use interlock_app::model::SessionHash;
use interlock_app::ports::Ids;
use interlock_policy::UserId;
use sha2::{Digest, Sha256};

/// Hex digits of the secret half.
const SECRET_LENGTH: usize = 64;

/// What a browser sends to show that it is logged in: `<userId>.<64 hex digits>`.
///
/// The user's id is in it so that session and account are found by one read of known keys.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken {
    user_id: UserId,
    secret: Box<str>,
}

/// The text is no session token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a session token")]
pub struct TokenError;

impl SessionToken {
    /// A fresh token for a person, with the hash to store.
    pub fn issue(ids: &dyn Ids, user_id: UserId) -> (Self, SessionHash) {
        let token = Self { user_id, secret: hex::encode(ids.random()).into() };
        let hash = token.hash();
        (token, hash)
    }

    /// Whose it claims to be; only [`crate::authenticate`] knows whether that is so.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }

    /// Under which name the table keeps the session.
    pub fn hash(&self) -> SessionHash {
        SessionHash(hex::encode(Sha256::digest(self.secret.as_bytes())))
    }

    /// The text for the cookie, and for nothing else.
    pub fn expose(&self) -> String {
        format!("{}.{}", self.user_id, self.secret)
    }
}

impl FromStr for SessionToken {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        let (user_id, secret) = text.split_once('.').ok_or(TokenError)?;
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if secret.len() != SECRET_LENGTH || !secret.bytes().all(digit) {
            return Err(TokenError);
        }
        let user_id = user_id.parse().map_err(|_| TokenError)?;
        Ok(Self { user_id, secret: secret.into() })
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SessionToken({}.…)", self.user_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);

    impl Ids for Fixed {
        fn random(&self) -> [u8; 32] {
            [self.0; 32]
        }
    }

    fn issue(byte: u8) -> (SessionToken, SessionHash) {
        SessionToken::issue(&Fixed(byte), "usr_ada".parse().unwrap())
    }

    #[test]
    fn a_token_survives_the_way_through_the_cookie() {
        let (token, hash) = issue(0xab);
        let back: SessionToken = token.expose().parse().unwrap();
        assert_eq!(back, token);
        assert_eq!(back.hash(), hash);
        assert_eq!(back.user_id().as_str(), "usr_ada");
        assert_eq!(token.expose(), format!("usr_ada.{}", "ab".repeat(32)));
    }

    #[test]
    fn the_stored_name_is_the_hash_of_the_secret_text() {
        let (_, hash) = issue(0);
        let expected = "60e05bd1b195af2f94112fa7197a5c88289058840ce7c6df9693756bc6250f55";
        assert_eq!(hash.0, expected);
        assert_ne!(issue(1).1, hash);
    }

    #[test]
    fn a_token_never_prints_its_secret() {
        let (token, _) = issue(0xab);
        assert_eq!(format!("{token:?}"), "SessionToken(usr_ada.…)");
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let secret = "ab".repeat(32);
        let (one_short, two_short) = ("a".repeat(63), "a".repeat(62));
        for text in [
            String::new(),
            ".".into(),
            secret.clone(),
            format!("usr_ada{secret}"),
            format!(".{secret}"),
            format!("ada.{secret}"),
            format!("mch_ada.{secret}"),
            format!("usr_.{secret}"),
            format!("usr_ADA.{secret}"),
            format!("usr_ada.{secret}0"),
            format!("usr_ada.{}", secret.to_uppercase()),
            format!("usr_ada..{secret}"),
            format!("usr_ada.{one_short}g"),
            format!("usr_ada. {one_short}"),
            format!("usr_ada.{two_short}é"),
            format!("usr_{}.{secret}", "a".repeat(65)),
        ] {
            assert_eq!(text.parse::<SessionToken>().unwrap_err(), TokenError, "{text}");
        }
    }
}
