//! The order of one request: read, throttle, authenticate, do, answer, and fail where told to.
//! Work goes on when the client leaves, as it does on a real server.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::dispatch::{Call, dispatch, exists, no_route};
use super::network::Peer;
use super::reply::{Outcome, Reply};
use super::shared::Shared;
use crate::core::api_error::{Answer, ApiError};
use crate::core::faults::{CallFault, Fault, Injection};
use crate::core::ident;
use crate::core::request::{ApiRequest, Caller};
use crate::core::route::{Access, Route};
use crate::core::throttle::Verdict;
use crate::core::world::World;

const BODY_LIMIT: usize = 100 * 1024;
/// How long silence lasts before the connection is cut.
const SILENCE: Duration = Duration::from_secs(40);
/// How long the health answer waits for a cache that is gone.
const REDIS_GIVES_UP: Duration = Duration::from_secs(9);
/// The number of a request whose body could not be read.
const UNNUMBERED: &str = "unknown-request-id";
const BROKEN: &str = "Internal server error";
const INVALID_KEY: &str = "CustomThrottlerGuard - Invalid API Key";
const LICENCE: &str = "ApiAuthStrategy - api key - Invalid or missing CALCOM_LICENSE_KEY \
    environment variable";
const DATABASE_DOWN: &str = "There was an error, please try again later.";
const DECOY: &str = "Booking with uid=unknown was not found in the database";

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// `/@name/v2/…` is a call by `name`; the label is no part of the API.
fn labelled(target: &str) -> (Option<String>, String) {
    let stripped = target.strip_prefix("/@").and_then(|rest| rest.split_once('/'));
    match stripped {
        Some((label, rest)) => (Some(label.to_owned()), format!("/{rest}")),
        None => (None, target.to_owned()),
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let value = match byte {
            b'+' => Some(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                let digits = [ahead.next(), ahead.next()];
                let pair: Option<Vec<u8>> = digits.into_iter().collect();
                let decoded = pair.and_then(|pair| hex::decode(pair).ok());
                match decoded.as_deref() {
                    Some([one]) => {
                        rest = ahead;
                        Some(*one)
                    }
                    _ => Some(b'%'),
                }
            }
            other => Some(other),
        };
        bytes.extend(value);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn query_of(target: &str) -> Vec<(String, String)> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (decoded(key), decoded(value)))
        .collect()
}

/// Reads a request; the refusals here come before any guard, so they carry no limit headers.
async fn read(
    peer: &Peer,
    request: Request,
) -> Result<(Option<String>, ApiRequest), (ApiError, String)> {
    let (parts, body) = request.into_parts();
    let raw = parts.uri.path_and_query().map_or("/", |all| all.as_str()).to_owned();
    let (label, target) = labelled(&raw);
    let too_large = |_| (ApiError::plain(413, "request entity too large"), target.clone());
    let bytes = to_bytes(body, BODY_LIMIT).await.map_err(too_large)?;
    let is_json = text(&parts.headers, CONTENT_TYPE.as_str())
        .is_some_and(|kind| kind.starts_with("application/json"));
    let body = if is_json && !bytes.is_empty() {
        serde_json::from_slice(&bytes)
            .map_err(|error| (ApiError::bad_request(error.to_string()), target.clone()))?
    } else {
        Value::Null
    };
    let address = text(&parts.headers, "cf-connecting-ip");
    let request = ApiRequest {
        method: parts.method.as_str().to_owned(),
        path: target.split_once('?').map_or(target.as_str(), |(path, _)| path).to_owned(),
        query: query_of(&target),
        authorization: text(&parts.headers, AUTHORIZATION.as_str()),
        version: text(&parts.headers, "cal-api-version"),
        address: address.unwrap_or_else(|| peer.address.ip().to_string()),
        body,
        target,
    };
    Ok((label, request))
}

/// What the guards said about a request.
struct Admission {
    request_id: String,
    limit: Option<Verdict>,
    fault: Option<(CallFault, Fault)>,
    caller: Answer<Caller>,
}

