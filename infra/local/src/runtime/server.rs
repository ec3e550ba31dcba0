//! The Runtime API that functions ask for work: `/{instance}/2018-06-01/runtime/…`.
//! The path prefix tells the instances apart, so no process has to be trusted to name itself.

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::manager::Manager;
use crate::random;

/// Largest answer of a function, in bytes.
const ANSWER_LIMIT: usize = 6 * 1024 * 1024;

/// Routes of the Runtime API for all instances of `manager`.
pub fn router(manager: Manager) -> Router {
    let prefix = "/{instance}/2018-06-01/runtime";
    Router::new()
        .route(&format!("{prefix}/invocation/next"), get(next))
        .route(&format!("{prefix}/invocation/{{request}}/response"), post(response))
        .route(&format!("{prefix}/invocation/{{request}}/error"), post(failure))
        .route(&format!("{prefix}/init/error"), post(start_failure))
        .layer(DefaultBodyLimit::disable())
        .with_state(manager)
}

async fn next(State(manager): State<Manager>, Path(instance): Path<u64>) -> Response {
    let Some(receiver) = manager.next(instance) else { return gone() };
    let Ok(delivered) = receiver.await else { return gone() };
    let root = random::hexadecimal::<12>();
    let trace = format!("Root=1-{:08x}-{root};Sampled=0", delivered.deadline_milliseconds / 1000);
    let headers = [
        ("lambda-runtime-aws-request-id", delivered.request_id),
        ("lambda-runtime-deadline-ms", delivered.deadline_milliseconds.to_string()),
        ("lambda-runtime-invoked-function-arn", delivered.function_arn),
        ("lambda-runtime-trace-id", trace),
    ];
    let mut answer =
        ([(header::CONTENT_TYPE, "application/json")], delivered.payload).into_response();
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

async fn response(
    State(manager): State<Manager>,
    Path((instance, request)): Path<(u64, String)>,
    body: Bytes,
) -> Response {
    if body.len() > ANSWER_LIMIT {
        let detail = "Function.ResponseSizeTooLarge".to_owned();
        manager.complete(instance, &request, Err(detail));
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge");
    }
    accepted(manager.complete(instance, &request, Ok(body.to_vec())))
}

async fn failure(
    State(manager): State<Manager>,
    Path((instance, request)): Path<(u64, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    accepted(manager.complete(instance, &request, Err(error_text(&headers, &body))))
}

async fn start_failure(
    State(manager): State<Manager>,
    Path(instance): Path<u64>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    manager.start_failed(instance, error_text(&headers, &body));
    accepted(true)
}

fn error_text(headers: &HeaderMap, body: &[u8]) -> String {
    let kind = headers.get("lambda-runtime-function-error-type").and_then(|it| it.to_str().ok());
    let message = serde_json::from_slice::<Value>(body)
        .ok()
        .and_then(|value| value.get("errorMessage")?.as_str().map(str::to_owned));
    format!("{}: {}", kind.unwrap_or("Unhandled"), message.unwrap_or_default())
}

fn accepted(known: bool) -> Response {
    if known {
        (StatusCode::ACCEPTED, Json(json!({"status": "OK"}))).into_response()
    } else {
        refusal(StatusCode::BAD_REQUEST, "InvalidRequestID")
    }
}

fn refusal(status: StatusCode, kind: &str) -> Response {
    (status, Json(json!({"errorType": kind, "errorMessage": kind}))).into_response()
}

fn gone() -> Response {
    refusal(StatusCode::GONE, "InstanceEnding")
}
