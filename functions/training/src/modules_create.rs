//! Makes a training module.

use interlock_app::{App, CreateModule, ModuleEdit, Said, create_module};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{ModuleId, Role};
use interlock_watch::wire::GapBody;
use serde::Deserialize;

use crate::view::{ModuleView, RulesBody, stretches};

/// `POST /api/training/modules` (S0-037).
pub const ROUTE: Route =
    Route::post("training.modules-create", "/api/training/modules").allow(Role::Admin);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Create {
    id: Option<ModuleId>,
    title: String,
    duration_seconds: u32,
    youtube_video_id: Option<String>,
    active: Option<bool>,
    ignored_tail_seconds: Option<u32>,
    must_see: Option<Vec<GapBody>>,
    prerequisites: Option<Vec<ModuleId>>,
    #[serde(default)]
    rules: RulesBody,
}

/// 201 with the module; 409 if the id is taken.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let body: Create = call.json()?;
    let edit = ModuleEdit {
        title: Some(body.title),
        duration_seconds: Some(body.duration_seconds),
        youtube_video_id: body.youtube_video_id.map_or(Said::Absent, Said::Now),
        active: body.active,
        ignored_tail_seconds: body.ignored_tail_seconds,
        must_see: body.must_see.as_deref().map(stretches),
        prerequisites: body.prerequisites,
        rules: body.rules.into(),
    };
    let request = CreateModule { id: body.id, edit, act: call.act()? };
    let stored = create_module(&app, &request).await?;
    let location = format!("/api/training/modules/{}", stored.value.id);
    let view = ModuleView::new(stored.value, stored.version);
    Ok(Reply::created(location, &view.body()).etag(stored.version))
}
