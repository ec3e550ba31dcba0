//! Shows the policy of a machine or host: in force, older, compared.

use interlock_app::model::Resource;
use interlock_app::{App, list_exemptions, policy_diff, policy_history, read_policy, read_save};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::PolicyVersion;
use serde_json::json;

use crate::exemption_view::ExemptionView;
use crate::policy_view::{self, SaveView};

/// `GET /api/machines/{machineId}/policy`, `GET /api/hosts/{hostId}/policy`.
pub const ROUTE: Route = Route::get("policy.get", "/api/machines/{machineId}/policy")
    .twin("/api/hosts/{hostId}/policy")
    .manages()
    .query(&["version", "history", "exemptions", "diffFrom", "diffTo", "limit", "cursor"])
    .reads(|call| call.resource_id().iter().map(Resource::key_of).collect());

/// One of the views.
enum View {
    Overview,
    Save(PolicyVersion),
    History,
    Exemptions,
    Diff(PolicyVersion, Option<PolicyVersion>),
}

/// 200 with what stands and its entity tag; with `version` one save, with `history=true` a page of
/// saves, with `diffFrom` and perhaps `diffTo` what differs, with `exemptions=true` a page of those
/// that were granted; 404.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let id = call.resource_id()?;
    let view = view(&call)?;
    let snapshot = call.take_snapshot();
    match view {
        View::Overview => Ok(policy_view::overview(&read_policy(&app, snapshot, &id).await?)),
        View::Save(version) => {
            let save = read_save(&app, snapshot, &id, version).await?;
            Ok(Reply::ok(&json!({ "save": SaveView::from(&save) })))
        }
        View::History => {
            let scope = format!("policy-history {id}");
            let wanted = (call.limit()?, call.cursor(&scope)?);
            let (saves, next) = policy_history(&app, snapshot, &id, wanted).await?;
            let items: Vec<SaveView<'_>> = saves.iter().map(SaveView::from).collect();
            Ok(Reply::page(&items, call.next_cursor(&scope, next.as_ref())))
        }
        View::Exemptions => {
            let scope = format!("exemptions {id}");
            let wanted = (call.limit()?, call.cursor(&scope)?);
            let (grants, next) = list_exemptions(&app, snapshot, &id, wanted).await?;
            let items: Vec<ExemptionView<'_>> = grants.iter().map(ExemptionView::from).collect();
            Ok(Reply::page(&items, call.next_cursor(&scope, next.as_ref())))
        }
        View::Diff(from, to) => {
            let (to, changes) = policy_diff(&app, snapshot, &id, (from, to)).await?;
            Ok(Reply::ok(&json!({ "from": from, "to": to, "changes": changes })))
        }
    }
}

fn view(call: &Call) -> Result<View, Problem> {
    let (from, to) = (number(call, "diffFrom")?, number(call, "diffTo")?);
    let views = [
        number(call, "version")?.map(View::Save),
        flag(call, "history")?.then_some(View::History),
        flag(call, "exemptions")?.then_some(View::Exemptions),
        from.map(|from| View::Diff(from, to)),
    ];
    let mut views = views.into_iter().flatten();
    let view = match (views.next(), views.next()) {
        (None, None) if to.is_none() => View::Overview,
        (Some(view), None) if to.is_none() || from.is_some() => view,
        (_, _) => {
            return Err(Problem::parameter("version", "one_view", "one of the views at a time"));
        }
    };
    match view {
        View::History | View::Exemptions => Ok(view),
        View::Overview | View::Save(_) | View::Diff(..) => unpaged(call).map(|()| view),
    }
}

/// What is no list has no pages, and a cursor that nobody looks at would seem to have been taken.
fn unpaged(call: &Call) -> Result<(), Problem> {
    let asked = ["limit", "cursor"].into_iter().find(|name| call.query_param(name).is_some());
    asked.map_or(Ok(()), |name| {
        Err(Problem::parameter(name, "not_a_list", "only `history` and `exemptions` have pages"))
    })
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
