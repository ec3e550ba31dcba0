//! Saves, brings back, confirms or withdraws a policy of a machine or host.

use interlock_app::model::Resource;
use interlock_app::{App, PolicyWish, PutPolicy, put_policy};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use interlock_policy::{Policy, PolicyVersion};
use jiff::Timestamp;
use serde::Deserialize;

use crate::policy_view;

/// `PUT /api/machines/{machineId}/policy`, `PUT /api/hosts/{hostId}/policy`.
pub const ROUTE: Route = Route::put("policy.put", "/api/machines/{machineId}/policy")
    .twin("/api/hosts/{hostId}/policy")
    .manages()
    .reads(|call| call.resource_id().iter().map(Resource::key_of).collect())
    .factor(FactorRule::Fresh);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Put {
    policy: Option<Box<Policy>>,
    roll_back_to: Option<PolicyVersion>,
    confirm: Option<PolicyVersion>,
    withdraw: Option<PolicyVersion>,
    effective_from: Option<Timestamp>,
    reason: String,
}

/// 200 with what stands then and its entity tag; 428 without `If-Match`, 412 if it changed
/// meanwhile, 403 `self_approval` for one's own proposal, 409 `state_conflict`.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let body: Put = call.json()?;
    let request = PutPolicy {
        resource_id: call.resource_id()?,
        tag: call.if_match()?,
        effective_from: body.effective_from,
        wish: wish(body.policy, body.roll_back_to, body.confirm, body.withdraw)?,
        reason: body.reason,
        act: call.act()?,
    };
    let found = put_policy(&app, call.take_snapshot(), &request).await?;
    Ok(policy_view::overview(&found))
}

fn wish(
    policy: Option<Box<Policy>>,
    roll_back_to: Option<PolicyVersion>,
    confirm: Option<PolicyVersion>,
    withdraw: Option<PolicyVersion>,
) -> Result<PolicyWish, Problem> {
    match (policy, roll_back_to, confirm, withdraw) {
        (Some(policy), None, None, None) => Ok(PolicyWish::Save(policy)),
        (None, Some(version), None, None) => Ok(PolicyWish::RollBack(version)),
        (None, None, Some(version), None) => Ok(PolicyWish::Confirm(version)),
        (None, None, None, Some(version)) => Ok(PolicyWish::Withdraw(version)),
        (_, _, _, _) => {
            let detail = "exactly one of `policy`, `rollBackTo`, `confirm` and `withdraw`";
            Err(Problem::fault("/policy", "one_wish", detail))
        }
    }
}
