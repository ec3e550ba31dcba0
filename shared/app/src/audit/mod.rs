//! The audit as a whole: sealed by a job, listed, exported and verified (docs/adr/0012).
//!
//! Entries are written where changes are; nothing here changes one.

mod export;
mod list;
mod seal;
mod stream;
mod verify;

pub use export::{AuditExport, export_audit};
pub use list::{AuditQuery, AuditView, list_audit};
pub use seal::{SealReport, seal_audit};
pub use verify::{Verification, VerifyRequest, verify_audit, watch_audit};
