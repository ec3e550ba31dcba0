//! A request as the internal load balancer hands it to a function.
//! Every value of a header and of a query parameter, undecoded: the target group asks for that
//! (`lambda.multi_value_headers.enabled`), and `cargo xtask tidy` sees that it does.

use serde_json::{Map, Value, json};

use super::body;
use super::http_event::{Incoming, headers};

const TARGET_GROUP: &str =
    "arn:aws:elasticloadbalancing:eu-central-1:000000000000:targetgroup/local/0000000000000000";

/// The event of `request` for the target group.
pub(super) fn event(request: &Incoming<'_>) -> Value {
    let mut headers: Map<String, Value> =
        headers(request).into_iter().map(|(name, value)| (name, json!([value]))).collect();
    for name in request.headers.keys() {
        let each = request.headers.get_all(name).iter();
        // Bytes above ASCII are passed on as Latin-1.
        let each = each.map(|value| value.as_bytes().iter().map(|byte| char::from(*byte)));
        let each: Vec<String> = each.map(Iterator::collect).collect();
        headers.insert(name.as_str().to_owned(), json!(each));
    }
    let mut query: Map<String, Value> = Map::new();
    for (name, value) in request.query_pairs() {
        let values = query.entry(name.to_owned()).or_insert_with(|| json!([]));
        if let Some(values) = values.as_array_mut() {
            values.push(json!(value));
        }
    }
    let (body, is_base64) = body::encode(request.headers, request.body);
    json!({
        "requestContext": {"elb": {"targetGroupArn": TARGET_GROUP}},
        "httpMethod": request.method.as_str(),
        "path": request.uri.path(),
        "multiValueQueryStringParameters": query,
        "multiValueHeaders": headers,
        "body": body.as_str().unwrap_or_default(),
        "isBase64Encoded": is_base64,
    })
}
