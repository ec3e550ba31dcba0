//! A request as the internal load balancer hands it to a function.
//! Single-value headers and query as the balancer sends them: the last value wins, undecoded.

use axum::http::header;
use serde_json::{Map, Value, json};

use super::body;
use super::http_event::{Incoming, headers};

const TARGET_GROUP: &str =
    "arn:aws:elasticloadbalancing:eu-central-1:000000000000:targetgroup/local/0000000000000000";

/// The event of `request` for the target group.
pub(super) fn event(request: &Incoming<'_>) -> Value {
    let mut headers = headers(request);
    for name in request.headers.keys() {
        let last = request.headers.get_all(name).iter().next_back();
        let last = last.and_then(|value| value.to_str().ok()).unwrap_or_default();
        headers.insert(name.as_str().to_owned(), json!(last));
    }
    let cookies: Vec<&str> = request
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    if !cookies.is_empty() {
        headers.insert("cookie".to_owned(), json!(cookies.join("; ")));
    }
    let query: Map<String, Value> =
        request.query_pairs().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    let (body, is_base64) = body::encode(request.headers, request.body);
    json!({
        "requestContext": {"elb": {"targetGroupArn": TARGET_GROUP}},
        "httpMethod": request.method.as_str(),
        "path": request.uri.path(),
        "queryStringParameters": query,
        "headers": headers,
        "body": body.as_str().unwrap_or_default(),
        "isBase64Encoded": is_base64,
    })
}
