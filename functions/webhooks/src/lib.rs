//! Deliveries of Cal.com: ordered, taken, looked at, tried again.

pub mod calcom;
pub mod calcom_webhooks_create;
pub mod calcom_webhooks_delete;
pub mod calcom_webhooks_list;
pub mod calcom_webhooks_update;
pub mod simulate;
mod wanted;
pub mod webhook_events_get;
pub mod webhook_events_list;
pub mod webhook_events_replay;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&calcom::ROUTE, |app, call| Box::pin(calcom::handle(app, call))),
    (&simulate::ROUTE, |app, call| Box::pin(simulate::handle(app, call))),
    (&webhook_events_list::ROUTE, |app, call| Box::pin(webhook_events_list::handle(app, call))),
    (&webhook_events_get::ROUTE, |app, call| Box::pin(webhook_events_get::handle(app, call))),
    (&webhook_events_replay::ROUTE, |app, call| Box::pin(webhook_events_replay::handle(app, call))),
    (&calcom_webhooks_list::ROUTE, |app, call| Box::pin(calcom_webhooks_list::handle(app, call))),
    (&calcom_webhooks_create::ROUTE, |app, call| {
        Box::pin(calcom_webhooks_create::handle(app, call))
    }),
    (&calcom_webhooks_update::ROUTE, |app, call| {
        Box::pin(calcom_webhooks_update::handle(app, call))
    }),
    (&calcom_webhooks_delete::ROUTE, |app, call| {
        Box::pin(calcom_webhooks_delete::handle(app, call))
    }),
];
