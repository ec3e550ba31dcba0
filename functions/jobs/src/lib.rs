//! Work without a caller: deliveries, doubts, reconciliation.

pub mod outbox_calcom;
pub mod reconcile;
pub mod webhook_worker;
