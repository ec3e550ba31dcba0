//! How a policy and its saves are shown.

use interlock_app::PolicyOverview;
use interlock_app::model::{Actor, PolicySave, SaveDecision, SaveState};
use interlock_http::Reply;
use interlock_policy::{Policy, PolicyVersion};
use jiff::Timestamp;
use serde::Serialize;

/// One save.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SaveView<'a> {
    version: PolicyVersion,
    state: SaveState,
    author: &'a Actor,
    reason: &'a str,
    saved_at: Timestamp,
    effective_from: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    restores: Option<PolicyVersion>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided: Option<&'a SaveDecision>,
    policy: &'a Policy,
}

/// What stands.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Overview<'a> {
    in_force: SaveView<'a>,
    planned: Vec<SaveView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<SaveView<'a>>,
    needs_second: bool,
}

impl<'a> From<&'a PolicySave> for SaveView<'a> {
    fn from(save: &'a PolicySave) -> Self {
        Self {
            version: save.version(),
            state: save.state,
            author: &save.author,
            reason: &save.reason,
            saved_at: save.saved_at,
            effective_from: save.effective_from,
            restores: save.restores,
            decided: save.decided.as_ref(),
            policy: &save.policy,
        }
    }
}

/// 200 with what stands and its entity tag.
pub(crate) fn overview(found: &PolicyOverview) -> Reply {
    let body = Overview {
        in_force: SaveView::from(&found.in_force),
        planned: found.planned.iter().map(SaveView::from).collect(),
        proposal: found.proposal.as_ref().map(SaveView::from),
        needs_second: found.needs_second,
    };
    Reply::ok(&body).etag(found.tag)
}
