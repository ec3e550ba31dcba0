//! What we hold of a person, given out and erased (RELIABILITY D2, D3, promise R26).

mod erase;
mod export;
mod kept;
mod scrub;
mod work;

pub use erase::{EraseRequest, erase_user};
pub use export::{PersonalData, export_user};
pub(crate) use work::{erase_on, put_off};
