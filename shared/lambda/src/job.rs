//! One invocation of a job: a batch of records or one run of a schedule.
//!
//! Which of both it is, the event says by `Records`; nothing else of it is trusted.

use std::future::Future;
use std::time::{Duration, Instant, SystemTime};

use interlock_app::model::Actor;
use interlock_app::{Act, App, AppError, Lost, Received};
use interlock_http::{caught, cause};
use lambda_runtime::{Context, Error, LambdaEvent};
use serde_json::Value;

use crate::batch::{self, Batch, Limits};
use crate::compose::Process;
use crate::trace;

/// Who acts in an invocation of this job.
pub(crate) fn act(app: &App, job: &'static str) -> Result<Act, AppError> {
    Ok(Act { actor: Actor::System { job: job.to_owned() }, request_id: app.id()? })
}

/// Whether an event is a batch of records.
pub(crate) fn is_batch(payload: &Value) -> bool {
    payload.get("Records").is_some()
}

/// Works through a batch.
pub(crate) async fn records<F, R, L, W>(
    process: &Process,
    job: &'static str,
    event: LambdaEvent<Value>,
    (handler, lost): (&F, &L),
) -> Result<Value, Error>
where
    F: Fn(App, Act, Received) -> R,
    R: Future<Output = Result<(), AppError>>,
    L: Fn(App, Received, Lost) -> W,
    W: Future<Output = ()>,
{
    let limits = Limits::until(deadline(&event.context).into());
    let batch: Batch = serde_json::from_value(event.payload)?;
    let app = process.invoked().await?;
    let work = |received| {
        let (app, act) = (app.clone(), act(&app, job));
        async move { handler(app, act?, received).await }
    };
    let answer =
        batch::work(batch, limits, work, |received, why| lost(app.clone(), received, why)).await;
    Ok(serde_json::to_value(answer)?)
}

/// Does one run; its report is the answer.
pub(crate) async fn run<F, R>(
    process: &Process,
    job: &'static str,
    event: LambdaEvent<Value>,
    handler: &F,
) -> Result<Value, Error>
where
    F: Fn(App, Act, Value) -> R,
    R: Future<Output = Result<Value, AppError>>,
{
    let app = process.invoked().await?;
    let act = act(&app, job)?;
    let request_id = act.request_id.clone();
    let request_id = request_id.as_str();
    let trace_id = trace::of(&event.context).unwrap_or_default();
    match caught(handler(app, act, event.payload)).await {
        Ok(Ok(report)) => {
            tracing::info!(job, request_id, trace_id, "run ended");
            Ok(report)
        }
        Ok(Err(error)) => {
            let cause = cause(&error);
            tracing::error!(job, request_id, trace_id, cause, "run failed");
            Err(error.into())
        }
        Err(_) => Err("the job panicked".into()),
    }
}

/// When the invocation ends, by the wall clock and never by the product's.
#[expect(clippy::disallowed_methods, reason = "deadlines of the platform are in wall time")]
pub(crate) fn deadline(context: &Context) -> Instant {
    let end = SystemTime::UNIX_EPOCH + Duration::from_millis(context.deadline);
    Instant::now() + end.duration_since(SystemTime::now()).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::compose::tests::process;

    fn event(payload: Value, seconds: u64) -> LambdaEvent<Value> {
        let mut context = Context::default();
        #[expect(clippy::disallowed_methods, reason = "deadlines of the platform are in wall time")]
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        context.deadline = u64::try_from(now.as_millis()).unwrap() + seconds * 1000;
        LambdaEvent::new(payload, context)
    }

    async fn record(_: App, act: Act, received: Received) -> Result<(), AppError> {
        assert_eq!(act.actor, Actor::System { job: "worker".into() });
        if received.body == "good" { Ok(()) } else { Err(AppError::contended()) }
    }

    async fn lost(_: App, received: Received, why: Lost) {
        assert_eq!((received.receives, why), (1, Lost::NotBegun));
    }

    #[tokio::test]
    async fn a_batch_is_known_by_its_records_and_answered_with_failures() {
        let payload = json!({"Records": [
            {"messageId": "1", "body": "good"}, {"messageId": "2", "body": "bad"}]});
        assert!(is_batch(&payload));
        let process = process();
        let handlers = (&record, &lost);
        let soon = event(payload.clone(), 60);
        let answer = records(&process, "worker", soon, handlers).await.unwrap();
        assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "2"}]}));
        let late = records(&process, "worker", event(payload, 0), handlers).await.unwrap();
        assert_eq!(late["batchItemFailures"].as_array().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn a_run_answers_its_report_and_a_failed_one_fails() {
        async fn report(_: App, _: Act, input: Value) -> Result<Value, AppError> {
            match input.get("mode").and_then(Value::as_str) {
                Some("sweep") => Ok(json!({"due": 0})),
                Some(_) => panic!("a broken run"),
                None => Err(AppError::contended()),
            }
        }
        assert!(!is_batch(&json!({"mode": "sweep"})));
        let process = process();
        let run = |input| run(&process, "sweeper", event(input, 60), &report);
        assert_eq!(run(json!({"mode": "sweep"})).await.unwrap(), json!({"due": 0}));
        assert!(run(json!({})).await.is_err());
        assert!(run(json!({"mode": "panic"})).await.is_err());
    }
}
