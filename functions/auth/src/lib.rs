//! Logging in, logging out, and who is logged in.

pub mod login;
pub mod logout;
pub mod me;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&login::ROUTE, |app, call| Box::pin(login::handle(app, call))),
    (&logout::ROUTE, |app, call| Box::pin(logout::handle(app, call))),
    (&me::ROUTE, |app, call| Box::pin(me::handle(app, call))),
];
