//! Routes, calls, replies and problems: what a handler knows of HTTP, and nothing of AWS.
//!
//! A [`Call`] exists only behind the guard, so no handler runs for a caller who may not call it.

mod body;
mod call;
mod confined;
pub mod cursor;
mod errors;
mod guard;
mod idempotency;
mod language;
mod network;
mod panics;
mod path;
mod prefetch;
mod problem;
pub mod problems;
mod query;
mod raw;
mod reply;
mod respond;
mod route;
mod same_origin;
mod second_factor;
mod shown;

pub use call::Call;
pub use errors::cause;
pub use guard::admit;
pub use interlock_auth::{Access, Caller, FactorRule, SessionToken};
pub use language::Language;
pub use panics::{Panicked, caught};
pub use path::PathParameters;
pub use prefetch::Prefetch;
pub use problem::Problem;
pub use problems::Kind;
pub use raw::{RawRequest, Way};
pub use reply::Reply;
pub use respond::{Handler, respond};
pub use route::{Idempotency, Limit, Method, Route, RouteDraft};

/// What the login handler needs to open and close a session.
pub mod session {
    pub use interlock_auth::{Life, SessionToken, cookie};
}
