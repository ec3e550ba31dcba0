//! Changes a machine or host, its mapping to a calendar included.

use interlock_app::model::Resource;
use interlock_app::{App, AppError, GuideChange, UpdateResource, update_resource};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde::Deserialize;

use crate::mapping::Mapping;
use crate::view;

/// `PATCH /api/machines/{machineId}`, `PATCH /api/hosts/{hostId}`.
pub const ROUTE: Route = Route::patch("machines.update", "/api/machines/{machineId}")
    .twin("/api/hosts/{hostId}")
    .manages()
    .reads(|call| call.resource_id().iter().map(Resource::key_of).collect());

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UpdateMachine {
    name: Option<String>,
    category: Option<String>,
    description: Option<String>,
    bring: Option<String>,
    place: Option<String>,
    active: Option<bool>,
    policy_needs_second: Option<bool>,
    four_eyes: Option<bool>,
    mapping: Option<Mapping>,
}

/// 200 with the machine or host; 428 without `If-Match`, 412 if it changed meanwhile, 422
/// `mapping_refused` if the kinds at Cal.com are not usable.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let body: UpdateMachine = call.json()?;
    let two_people = body.policy_needs_second.or(body.four_eyes);
    if two_people.is_some() && !is_admin(&call)? {
        return Err(AppError::RoleRequired.into());
    }
    let request = UpdateResource {
        id: call.resource_id()?,
        version: call.if_match()?,
        name: body.name,
        category: body.category,
        guide: GuideChange { description: body.description, bring: body.bring, place: body.place },
        active: body.active,
        policy_needs_second: body.policy_needs_second,
        four_eyes: body.four_eyes,
        mapping: body.mapping.map(Into::into),
        act: call.act()?,
    };
    let stored = update_resource(&app, call.take_snapshot(), &request).await?;
    Ok(Reply::ok(&view::body(&stored.value, app.now())).etag(stored.version))
}

/// Whether two must agree, on a policy or on a person, is not for those who would have to agree.
fn is_admin(call: &Call) -> Result<bool, Problem> {
    Ok(call.caller()?.account.value.rank() >= Role::Admin.rank())
}
