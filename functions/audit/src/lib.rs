//! Who did what, for admins, and whether the record of it is as it was sealed.

pub mod list;
pub mod verify;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&list::ROUTE, |app, call| Box::pin(list::handle(app, call))),
    (&verify::ROUTE, |app, call| Box::pin(verify::handle(app, call))),
];
