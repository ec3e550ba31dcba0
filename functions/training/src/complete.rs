//! Enters a module into a person's standing: the caller's own once the server has counted enough,
//! another's on a manager's word.

use interlock_app::model::{Alternative, AlternativeKind};
use interlock_app::{App, Completed, complete_training, decline_watch, record_alternative};
use interlock_http::{Call, Problem, Reply, Route, problems};
use interlock_policy::{ModuleId, Role, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// `POST /api/training/complete` (S0-060).
pub const ROUTE: Route =
    Route::post("training.complete", "/api/training/complete").allow(Role::Member);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Complete {
    module_id: ModuleId,
    user_id: Option<UserId>,
    alternative: Option<AlternativeBody>,
    decline: Option<DeclineBody>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AlternativeBody {
    kind: AlternativeKind,
    note: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DeclineBody {
    reason: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    module_id: &'a ModuleId,
    completed: bool,
    completed_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    alternative: Option<&'a Alternative>,
}

/// 200 when completed, now or before; 202 when a manager has to look at it first; 409
/// `training_incomplete` with the gaps. With `alternative` or `decline`: 403 below manager and for
/// oneself, 409 `state_conflict` for a word on what does not wait for one.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let body: Complete = call.json()?;
    let (own, act) = (call.caller_id()?, call.act()?);
    if let Some(said) = &body.decline {
        return declined(&app, &call, &body, &said.reason).await;
    }
    let completed = match (body.user_id, body.alternative) {
        (None, None) => complete_training(&app, own, &body.module_id, &act).await?,
        (user_id, Some(said)) => {
            by_manager(&call)?;
            let about = user_id.as_ref().unwrap_or(own);
            let AlternativeBody { kind, note } = said;
            let word = Alternative { kind, recorded_by: own.clone(), note };
            record_alternative(&app, (about, &body.module_id), &word, &act).await?
        }
        (Some(_), None) => {
            let detail = "who completes for another says on what grounds";
            return Err(Problem::fault("/alternative", "required", detail));
        }
    };
    Ok(answer(&body.module_id, &completed))
}

fn by_manager(call: &Call) -> Result<(), Problem> {
    if crate::is_manager(call)? {
        return Ok(());
    }
    Err(Problem::new(&problems::ROLE_REQUIRED, "a manager's word is wanted"))
}

async fn declined(app: &App, call: &Call, body: &Complete, reason: &str) -> Result<Reply, Problem> {
    by_manager(call)?;
    if body.alternative.is_some() {
        return Err(Problem::fault("/decline", "not_both", "a yes or a no"));
    }
    let own = call.caller_id()?;
    let about = (body.user_id.as_ref().unwrap_or(own), &body.module_id);
    let declined = decline_watch(app, about, (own, reason), &call.act()?).await?;
    let told = json!({
        "moduleId": body.module_id, "completed": false, "declinedAt": declined.at,
    });
    Ok(Reply::ok(&told))
}

fn answer(module_id: &ModuleId, completed: &Completed) -> Reply {
    match completed {
        Completed::Entered(training) => {
            let (completed_at, alternative) =
                (training.completed_at, training.alternative.as_ref());
            Reply::ok(&Answer { module_id, completed: true, completed_at, alternative })
        }
        Completed::AwaitsConfirmation { since } => {
            let body = json!({
                "moduleId": module_id, "completed": false, "needsConfirmationSince": since,
            });
            Reply::accepted("/api/training/status", &body)
        }
    }
}
