//! Fakes of every port, complete enough that a use case cannot tell them from the real thing.
//!
//! A fake never answers what the real adapter could not answer; the conformance suite of the
//! store holds the table's fake to that.

mod clock;
mod deliveries;
mod draws;
mod ids;
mod issuer;
mod passwords;
mod pause;
mod post;
mod queue;
pub mod scheduler;
mod script;
pub mod store;
pub mod world;

pub use clock::ManualClock;
pub use deliveries::FakeDeliveries;
pub use ids::SeededIds;
pub use issuer::FakeIssuer;
pub use passwords::FakePasswords;
pub use pause::ClockPause;
pub use post::{Handed, RecordingPost};
pub use queue::{RecordingQueue, Sent};
pub use scheduler::FakeScheduler;
pub use store::{FaultyStore, MemoryStore};
pub use world::World;
