//! How an outage and what it does are shown.

use interlock_app::model::{Actor, Outage};
use interlock_app::{Impact, OutageEffect};
use interlock_policy::OutageId;
use jiff::Timestamp;
use serde::Serialize;

/// An outage as its maker sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OutageView<'a> {
    /// Absent where it was only tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a OutageId>,
    starts_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<Timestamp>,
    reason: &'a str,
    made_by: &'a Actor,
    made_at: Timestamp,
}

/// `{outage, reservations}`.
#[derive(Serialize)]
pub(crate) struct Effect<'a> {
    outage: OutageView<'a>,
    reservations: &'a Impact,
}

impl<'a> Effect<'a> {
    /// Of an outage; one that was only tried has no name yet.
    pub(crate) fn of(effect: &'a OutageEffect, named: bool) -> Self {
        let Outage { id, starts_at, ends_at, reason, made_by, made_at } = &effect.outage;
        let outage = OutageView {
            id: named.then_some(id),
            starts_at: *starts_at,
            ends_at: *ends_at,
            reason,
            made_by,
            made_at: *made_at,
        };
        Self { outage, reservations: &effect.impact }
    }
}
