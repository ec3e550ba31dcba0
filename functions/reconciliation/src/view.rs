//! How runs and findings are shown: no uid of Cal.com's, no person but who closed it.

use std::collections::BTreeMap;

use interlock_app::model::{Finding, FindingClass, FindingState, Resolution, Run, RunState, Side};
use interlock_policy::{FindingId, ReservationId, ResourceId, RunId};
use jiff::Timestamp;
use serde::Serialize;

/// A run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunView<'a> {
    id: &'a RunId,
    pass: &'a str,
    state: RunState,
    slices: u32,
    started_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
    checked: u32,
    repaired: u32,
    found: &'a BTreeMap<String, u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'a str>,
}

impl<'a> From<&'a Run> for RunView<'a> {
    fn from(run: &'a Run) -> Self {
        Self {
            id: &run.id,
            pass: &run.pass,
            state: run.state,
            slices: run.slices,
            started_at: run.started_at,
            ended_at: run.ended_at,
            checked: run.checked,
            repaired: run.repaired,
            found: &run.found,
            failure: run.failure.as_deref(),
        }
    }
}

/// A finding.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FindingView<'a> {
    id: &'a FindingId,
    class: FindingClass,
    state: FindingState,
    action: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_id: Option<&'a ReservationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_id: Option<&'a ResourceId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ours: Option<&'a Side>,
    #[serde(skip_serializing_if = "Option::is_none")]
    theirs: Option<&'a Side>,
    first_seen: Timestamp,
    last_seen: Timestamp,
    count: u32,
    run_id: &'a RunId,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<&'a Resolution>,
}

impl<'a> From<&'a Finding> for FindingView<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            id: &finding.id,
            class: finding.class,
            state: finding.state,
            action: &finding.action,
            reservation_id: finding.reservation_id.as_ref(),
            resource_id: finding.resource_id.as_ref(),
            ours: finding.ours.as_ref(),
            theirs: finding.theirs.as_ref(),
            first_seen: finding.first_seen,
            last_seen: finding.last_seen,
            count: finding.count,
            run_id: &finding.run_id,
            resolution: finding.resolution.as_ref(),
        }
    }
}
