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
use crate::core::faults::{Fault, Injection, Stage};
use crate::core::ident;
use crate::core::request::{ApiRequest, Caller};
use crate::core::route::{Access, Route};
use crate::core::throttle::Verdict;

const BODY_LIMIT: usize = 100 * 1024;
/// How long silence lasts before the connection is cut.
const SILENCE: Duration = Duration::from_secs(40);
const INVALID_KEY: &str = "CustomThrottlerGuard - Invalid API Key";
const LICENCE: &str = "ApiAuthStrategy - api key - Invalid or missing CALCOM_LICENSE_KEY \
    environment variable";
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
    fault: Option<Fault>,
    caller: Answer<Caller>,
}

fn admit(shared: &Arc<Shared>, route: &Route, request: &ApiRequest) -> Answer<Admission> {
    shared.run(|world, now| {
        let count = world.next("request");
        // A series of its own: booking uids must not depend on how many requests came in.
        let request_id = ident::uuid(ident::draw(!world.seed, count));
        let fault = world.take_fault(&[route.name()], Stage::Request);
        let inject = fault.as_ref().map(|fault| fault.inject);
        world.inspect(route, request, now);
        let tracker = world.tracker(request);
        let limit = tracker.ok().map(|tracker| match inject {
            Some(Injection::RateLimitedBlock) => world.block(&tracker, now),
            _ => world.throttle(&tracker, now),
        });
        let caller = match (world.tracker(request), limit) {
            (Err(error), _) => Err(error),
            (Ok(_), Some(verdict)) if verdict.refused => Err(ApiError::throttled()),
            (Ok(_), _) => world.authenticate(route, request),
        };
        Ok(Admission { request_id, limit, fault, caller })
    })
}

/// What an injection answers in place of any work.
fn instead(
    inject: Injection,
    route: &Route,
    request: &ApiRequest,
) -> Option<Result<Reply, ApiError>> {
    let key = request.authorization.is_some() && route.access() != Access::Open;
    let error = match inject {
        Injection::Error500 => ApiError::framework(500, "Internal server error"),
        Injection::Error500Plain => ApiError::plain(500, "Internal server error"),
        Injection::DecoyCreate => ApiError::framework(500, DECOY),
        Injection::RateLimited | Injection::RateLimitedBlock => ApiError::throttled(),
        Injection::Unauthorized => ApiError::framework(401, INVALID_KEY),
        Injection::LicenceRefused if key => ApiError::framework(401, LICENCE),
        Injection::LicenceDown if key => ApiError::plain(500, "Internal server error"),
        Injection::RedisDown => ApiError::plain(500, "Internal server error"),
        Injection::DatabaseDown if *route != Route::Health => ApiError::envelope(
            500,
            "INTERNAL_SERVER_ERROR",
            "There was an error, please try again later.",
        ),
        Injection::Html502 => return Some(Ok(Reply::gateway(502))),
        Injection::Html503 => return Some(Ok(Reply::gateway(503))),
        Injection::Html504 => return Some(Ok(Reply::gateway(504))),
        _ => return None,
    };
    Some(Err(error))
}

/// Injections that cost time or end the call without a word.
async fn endure(fault: &Fault, route: &Route) -> Option<Outcome> {
    match fault.inject {
        Injection::TimeoutBeforeCommit => Some(Outcome::Silence),
        Injection::ConnectionReset => Some(Outcome::Cut),
        Injection::RedisDown if *route != Route::Health => Some(Outcome::Silence),
        Injection::RedisDown => {
            tokio::time::sleep(Duration::from_secs(9)).await;
            None
        }
        Injection::Slow => {
            let pause = fault.milliseconds.unwrap_or(5000);
            tokio::time::sleep(Duration::from_millis(pause)).await;
            None
        }
        _ => None,
    }
}

/// What an injection makes of a finished answer.
fn disturb(inject: Option<Injection>, reply: Reply, broken: Reply) -> Outcome {
    match inject {
        Some(Injection::TimeoutAfterCommit) => Outcome::Silence,
        Some(Injection::ConnectionResetAfterCommit) => Outcome::Cut,
        Some(Injection::TruncatedBody) => Outcome::Truncated(reply),
        Some(Injection::Error500AfterCommit) => Outcome::Answer(broken),
        _ => Outcome::Answer(reply),
    }
}

async fn process(shared: Arc<Shared>, label: Option<String>, request: ApiRequest) -> Outcome {
    let number = shared.journal().open(&request, label.as_deref(), shared.now());
    shared.count_call(label.as_deref().unwrap_or("-"));
    let note = |key: &str, value: Value| shared.journal().note(number, key, value);
    let fail = |error: &ApiError| Reply::error(error, &request.target, shared.now());
    let route = Route::find(&request.method, &request.path);
    let Some(route) = route.filter(|route| exists(route, &request)) else {
        let route = Route::find(&request.method, &request.path);
        if let Some(route) = route {
            let _ = shared.run(|world, now| {
                world.inspect(&route, &request, now);
                Ok(())
            });
        }
        note("status", json!(404));
        return Outcome::Answer(fail(&no_route(&request)));
    };
    note("route", json!(route.name()));
    let admission = match admit(&shared, &route, &request) {
        Ok(admission) => admission,
        Err(error) => return Outcome::Answer(fail(&error)),
    };
    note("requestId", json!(admission.request_id));
    let inject = admission.fault.as_ref().map(|fault| fault.inject);
    if let Some(fault) = &admission.fault {
        note("fault", json!(fault.inject.word()));
        if let Some(outcome) = endure(fault, &route).await {
            return outcome;
        }
    }
    let replaced = inject.and_then(|inject| instead(inject, &route, &request));
    let result = match (replaced, admission.caller) {
        (Some(replaced), _) => replaced,
        (None, Err(error)) => Err(error),
        (None, Ok(caller)) => {
            note("account", json!(caller.account_id));
            let stale = inject == Some(Injection::StaleRead);
            let call = Call { route, caller, request: request.clone(), stale };
            dispatch(&shared, &call).await
        }
    };
    let dress =
        |reply: Reply| reply.with_limit(admission.limit).with_request_id(&admission.request_id);
    let reply = dress(result.unwrap_or_else(|error| fail(&error)));
    note("status", json!(reply.status));
    let broken = dress(fail(&ApiError::framework(500, "Internal server error")));
    disturb(inject, reply, broken)
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
            return Reply::error(&error, &target, shared.now()).into_response();
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
