//! A delivery of Cal.com: received fast, applied later, and only ever as a hint (PRODUCT D5, D10).
//!
//! The bytes are sent on before anybody is answered, and every one that was sent on leaves a
//! record of what became of it (promise R11).

mod apply;
mod batch;
mod inbox;
mod keep;
mod overlay;
mod receive;
mod simulate;

pub use apply::{Applied, apply_delivery, apply_received, give_up_delivery};
pub use batch::{Batch, Lost, MOST_RECEIVES, Received};
pub use inbox::{DeliveryQuery, EventView, list_deliveries, read_delivery, replay_delivery};
pub use receive::{QueuedDelivery, Signed, receive_delivery, receive_signed, verify_delivery};
pub use simulate::{Planned, Simulation, simulate_delivery, simulate_kept};
