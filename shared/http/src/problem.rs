//! Problems as RFC 9457 has them.
//!
//! A problem says what the caller may know; what lies behind it goes to the log alone.

use http::StatusCode;
use interlock_app::{Gap, InputFault, Quota};
use interlock_policy::{ModuleId, PolicyVersion, Reason, RequestId};
use serde_json::{Map, Value, json};

use crate::{Kind, Language, problems};

/// Why a call is not answered as wished.
#[derive(Debug)]
pub struct Problem {
    kind: &'static Kind,
    detail: String,
    reasons: Vec<Reason>,
    policy_version: Option<PolicyVersion>,
    errors: Vec<InputFault>,
    gaps: Vec<Gap>,
    prerequisites: Vec<ModuleId>,
    offered_minutes: Vec<u32>,
    retry_after_seconds: Option<u32>,
    quota: Option<Quota>,
    cause: Option<String>,
}

impl Problem {
    /// Of a kind, with a sentence for the person.
    pub fn new(kind: &'static Kind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            reasons: Vec::new(),
            policy_version: None,
            errors: Vec::new(),
            gaps: Vec::new(),
            prerequisites: Vec::new(),
            offered_minutes: Vec::new(),
            retry_after_seconds: None,
            quota: None,
            cause: None,
        }
    }

    /// 404, for what is absent and for what is not the caller's to know.
    pub fn not_found() -> Self {
        Self::new(&problems::NOT_FOUND, "there is no such thing, or it is not yours to see")
    }

    /// 401, whatever the session lacks.
    pub fn unauthenticated() -> Self {
        Self::new(&problems::UNAUTHENTICATED, "log in first")
    }

    /// 500; the detail goes to the log alone.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self::new(&problems::INTERNAL, "an inner fault; it was recorded").with_cause(cause.into())
    }

    /// 400 for a parameter or header.
    pub fn parameter(name: &str, code: &'static str, detail: &str) -> Self {
        Self::new(&problems::INVALID_PARAMETER, "a parameter cannot be used")
            .with_errors(vec![InputFault::at(name, code, detail)])
    }

    /// A single fault of the body.
    pub fn fault(pointer: &str, code: &'static str, detail: &str) -> Self {
        Self::new(&problems::INVALID_BODY, "the body cannot be used")
            .with_errors(vec![InputFault::at(pointer, code, detail)])
    }

    /// With faults of the input.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<InputFault>) -> Self {
        self.errors = errors;
        self
    }

    /// With its reasons told in a language.
    #[must_use]
    pub fn told_in(mut self, language: Language) -> Self {
        language.tell(&mut self.reasons);
        self
    }

    /// With the reasons of a verdict.
    #[must_use]
    pub fn with_reasons(mut self, reasons: Vec<Reason>, policy_version: PolicyVersion) -> Self {
        self.reasons = reasons;
        self.policy_version = Some(policy_version);
        self
    }

    /// With what is missing of a video.
    #[must_use]
    pub fn with_gaps(mut self, gaps: Vec<Gap>) -> Self {
        self.gaps = gaps;
        self
    }

    /// With the modules to be completed before.
    #[must_use]
    pub fn with_prerequisites(mut self, modules: Vec<ModuleId>) -> Self {
        self.prerequisites = modules;
        self
    }

    /// With the lengths that are offered, in minutes.
    #[must_use]
    pub fn with_offered(mut self, minutes: Vec<u32>) -> Self {
        self.offered_minutes = minutes;
        self
    }

    /// With the time after which to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// With the limit that is used up.
    #[must_use]
    pub fn with_quota(mut self, quota: Option<Quota>) -> Self {
        self.quota = quota;
        self
    }

    /// With what lies behind it, for the log.
    #[must_use]
    pub fn with_cause(mut self, cause: String) -> Self {
        self.cause = Some(cause);
        self
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.kind.code
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Faults of the input.
    pub fn errors(&self) -> &[InputFault] {
        &self.errors
    }

    /// Reasons of the verdict.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// Seconds after which to try again.
    pub fn retry_after_seconds(&self) -> Option<u32> {
        self.retry_after_seconds
    }

    /// The limit that is used up.
    pub fn quota(&self) -> Option<Quota> {
        self.quota
    }

    /// What lies behind it, for the log.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The body, for the request of this name.
    pub fn body(&self, request_id: &RequestId) -> Value {
        let mut body = Map::new();
        body.insert("type".into(), format!("urn:interlock:problem:{}", self.kind.code).into());
        body.insert("title".into(), self.kind.title.into());
        body.insert("status".into(), self.kind.status.into());
        body.insert("detail".into(), self.detail.clone().into());
        body.insert("instance".into(), format!("urn:interlock:request:{request_id}").into());
        body.insert("code".into(), self.kind.code.into());
        self.extend(&mut body);
        Value::Object(body)
    }

    fn extend(&self, body: &mut Map<String, Value>) {
        if let Some(version) = self.policy_version {
            body.insert("reasons".into(), json!(self.reasons));
            body.insert("policyVersion".into(), json!(version));
        }
        if !self.errors.is_empty() {
            body.insert("errors".into(), self.errors.iter().map(fault).collect());
        }
        if !self.gaps.is_empty() {
            body.insert("gaps".into(), self.gaps.iter().map(seconds).collect());
        }
        if !self.prerequisites.is_empty() {
            body.insert("prerequisites".into(), json!(self.prerequisites));
        }
        if !self.offered_minutes.is_empty() {
            body.insert("offeredMinutes".into(), json!(self.offered_minutes));
        }
        if let Some(seconds) = self.retry_after_seconds {
            body.insert("retryAfterSeconds".into(), seconds.into());
        }
    }
}

fn fault(fault: &InputFault) -> Value {
    let InputFault { pointer, code, detail } = fault;
    json!({"pointer": pointer, "code": code, "detail": detail})
}

/// A gap in seconds, to the millisecond.
fn seconds(gap: &Gap) -> Value {
    let number = |millis: u64| {
        let millis = u32::try_from(millis).unwrap_or(u32::MAX);
        if millis % 1000 == 0 { json!(millis / 1000) } else { json!(f64::from(millis) / 1000.0) }
    };
    json!({"from": number(gap.from), "to": number(gap.to)})
}
