//! An issuer outside that says of a token what is written in it.

use async_trait::async_trait;
use interlock_app::ports::{Identity, Issuer, IssuerError};
use jiff::{SignedDuration, Timestamp};

/// Believes `<word>:<subject>`: `good`, issued now; `past`, issued a minute ago; `mfa` and `old`,
/// with two factors shown a minute and ten minutes ago. `down` finds the issuer out of reach.
pub struct FakeIssuer;

impl FakeIssuer {
    /// The name it goes by.
    pub const NAME: &'static str = "https://id.test";
}

#[async_trait]
impl Issuer for FakeIssuer {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn identify(&self, token: &str, now: Timestamp) -> Result<Identity, IssuerError> {
        let (word, subject) = token.split_once(':').ok_or(IssuerError::Refused("bad"))?;
        let ago = |minutes| now - SignedDuration::from_mins(minutes);
        let (issued_at, factor_at) = match word {
            "good" => (now, None),
            "past" => (ago(1), None),
            "mfa" => (now, Some(ago(1))),
            "old" => (now, Some(ago(10))),
            "down" => return Err(IssuerError::Unavailable("down".into())),
            _ => return Err(IssuerError::Refused("bad")),
        };
        let (issuer, subject) = (Self::NAME.to_owned(), subject.to_owned());
        Ok(Identity { issuer, subject, issued_at, factor_at })
    }
}
