//! Training modules: what there is, how far one has come, and what is completed.

pub mod complete;
pub mod modules_create;
pub mod modules_list;
pub mod modules_update;
pub mod progress;
pub mod status;
mod view;

use interlock_http::{Call, Handler, Problem, Route};
use interlock_policy::Role;

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&modules_list::ROUTE, |app, call| Box::pin(modules_list::handle(app, call))),
    (&modules_create::ROUTE, |app, call| Box::pin(modules_create::handle(app, call))),
    (&modules_update::ROUTE, |app, call| Box::pin(modules_update::handle(app, call))),
    (&progress::ROUTE, |app, call| Box::pin(progress::handle(app, call))),
    (&complete::ROUTE, |app, call| Box::pin(complete::handle(app, call))),
    (&status::ROUTE, |app, call| Box::pin(status::handle(app, call))),
];

fn is_manager(call: &Call) -> Result<bool, Problem> {
    Ok(call.caller()?.account.value.rank() >= Role::Manager.rank())
}
