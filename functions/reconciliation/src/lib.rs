//! What reconciliation did and found, for admins.

pub mod finding_resolve;
pub mod findings_list;
pub mod run;
pub mod runs_list;
mod view;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&runs_list::ROUTE, |app, call| Box::pin(runs_list::handle(app, call))),
    (&run::ROUTE, |app, call| Box::pin(run::handle(app, call))),
    (&findings_list::ROUTE, |app, call| Box::pin(findings_list::handle(app, call))),
    (&finding_resolve::ROUTE, |app, call| Box::pin(finding_resolve::handle(app, call))),
];
