//! Deliveries of Cal.com: is it genuine, what does it hint at, what of it may be kept.
//!
//! Nothing is parsed before [`SigningSecrets::verify`] has passed over the raw bytes, and what is
//! parsed is a hint to read again, never the truth (CONTRACT 9.5).

mod delivery;
mod mask;
mod port;
mod raw;
mod signature;
mod trigger;
mod veil;

pub use delivery::{Delivery, parse};
pub use mask::mask;
pub use port::{CalcomDeliveries, WebhookSecrets};
pub use raw::{BodyError, MAX_BODY_BYTES, MAX_DEPTH, raw_body};
pub use signature::{SIGNATURE_HEADER, SecretsError, SignatureError, SigningSecrets};
pub use trigger::Trigger;
pub use veil::veil;
