//! One request through the front: find its function, hand over the event, shape the answer.
//! Limits are the platform's, so that what is refused there is refused here.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::balancer_event;
use super::http_event::{self, Incoming};
use super::reply::{balancer_page, from_balancer_function, from_http_function, gateway_message};
use super::routes::{Match, RouteTable};
use crate::runtime::Manager;

/// Largest body through the HTTP API, in bytes.
const GATEWAY_LIMIT: usize = 10 * 1024 * 1024;
/// Largest body through the load balancer to a function, in bytes.
const BALANCER_LIMIT: usize = 1024 * 1024;

/// The routes and what runs them.
#[derive(Clone)]
pub struct Front {
    pub routes: Arc<RouteTable>,
    pub manager: Manager,
    /// What every call is marked with, as the distribution does it.
    pub mark: Option<String>,
}

/// Serves every path that no other router takes.
pub fn router(front: Front) -> Router {
    Router::new().fallback(handle).with_state(front)
}

async fn handle(
    State(front): State<Front>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let found = front.routes.find(parts.method.as_str(), parts.uri.path());
    let limit = match &found {
        Match::Balancer { .. } => BALANCER_LIMIT,
        Match::Http { .. } | Match::None => GATEWAY_LIMIT,
    };
    let body = to_bytes(body, limit).await;
    let incoming = |body| Incoming {
        method: &parts.method,
        uri: &parts.uri,
        headers: &parts.headers,
        peer,
        body,
        mark: front.mark.as_deref(),
    };
    match (found, body) {
        (Match::None, _) => gateway_message(StatusCode::NOT_FOUND, "Not Found"),
        (Match::Http { .. }, Err(_)) => {
            gateway_message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large")
        }
        (Match::Balancer { .. }, Err(_)) => balancer_page(StatusCode::PAYLOAD_TOO_LARGE),
        (Match::Http { function, route_key, parameters }, Ok(body)) => {
            let event = http_event::event(&incoming(&body), &route_key, &parameters);
            let payload = event.to_string().into_bytes();
            from_http_function(front.manager.invoke(&function, payload).await)
        }
        (Match::Balancer { function }, Ok(body)) => {
            let payload = balancer_event::event(&incoming(&body)).to_string().into_bytes();
            from_balancer_function(front.manager.invoke(&function, payload).await)
        }
    }
}
