//! The HTTP skin: sockets, the order of a request, deliveries, and the control surface.
//! All state is behind `Shared::run`, which saves before it returns.

pub(crate) mod app;
pub(crate) mod control;
pub(crate) mod control_people;
pub(crate) mod dispatch;
pub(crate) mod flow;
pub(crate) mod journal;
pub(crate) mod network;
pub(crate) mod reply;
pub(crate) mod sender;
pub(crate) mod shared;
