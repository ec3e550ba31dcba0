//! `GetSecretValue` in JSON 1.1, the only call that functions make.
//! Every other operation is refused by name.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::values::Secrets;
use crate::wall;

const CONTENT_TYPE: [(&str, &str); 1] = [("content-type", "application/x-amz-json-1.1")];

/// Serves `secrets`.
pub fn router(secrets: Secrets) -> Router {
    Router::new().fallback(handle).with_state(Arc::new(secrets))
}

async fn handle(State(secrets): State<Arc<Secrets>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok());
    let operation = target.unwrap_or_default();
    if operation != "secretsmanager.GetSecretValue" {
        return refuse("UnknownOperationException", &format!("unknown operation `{operation}`"));
    }
    let request: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let Some(id) = request.get("SecretId").and_then(Value::as_str) else {
        return refuse("InvalidParameterException", "`SecretId` is missing");
    };
    let Some((name, value)) = secrets.get(id) else {
        let detail = "Secrets Manager can't find the specified secret.";
        return refuse("ResourceNotFoundException", detail);
    };
    let answer = json!({
        "ARN": format!("arn:aws:secretsmanager:eu-central-1:000000000000:secret:{name}"),
        "Name": name,
        "SecretString": value,
        "VersionId": "00000000-0000-4000-8000-000000000000",
        "VersionStages": ["AWSCURRENT"],
        "CreatedDate": wall::now().as_second(),
    });
    (StatusCode::OK, CONTENT_TYPE, answer.to_string()).into_response()
}

fn refuse(kind: &str, message: &str) -> Response {
    let body = json!({"__type": kind, "message": message}).to_string();
    (StatusCode::BAD_REQUEST, CONTENT_TYPE, body).into_response()
}
