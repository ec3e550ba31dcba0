//! Changes a training module, with a new version where the video is another one.

use interlock_app::{App, ModuleEdit, Said, UpdateModule, update_module};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{ModuleId, Role};
use interlock_watch::wire::GapBody;
use serde::Deserialize;

use crate::view::{ChangedBody, ModuleView, RulesBody, stretches};

/// `PATCH /api/training/modules/{moduleId}` (S0-037).
pub const ROUTE: Route =
    Route::patch("training.modules-update", "/api/training/modules/{moduleId}").allow(Role::Admin);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Update {
    title: Option<String>,
    duration_seconds: Option<u32>,
    #[serde(default)]
    youtube_video_id: Said<String>,
    active: Option<bool>,
    ignored_tail_seconds: Option<u32>,
    must_see: Option<Vec<GapBody>>,
    prerequisites: Option<Vec<ModuleId>>,
    #[serde(default)]
    rules: RulesBody,
    changed: Option<ChangedBody>,
    grace_days: Option<u16>,
}

/// 200 with the module; 428 without `If-Match`, 412 if it changed meanwhile.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let body: Update = call.json()?;
    let edit = ModuleEdit {
        title: body.title,
        duration_seconds: body.duration_seconds,
        youtube_video_id: body.youtube_video_id,
        active: body.active,
        ignored_tail_seconds: body.ignored_tail_seconds,
        must_see: body.must_see.as_deref().map(stretches),
        prerequisites: body.prerequisites,
        rules: body.rules.into(),
    };
    let request = UpdateModule {
        id: call.path_id("moduleId")?,
        version: call.if_match()?,
        edit,
        changed: body.changed.map(Into::into),
        grace_days: body.grace_days,
        act: call.act()?,
    };
    let stored = update_module(&app, &request).await?;
    let view = ModuleView::new(stored.value, stored.version);
    Ok(Reply::ok(&view.body()).etag(stored.version))
}
