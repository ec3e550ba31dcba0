//! What is done to accounts: by an admin, and by the person himself.

mod documents;
mod edit;
mod hold;
mod identity;
mod membership;
mod profile;
mod roles;
mod scope;
mod status;

pub use documents::{AcceptDocument, accept_document};
pub use hold::{SetLegalHold, set_legal_hold};
pub use identity::{SetIdentity, set_identity};
pub use membership::{SetMembership, set_membership};
pub use profile::{SetProfile, set_profile};
pub use roles::{SetRoles, set_roles};
pub use scope::{SetScope, set_scope};
pub use status::{UpdateUser, update_user};
