//! What the use cases need of the world; adapters live elsewhere and never see each other.

mod chores;
mod clock;
mod deliveries;
mod ids;
mod issuer;
mod passwords;
mod pause;
mod post;
pub mod probe;
mod queue;
pub mod scheduler;
pub mod store;
pub mod subscriptions;
mod tally;

pub use chores::{Chore, ChoreError, Chores};
pub use clock::Clock;
pub use deliveries::{Deliveries, DeliveryHint};
pub use ids::{Ids, new_id};
pub use issuer::{Identity, Issuer, IssuerError};
pub use passwords::Passwords;
pub use pause::Pause;
pub use post::{Composer, Invite, Mail, Mailer, PostError, Texter, Wordless};
pub use probe::Probe;
pub use queue::{Queue, QueueError, QueueName};
pub use scheduler::Scheduler;
pub use store::Store;
pub use subscriptions::Subscriptions;
pub use tally::Tally;
