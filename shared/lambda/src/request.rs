//! From the events of an HTTP API and of a load balancer to our request, and back.
//!
//! The body is raw bytes again, whatever the gateway made of it; the client's address comes from
//! the request context alone (RELIABILITY A6, W2).

use std::future::{Future, ready};
use std::pin::Pin;

use http::Response;
use interlock_http::{RawRequest, Way};
use interlock_policy::RequestId;
use lambda_http::aws_lambda_events::query_map::QueryMap;
use lambda_http::request::RequestContext;
use lambda_http::{Body, IntoResponse, Request, RequestExt};

use crate::job::deadline;
use crate::trace;

/// What the runtime waits for; its crate does not export the name.
type ResponseFuture = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// Our request.
pub(crate) fn from_event(request: Request, request_id: RequestId) -> RawRequest {
    let path = request.uri().path().to_owned();
    let source_ip = request.request_context_ref().and_then(source_ip);
    let ends_at = request.lambda_context_ref().map(deadline);
    let trace_id = request.lambda_context_ref().and_then(trace::of);
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
        trace_id,
        ends_at,
        way: Way::Allowed,
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

/// An answer of ours as it goes into the event.
pub(crate) struct Answered(Response<Body>);

/// As it is: the runtime would decode a body by its character set, and carry tables of all of them
/// for it.
impl IntoResponse for Answered {
    fn into_response(self) -> ResponseFuture {
        Box::pin(ready(self.0))
    }
}

/// The answer as text, which all our bodies are, so that no gateway encodes it.
pub(crate) fn to_event(response: Response<Vec<u8>>) -> Answered {
    Answered(response.map(|body| match String::from_utf8(body) {
        Ok(text) if text.is_empty() => Body::Empty,
        Ok(text) => Body::Text(text),
        Err(error) => Body::Binary(error.into_bytes()),
    }))
}

#[cfg(test)]
mod tests {
    use interlock_calcom::Secret;
    use interlock_calcom::webhook::{SignatureError, SigningSecrets};
    use lambda_http::request::from_str;
    use serde_json::json;

    use super::*;

    fn converted(event: &serde_json::Value) -> RawRequest {
        from_event(from_str(&event.to_string()).unwrap(), "req_1".parse().unwrap())
    }

    fn api_event() -> serde_json::Value {
        json!({
            "version": "2.0",
            "routeKey": "POST /api/machines/{machineId}/reservations",
            "rawPath": "/api/machines/mch_laser/reservations",
            "rawQueryString": "start=2026-06-01T10%3A00%3A00%2B02%3A00&x=1&x=2",
            "cookies": ["theme=dark", "__Host-session=usr_ada.00"],
            "headers": {
                "content-type": "application/json",
                "x-forwarded-for": "6.6.6.6",
                "host": "app.test"
            },
            "requestContext": {
                "accountId": "1", "apiId": "a", "domainName": "app.test", "domainPrefix": "app",
                "http": {
                    "method": "POST", "path": "/api/machines/mch_laser/reservations",
                    "protocol": "HTTP/1.1", "sourceIp": "192.0.2.7", "userAgent": "x"
                },
                "requestId": "r", "routeKey": "$default", "stage": "$default",
                "time": "01/Jun/2026:08:00:00 +0000", "timeEpoch": 1
            },
            "pathParameters": {"machineId": "mch_laser"},
            "body": "{\"a\":1}",
            "isBase64Encoded": false
        })
    }

    fn balancer_event(body: &str, encoded: bool) -> serde_json::Value {
        json!({
            "requestContext": {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:x"}},
            "httpMethod": "POST",
            "path": "/api/webhooks/calcom",
            "multiValueQueryStringParameters": {},
            "multiValueHeaders": {
                "content-type": ["application/json"],
                "x-cal-signature-256": ["ab"],
                "x-forwarded-for": ["6.6.6.6"],
                "host": ["hooks.internal"]
            },
            "body": body,
            "isBase64Encoded": encoded
        })
    }

    #[test]
    fn an_event_of_the_http_api_is_our_request() {
        let raw = converted(&api_event());
        assert_eq!((raw.method.as_str(), raw.body.as_slice()), ("POST", &b"{\"a\":1}"[..]));
        assert_eq!(raw.path, "/api/machines/mch_laser/reservations");
        assert_eq!(raw.path_parameters, [("machineId".to_owned(), "mch_laser".to_owned())]);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut query = raw.query.clone();
        query.sort();
        let expected = [pair("start", "2026-06-01T10:00:00+02:00"), pair("x", "1"), pair("x", "2")];
        assert_eq!(query, expected);
        assert_eq!(raw.source_ip.as_deref(), Some("192.0.2.7"));
        let cookies: Vec<_> =
            raw.headers.get_all("cookie").iter().map(|value| value.to_str().unwrap()).collect();
        assert!(cookies.join("; ").contains("__Host-session=usr_ada.00"), "{cookies:?}");
    }

    #[test]
    fn an_event_of_the_load_balancer_is_our_request() {
        let raw = converted(&balancer_event("{\"a\":1}", false));
        assert_eq!((raw.method.as_str(), raw.body.as_slice()), ("POST", &b"{\"a\":1}"[..]));
        assert_eq!(raw.path, "/api/webhooks/calcom");
        assert_eq!(raw.headers["x-cal-signature-256"], "ab");
        assert!(raw.path_parameters.is_empty());
        assert_eq!(raw.source_ip, None);
    }

    #[test]
    fn a_body_in_base64_is_raw_bytes_again() {
        let raw = converted(&balancer_event("eyJhIjoiw6kifQ==", true));
        assert_eq!(raw.body, "{\"a\":\"é\"}".as_bytes());
        let mut event = api_event();
        event["body"] = json!("/wA=");
        event["isBase64Encoded"] = json!(true);
        assert_eq!(converted(&event).body, [0xff, 0x00]);
    }

    #[test]
    fn what_runs_us_says_when_it_stops_waiting() {
        let request = from_str(&api_event().to_string()).unwrap();
        let mut gone = lambda_http::Context::default();
        gone.deadline = 1;
        let raw = from_event(request.with_lambda_context(gone), "req_1".parse().unwrap());
        assert!(raw.ends_at.unwrap() <= std::time::Instant::now());
        assert_eq!(converted(&api_event()).ends_at, None, "a call that came by no runtime");
    }

    #[tokio::test]
    async fn an_answer_is_text_whatever_its_type_says() {
        for kind in ["application/problem+json", "text/calendar; charset=latin1", "image/png"] {
            let answer = Response::builder().header("content-type", kind);
            let answer = answer.body("{\"é\":1}".as_bytes().to_vec()).unwrap();
            let text = to_event(answer).into_response().await.into_body();
            assert!(matches!(text, Body::Text(text) if text == "{\"é\":1}"), "{kind}");
        }
        let none = to_event(Response::new(Vec::new())).into_response().await.into_body();
        assert!(matches!(none, Body::Empty));
    }

    /// HMAC-SHA-256 of `{}` under `first`.
    const SIGNED: &str = "1a622d22c97781330a4b238d7aa9ee5fa17bae5a3f4de330ee27097d9ab280d7";

    /// The receiver's event in both shapes, with these values of the signature header.
    fn deliveries(body: &str, encoded: bool, signatures: &[&str]) -> [serde_json::Value; 2] {
        let mut balancer = balancer_event(body, encoded);
        balancer["multiValueHeaders"]["x-cal-signature-256"] = json!(signatures);
        let mut api = api_event();
        // The HTTP API joins what comes twice.
        api["headers"]["x-cal-signature-256"] = json!(signatures.join(","));
        api["body"] = json!(body);
        api["isBase64Encoded"] = json!(encoded);
        [balancer, api]
    }

    fn verified(event: &serde_json::Value) -> Result<(), SignatureError> {
        let raw = converted(event);
        let values = raw.headers.get_all("x-cal-signature-256").iter();
        let values: Vec<&[u8]> = values.map(http::HeaderValue::as_bytes).collect();
        let secrets = SigningSecrets::new(vec![Secret::new("first")]).unwrap();
        secrets.verify(&raw.body, &values)
    }

    #[test]
    fn a_signature_is_over_the_raw_bytes_in_either_shape_and_encoding() {
        let prefixed = format!("sha256={SIGNED}");
        for signature in [SIGNED, &prefixed] {
            for (body, encoded) in [("{}", false), ("e30=", true)] {
                for event in deliveries(body, encoded, &[signature]) {
                    assert_eq!(verified(&event), Ok(()), "{event}");
                }
            }
        }
        // Neither the encoded text nor what it would decode to passes for the other.
        for (body, encoded) in [("e30=", false), ("ZTMwPQ==", true)] {
            for event in deliveries(body, encoded, &[SIGNED]) {
                assert_eq!(verified(&event), Err(SignatureError::Mismatch), "{event}");
            }
        }
    }

    #[test]
    fn a_signature_that_is_doubled_or_none_is_refused_in_either_shape() {
        let (letters, short) = ("z".repeat(64), SIGNED.chars().skip(1).collect::<String>());
        for wrong in ["", "no-secret-provided", "sha256=", "ab", &letters, &short] {
            for event in deliveries("{}", false, &[wrong]) {
                assert!(verified(&event).is_err(), "{event}");
            }
        }
        for event in deliveries("{}", false, &[SIGNED, SIGNED]) {
            assert!(verified(&event).is_err(), "{event}");
        }
        let [mut balancer, mut api] = deliveries("{}", false, &[]);
        balancer["multiValueHeaders"].as_object_mut().unwrap().remove("x-cal-signature-256");
        api["headers"].as_object_mut().unwrap().remove("x-cal-signature-256");
        for event in [balancer, api] {
            assert_eq!(verified(&event), Err(SignatureError::Missing), "{event}");
        }
    }
}
