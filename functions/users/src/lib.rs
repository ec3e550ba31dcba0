//! People: who there is, what staff does to their accounts, and what everybody may ask of his own
//! data.

pub mod create;
pub mod erase;
pub mod export;
pub mod factor_reset;
pub mod get;
pub mod list;
mod own;
pub mod readiness;
pub mod update;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&list::ROUTE, |app, call| Box::pin(list::handle(app, call))),
    (&create::ROUTE, |app, call| Box::pin(create::handle(app, call))),
    (&get::ROUTE, |app, call| Box::pin(get::handle(app, call))),
    (&update::ROUTE, |app, call| Box::pin(update::handle(app, call))),
    (&readiness::ROUTE, |app, call| Box::pin(readiness::handle(app, call))),
    (&export::ROUTE, |app, call| Box::pin(export::handle(app, call))),
    (&erase::ROUTE, |app, call| Box::pin(erase::handle(app, call))),
    (&factor_reset::ROUTE, |app, call| Box::pin(factor_reset::handle(app, call))),
];
