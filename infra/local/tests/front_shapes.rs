//! Requests through the front: event shapes, answers, and the platform's words without one.
//! A fake function answers what it was handed.

#[cfg(test)]
mod support;

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use interlock_local::environment::TEMPLATE_PARAMETERS;
use interlock_local::gateway::{Front, RouteTable, docs_router, front_router};
use interlock_local::net::{self, Served};
use interlock_local::template::Template;
use serde_json::{Value, json};
use support::{Act, FakeLauncher, RuntimeRig};

struct Rig {
    served: Served,
    client: reqwest::Client,
    runtime: RuntimeRig,
}

const NAMES: [&str; 4] =
    ["reservations-create", "machines-get", "webhooks-calcom", "machines-mine"];

#[cfg(test)]
async fn rig(act: impl Fn(Value) -> Act + Send + Sync + 'static) -> Rig {
    let text = include_str!("samples/template.yaml");
    let template = Template::parse(text, &TEMPLATE_PARAMETERS).unwrap();
    let launcher = FakeLauncher::new(move |_, event| act(event));
    let runtime = RuntimeRig::new(&NAMES, Duration::from_millis(500), launcher).await;
    let front = Front {
        routes: Arc::new(RouteTable::new(&template)),
        manager: runtime.manager.clone(),
        mark: Some("f".repeat(64)),
    };
    let router = docs_router().fallback_service(front_router(front));
    let served = net::serve(router).await.unwrap();
    Rig { served, client: net::client(None).unwrap(), runtime }
}

/// A function that answers the event it got.
#[cfg(test)]
async fn mirror() -> Rig {
    rig(|event| Act::Answer(json!({"statusCode": 200, "body": event.to_string()}))).await
}

#[cfg(test)]
impl Rig {
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.served.url())
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        let response = self.client.get(self.url(path)).send().await.unwrap();
        (response.status(), response.text().await.unwrap())
    }
}

