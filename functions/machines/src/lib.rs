//! Machines and hosts: what there is, what stands in the caller's way, when they are free.

pub mod availability;
pub mod checkout;
mod checkout_body;
pub mod create;
pub mod documents_accept;
pub mod eligibility;
mod exemption_view;
pub mod exemptions_grant;
pub mod exemptions_revoke;
pub mod get;
pub mod list;
mod mapping;
mod outage_view;
pub mod outages_create;
pub mod outages_end;
pub mod policy_get;
pub mod policy_preview;
pub mod policy_put;
mod policy_view;
mod prefetch;
pub mod presence;
pub mod update;
mod view;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&list::ROUTE, |app, call| Box::pin(list::handle(app, call))),
    (&get::ROUTE, |app, call| Box::pin(get::handle(app, call))),
    (&create::ROUTE, |app, call| Box::pin(create::handle(app, call))),
    (&update::ROUTE, |app, call| Box::pin(update::handle(app, call))),
    (&eligibility::ROUTE, |app, call| Box::pin(eligibility::handle(app, call))),
    (&checkout::ROUTE, |app, call| Box::pin(checkout::handle(app, call))),
    (&policy_get::ROUTE, |app, call| Box::pin(policy_get::handle(app, call))),
    (&policy_put::ROUTE, |app, call| Box::pin(policy_put::handle(app, call))),
    (&policy_preview::ROUTE, |app, call| Box::pin(policy_preview::handle(app, call))),
    (&exemptions_grant::ROUTE, |app, call| Box::pin(exemptions_grant::handle(app, call))),
    (&exemptions_revoke::ROUTE, |app, call| Box::pin(exemptions_revoke::handle(app, call))),
    (&outages_create::ROUTE, |app, call| Box::pin(outages_create::handle(app, call))),
    (&outages_end::ROUTE, |app, call| Box::pin(outages_end::handle(app, call))),
    (&documents_accept::ROUTE, |app, call| Box::pin(documents_accept::handle(app, call))),
    (&presence::ROUTE, |app, call| Box::pin(presence::handle(app, call))),
    (&availability::ROUTE, |app, call| Box::pin(availability::handle(app, call))),
];
