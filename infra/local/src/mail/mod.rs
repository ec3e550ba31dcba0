//! The mail endpoint: accepts what would be sent and keeps it for `/__dev/mailbox`.
//! Nothing leaves the machine.

mod letter;
mod server;
mod store;

pub use letter::{Attachment, Letter};
pub use server::router;
pub use store::Mailbox;
