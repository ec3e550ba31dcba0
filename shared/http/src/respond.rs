//! The one way through which every request goes: admit, handle, render, log one line.
//!
//! The log names route, status, time, request and the opaque id of the caller; never a body, an
//! e-mail or a token (RELIABILITY D4).

use std::future::Future;
use std::pin::Pin;
use std::time::Instant;

use http::Response;
use interlock_app::{App, Quota};
use interlock_policy::{RequestId, UserId};

use crate::reply::{render_problem, tell_quota};
use crate::{Call, Language, Problem, RawRequest, Reply, Route, admit, caught};

/// A handler as the list of a domain's routes keeps it.
pub type Handler = fn(App, Call) -> Pin<Box<dyn Future<Output = Result<Reply, Problem>> + Send>>;

/// Answers a request; never fails and never panics.
pub async fn respond<F, R>(
    route: &'static Route,
    handler: F,
    app: App,
    request: RawRequest,
) -> Response<Vec<u8>>
where
    F: FnOnce(App, Call) -> R,
    R: Future<Output = Result<Reply, Problem>>,
{
    let started = Instant::now();
    let request_id = request.request_id.clone();
    let trace_id = request.trace_id.clone();
    let language = Language::of(&request.headers);
    let mut known = Known::default();
    let work = handled(route, handler, app, request, &mut known);
    let outcome = match caught(work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Problem::internal("the handler panicked")),
    };
    let (mut response, problem) = match outcome {
        Ok(response) => (response, None),
        Err(problem) => {
            let problem = problem.told_in(language);
            (render_problem(&problem, &request_id), Some(problem))
        }
    };
    if let Some(quota) = &known.quota {
        tell_quota(response.headers_mut(), quota);
    }
    let line = Line { route, request_id, trace_id, known, problem, started };
    line.write(response.status().as_u16());
    response
}

async fn handled<F, R>(
    route: &'static Route,
    handler: F,
    app: App,
    request: RawRequest,
    known: &mut Known,
) -> Result<Response<Vec<u8>>, Problem>
where
    F: FnOnce(App, Call) -> R,
    R: Future<Output = Result<Reply, Problem>>,
{
    let call = admit(route, &app, request).await?;
    known.user_id = call.caller().ok().map(|caller| caller.user_id.clone());
    known.quota = call.quota;
    let front = app.settings.front;
    let reply = handler(app, call).await?;
    known.correlation_id = reply.correlation_id().cloned();
    reply.render(front)
}

/// What is known of a call once it is admitted, whatever becomes of it.
#[derive(Default)]
struct Known {
    user_id: Option<UserId>,
    quota: Option<Quota>,
    correlation_id: Option<RequestId>,
}

struct Line {
    route: &'static Route,
    request_id: RequestId,
    trace_id: Option<String>,
    known: Known,
    problem: Option<Problem>,
    started: Instant,
}

impl Line {
    fn write(&self, status: u16) {
        let milliseconds = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let user_id = self.known.user_id.as_ref().map_or("", |id| id.as_str());
        let code = self.problem.as_ref().map_or("", Problem::code);
        let cause = self.problem.as_ref().and_then(Problem::cause).unwrap_or("");
        let (route, request_id) = (self.route.name, self.request_id.as_str());
        // What began here goes back to nobody but itself.
        let correlation_id =
            self.known.correlation_id.as_ref().map_or(request_id, |id| id.as_str());
        let trace_id = self.trace_id.as_deref().unwrap_or("");
        if status >= 500 {
            tracing::error!(
                route,
                status,
                milliseconds,
                request_id,
                correlation_id,
                trace_id,
                user_id,
                code,
                cause,
                "request"
            );
        } else {
            tracing::info!(
                route,
                status,
                milliseconds,
                request_id,
                correlation_id,
                trace_id,
                user_id,
                code,
                cause,
                "request"
            );
        }
    }
}
