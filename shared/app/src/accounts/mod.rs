//! What an admin does to accounts.

mod edit;
mod membership;
mod scope;
mod status;

pub use membership::{SetMembership, set_membership};
pub use scope::{SetScope, set_scope};
pub use status::{UpdateUser, update_user};
