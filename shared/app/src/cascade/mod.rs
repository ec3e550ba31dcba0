//! What a loss does to reservations ahead: each is judged again, and ends, bears a mark or stands
//! as the policy declares (PRODUCT 6, promise R3).
//!
//! A hold that commits after the loss was judged on it, because it names the versions it was judged
//! on; one that is still pending or moving is judged by its confirmation. What is left are those
//! that were confirmed or waiting before, and the work written with the loss finds them all.

mod fate;
mod foresee;
mod judge;
mod pending;
mod work;

pub(crate) use fate::{Trigger, takes_it};
pub use foresee::{Affected, Becomes, Impact};
pub(crate) use foresee::{foresee, members};
pub(crate) use judge::judge_again;
pub(crate) use work::work_off;
