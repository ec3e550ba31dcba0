//! Who calls and whether that suffices: passwords, session tokens, cookies, tokens of an issuer
//! outside and the access rule.
//!
//! A caller exists only as the result of [`authenticate`] or [`recognize`]; nothing else makes one.

mod access;
mod bearer;
mod caller;
pub mod cookie;
mod life;
mod passwords;
mod second_factor;
mod token;

pub use access::Access;
pub use bearer::{BearerRule, IssuerKeys, believe, key_name};
pub use caller::{AuthError, Caller, Entry, authenticate, bearer_keys, recognize, session_keys};
pub use life::Life;
pub use passwords::Argon2Passwords;
pub use second_factor::{FactorRule, Lacking};
pub use token::{SessionToken, TokenError};
