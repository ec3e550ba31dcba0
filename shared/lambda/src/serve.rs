//! The loop around a handler: what a binary's `main` calls, and all it calls.
//!
//! Nothing outlives the answer to an invocation.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use interlock_app::ports::Chores;
use interlock_app::{Act, App, AppError, Feedback, Lost, Post, Received};
use interlock_http::{Call, Problem, Reply, Route, respond};
use lambda_http::{Request, service_fn};
use lambda_runtime::{Error, LambdaEvent};
use serde_json::Value;

use crate::compose::Process;
use crate::{job, logs, request};

/// A handler whatever it is: the loop around it is compiled once, and not once for each function.
type Handler = Arc<dyn Fn(App, Call) -> Answer + Send + Sync>;
type Answer = Pin<Box<dyn Future<Output = Result<Reply, Problem>> + Send>>;

/// Serves a route behind an HTTP API or a load balancer.
pub async fn serve<F, R>(route: &'static Route, handler: F) -> Result<(), Error>
where
    F: Fn(App, Call) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Reply, Problem>> + Send + 'static,
{
    serve_any(route, Arc::new(move |app, call| Box::pin(handler(app, call)))).await
}

async fn serve_any(route: &'static Route, handler: Handler) -> Result<(), Error> {
    logs::start();
    let process = Process::start()?;
    lambda_http::run(service_fn(move |event: Request| {
        let (process, handler) = (process.clone(), handler.clone());
        async move {
            // Who may not even call is told that first.
            let (app, ready) = match process.invoked().await {
                Ok(app) => (app, Ok(())),
                Err(error) => (process.app.clone(), Err(error)),
            };
            let request_id = app.id()?;
            let way = process.front.way(&event).await;
            let request = request::from_event(event, request_id).by(way);
            let answer = |app, call| async move {
                ready?;
                handler(app, call).await
            };
            let response = respond(route, answer, app, request).await;
            Ok::<_, Error>(request::to_event(response))
        }
    }))
    .await
}

/// Serves a queue: the handler is given one record at a time; one that ended without an answer of
/// the handler is told to `lost`.
pub async fn serve_queue<F, R, L, W>(job: &'static str, handler: F, lost: L) -> Result<(), Error>
where
    F: Fn(App, Act, Received) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<(), AppError>> + Send + 'static,
    L: Fn(App, Received, Lost) -> W + Clone + Send + Sync + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let run = |_: App, _: Act, _: Value| async {
        Err::<Value, _>(AppError::internal("the job takes batches of records alone"))
    };
    serve_job(job, (handler, lost), run).await
}

/// Serves a schedule: the handler is given the event and answers its report.
pub async fn serve_schedule<F, R>(job: &'static str, handler: F) -> Result<(), Error>
where
    F: Fn(App, Act, Value) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<Value, AppError>> + Send + 'static,
{
    let record =
        |_: App, _: Act, _: String| async { Err(AppError::internal("the job takes no records")) };
    serve_mixed(job, record, handler).await
}

/// Serves a queue and a schedule; a batch is known by its `Records`. The handler of a record is
/// given its body.
pub async fn serve_mixed<F, R, G, S>(
    job: &'static str,
    on_record: F,
    on_run: G,
) -> Result<(), Error>
where
    F: Fn(App, Act, String) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<(), AppError>> + Send + 'static,
    G: Fn(App, Act, Value) -> S + Clone + Send + Sync + 'static,
    S: Future<Output = Result<Value, AppError>> + Send + 'static,
{
    let record = move |app: App, act: Act, received: Received| on_record(app, act, received.body);
    serve_job(job, (record, |_: App, _: Received, _: Lost| async {}), on_run).await
}

/// Serves the schedule that sends letters, and the queue that tells what became of them. What
/// tells of no letter of ours is taken off the queue.
pub async fn serve_letters<F, R, G, S>(
    job: &'static str,
    on_feedback: F,
    on_run: G,
) -> Result<(), Error>
where
    F: Fn(App, Feedback) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<(), AppError>> + Send + 'static,
    G: Fn(App, Post) -> S + Clone + Send + Sync + 'static,
    S: Future<Output = Result<Value, AppError>> + Send + 'static,
{
    logs::start();
    let (process, post) = Process::start_with_post()?;
    let record = move |app: App, _: Act, received: Received| {
        let told = interlock_mail::feedback(&received.body);
        let on_feedback = on_feedback.clone();
        async move {
            match told {
                Ok(told) => on_feedback(app, told).await,
                Err(error) => {
                    tracing::warn!(%error, "an event about mail is left out");
                    Ok(())
                }
            }
        }
    };
    let run = move |app: App, _: Act, _: Value| on_run(app, post.clone());
    run_job(process, job, (record, |_: App, _: Received, _: Lost| async {}), run).await
}

/// Serves the schedules that stand in for Cal.com's own; the handler is given the event.
pub async fn serve_chores<F, R>(job: &'static str, handler: F) -> Result<(), Error>
where
    F: Fn(Arc<dyn Chores>, Value) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<Value, AppError>> + Send + 'static,
{
    logs::start();
    let (process, chores) = Process::start_with_chores()?;
    let record =
        |_: App, _: Act, _: Received| async { Err(AppError::internal("the job takes no records")) };
    let run = move |_: App, _: Act, event: Value| handler(chores.clone(), event);
    run_job(process, job, (record, |_: App, _: Received, _: Lost| async {}), run).await
}

async fn serve_job<F, R, L, W, G, S>(
    job: &'static str,
    handlers: (F, L),
    on_run: G,
) -> Result<(), Error>
where
    F: Fn(App, Act, Received) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<(), AppError>> + Send + 'static,
    L: Fn(App, Received, Lost) -> W + Clone + Send + Sync + 'static,
    W: Future<Output = ()> + Send + 'static,
    G: Fn(App, Act, Value) -> S + Clone + Send + Sync + 'static,
    S: Future<Output = Result<Value, AppError>> + Send + 'static,
{
    logs::start();
    run_job(Process::start()?, job, handlers, on_run).await
}

async fn run_job<F, R, L, W, G, S>(
    process: Process,
    job: &'static str,
    (on_record, lost): (F, L),
    on_run: G,
) -> Result<(), Error>
where
    F: Fn(App, Act, Received) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<(), AppError>> + Send + 'static,
    L: Fn(App, Received, Lost) -> W + Clone + Send + Sync + 'static,
    W: Future<Output = ()> + Send + 'static,
    G: Fn(App, Act, Value) -> S + Clone + Send + Sync + 'static,
    S: Future<Output = Result<Value, AppError>> + Send + 'static,
{
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| {
        let (process, on_run) = (process.clone(), on_run.clone());
        let (on_record, lost) = (on_record.clone(), lost.clone());
        // Boxed: a job is far larger than the loop that waits for it.
        Box::pin(async move {
            if job::is_batch(&event.payload) {
                job::records(&process, job, event, (&on_record, &lost)).await
            } else {
                job::run(&process, job, event, &on_run).await
            }
        })
    }))
    .await
}
