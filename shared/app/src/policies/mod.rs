//! Policies as data: saved with a reason, in force from an instant, kept, compared, brought back
//! (FEATURES 4 item 5).
//!
//! Nothing here judges; what a policy means is the gate's affair alone.

mod decide;
mod diff;
mod preview;
mod put;
mod read;

pub use diff::{FieldChange, changes};
pub use preview::{
    MemberChange, MembersPreview, PastPreview, PastRefusal, PolicyPreview, PreviewPolicy,
    preview_policy,
};
pub(crate) use put::reasoned;
pub use put::{PolicyWish, PutPolicy, put_policy};
pub use read::{PolicyOverview, policy_diff, policy_history, read_policy, read_save};
