//! The runner's own interface under `/__dev/`.
//! It exists only here; no function knows it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::clock::ProductClock;
use crate::counters::Counters;
use crate::jobs::{JobError, Jobs};
use crate::mail::Mailbox;
use crate::runtime::Manager;
use crate::stand_in::CalcomSide;

/// What the interface reads and moves.
pub struct Developer {
    pub clock: Arc<ProductClock>,
    pub jobs: Jobs,
    pub mailbox: Mailbox,
    pub counters: Arc<Counters>,
    pub calcom: Arc<CalcomSide>,
    pub manager: Manager,
    /// Address of the store of secrets.
    pub secrets: String,
}

type Shared = State<Arc<Developer>>;

/// Routes under `/__dev/`.
pub fn router(developer: Developer) -> Router {
    Router::new()
        .route("/__dev/clock", post(clock))
        .route("/__dev/jobs/{name}", post(job))
        .route("/__dev/mailbox", get(mailbox))
        .route("/__dev/calls", get(calls))
        .route("/__dev/calcom", get(calcom))
        .route("/__dev/functions", get(functions))
        .route("/__dev/secrets", get(secrets))
        .with_state(Arc::new(developer))
}

fn refuse(status: StatusCode, message: impl std::fmt::Display) -> Response {
    (status, Json(json!({"message": message.to_string()}))).into_response()
}

async fn clock(State(developer): Shared, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let seconds = body.get("advanceSeconds").and_then(Value::as_u64);
    let Some(seconds) = seconds.and_then(|seconds| u32::try_from(seconds).ok()) else {
        let message = "`advanceSeconds` must be a whole number of seconds, 0 or more";
        return refuse(StatusCode::BAD_REQUEST, message);
    };
    match developer.clock.advance(seconds) {
        Ok(now) => {
            let now = now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
            Json(json!({"now": now})).into_response()
        }
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, error),
    }
}

async fn job(State(developer): Shared, Path(name): Path<String>, body: Bytes) -> Response {
    let input = if body.is_empty() { Ok(Map::new()) } else { serde_json::from_slice(&body) };
    let Ok(input) = input else {
        return refuse(StatusCode::BAD_REQUEST, "the body must be a JSON object");
    };
    match developer.jobs.run(&name, &input).await {
        Ok(report) => Json(report).into_response(),
        Err(error @ JobError::Unknown(_)) => refuse(StatusCode::NOT_FOUND, error),
        Err(error @ (JobError::Invoke(_) | JobError::Queue(_))) => {
            refuse(StatusCode::BAD_GATEWAY, error)
        }
    }
}

async fn mailbox(State(developer): Shared) -> Response {
    match developer.mailbox.all() {
        Ok(items) => Json(json!({"items": items})).into_response(),
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, error),
    }
}

#[derive(Deserialize)]
struct CallsQuery {
    #[serde(default)]
    reset: bool,
}

async fn calls(State(developer): Shared, Query(query): Query<CallsQuery>) -> Response {
    let mut routes = developer.counters.read(query.reset);
    for (function, count) in developer.calcom.calls(query.reset) {
        routes.entry(function).or_default().calcom += count;
    }
    Json(json!({"routes": routes})).into_response()
}

async fn calcom(State(developer): Shared) -> Response {
    let side = &developer.calcom;
    Json(json!({"url": side.url(), "webhookSecret": side.webhook_secret()})).into_response()
}

async fn functions(State(developer): Shared) -> Response {
    Json(json!({"items": developer.manager.status()})).into_response()
}

async fn secrets(State(developer): Shared) -> Response {
    Json(json!({"url": developer.secrets})).into_response()
}