impl Admission {
    fn kind(&self) -> Option<CallFault> {
        self.fault.as_ref().map(|(kind, _)| *kind)
    }

    fn dress(&self, reply: Reply) -> Reply {
        reply.with_limit(self.limit).with_request_id(&self.request_id)
    }
}

fn request_id(world: &mut World) -> String {
    let count = world.next("request");
    // A series of its own: booking uids must not depend on how many requests came in.
    ident::uuid(ident::draw(!world.seed, count))
}

fn admit(shared: &Arc<Shared>, route: &Route, request: &ApiRequest) -> Answer<Admission> {
    shared.run(|world, now| {
        let request_id = request_id(world);
        let fault = world.take_fault(&[route.name()], Injection::call);
        let kind = fault.as_ref().map(|(kind, _)| *kind);
        world.inspect(route, request, now);
        let (limit, caller) = match world.tracker(request) {
            Err(error) => (None, Err(error)),
            Ok(tracker) => {
                let verdict = match kind {
                    Some(CallFault::RateLimited) => world.refuse_once(),
                    Some(CallFault::RateLimitedBlock) => world.block(&tracker, now),
                    _ => world.throttle(&tracker, now),
                };
                let caller = if verdict.refused {
                    Err(ApiError::throttled())
                } else {
                    world.authenticate(route, request)
                };
                (Some(verdict), caller)
            }
        };
        Ok(Admission { request_id, limit, fault, caller })
    })
}

/// What a fault answers in place of any work.
fn instead(kind: CallFault, route: &Route, request: &ApiRequest) -> Option<Answer<Reply>> {
    let key = request.authorization.is_some() && route.access() != Access::Open;
    let plain = || ApiError::plain(500, BROKEN);
    let error = match kind {
        CallFault::Error500 => ApiError::framework(500, BROKEN),
        CallFault::Error500Plain | CallFault::RedisDown => plain(),
        CallFault::DecoyCreate => ApiError::framework(500, DECOY),
        CallFault::RateLimited | CallFault::RateLimitedBlock => ApiError::throttled(),
        CallFault::Unauthorized => ApiError::framework(401, INVALID_KEY),
        CallFault::LicenceRefused if key => ApiError::framework(401, LICENCE),
        CallFault::LicenceDown if key => plain(),
        CallFault::DatabaseDown if *route != Route::Health => {
            ApiError::envelope(500, "INTERNAL_SERVER_ERROR", DATABASE_DOWN)
        }
        CallFault::Html502 => return Some(Ok(Reply::gateway(502))),
        CallFault::Html503 => return Some(Ok(Reply::gateway(503))),
        CallFault::Html504 => return Some(Ok(Reply::gateway(504))),
        CallFault::LicenceRefused
        | CallFault::LicenceDown
        | CallFault::DatabaseDown
        | CallFault::TimeoutAfterCommit
        | CallFault::TimeoutBeforeCommit
        | CallFault::ConnectionReset
        | CallFault::ConnectionResetAfterCommit
        | CallFault::TruncatedBody
        | CallFault::Error500AfterCommit
        | CallFault::Slow
        | CallFault::StaleRead
        | CallFault::DuplicateRows
        | CallFault::PageShift => return None,
    };
    Some(Err(error))
}

