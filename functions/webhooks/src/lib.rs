//! Deliveries of Cal.com.

pub mod calcom;

use interlock_http::{Handler, Route};

/// Every route of the domain.
pub const ROUTES: &[(&Route, Handler)] =
    &[(&calcom::ROUTE, |app, call| Box::pin(calcom::handle(app, call)))];
