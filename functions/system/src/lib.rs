//! The product about itself: whether it runs, and how it is called.

pub mod calcom_health;
pub mod health;
pub mod openapi;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&calcom_health::ROUTE, |app, call| Box::pin(calcom_health::handle(app, call))),
    (&health::ROUTE, |app, call| Box::pin(health::handle(app, call))),
    (&openapi::ROUTE, |app, call| Box::pin(openapi::handle(app, call))),
];
