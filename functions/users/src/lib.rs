//! People: what an admin does to their accounts.

pub mod update;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] =
    &[(&update::ROUTE, |app, call| Box::pin(update::handle(app, call)))];
