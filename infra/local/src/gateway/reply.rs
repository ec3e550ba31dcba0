//! Answers of functions as HTTP responses, and the words of the front when there is none.
//! The HTTP API speaks JSON and the load balancer HTML, both with the platform's own texts.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::body;
use crate::runtime::InvokeError;

/// A JSON answer in the words of the HTTP API.
pub(super) fn gateway_message(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"message": message}))).into_response()
}

/// A page in the words of the load balancer.
pub(super) fn balancer_page(status: StatusCode) -> Response {
    let title = format!("{} {}", status.as_str(), status.canonical_reason().unwrap_or_default());
    let page = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n\
         <center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    );
    (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

/// What the HTTP API makes of an outcome.
pub(super) fn from_http_function(outcome: Result<Vec<u8>, InvokeError>) -> Response {
    let answer = match outcome {
        Ok(answer) => answer,
        Err(error) => return failed(&error),
    };
    let internal = || gateway_message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
    let Ok(answer) = serde_json::from_slice::<Value>(&answer) else { return internal() };
    if answer.get("statusCode").is_none() {
        // A bare value is the whole body in this payload format.
        let kind = [(header::CONTENT_TYPE, "application/json")];
        return (StatusCode::OK, kind, answer.to_string()).into_response();
    }
    response(&answer).unwrap_or_else(internal)
}

/// What the load balancer makes of an outcome.
pub(super) fn from_balancer_function(outcome: Result<Vec<u8>, InvokeError>) -> Response {
    let answer = match outcome {
        Ok(answer) => answer,
        Err(error) => {
            tracing::warn!(%error, "a function behind the balancer failed");
            return balancer_page(StatusCode::BAD_GATEWAY);
        }
    };
    let answer = serde_json::from_slice::<Value>(&answer).ok();
    answer.as_ref().and_then(response).unwrap_or_else(|| balancer_page(StatusCode::BAD_GATEWAY))
}

fn failed(error: &InvokeError) -> Response {
    tracing::warn!(%error, "a function failed");
    match error {
        InvokeError::TimedOut(_) | InvokeError::Busy(_) | InvokeError::Closing => {
            gateway_message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
        }
        InvokeError::Unknown(_)
        | InvokeError::NotStarted(..)
        | InvokeError::Crashed(..)
        | InvokeError::Failed(..) => {
            gateway_message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
        }
    }
}

/// A response from the fields of an answer; nothing when they make none.
fn response(answer: &Value) -> Option<Response> {
    let status = answer.get("statusCode")?;
    let status = status.as_u64().or_else(|| status.as_str()?.parse().ok())?;
    let status = StatusCode::from_u16(u16::try_from(status).ok()?).ok()?;
    let mut response = (status, body::decode(answer)?).into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    for (name, value) in fields(answer, "headers") {
        add(&mut response, name, value, false)?;
    }
    for (name, values) in fields(answer, "multiValueHeaders") {
        for (at, value) in values.as_array().into_iter().flatten().enumerate() {
            add(&mut response, name, value, at > 0)?;
        }
    }
    for cookie in answer.get("cookies").and_then(Value::as_array).into_iter().flatten() {
        add(&mut response, "set-cookie", cookie, true)?;
    }
    Some(response)
}

fn fields<'a>(answer: &'a Value, name: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let object = answer.get(name).and_then(Value::as_object);
    object.into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn add(response: &mut Response, name: &str, value: &Value, append: bool) -> Option<()> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    let name: HeaderName = name.parse().ok()?;
    if name == header::CONTENT_LENGTH || name == header::TRANSFER_ENCODING {
        return Some(());
    }
    let value = HeaderValue::from_bytes(text.as_bytes()).ok()?;
    if append {
        response.headers_mut().append(name, value);
    } else {
        response.headers_mut().insert(name, value);
    }
    Some(())
}
