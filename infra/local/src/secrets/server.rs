//! `GetSecretValue` in JSON 1.1, the only call that functions make, and `PutSecretValue`, with
//! which an operator rotates. Every other operation is refused by name.

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
    let request: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let text = |name: &str| request.get(name).and_then(Value::as_str).unwrap_or_default();
    match operation.strip_prefix("secretsmanager.") {
        Some("GetSecretValue") => get(&secrets, text("SecretId")),
        Some("PutSecretValue") => put(&secrets, text("SecretId"), text("SecretString")),
        _ => refuse("UnknownOperationException", &format!("unknown operation `{operation}`")),
    }
}

fn get(secrets: &Secrets, id: &str) -> Response {
    if id.is_empty() {
        return refuse("InvalidParameterException", "`SecretId` is missing");
    }
    let Some((name, value)) = secrets.get(id) else { return unknown() };
    let mut answer = described(&name);
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("SecretString".to_owned(), value.into());
        fields.insert("CreatedDate".to_owned(), wall::now().as_second().into());
    }
    (StatusCode::OK, CONTENT_TYPE, answer.to_string()).into_response()
}

fn put(secrets: &Secrets, id: &str, value: &str) -> Response {
    if value.is_empty() {
        return refuse("InvalidParameterException", "`SecretString` is missing");
    }
    match secrets.put(id, value) {
        Ok(Some(name)) => {
            (StatusCode::OK, CONTENT_TYPE, described(&name).to_string()).into_response()
        }
        Ok(None) => unknown(),
        Err(error) => refuse("InternalServiceError", &error.to_string()),
    }
}

fn unknown() -> Response {
    refuse("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
}

fn described(name: &str) -> Value {
    json!({
        "ARN": format!("arn:aws:secretsmanager:eu-central-1:000000000000:secret:{name}"),
        "Name": name,
        "VersionId": "00000000-0000-4000-8000-000000000000",
        "VersionStages": ["AWSCURRENT"],
    })
}

fn refuse(kind: &str, message: &str) -> Response {
    let body = json!({"__type": kind, "message": message}).to_string();
    (StatusCode::BAD_REQUEST, CONTENT_TYPE, body).into_response()
}
