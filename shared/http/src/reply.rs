//! Answers: status, headers and a JSON body.
//!
//! The headers a browser needs for safety are on every answer, problems included
//! (RELIABILITY A5).

use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, LOCATION, REFERRER_POLICY,
    RETRY_AFTER, SET_COOKIE, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use interlock_app::model::{Device, PendingLogin};
use interlock_app::{Front, Quota};
use interlock_auth::SessionToken;
use interlock_auth::cookie::{self, Cookie};
use interlock_policy::RequestId;
use jiff::SignedDuration;
use serde::Serialize;

use crate::Problem;

/// On every answer.
const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
    (REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// An answer to a call.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    cookies: Vec<Cookie>,
    body: Result<Vec<u8>, serde_json::Error>,
    correlation_id: Option<RequestId>,
}

impl Reply {
    /// 200 with a body.
    pub fn ok<T: Serialize>(body: &T) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// 201 with a body and where to find it.
    pub fn created<T: Serialize>(location: impl AsRef<str>, body: &T) -> Self {
        Self::json(StatusCode::CREATED, body).location(location)
    }

    /// 202 with a body and where to look again.
    pub fn accepted<T: Serialize>(location: impl AsRef<str>, body: &T) -> Self {
        Self::json(StatusCode::ACCEPTED, body).location(location)
    }

    /// 204.
    pub fn no_content() -> Self {
        Self::bare(StatusCode::NO_CONTENT)
    }

    /// A page of a list: `{items, nextCursor?}`.
    pub fn page<T: Serialize>(items: &[T], next_cursor: Option<String>) -> Self {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Page<'a, T> {
            items: &'a [T],
            #[serde(skip_serializing_if = "Option::is_none")]
            next_cursor: Option<String>,
        }
        Self::ok(&Page { items, next_cursor })
    }

    /// JSON that was made before, byte for byte; a status that is none becomes 500.
    pub fn raw(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::of(status, Ok(body.into()))
    }

    /// 200 with a document that is no JSON and that the entity tag names; a reader keeps it and
    /// asks each time whether it is still the one.
    pub fn document(content_type: &'static str, tag: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut reply = Self::of(StatusCode::OK, Ok(body.into()));
        reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        reply.revalidated(tag)
    }

    /// 304: what the reader has is still the document of this tag.
    pub fn not_modified(tag: &str) -> Self {
        Self::bare(StatusCode::NOT_MODIFIED).revalidated(tag)
    }

    fn bare(status: StatusCode) -> Self {
        let (headers, cookies, body) = (HeaderMap::new(), Vec::new(), Ok(Vec::new()));
        Self { status, headers, cookies, body, correlation_id: None }
    }

    fn revalidated(self, tag: &str) -> Self {
        let tagged = self.header(ETAG, format!("\"{tag}\""));
        tagged.header(CACHE_CONTROL, "private, no-cache")
    }

    /// Any status with a body.
    pub fn json<T: Serialize>(status: StatusCode, body: &T) -> Self {
        Self::of(status, serde_json::to_vec(body))
    }

    fn of(status: StatusCode, body: Result<Vec<u8>, serde_json::Error>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Self { status, headers, cookies: Vec::new(), body, correlation_id: None }
    }

    /// To a request that goes back to an earlier one, which its line in the log is to name.
    #[must_use]
    pub fn correlated(mut self, id: Option<RequestId>) -> Self {
        self.correlation_id = id;
        self
    }

    /// The request that this one goes back to.
    pub(crate) fn correlation_id(&self) -> Option<&RequestId> {
        self.correlation_id.as_ref()
    }

    /// With a header; a value that is none is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: impl AsRef<str>) -> Self {
        if let Ok(value) = HeaderValue::from_str(value.as_ref()) {
            self.headers.append(name, value);
        }
        self
    }

    /// With `Location`.
    #[must_use]
    pub fn location(self, location: impl AsRef<str>) -> Self {
        self.header(LOCATION, location)
    }

    /// With the entity tag of a version.
    #[must_use]
    pub fn etag(self, version: u64) -> Self {
        self.header(ETAG, format!("\"v{version}\""))
    }

    /// With a cookie, as `interlock_auth::cookie` makes it.
    #[must_use]
    pub fn cookie(mut self, cookie: Cookie) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// With the cookie of a session that was just opened for so long.
    #[must_use]
    pub fn logged_in(self, token: &SessionToken, life: SignedDuration) -> Self {
        self.cookie(cookie::issue(token, life))
    }

    /// With the cookie that makes a browser known.
    #[must_use]
    pub fn known(self, token: &SessionToken) -> Self {
        self.cookie(cookie::know(token, Device::LIFE))
    }

    /// With the cookie of a login that waits for the second factor.
    #[must_use]
    pub fn waiting(self, token: &SessionToken) -> Self {
        self.cookie(cookie::wait(token, PendingLogin::LIFE))
    }

    /// With the cookie that ends the waiting.
    #[must_use]
    pub fn waited(self) -> Self {
        self.cookie(cookie::waited())
    }

    /// With the cookie that logs a browser out.
    #[must_use]
    pub fn logged_out(self) -> Self {
        self.cookie(cookie::clear())
    }

    /// Marked as repeated from a record, if it was.
    #[must_use]
    pub fn replayed(self, replayed: bool) -> Self {
        let name = HeaderName::from_static("idempotency-replayed");
        if replayed { self.header(name, "true") } else { self }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// As it goes to a browser that reaches the API by this front, which its cookies must suit.
    pub(crate) fn render(mut self, front: Front) -> Result<Response<Vec<u8>>, Problem> {
        for cookie in std::mem::take(&mut self.cookies) {
            self = self.header(SET_COOKIE, cookie.written(front));
        }
        let body = self
            .body
            .map_err(|error| Problem::internal(format!("an answer cannot be written: {error}")))?;
        Ok(finish(self.status, self.headers, body))
    }
}

/// A problem as an answer.
pub(crate) fn render_problem(problem: &Problem, request_id: &RequestId) -> Response<Vec<u8>> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = problem.retry_after_seconds() {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(quota) = problem.quota() {
        tell_quota(&mut headers, &quota);
    }
    finish(problem.status(), headers, problem.body(request_id).to_string().into_bytes())
}

/// Tells a caller what is left of a limit (PRODUCT 8).
pub(crate) fn tell_quota(headers: &mut HeaderMap, quota: &Quota) {
    let (name, burst) = (quota.rate.name, quota.rate.burst);
    let policy = format!("\"{name}\";q={burst};w={}", quota.rate.window_seconds());
    let left = format!("\"{name}\";r={};t={}", quota.left, quota.full_in_seconds);
    for (header, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(header), value);
        }
    }
}

fn finish(status: StatusCode, mut headers: HeaderMap, body: Vec<u8>) -> Response<Vec<u8>> {
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(value);
    }
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
