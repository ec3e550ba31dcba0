//! The deterministic core of the stand-in: state and rules, with time and chance passed in.
//! Nothing in here reads a clock, a socket, a file or a random source.

pub(crate) mod api_error;
pub(crate) mod auth;
pub(crate) mod availability;
pub(crate) mod cancel;
pub(crate) mod create;
pub(crate) mod create_checks;
pub(crate) mod decide;
pub(crate) mod delivery;
pub(crate) mod event_types;
pub(crate) mod faults;
pub(crate) mod holds;
pub(crate) mod ident;
pub(crate) mod legacy;
pub(crate) mod limits;
pub(crate) mod list;
pub(crate) mod model;
pub(crate) mod output;
pub(crate) mod payload;
pub(crate) mod people;
pub(crate) mod request;
pub(crate) mod reschedule;
pub(crate) mod route;
pub(crate) mod schedules;
pub(crate) mod slots;
pub(crate) mod strict;
pub(crate) mod subscriptions;
pub(crate) mod table;
pub(crate) mod throttle;
pub(crate) mod time;
pub(crate) mod validate;
pub(crate) mod world;