#[tokio::test]
async fn a_request_becomes_an_event_of_the_http_api() {
    let rig = mirror().await;
    let response = rig
        .client
        .post(rig.url("/api/machines/mch_laser/reservations?a=1&a=2&b=x%20y"))
        .header("content-type", "application/json")
        .header("cookie", "__Host-session=usr_1.abc; theme=dark")
        .header("x-twice", "1")
        .header("x-twice", "2")
        .body(r#"{"start":"ü"}"#)
        .send()
        .await
        .unwrap();
    let event: Value = response.json().await.unwrap();
    assert_eq!(event["version"], "2.0");
    assert_eq!(event["routeKey"], "POST /api/machines/{machineId}/reservations");
    assert_eq!(event["pathParameters"], json!({"machineId": "mch_laser"}));
    assert_eq!(event["rawQueryString"], "a=1&a=2&b=x%20y");
    assert_eq!(event["queryStringParameters"], json!({"a": "1,2", "b": "x y"}));
    assert_eq!(event["cookies"], json!(["__Host-session=usr_1.abc", "theme=dark"]));
    assert_eq!(event["headers"]["x-twice"], "1,2");
    assert_eq!(event["headers"].get("cookie"), None);
    assert_eq!(
        (&event["body"], &event["isBase64Encoded"]),
        (&json!(r#"{"start":"ü"}"#), &json!(false))
    );
    assert_eq!(event["requestContext"]["http"]["sourceIp"], "127.0.0.1");
    assert_eq!(event["requestContext"]["stage"], "$default");
}

#[tokio::test]
async fn the_mark_of_the_front_takes_the_place_of_a_callers_own() {
    let rig = mirror().await;
    let get = rig.client.get(rig.url("/api/machines/mch_laser"));
    let response = get.header("x-interlock-origin", "mine").send().await.unwrap();
    let event: Value = response.json().await.unwrap();
    assert_eq!(event["headers"]["x-interlock-origin"], "f".repeat(64));
}

#[tokio::test]
async fn a_body_that_is_no_text_travels_as_base64() {
    let rig = mirror().await;
    let post = rig.client.post(rig.url("/api/hosts/hst_coach/reservations"));
    let response = post.body(vec![0xff, 0x00]).send().await.unwrap();
    let event: Value = response.json().await.unwrap();
    assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!("/wA="), &json!(true)));
}

#[tokio::test]
async fn the_webhook_comes_in_the_shape_of_the_load_balancer() {
    let rig = mirror().await;
    let post = rig.client.post(rig.url("/api/webhooks/calcom?x=1"));
    let body = "{\"a\" :1}\n";
    let response = post
        .header("content-type", "application/json")
        .header("x-cal-signature-256", "beef")
        .header("x-cal-signature-256", "f00d")
        .body(body)
        .send()
        .await
        .unwrap();
    let event: Value = response.json().await.unwrap();
    assert!(event["requestContext"]["elb"]["targetGroupArn"].is_string());
    assert_eq!(
        (&event["httpMethod"], &event["path"]),
        (&json!("POST"), &json!("/api/webhooks/calcom"))
    );
    assert_eq!(event["body"], body);
    assert_eq!(event["multiValueHeaders"]["x-cal-signature-256"], json!(["beef", "f00d"]));
    assert_eq!(event["multiValueQueryStringParameters"], json!({"x": ["1"]}));
}

#[tokio::test]
async fn an_unknown_path_or_method_is_answered_like_the_http_api() {
    let rig = mirror().await;
    let not_found = (StatusCode::NOT_FOUND, r#"{"message":"Not Found"}"#.to_owned());
    assert_eq!(rig.get("/api/nothing").await, not_found);
    assert_eq!(rig.get("/").await, not_found);
    let wrong = rig.client.delete(rig.url("/api/machines/mch_laser")).send().await.unwrap();
    assert_eq!((wrong.status(), wrong.text().await.unwrap()), not_found);
}

#[tokio::test]
async fn headers_cookies_and_status_of_an_answer_reach_the_client() {
    let rig = rig(|_| {
        Act::Answer(json!({
            "statusCode": 201,
            "headers": {"content-type": "application/problem+json", "location": "/x"},
            "multiValueHeaders": {"vary": ["a", "b"]},
            "cookies": ["one=1; HttpOnly", "two=2"],
            "body": "aGk=",
            "isBase64Encoded": true,
        }))
    })
    .await;
    let response = rig.client.get(rig.url("/api/machines/mine")).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
    assert_eq!(response.headers().get_all("vary").iter().count(), 2);
    assert_eq!(response.text().await.unwrap(), "hi");
}

#[tokio::test]
async fn a_bare_answer_is_the_body() {
    let rig = rig(|_| Act::Answer(json!({"ok": true}))).await;
    assert_eq!(rig.get("/api/machines/mine").await, (StatusCode::OK, r#"{"ok":true}"#.into()));
}

#[tokio::test]
async fn a_failed_function_is_500_and_a_late_one_503() {
    let failing = rig(|_| Act::Fail("x")).await;
    let (status, body) = failing.get("/api/machines/mine").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(body, r#"{"message":"Internal Server Error"}"#);
    let crashing = rig(|_| Act::Crash).await;
    assert_eq!(crashing.get("/api/machines/mine").await.0, StatusCode::INTERNAL_SERVER_ERROR);
    let late = rig(|_| Act::Hang).await;
    let (status, body) = late.get("/api/machines/mine").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(body, r#"{"message":"Service Unavailable"}"#);
    let webhook = late.client.post(late.url("/api/webhooks/calcom")).send().await.unwrap();
    assert_eq!(webhook.status(), StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn bodies_beyond_the_limits_of_the_platform_are_refused() {
    let rig = mirror().await;
    let post = |path: &str, length| {
        let request = rig.client.post(rig.url(path)).body(vec![b'x'; length]);
        async move { request.send().await.map(|response| response.status()) }
    };
    let webhook = "/api/webhooks/calcom";
    assert_eq!(post(webhook, 1024 * 1024).await.unwrap(), StatusCode::OK);
    assert_eq!(post(webhook, 1024 * 1024 + 1).await.unwrap(), StatusCode::PAYLOAD_TOO_LARGE);
    let create = "/api/machines/mch_laser/reservations";
    // The connection may be cut while the body is still being sent.
    let large = post(create, 10 * 1024 * 1024 + 1).await;
    assert!(large.map_or(true, |status| status == StatusCode::PAYLOAD_TOO_LARGE));
}

#[tokio::test]
async fn clients_that_send_slowly_keep_no_function_from_others() {
    use tokio::io::AsyncWriteExt;
    let rig = mirror().await;
    let address = rig.served.url().trim_start_matches("http://").to_owned();
    let mut slow = Vec::new();
    for _ in 0..32 {
        let mut client = tokio::net::TcpStream::connect(&address).await.unwrap();
        let begun = b"POST /api/machines/mch_laser/reservations HTTP/1.1\r\nhost: x\r\n\
            content-type: application/json\r\ncontent-length: 1000\r\n\r\n{";
        client.write_all(begun).await.unwrap();
        slow.push(client);
    }
    // A function is started for a whole request alone.
    let whole = rig.client.post(rig.url("/api/machines/mch_laser/reservations")).body("{}");
    assert_eq!(whole.send().await.unwrap().status(), StatusCode::OK);
    let started: usize = rig.runtime.manager.status().iter().map(|one| one.instances).sum();
    assert_eq!(started, 1, "thirty-two wait for their own bytes");
    assert_eq!(slow.len(), 32);
}

#[tokio::test]
async fn the_reference_page_needs_no_other_server() {
    let rig = mirror().await;
    let (status, page) = rig.get("/docs/api/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(!page.contains("http://") && !page.contains("https://"), "{page}");
    for file in ["swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"] {
        let response = rig.client.get(rig.url(&format!("/docs/api/{file}"))).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{file}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'"), "{policy}");
    }
    let (_, start) = rig.get("/docs/api/start.js").await;
    assert!(start.contains("/api/openapi.json") && start.contains("X-Requested-With"));
}
