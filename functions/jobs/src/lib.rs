//! Work without a caller: deliveries, doubts, reconciliation.

mod act;
pub mod outbox_calcom;
pub mod reconcile;
pub mod webhook_worker;
