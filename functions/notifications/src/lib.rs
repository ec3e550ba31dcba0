//! What people are told, and how they want to be told.

pub mod list;
pub mod preferences_get;
pub mod preferences_put;
mod preferences_view;
pub mod resend;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&list::ROUTE, |app, call| Box::pin(list::handle(app, call))),
    (&resend::ROUTE, |app, call| Box::pin(resend::handle(app, call))),
    (&preferences_get::ROUTE, |app, call| Box::pin(preferences_get::handle(app, call))),
    (&preferences_put::ROUTE, |app, call| Box::pin(preferences_put::handle(app, call))),
];
