//! Logging in, logging out, and who is logged in.

pub mod login;
pub mod logout;
pub mod me;
mod opening;
pub mod password_change;
pub mod reset;
pub mod reset_request;
pub mod sessions_list;
pub mod sessions_revoke;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&login::ROUTE, |app, call| Box::pin(login::handle(app, call))),
    (&logout::ROUTE, |app, call| Box::pin(logout::handle(app, call))),
    (&me::ROUTE, |app, call| Box::pin(me::handle(app, call))),
    (&password_change::ROUTE, |app, call| Box::pin(password_change::handle(app, call))),
    (&reset_request::ROUTE, |app, call| Box::pin(reset_request::handle(app, call))),
    (&reset::ROUTE, |app, call| Box::pin(reset::handle(app, call))),
    (&sessions_list::ROUTE, |app, call| Box::pin(sessions_list::handle(app, call))),
    (&sessions_revoke::ROUTE, |app, call| Box::pin(sessions_revoke::handle(app, call))),
];
