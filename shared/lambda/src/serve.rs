//! The loop around a handler: what a binary's `main` calls, and all it calls.
//!
//! Nothing outlives the answer to an invocation.

use std::future::Future;

use interlock_app::{Act, App, AppError};
use interlock_http::{Call, Problem, Reply, Route, respond};
use lambda_http::{Request, service_fn};
use lambda_runtime::{Error, LambdaEvent};
use serde_json::Value;

use crate::compose::Process;
use crate::{job, logs, request};

/// Serves a route behind an HTTP API or a load balancer.
pub async fn serve<F, R>(route: &'static Route, handler: F) -> Result<(), Error>
where
    F: Fn(App, Call) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<Reply, Problem>> + Send + 'static,
{
    logs::start();
    let process = Process::start().await?;
    lambda_http::run(service_fn(move |event: Request| {
        let (process, handler) = (process.clone(), handler.clone());
        async move {
            let app = process.invoked();
            let request_id = app.id()?;
            let request = request::from_event(event, request_id);
            let response = respond(route, handler, app, request).await;
            Ok::<_, Error>(request::to_event(response))
        }
    }))
    .await
}

/// Serves a queue: the handler is given one record's body at a time.
pub async fn serve_queue<F, R>(job: &'static str, handler: F) -> Result<(), Error>
where
    F: Fn(App, Act, String) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<(), AppError>> + Send + 'static,
{
    let run = |_: App, _: Act, _: Value| async {
        Err::<Value, _>(AppError::internal("the job takes batches of records alone"))
    };
    serve_mixed(job, handler, run).await
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

/// Serves a queue and a schedule; a batch is known by its `Records`.
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
    logs::start();
    let process = Process::start().await?;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| {
        let (process, on_record, on_run) = (process.clone(), on_record.clone(), on_run.clone());
        async move {
            if job::is_batch(&event.payload) {
                job::records(&process, job, event, &on_record).await
            } else {
                job::run(&process, job, event.payload, &on_run).await
            }
        }
    }))
    .await
}
