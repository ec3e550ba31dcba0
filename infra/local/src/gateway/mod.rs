//! The front: routes of the template in the event shapes of the platform, plus the runner's own.
//! A path or method that the template does not name is answered as the HTTP API answers it.

mod balancer_event;
mod body;
mod developer;
mod docs;
mod front;
mod http_event;
mod reply;
mod routes;

pub use developer::{Developer, router as developer_router};
pub use docs::router as docs_router;
pub use front::{Front, router as front_router};
pub use routes::{Match, RouteTable};
