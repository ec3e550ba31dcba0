//! Lists the training modules.

use interlock_app::{App, list_modules};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

use crate::view::ModuleView;

/// `GET /api/training/modules` (S0-058).
pub const ROUTE: Route =
    Route::get("training.modules-list", "/api/training/modules").allow(Role::Member);

/// 200 with every module.
pub async fn handle(app: App, _call: Call) -> Result<Reply, Problem> {
    let modules = list_modules(&app).await?.into_iter();
    let items: Vec<ModuleView> =
        modules.map(|stored| ModuleView::new(stored.value, stored.version)).collect();
    Ok(Reply::page(&items, None))
}
