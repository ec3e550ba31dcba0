//! An answer on its way out, and the ways in which it may not get there.
//! Headers of the original are on every answer that the original would send.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::core::api_error::ApiError;
use crate::core::throttle::Verdict;

#[derive(Debug, Clone)]
enum Content {
    Json(Value),
    Html(&'static str),
}

#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    content: Content,
    limit: Option<Verdict>,
    request_id: String,
}

/// What becomes of a call.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    Answer(Reply),
    /// Half the body, then nothing.
    Truncated(Reply),
    /// No answer until the client gives up.
    Silence,
    /// The connection breaks.
    Cut,
}

impl Reply {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        let content = Content::Json(body);
        Self { status, content, limit: None, request_id: String::new() }
    }

    /// `{"status":"success","data":…}`.
    pub(crate) fn success(status: u16, data: &Value) -> Self {
        Self::json(status, json!({ "status": "success", "data": data }))
    }

    pub(crate) fn error(error: &ApiError, target: &str, now: Timestamp) -> Self {
        Self::json(error.status, error.body(target, now))
    }

    /// What a proxy in front would say.
    pub(crate) fn gateway(status: u16) -> Self {
        let page = match status {
            502 => "<html><head><title>502 Bad Gateway</title></head></html>",
            503 => "<html><head><title>503 Service Temporarily Unavailable</title></head></html>",
            _ => "<html><head><title>504 Gateway Time-out</title></head></html>",
        };
        let content = Content::Html(page);
        Self { status, content, limit: None, request_id: String::new() }
    }

    /// The health answer.
    pub(crate) fn text_ok() -> Self {
        let content = Content::Html("OK");
        Self { status: 200, content, limit: None, request_id: String::new() }
    }

    pub(crate) fn with_limit(mut self, limit: Option<Verdict>) -> Self {
        self.limit = limit;
        self
    }

    pub(crate) fn with_request_id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.request_id);
        self
    }

    fn parts(&self) -> (Vec<u8>, &'static str) {
        match &self.content {
            Content::Json(value) => {
                (value.to_string().into_bytes(), "application/json; charset=utf-8")
            }
            Content::Html(page) => (page.as_bytes().to_vec(), "text/html; charset=utf-8"),
        }
    }

    fn numbered(&self) -> Option<HeaderValue> {
        let id = Some(&self.request_id).filter(|id| !id.is_empty())?;
        HeaderValue::from_str(id).ok()
    }

    fn head(&self, kind: &'static str, body: Body) -> Response {
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
        if let Some(id) = self.numbered() {
            headers.insert("x-request-id", id);
        }
        if let Some(limit) = self.limit {
            headers.insert("x-ratelimit-limit-default", HeaderValue::from(limit.limit));
            headers.insert("x-ratelimit-remaining-default", HeaderValue::from(limit.remaining));
            headers.insert("x-ratelimit-reset-default", HeaderValue::from(limit.reset_seconds));
        }
        response
    }

    pub(crate) fn into_response(self) -> Response {
        let (bytes, kind) = self.parts();
        self.head(kind, Body::from(bytes))
    }
}
