//! The address of the table that functions know: forwards byte for byte and counts.
//! The function is named by the access-key id that signed the request.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::counters::{Counters, Endpoint, count_signed};
use crate::{LocalError, net};

#[derive(Clone)]
struct Door {
    engine: String,
    client: reqwest::Client,
    counters: Arc<Counters>,
}

pub(super) fn router(engine: String, counters: Arc<Counters>) -> Result<Router, LocalError> {
    let door = Door { engine, client: net::client(None)?, counters };
    let limit = DefaultBodyLimit::max(16 * 1024 * 1024);
    Ok(Router::new().fallback(forward).layer(limit).with_state(door))
}

async fn forward(
    State(door): State<Door>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    count_signed(&door.counters, &headers, Endpoint::DynamoDb);
    let mut onward = headers;
    for hop in [header::HOST, header::CONTENT_LENGTH, header::CONNECTION] {
        onward.remove(hop);
    }
    let request = door.client.request(method, format!("{}/", door.engine)).headers(onward);
    let Ok(response) = request.body(body).send().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let (status, mut headers) = (response.status(), response.headers().clone());
    for hop in [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION] {
        headers.remove(hop);
    }
    match response.bytes().await {
        Ok(body) => (status, headers, body).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
