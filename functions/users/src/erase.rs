//! Erases a person.

use interlock_app::model::ErasureReport;
use interlock_app::{App, EraseRequest, erase_user};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use interlock_policy::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::own::person;

/// `POST /api/users/{userId}/erase` (RELIABILITY D2).
pub const ROUTE: Route =
    Route::post("users.erase", "/api/users/{userId}/erase").any_caller().factor(FactorRule::Fresh);

/// The id once more, because it cannot be taken back.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Erase {
    confirm: UserId,
}

#[derive(Serialize)]
struct Body<'a> {
    erasure: View<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View<'a> {
    user_id: &'a UserId,
    state: &'static str,
    started_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
    report: &'a ErasureReport,
}

/// 200 with the report when it is done, 202 while work is left; asked again it tells how it stands.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Erase { confirm } = call.json()?;
    let user_id = person(&call)?;
    if confirm != user_id {
        let wrong = interlock_app::AppError::invalid("/confirm", "differs", "the id of the path");
        return Err(wrong.into());
    }
    let asked_by = call.caller_id()?.clone();
    let request = EraseRequest { user_id, asked_by, act: call.act()? };
    let erasure = erase_user(&app, &request).await?;
    let view = View {
        user_id: &erasure.user_id,
        state: if erasure.ended_at.is_some() { "done" } else { "working" },
        started_at: erasure.started_at,
        ended_at: erasure.ended_at,
        report: &erasure.report,
    };
    let body = Body { erasure: view };
    Ok(match erasure.ended_at {
        Some(_) => Reply::ok(&body),
        None => Reply::accepted(call.path(), &body),
    })
}
