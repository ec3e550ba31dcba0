//! Who calls and whether that suffices: passwords, session tokens, cookies and the access rule.
//!
//! A caller exists only as the result of [`authenticate`]; nothing else makes one.

mod access;
mod caller;
pub mod cookie;
mod life;
mod passwords;
mod second_factor;
mod token;

pub use access::Access;
pub use caller::{AuthError, Caller, authenticate, session_keys};
pub use life::Life;
pub use passwords::Argon2Passwords;
pub use second_factor::{FactorRule, Lacking};
pub use token::{SessionToken, TokenError};
