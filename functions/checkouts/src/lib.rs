//! Checkouts beside the bench: asked for, listed, taken back.

pub mod checkout_request;
pub mod checkout_revoke;
pub mod list;
mod view;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&checkout_request::ROUTE, |app, call| Box::pin(checkout_request::handle(app, call))),
    (&list::ROUTE, |app, call| Box::pin(list::handle(app, call))),
    (&checkout_revoke::ROUTE, |app, call| Box::pin(checkout_revoke::handle(app, call))),
];
