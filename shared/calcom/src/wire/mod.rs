//! Cal.com's own JSON: what we send, strictly, and what we read, leniently.
//!
//! No type here leaves the crate; the port's types do.

pub(crate) mod booking;
pub(crate) mod event_type;
pub(crate) mod request;
pub(crate) mod slots;
pub(crate) mod subscription;

use serde::Deserialize;

/// The envelope of a success.
#[derive(Deserialize)]
pub(crate) struct Envelope<T> {
    status: String,
    data: T,
}

impl<T> Envelope<T> {
    /// The content, if the envelope says success.
    pub(crate) fn into_data(self) -> Option<T> {
        (self.status == "success").then_some(self.data)
    }
}

/// Whose credential it is.
#[derive(Deserialize)]
pub(crate) struct WireMe {
    /// User name.
    pub(crate) username: String,
}