/// Faults that cost time or end the call without a word.
async fn endure(kind: CallFault, fault: &Fault, route: &Route) -> Option<Outcome> {
    if kind == CallFault::TimeoutBeforeCommit {
        return Some(Outcome::Silence);
    }
    if kind == CallFault::ConnectionReset {
        return Some(Outcome::Cut);
    }
    if kind == CallFault::RedisDown && *route != Route::Health {
        return Some(Outcome::Silence);
    }
    if kind == CallFault::RedisDown {
        tokio::time::sleep(REDIS_GIVES_UP).await;
    }
    if kind == CallFault::Slow {
        let pause = fault.milliseconds.unwrap_or(5000);
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    None
}

/// What a fault makes of a finished answer.
fn disturb(kind: Option<CallFault>, reply: Reply, broken: Reply) -> Outcome {
    match kind {
        Some(CallFault::TimeoutAfterCommit) => Outcome::Silence,
        Some(CallFault::ConnectionResetAfterCommit) => Outcome::Cut,
        Some(CallFault::TruncatedBody) => Outcome::Truncated(reply),
        Some(CallFault::Error500AfterCommit) => Outcome::Answer(broken),
        _ => Outcome::Answer(reply),
    }
}

/// The route, when it exists in the version that was asked for, or the number of a request
/// that no guard met.
fn find(shared: &Arc<Shared>, request: &ApiRequest) -> Result<Route, String> {
    let route = Route::find(&request.method, &request.path);
    if let Some(route) = route.clone().filter(|route| exists(route, request)) {
        return Ok(route);
    }
    let id = shared.run(|world, now| {
        if let Some(route) = &route {
            world.inspect(route, request, now);
        }
        Ok(request_id(world))
    });
    Err(id.unwrap_or_default())
}

async fn process(shared: Arc<Shared>, label: Option<String>, request: ApiRequest) -> Outcome {
    let number = shared.journal().open(&request, label.as_deref(), shared.now());
    shared.count_call(label.as_deref().unwrap_or("-"));
    let note = |key: &str, value: Value| shared.journal().note(number, key, value);
    let fail = |error: &ApiError| Reply::error(error, &request.target, shared.now());
    let route = match find(&shared, &request) {
        Ok(route) => route,
        Err(id) => {
            note("status", json!(404));
            return Outcome::Answer(fail(&no_route(&request)).with_request_id(&id));
        }
    };
    note("route", json!(route.name()));
    let admission = match admit(&shared, &route, &request) {
        Ok(admission) => admission,
        Err(error) => return Outcome::Answer(fail(&error)),
    };
    note("requestId", json!(admission.request_id));
    let kind = admission.kind();
    if let Some((kind, fault)) = &admission.fault {
        note("fault", json!(kind));
        if let Some(outcome) = endure(*kind, fault, &route).await {
            return outcome;
        }
    }
    let replaced = kind.and_then(|kind| instead(kind, &route, &request));
    let result = match (replaced, &admission.caller) {
        (Some(replaced), _) => replaced,
        (None, Err(error)) => Err(error.clone()),
        (None, Ok(caller)) => {
            note("account", json!(caller.account_id));
            let call = Call { route, caller: *caller, request: request.clone(), fault: kind };
            dispatch(&shared, &call).await
        }
    };
    let reply = admission.dress(result.unwrap_or_else(|error| fail(&error)));
    note("status", json!(reply.status));
    let broken = admission.dress(fail(&ApiError::framework(500, BROKEN)));
    disturb(kind, reply, broken)
}

/// Every request to the API.
#[expect(
    clippy::disallowed_methods,
    reason = "the work must outlive a client that hangs up, as on the real server"
)]
pub(crate) async fn serve(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    let (label, request) = match read(&peer, request).await {
        Ok(read) => read,
        Err((error, target)) => {
            let reply = Reply::error(&error, &target, shared.now());
            // What is too large is refused before it has a number.
            let id = if error.status == 413 { "" } else { UNNUMBERED };
            return reply.with_request_id(id).into_response();
        }
    };
    let work = tokio::spawn(process(shared, label, request));
    match work.await {
        Ok(Outcome::Answer(reply)) => reply.into_response(),
        Ok(Outcome::Truncated(reply)) => {
            peer.connection.halve();
            reply.into_response()
        }
        Ok(Outcome::Silence) => {
            tokio::time::sleep(SILENCE).await;
            peer.connection.cut();
            Body::empty().into_response()
        }
        Ok(Outcome::Cut) | Err(_) => {
            peer.connection.cut();
            Body::empty().into_response()
        }
    }
}
