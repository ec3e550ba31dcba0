//! From the events of an HTTP API and of a load balancer to our request, and back.
//!
//! The body is raw bytes again, whatever the gateway made of it; the client's address comes from
//! the request context alone (RELIABILITY A6, W2).

use http::Response;
use interlock_http::RawRequest;
use interlock_policy::RequestId;
use lambda_http::aws_lambda_events::query_map::QueryMap;
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt};

/// Our request.
pub(crate) fn from_event(request: Request, request_id: RequestId) -> RawRequest {
    let path = request.uri().path().to_owned();
    let source_ip = request.request_context_ref().and_then(source_ip);
    let path_parameters = request.path_parameters_ref().map(pairs).unwrap_or_default();
    let query = request.query_string_parameters_ref().map(pairs).unwrap_or_default();
    let (parts, body) = request.into_parts();
    RawRequest {
        method: parts.method.as_str().to_owned(),
        path,
        path_parameters,
        query,
        headers: parts.headers,
        body: bytes(body),
        source_ip,
        request_id,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "which other contexts exist depends on features of the runtime crate"
)]
fn source_ip(context: &RequestContext) -> Option<String> {
    match context {
        RequestContext::ApiGatewayV2(context) => context.http.source_ip.clone(),
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the runtime crate may add kinds of bodies")]
fn bytes(body: Body) -> Vec<u8> {
    match body {
        Body::Text(text) => text.into_bytes(),
        Body::Binary(bytes) => bytes,
        _ => Vec::new(),
    }
}

fn pairs(map: &QueryMap) -> Vec<(String, String)> {
    map.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The answer as text, which all our bodies are, so that no gateway encodes it.
pub(crate) fn to_event(response: Response<Vec<u8>>) -> Response<Body> {
    response.map(|body| match String::from_utf8(body) {
        Ok(text) if text.is_empty() => Body::Empty,
        Ok(text) => Body::Text(text),
        Err(error) => Body::Binary(error.into_bytes()),
    })
}
