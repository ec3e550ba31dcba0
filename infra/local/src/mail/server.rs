//! SES v2 `SendEmail` over HTTP.
//! A mail that a receiver could not read is refused as the service refuses it.

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};

use super::letter::Letter;
use super::store::Mailbox;

/// Serves the send call into `mailbox`.
pub fn router(mailbox: Mailbox) -> Router {
    Router::new()
        .route("/v2/email/outbound-emails", post(send))
        .layer(DefaultBodyLimit::max(40 * 1024 * 1024))
        .with_state(mailbox)
}

async fn send(State(mailbox): State<Mailbox>, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let letter = match Letter::from_request(&request) {
        Ok(letter) => letter,
        Err(detail) => return refuse(detail),
    };
    match mailbox.put(&letter) {
        Ok(number) => Json(json!({"MessageId": format!("{number:016x}")})).into_response(),
        Err(error) => {
            tracing::error!(%error, "a mail could not be kept");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn refuse(detail: &str) -> Response {
    let kind = [("x-amzn-errortype", "BadRequestException")];
    (StatusCode::BAD_REQUEST, kind, Json(json!({"message": detail}))).into_response()
}
