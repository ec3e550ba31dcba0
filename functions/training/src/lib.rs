//! Training modules: what there is, how far one has come, and what is completed.

pub mod complete;
pub mod modules_list;
pub mod progress;
pub mod status;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&modules_list::ROUTE, |app, call| Box::pin(modules_list::handle(app, call))),
    (&progress::ROUTE, |app, call| Box::pin(progress::handle(app, call))),
    (&complete::ROUTE, |app, call| Box::pin(complete::handle(app, call))),
    (&status::ROUTE, |app, call| Box::pin(status::handle(app, call))),
];
