//! Reservations: made, listed, read, moved, cancelled, approved, declined, kept or missed;
//! and what was refused, counted.

pub mod approve;
pub mod cancel;
mod changes;
pub mod create;
pub mod decline;
pub mod get;
pub mod history;
pub mod list;
pub mod refusals_list;
mod reply;
pub mod reschedule;
pub mod session_attendance;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&create::ROUTE, |app, call| Box::pin(create::handle(app, call))),
    (&list::ROUTE, |app, call| Box::pin(list::handle(app, call))),
    (&get::ROUTE, |app, call| Box::pin(get::handle(app, call))),
    (&history::ROUTE, |app, call| Box::pin(history::handle(app, call))),
    (&cancel::ROUTE, |app, call| Box::pin(cancel::handle(app, call))),
    (&reschedule::ROUTE, |app, call| Box::pin(reschedule::handle(app, call))),
    (&approve::ROUTE, |app, call| Box::pin(approve::handle(app, call))),
    (&decline::ROUTE, |app, call| Box::pin(decline::handle(app, call))),
    (&session_attendance::ROUTE, |app, call| Box::pin(session_attendance::handle(app, call))),
    (&refusals_list::ROUTE, |app, call| Box::pin(refusals_list::handle(app, call))),
];
