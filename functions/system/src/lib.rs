//! The product about itself: whether it runs, and how it is called.

pub mod health;
pub mod openapi;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&health::ROUTE, |app, call| Box::pin(health::handle(app, call))),
    (&openapi::ROUTE, |app, call| Box::pin(openapi::handle(app, call))),
];
