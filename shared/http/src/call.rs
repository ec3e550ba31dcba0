//! An admitted request: who calls, on what, with which input, and what was read for it.
//!
//! Its fields are private and only the guard fills them.

use std::str::FromStr;

use interlock_app::model::{Actor, IdempotencyKey, Session, Shown};
use interlock_app::ports::store::Position;
use interlock_app::{Act, IdempotencyUse, Quota, Snapshot};
use interlock_auth::{Caller, SessionToken, cookie};
use interlock_policy::{RequestId, ReservationId, ResourceId, UserId, ZoneName};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::{
    Language, PathParameters, Problem, RawRequest, Route, body, cursor, idempotency, network, query,
};

/// An admitted request.
#[derive(Debug)]
pub struct Call {
    pub(crate) route: &'static Route,
    pub(crate) request: RawRequest,
    pub(crate) path: PathParameters,
    pub(crate) caller: Option<Caller>,
    pub(crate) snapshot: Snapshot,
    pub(crate) quota: Option<Quota>,
    pub(crate) idempotency_key: Option<IdempotencyKey>,
    pub(crate) cursor_key: [u8; 32],
}

impl Call {
    /// The route it was admitted to.
    pub fn route(&self) -> &'static Route {
        self.route
    }

    /// Who calls; 401 on a route that lets everybody in.
    pub fn caller(&self) -> Result<&Caller, Problem> {
        self.caller.as_ref().ok_or_else(Problem::unauthenticated)
    }

    /// The caller's id.
    pub fn caller_id(&self) -> Result<&UserId, Problem> {
        self.caller().map(|caller| &caller.user_id)
    }

    /// The session of the caller; 401 for one who shows a token of an issuer outside.
    pub fn session(&self) -> Result<&Session, Problem> {
        self.caller()?.session().ok_or_else(Problem::unauthenticated)
    }

    /// The caller as the one who acts in this request.
    pub fn act(&self) -> Result<Act, Problem> {
        let actor = Actor::User { user_id: self.caller_id()?.clone() };
        Ok(Act { actor, request_id: self.request_id().clone() })
    }

    /// The language the caller reads.
    pub fn language(&self) -> Language {
        Language::of(&self.request.headers)
    }

    /// Our name for the request.
    pub fn request_id(&self) -> &RequestId {
        &self.request.request_id
    }

    /// What was read with the session.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The same, for a use case to go on from.
    pub fn take_snapshot(&mut self) -> Snapshot {
        std::mem::take(&mut self.snapshot)
    }

    /// The machine or host of the path; 404 if it is none.
    pub fn resource_id(&self) -> Result<ResourceId, Problem> {
        self.path.resource_id()
    }

    /// The reservation of the path; 404 if it is none.
    pub fn reservation_id(&self) -> Result<ReservationId, Problem> {
        self.path.id("reservationId")
    }

    /// The person of the path; 404 if it is none.
    pub fn user_id(&self) -> Result<UserId, Problem> {
        self.path.id("userId")
    }

    /// Any id of the path; 404 if it is none.
    pub fn path_id<T: FromStr>(&self, name: &str) -> Result<T, Problem> {
        self.path.id(name)
    }

    /// The body as JSON; every fault is 400 with a pointer, another content type 415.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        body::check_content_type(&self.request)?;
        body::decode(&self.request.body)
    }

    /// Whether the body calls itself JSON; 415 if not.
    pub fn says_json(&self) -> Result<(), Problem> {
        body::check_content_type(&self.request)
    }

    /// The raw body.
    pub fn body(&self) -> &[u8] {
        &self.request.body
    }

    /// SHA-256 of the body, in lower-case hex.
    pub fn body_hash(&self) -> String {
        idempotency::body_hash(&self.request.body)
    }

    /// How this request is recorded, if the caller sent a key and the route honours it.
    pub fn idempotency(&self) -> Option<IdempotencyUse> {
        let key = self.idempotency_key.clone()?;
        Some(IdempotencyUse { key, body_hash: self.body_hash() })
    }

    /// The only value of a header; `None` if it is absent, repeated or not text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.single(name).ok().flatten()
    }

    /// What the browser calls itself, as a session keeps it.
    pub fn device(&self) -> Option<String> {
        Session::device_of(self.header("user-agent"))
    }

    /// The browser, if it shows that somebody has logged in from it before; not yet believed.
    pub fn shown_device(&self) -> Option<Shown> {
        let values = self.request.headers.get_all(http::header::COOKIE).iter();
        let token = cookie::find_device(values.filter_map(|value| value.to_str().ok()))?;
        Some(Shown { user_id: token.user_id().clone(), hash: token.hash() })
    }

    /// The login that waits for a second factor, as the browser shows it; not yet believed.
    pub fn pending_login(&self) -> Option<SessionToken> {
        let values = self.request.headers.get_all(http::header::COOKIE).iter();
        cookie::find_pending(values.filter_map(|value| value.to_str().ok()))
    }

    /// Whence it came by the gateway's word, as limits count it: an address of IPv4, or the half
    /// of one of IPv6 that belongs to one connection (RELIABILITY P4, A6).
    pub fn network(&self) -> Option<String> {
        network::counted(self.request.source_ip.as_deref()?)
    }

    /// Every value of a header, in order; one that is no text counts as empty.
    pub fn header_values(&self, name: &str) -> Vec<String> {
        let values = self.request.headers.get_all(name).iter();
        values.map(|value| value.to_str().unwrap_or_default().to_owned()).collect()
    }

    /// The path as it was called.
    pub fn path(&self) -> &str {
        &self.request.path
    }

    /// Version named by `If-Match`; `None` if there is no such header.
    pub fn if_match(&self) -> Result<Option<u64>, Problem> {
        let refused =
            || Problem::parameter("If-Match", "malformed", "an entity tag of ours is wanted");
        let Some(text) = self.request.single("if-match").map_err(|()| refused())? else {
            return Ok(None);
        };
        let version = text.trim().strip_prefix("\"v").and_then(|rest| rest.strip_suffix('"'));
        version.and_then(|version| version.parse().ok()).map(Some).ok_or_else(refused)
    }

    /// A query parameter as text.
    pub fn query_param(&self, name: &str) -> Option<&str> {
        query::find(&self.request.query, name)
    }

    /// A query parameter as an instant; 400 without a zone or offset.
    pub fn instant(&self, name: &str) -> Result<Option<Timestamp>, Problem> {
        query::instant(&self.request.query, name)
    }

    /// A query parameter as an instant that must be there.
    pub fn required_instant(&self, name: &str) -> Result<Timestamp, Problem> {
        let missing = || Problem::parameter(name, "missing", "the parameter is required");
        self.instant(name)?.ok_or_else(missing)
    }

    /// A query parameter as an IANA zone.
    pub fn zone(&self, name: &str) -> Result<Option<ZoneName>, Problem> {
        query::zone(&self.request.query, name)
    }

    /// Most items wanted, 1 to 100; 50 if nothing is said.
    pub fn limit(&self) -> Result<u32, Problem> {
        query::limit(&self.request.query)
    }

    /// Where to go on, from the parameter `cursor`; it must have been given for this `scope`.
    pub fn cursor(&self, scope: &str) -> Result<Option<Position>, Problem> {
        let Some(text) = self.query_param("cursor") else { return Ok(None) };
        cursor::open(&self.cursor_key, scope, text).map(Some)
    }

    /// A cursor for the next page of this `scope`.
    pub fn next_cursor(&self, scope: &str, next: Option<&Position>) -> Option<String> {
        next.and_then(|position| cursor::seal(&self.cursor_key, scope, position))
    }
}
