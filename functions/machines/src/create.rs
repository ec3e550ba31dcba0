//! Makes a machine or host.

use interlock_app::{App, CreateResource, GuideChange, create_resource};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{ResourceId, Role, UserId, ZoneName};
use serde::Deserialize;

use crate::mapping::Mapping;
use crate::view;

/// `POST /api/machines`, `POST /api/hosts`.
pub const ROUTE: Route =
    Route::post("machines.create", "/api/machines").twin("/api/hosts").allow(Role::Admin);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CreateMachine {
    id: ResourceId,
    name: String,
    category: String,
    description: Option<String>,
    bring: Option<String>,
    place: Option<String>,
    time_zone: ZoneName,
    user_id: Option<UserId>,
    mapping: Option<Mapping>,
}

/// 201 with the machine or host; 409 if the id is taken.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let body: CreateMachine = call.json()?;
    if body.id.kind() != view::kind_of(&call) {
        return Err(Problem::fault("/id", "wrong_kind", "the id belongs under the other path"));
    }
    let request = CreateResource {
        id: body.id,
        name: body.name,
        category: body.category,
        guide: GuideChange { description: body.description, bring: body.bring, place: body.place },
        time_zone: body.time_zone,
        user_id: body.user_id,
        mapping: body.mapping.map(Into::into),
        act: call.act()?,
    };
    let stored = create_resource(&app, &request).await?;
    let location = view::path(&stored.value.id);
    Ok(Reply::created(location, &view::body(&stored.value, app.now())).etag(stored.version))
}
