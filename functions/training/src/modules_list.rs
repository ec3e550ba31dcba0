//! Lists the training modules.

use interlock_app::model::Module;
use interlock_app::{App, list_modules};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{ModuleId, Role};
use serde::Serialize;

/// `GET /api/training/modules` (S0-058).
pub const ROUTE: Route =
    Route::get("training.modules-list", "/api/training/modules").allow(Role::Member);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ModuleView {
    id: ModuleId,
    title: String,
    duration_seconds: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    youtube_video_id: Option<String>,
    active: bool,
}

impl From<Module> for ModuleView {
    fn from(module: Module) -> Self {
        Self {
            id: module.id,
            title: module.title,
            duration_seconds: module.duration_seconds,
            youtube_video_id: module.youtube_video_id,
            active: module.active,
        }
    }
}

/// 200 with every module.
pub async fn handle(app: App, _call: Call) -> Result<Reply, Problem> {
    let modules = list_modules(&app).await?;
    let items: Vec<ModuleView> = modules.into_iter().map(ModuleView::from).collect();
    Ok(Reply::page(&items, None))
}
