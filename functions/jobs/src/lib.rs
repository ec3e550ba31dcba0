//! Work without a caller: deliveries, doubts, reconciliation, schedules.

pub mod audit_seal;
pub mod calcom_cron;
pub mod first_admin;
pub mod outbox_calcom;
pub mod outbox_notify;
pub mod reconcile;
pub mod webhook_worker;
