//! People: what an admin does to their accounts, and what everybody may ask of his own data.

pub mod erase;
pub mod export;
mod own;
pub mod update;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&update::ROUTE, |app, call| Box::pin(update::handle(app, call))),
    (&export::ROUTE, |app, call| Box::pin(export::handle(app, call))),
    (&erase::ROUTE, |app, call| Box::pin(erase::handle(app, call))),
];
