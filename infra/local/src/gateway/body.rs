//! Bodies between the wire and event JSON.
//! Text stays text when it can; everything else travels as base64, byte for byte.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// The body as an event field and whether it is base64.
pub(super) fn encode(headers: &HeaderMap, bytes: &[u8]) -> (Value, bool) {
    if bytes.is_empty() {
        return (Value::Null, false);
    }
    let is_encoded = headers.contains_key(header::CONTENT_ENCODING);
    match std::str::from_utf8(bytes) {
        Ok(text) if is_text(headers) && !is_encoded => (Value::String(text.to_owned()), false),
        _ => (Value::String(STANDARD.encode(bytes)), true),
    }
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    // Without a type the HTTP API treats a body as text.
    let Some(kind) = kind else { return true };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.starts_with("text/")
        || matches!(
            kind.as_str(),
            "application/json" | "application/javascript" | "application/xml"
        )
}

/// The bytes of an answer's `body` field.
pub(super) fn decode(answer: &Value) -> Option<Vec<u8>> {
    let body = match answer.get("body") {
        None | Some(Value::Null) => return Some(Vec::new()),
        Some(Value::String(text)) => text,
        Some(_) => return None,
    };
    match answer.get("isBase64Encoded").and_then(Value::as_bool) {
        Some(true) => STANDARD.decode(body).ok(),
        _ => Some(body.clone().into_bytes()),
    }
}
