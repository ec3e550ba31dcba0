//! Logging in, logging out, who is logged in, and the second factor.

pub mod factor_begin;
pub mod factor_confirm;
pub mod factor_remove;
pub mod login;
pub mod login_code;
pub mod logout;
pub mod me;
mod opening;
pub mod password_change;
pub mod recovery_codes;
pub mod reset;
pub mod reset_request;
pub mod sessions_list;
pub mod sessions_revoke;
pub mod step_up;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&login::ROUTE, |app, call| Box::pin(login::handle(app, call))),
    (&login_code::ROUTE, |app, call| Box::pin(login_code::handle(app, call))),
    (&logout::ROUTE, |app, call| Box::pin(logout::handle(app, call))),
    (&me::ROUTE, |app, call| Box::pin(me::handle(app, call))),
    (&password_change::ROUTE, |app, call| Box::pin(password_change::handle(app, call))),
    (&reset_request::ROUTE, |app, call| Box::pin(reset_request::handle(app, call))),
    (&reset::ROUTE, |app, call| Box::pin(reset::handle(app, call))),
    (&sessions_list::ROUTE, |app, call| Box::pin(sessions_list::handle(app, call))),
    (&sessions_revoke::ROUTE, |app, call| Box::pin(sessions_revoke::handle(app, call))),
    (&factor_begin::ROUTE, |app, call| Box::pin(factor_begin::handle(app, call))),
    (&factor_confirm::ROUTE, |app, call| Box::pin(factor_confirm::handle(app, call))),
    (&factor_remove::ROUTE, |app, call| Box::pin(factor_remove::handle(app, call))),
    (&recovery_codes::ROUTE, |app, call| Box::pin(recovery_codes::handle(app, call))),
    (&step_up::ROUTE, |app, call| Box::pin(step_up::handle(app, call))),
];
