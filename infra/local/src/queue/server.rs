//! The HTTP skin of the queue: SQS' JSON 1.0 protocol.
//! Any path is accepted, because SDKs post to the root and name the queue in the body.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::fault::QueueFault;
use super::protocol;
use super::service::QueueService;
use crate::counters::{Counters, Endpoint, count_signed};
use crate::random;

const JSON: &str = "application/x-amz-json-1.0";

#[derive(Clone)]
struct Skin {
    queues: QueueService,
    counters: Arc<Counters>,
}

/// Serves `queues` and counts the calls of each function.
pub fn router(queues: QueueService, counters: Arc<Counters>) -> Router {
    Router::new()
        .fallback(handle)
        .layer(DefaultBodyLimit::max(4 * 1024 * 1024))
        .with_state(Skin { queues, counters })
}

async fn handle(State(skin): State<Skin>, headers: HeaderMap, body: Bytes) -> Response {
    count_signed(&skin.counters, &headers, Endpoint::Queue);
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let target = header("x-amz-target").unwrap_or_default();
    let operation = target.strip_prefix("AmazonSQS.").unwrap_or(target);
    let base = format!("http://{}", header("host").unwrap_or("127.0.0.1"));
    let outcome = match serde_json::from_slice::<Value>(&body) {
        Ok(body) => protocol::run(&skin.queues, &base, operation, &body).await,
        Err(error) => Err(QueueFault::BadValue(error.to_string())),
    };
    let request_id = random::uuid();
    match outcome {
        Ok(answer) => {
            let headers = [("content-type", JSON), ("x-amzn-requestid", &request_id)];
            (StatusCode::OK, headers, answer.to_string()).into_response()
        }
        Err(fault) => refuse(&fault, &request_id),
    }
}

fn refuse(fault: &QueueFault, request_id: &str) -> Response {
    let (status, side) = if fault.is_sender() {
        (StatusCode::BAD_REQUEST, "Sender")
    } else {
        (StatusCode::INTERNAL_SERVER_ERROR, "Receiver")
    };
    let query_error = format!("{};{side}", fault.query_code());
    let body = json!({
        "__type": format!("com.amazonaws.sqs#{}", fault.kind()),
        "message": fault.to_string(),
    });
    let headers = [
        ("content-type", JSON),
        ("x-amzn-requestid", request_id),
        ("x-amzn-query-error", query_error.as_str()),
    ];
    (status, headers, body.to_string()).into_response()
}
