//! A request as the HTTP API hands it to a function, payload format 2.0.
//! Header names are lower case, repeated values joined by commas, cookies apart.

use std::net::SocketAddr;

use axum::http::{HeaderMap, Method, Uri, header};
use serde_json::{Map, Value, json};

use super::body;
use super::routes::percent_decoded;
use crate::{random, wall};

/// Header with the mark that the distribution adds (`infra/edge.yaml`).
const MARK: &str = "x-interlock-origin";

/// A request with everything that goes into its event.
pub(super) struct Incoming<'a> {
    pub(super) method: &'a Method,
    pub(super) uri: &'a Uri,
    pub(super) headers: &'a HeaderMap,
    pub(super) peer: SocketAddr,
    pub(super) body: &'a [u8],
    pub(super) mark: Option<&'a str>,
}

impl Incoming<'_> {
    pub(super) fn query(&self) -> &str {
        self.uri.query().unwrap_or_default()
    }

    /// Pairs of the query as sent, in order.
    pub(super) fn query_pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.query().split('&').filter(|pair| !pair.is_empty());
        pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
    }

    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// The event of `request` on the route `route_key`.
pub(super) fn event(
    request: &Incoming<'_>,
    route_key: &str,
    parameters: &[(String, String)],
) -> Value {
    let (body, is_base64) = body::encode(request.headers, request.body);
    let mut event = json!({
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": request.uri.path(),
        "rawQueryString": request.query(),
        "headers": headers(request),
        "requestContext": context(request, route_key),
        "isBase64Encoded": is_base64,
    });
    let mut put = |name: &str, value: Value| {
        if let Some(fields) = event.as_object_mut() {
            fields.insert(name.to_owned(), value);
        }
    };
    let cookies = cookies(request.headers);
    if !cookies.is_empty() {
        put("cookies", json!(cookies));
    }
    let query = query(request);
    if !query.is_empty() {
        put("queryStringParameters", Value::Object(query));
    }
    if !parameters.is_empty() {
        let parameters: Map<String, Value> =
            parameters.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        put("pathParameters", Value::Object(parameters));
    }
    if !body.is_null() {
        put("body", body);
    }
    event
}

fn context(request: &Incoming<'_>, route_key: &str) -> Value {
    let now = wall::now();
    json!({
        "accountId": "000000000000",
        "apiId": "local",
        "domainName": request.header(header::HOST),
        "domainPrefix": "local",
        "http": {
            "method": request.method.as_str(),
            "path": request.uri.path(),
            "protocol": "HTTP/1.1",
            "sourceIp": request.peer.ip().to_string(),
            "userAgent": request.header(header::USER_AGENT),
        },
        "requestId": random::hexadecimal::<8>(),
        "routeKey": route_key,
        "stage": "$default",
        "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
        "timeEpoch": now.as_millisecond(),
    })
}

/// Lower-case headers with repeated values joined; the gateway's own are added, and the mark of the
/// front takes the place of whatever a caller sends under its name.
pub(super) fn headers(request: &Incoming<'_>) -> Map<String, Value> {
    let mut joined: Map<String, Value> = Map::new();
    for (name, value) in request.headers {
        if name == header::COOKIE || name.as_str() == MARK {
            continue;
        }
        // Bytes above ASCII are passed on as Latin-1, which is how the gateway reads headers.
        let value: String = value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
        let joint = match joined.get(name.as_str()).and_then(Value::as_str) {
            Some(before) => format!("{before},{value}"),
            None => value,
        };
        joined.insert(name.as_str().to_owned(), Value::String(joint));
    }
    let port = request.header(header::HOST).rsplit_once(':').map_or("80", |(_, port)| port);
    let root = random::hexadecimal::<12>();
    for (name, value) in [
        ("x-forwarded-for", request.peer.ip().to_string()),
        ("x-forwarded-proto", "http".to_owned()),
        ("x-forwarded-port", port.to_owned()),
        ("x-amzn-trace-id", format!("Root=1-{:08x}-{root}", wall::now().as_second())),
    ] {
        joined.insert(name.to_owned(), Value::String(value));
    }
    if let Some(mark) = request.mark {
        joined.insert(MARK.to_owned(), json!(mark));
    }
    joined
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .map(|cookie| cookie.trim().to_owned())
        .filter(|cookie| !cookie.is_empty())
        .collect()
}

fn query(request: &Incoming<'_>) -> Map<String, Value> {
    let mut joined: Map<String, Value> = Map::new();
    for (name, value) in request.query_pairs() {
        let decode = |text: &str| percent_decoded(&text.replace('+', " "));
        let (name, value) = (decode(name), decode(value));
        let joint = match joined.get(&name).and_then(Value::as_str) {
            Some(before) => format!("{before},{value}"),
            None => value,
        };
        joined.insert(name, Value::String(joint));
    }
    joined
}
