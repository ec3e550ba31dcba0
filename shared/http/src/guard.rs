//! The only way from a request to a [`Call`].
//!
//! Session and data come from one read of the table (PRODUCT 10), and with a token of an issuer
//! outside from one more before it; whoever may not call learns nothing of what was read.

use std::time::Instant;

use interlock_app::ports::store::Transaction;
use interlock_app::{App, AppError, Claim, Quota, Snapshot, Uncounted};
use interlock_auth::Caller;
use interlock_policy::UserId;

use crate::shown::Shown;
use crate::{
    Call, PathParameters, Prefetch, Problem, RawRequest, Route, Way, confined, idempotency,
    problems, query, second_factor,
};

/// When to try again what there was no time for.
const RETRY_SECONDS: u32 = 2;

/// Admits a request to a route, or says why not.
pub async fn admit(route: &'static Route, app: &App, request: RawRequest) -> Result<Call, Problem> {
    through_the_front(request.way)?;
    if request.body.len() > route.max_body {
        return Err(Problem::new(&problems::BODY_TOO_LARGE, "the body is too large"));
    }
    in_time(route, &request)?;
    let path = PathParameters::of(route, &request);
    let shown = Shown::of(route, app, &request).await?;
    let snapshot = read(route, app, &request, &path, shown.as_ref()).await?;
    // A table that answers slowly may have used up what there was.
    in_time(route, &request)?;
    let caller = caller(route, app, &snapshot, shown.as_ref())?;
    if let Some(caller) = &caller {
        second_factor::check(route, app, caller)?;
        confined::check(route, &path, (&caller.account.value, &snapshot), app.now())?;
    }
    note_use(app, caller.as_ref()).await;
    query::check(route, &request)?;
    let quota = counted(route, app, &snapshot, caller.as_ref()).await?;
    let idempotency_key = match &caller {
        Some(caller) => idempotency::key(route, &request, &caller.user_id)?,
        None => None,
    };
    let cursor_key = app.settings.cursor_key;
    Ok(Call { route, request, path, caller, snapshot, quota, idempotency_key, cursor_key })
}

/// Refuses what went past the distribution, health included, before anything of it is read: the
/// web ACL has not seen it (`docs/THREAT_MODEL.md`).
fn through_the_front(way: Way) -> Result<(), Problem> {
    match way {
        Way::Allowed => Ok(()),
        Way::Past => {
            let detail = "calls are taken through the application's own address alone";
            Err(Problem::new(&problems::FRONT_REQUIRED, detail))
        }
        Way::Unproven => {
            let detail = "by which way the call came could not be told";
            let problem = Problem::new(&problems::UPSTREAM_UNAVAILABLE, detail);
            Err(problem.retry_after(RETRY_SECONDS))
        }
    }
}

/// Refuses what can no longer be done in time, before it is counted or changes anything
/// (RELIABILITY L3): half done, it would be a doubt to clear up, and its caller would be gone.
fn in_time(route: &Route, request: &RawRequest) -> Result<(), Problem> {
    let left = request.ends_at.map(|end| end.saturating_duration_since(Instant::now()));
    if left.is_none_or(|left| left >= route.needs) {
        return Ok(());
    }
    let detail = "there is too little time left to do it; nothing was begun";
    Err(Problem::new(&problems::OVERLOADED, detail).retry_after(RETRY_SECONDS))
}

async fn read(
    route: &Route,
    app: &App,
    request: &RawRequest,
    path: &PathParameters,
    shown: Option<&Shown>,
) -> Result<Snapshot, Problem> {
    let user_id: Option<&UserId> = shown.map(Shown::user_id);
    let mut keys = shown.map(Shown::keys).unwrap_or_default();
    keys.extend(user_id.and_then(|user_id| claim(route, user_id)).map(|claim| claim.key()));
    if let Some(reads) = route.reads {
        keys.extend(reads(&Prefetch { app, route, request, path, user_id }));
    }
    let asked = confined::key(route, path);
    keys.extend(asked.clone());
    keys.sort();
    keys.dedup();
    // A forgiving guess must not make the request fail; what is left out is read when needed,
    // and the session's keys are asked for in any case.
    if keys.len() > interlock_app::ports::store::MAX_READ {
        keys = shown.map(Shown::keys).unwrap_or_default();
        keys.extend(asked);
    }
    if keys.is_empty() {
        return Ok(Snapshot::default());
    }
    Ok(Snapshot::read(app.store.as_ref(), &keys).await?)
}

fn claim(route: &Route, user_id: &UserId) -> Option<Claim> {
    Some(Claim::new(route.limit?.rate, user_id.as_str()))
}

/// Counts a call against the limit of its route (RELIABILITY L1).
async fn counted(
    route: &Route,
    app: &App,
    snapshot: &Snapshot,
    caller: Option<&Caller>,
) -> Result<Option<Quota>, Problem> {
    let claim = caller.and_then(|caller| claim(route, &caller.user_id));
    let (Some(limit), Some(claim)) = (route.limit, claim) else { return Ok(None) };
    match interlock_app::take(app, &[claim], snapshot).await {
        Ok(quota) => Ok(Some(quota)),
        Err(error @ AppError::Unavailable { .. }) if limit.uncounted == Uncounted::Passes => {
            tracing::warn!(%error, "a read could not be counted and passes");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Notes that a session was used, now and then. A note that is lost makes the session end sooner
/// and never later, so the call goes on (RELIABILITY A2).
async fn note_use(app: &App, caller: Option<&Caller>) {
    let Some(used) = caller.and_then(|caller| caller.use_to_note(app.now())) else { return };
    let written = async {
        let transaction = Transaction::new().put(&used)?;
        app.store.commit(&transaction).await
    };
    if let Err(error) = written.await {
        tracing::warn!(%error, "the use of a session could not be noted");
    }
}

fn caller(
    route: &Route,
    app: &App,
    snapshot: &Snapshot,
    shown: Option<&Shown>,
) -> Result<Option<Caller>, Problem> {
    let caller = shown.map(|shown| shown.caller(snapshot, app.now())).transpose()?;
    if route.access.permits(caller.as_ref().map(|caller| &caller.account.value)) {
        Ok(caller)
    } else {
        Err(Problem::new(&problems::ROLE_REQUIRED, "your role does not suffice for this"))
    }
}
