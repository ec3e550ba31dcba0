//! Shows the policy of a machine or host: in force, older, compared.

use interlock_app::model::Resource;
use interlock_app::{App, policy_diff, policy_history, read_policy, read_save};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{PolicyVersion, Role};
use serde_json::json;

use crate::policy_view::{self, SaveView};

/// `GET /api/machines/{machineId}/policy`, `GET /api/hosts/{hostId}/policy`.
pub const ROUTE: Route = Route::get("policy.get", "/api/machines/{machineId}/policy")
    .twin("/api/hosts/{hostId}/policy")
    .allow(Role::Manager)
    .query(&["version", "history", "diffFrom", "diffTo", "limit", "cursor"])
    .reads(|call| call.resource_id().iter().map(Resource::key_of).collect());

/// 200 with what stands and its entity tag; with `version` one save, with `history=true` a page of
/// saves, with `diffFrom` and perhaps `diffTo` what differs; 404.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let id = call.resource_id()?;
    let version = number(&call, "version")?;
    let (from, to) = (number(&call, "diffFrom")?, number(&call, "diffTo")?);
    let history = flag(&call, "history")?;
    let snapshot = call.take_snapshot();
    match (version, history, from) {
        (None, false, None) if to.is_none() => {
            Ok(policy_view::overview(&read_policy(&app, snapshot, &id).await?))
        }
        (Some(version), false, None) if to.is_none() => {
            let save = read_save(&app, snapshot, &id, version).await?;
            Ok(Reply::ok(&json!({ "save": SaveView::from(&save) })))
        }
        (None, true, None) if to.is_none() => {
            let scope = format!("policy-history {id}");
            let wanted = (call.limit()?, call.cursor(&scope)?);
            let (saves, next) = policy_history(&app, snapshot, &id, wanted).await?;
            let items: Vec<SaveView<'_>> = saves.iter().map(SaveView::from).collect();
            Ok(Reply::page(&items, call.next_cursor(&scope, next.as_ref())))
        }
        (None, false, Some(from)) => {
            let (to, changes) = policy_diff(&app, snapshot, &id, (from, to)).await?;
            Ok(Reply::ok(&json!({ "from": from, "to": to, "changes": changes })))
        }
        _ => Err(Problem::parameter("version", "one_view", "one of the views at a time")),
    }
}

fn number(call: &Call, name: &str) -> Result<Option<PolicyVersion>, Problem> {
    let malformed = |_| Problem::parameter(name, "malformed", "a whole number is wanted");
    let text = call.query_param(name);
    text.map(|text| text.parse().map(PolicyVersion).map_err(malformed)).transpose()
}

fn flag(call: &Call, name: &str) -> Result<bool, Problem> {
    match call.query_param(name) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::parameter(name, "malformed", "`true` or `false` is wanted")),
    }
}
