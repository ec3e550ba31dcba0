//! Completes a login with the second factor.

use interlock_app::model::UserBody;
use interlock_app::{Act, App, AppError, CodeAttempt, Showing, complete_login};
use interlock_http::{Call, Problem, Reply, Route};
use serde::{Deserialize, Serialize};

use crate::opening;

/// `POST /api/auth/login/code` (RELIABILITY P6).
pub const ROUTE: Route = Route::post("auth.login-code", "/api/auth/login/code").public();

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Code {
    code: Option<String>,
    recovery_code: Option<String>,
}

impl Code {
    /// The one that is shown.
    fn showing(&self) -> Result<Showing<'_>, Problem> {
        match (&self.code, &self.recovery_code) {
            (Some(code), None) => Ok(Showing::Code(code)),
            (None, Some(code)) => Ok(Showing::Recovery(code)),
            (None, None) => {
                Err(Problem::fault("/code", "missing_field", "a code or a recovery code is wanted"))
            }
            (Some(_), Some(_)) => {
                Err(Problem::fault("/recoveryCode", "not_both", "one of both is wanted"))
            }
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(flatten)]
    user: UserBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_codes_left: Option<usize>,
}

/// 200 with the person and the session cookie, and with how many recovery codes are left where one
/// was used; 401 `invalid_code` whatever is lacking, 429 `rate_limited`.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let body: Code = call.json()?;
    let showing = body.showing()?;
    let waiting = call.pending_login().ok_or(AppError::InvalidCode)?;
    let (shown, network) = (call.shown_device(), call.network());
    let attempt = CodeAttempt {
        user_id: waiting.user_id(),
        hash: &waiting.hash(),
        showing,
        address: network.as_deref(),
        device: shown.as_ref(),
    };
    let mut drawn = None;
    let open = |account: &_| {
        let (token, new) = opening::session(&app, &call, account);
        let browser = opening::browser(&app, waiting.user_id(), shown.as_ref());
        let hash = browser.as_ref().map(|(_, hash)| hash.clone());
        drawn = Some((token, new.life, browser));
        (new, hash)
    };
    let act = |actor| Act { actor, request_id: call.request_id().clone() };
    let done = complete_login(&app, &attempt, open, act).await?;
    let user = UserBody::at(&done.account, app.now());
    let reply = Reply::ok(&Body { user, recovery_codes_left: done.recovery_left }).waited();
    Ok(match drawn {
        Some((token, life, Some((browser, _)))) => reply.logged_in(&token, life).known(&browser),
        Some((token, life, None)) => reply.logged_in(&token, life),
        None => reply,
    })
}
