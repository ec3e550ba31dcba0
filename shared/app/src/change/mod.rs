//! One change of a reservation, with everything that must be written beside it.
//!
//! Every write of a reservation goes through here, so that ledger, open reservations, history,
//! audit and follow-up never disagree with the state (promises R1, R2, R7, R23).

mod books;
mod holds;
mod write;

pub(crate) use books::{Books, fit};

pub(crate) use write::{Change, Committed, Recording, commit, follow_up_at};
