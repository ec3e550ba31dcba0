//! A person's reservations as a calendar to subscribe to.

pub mod feed;
pub mod feed_reset;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] = &[
    (&feed::ROUTE, |app, call| Box::pin(feed::handle(app, call))),
    (&feed_reset::ROUTE, |app, call| Box::pin(feed_reset::handle(app, call))),
];
