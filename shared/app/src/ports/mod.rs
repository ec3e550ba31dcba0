//! What the use cases need of the world; adapters live elsewhere and never see each other.

mod clock;
mod deliveries;
mod ids;
mod passwords;
mod pause;
mod queue;
pub mod scheduler;
pub mod store;
pub mod subscriptions;

pub use clock::Clock;
pub use deliveries::{Deliveries, DeliveryHint};
pub use ids::{Ids, new_id};
pub use passwords::Passwords;
pub use pause::Pause;
pub use queue::{Queue, QueueError, QueueName};
pub use scheduler::Scheduler;
pub use store::Store;
pub use subscriptions::Subscriptions;
