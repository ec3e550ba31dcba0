//! What is made of bodies, parameters and headers.

mod support;

use interlock_app::App;
use interlock_app::ports::store::{Key, Position};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{Role, ZoneName};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use support::{Answer, World, request};

const ROUTE: Route = Route::post("things.create", "/api/things")
    .allow(Role::Member)
    .idempotent(false)
    .query(&["start", "timeZone", "limit", "cursor"]);
const KEYED: Route =
    Route::post("things.create", "/api/things").allow(Role::Member).idempotent(true);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "only whether it can be read is of interest")]
struct Thing {
    name: String,
    #[serde(default)]
    start: Option<Timestamp>,
    #[serde(default)]
    time_zone: Option<ZoneName>,
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only whether it can be read is of interest")]
struct Part {
    count: u32,
}

async fn take(_: App, call: Call) -> Result<Reply, Problem> {
    call.json::<Thing>()?;
    Ok(Reply::no_content())
}

async fn post(body: impl Into<Vec<u8>>) -> Answer {
    let world = World::new();
    let token = world.member().await;
    let raw = request("POST", "/api/things").session(&token).json(body);
    world.send(&ROUTE, take, raw).await
}

fn fault(answer: &Answer) -> (&str, &str) {
    let told = |name| answer.body.pointer(name).and_then(Value::as_str).unwrap_or("-");
    (told("/errors/0/pointer"), told("/errors/0/code"))
}

#[tokio::test]
async fn a_good_body_is_taken() {
    let body = r#"{"name":"x","start":"2026-06-01T10:00:00+02:00","timeZone":"Europe/Berlin",
                   "parts":[{"count":1}]}"#;
    assert_eq!(post(body).await.status, 204);
}

#[tokio::test]
async fn every_fault_of_a_body_has_a_pointer_and_a_code() {
    let cases: [(&str, (&str, &str)); 19] = [
        ("", ("", "empty")),
        ("{", ("", "malformed")),
        ("nope", ("", "malformed")),
        (r#"{"name":"x"} {}"#, ("", "malformed")),
        (r#"{"name":"x",}"#, ("", "malformed")),
        (r#"{"name":NaN}"#, ("/name", "malformed")),
        ("[]", ("", "wrong_type")),
        ("null", ("", "wrong_type")),
        ("{}", ("/name", "missing_field")),
        (r#"{"name":1}"#, ("/name", "wrong_type")),
        (r#"{"name":null}"#, ("/name", "wrong_type")),
        (r#"{"name":"x","colour":"red"}"#, ("/colour", "unknown_field")),
        (r#"{"name":"x","name":"y"}"#, ("", "repeated_field")),
        (r#"{"name":"x","parts":[{"count":1},{"count":-1}]}"#, ("/parts/1/count", "invalid_value")),
        (r#"{"name":"x","parts":[{}]}"#, ("/parts/0/count", "missing_field")),
        (r#"{"name":"x","parts":[{"count":1,"count":2}]}"#, ("/parts/0", "repeated_field")),
        (r#"{"name":"x","parts":[{"a/b~c":1}]}"#, ("/parts/0/a~1b~0c", "unknown_field")),
        (r#"{"name":"x","start":"2026-06-01T10:00:00"}"#, ("/start", "invalid_value")),
        (r#"{"name":"x","timeZone":"Mars/Olympus"}"#, ("/timeZone", "invalid_value")),
    ];
    for (body, expected) in cases {
        let answer = post(body).await;
        assert_eq!(answer.told(), (400, "invalid_body"), "{body}: {}", answer.text);
        assert_eq!(fault(&answer), expected, "{body}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_body_that_is_no_utf_8_is_malformed() {
    let answer = post(b"{\"name\":\"\xff\"}".to_vec()).await;
    assert_eq!(answer.told(), (400, "invalid_body"));
    assert_eq!(fault(&answer).1, "malformed");
}

#[tokio::test]
async fn an_answer_never_repeats_a_value() {
    for body in [
        r#"{"name":["hunter2"]}"#,
        r#"{"name":"x","start":"hunter2"}"#,
        r#"{"name":"x","start":"hunter2, expected hunter2"}"#,
        r#"{"name":"x","timeZone":"hunter2"}"#,
        r#"{"name":"x","parts":["hunter2"]}"#,
        r#"{"name":"x","parts":"hunter2"}"#,
        r#"{"name":"hunter2" hunter2}"#,
    ] {
        let answer = post(body).await;
        assert_eq!(answer.told(), (400, "invalid_body"), "{body}");
        assert!(!answer.text.contains("hunter2"), "{body}: {}", answer.text);
    }
}

#[tokio::test]
async fn nesting_ends_at_32() {
    let nested = |depth: usize| {
        format!(r#"{{"name":"x","deep":{}{}}}"#, "[".repeat(depth - 1), "]".repeat(depth - 1))
    };
    assert_eq!(fault(&post(nested(32)).await), ("/deep", "unknown_field"));
    assert_eq!(fault(&post(nested(33)).await), ("", "too_deep"));
    assert_eq!(fault(&post(nested(40_000)).await), ("", "too_deep"));
}

#[tokio::test]
async fn a_body_ends_at_100_kilobytes_and_a_delivery_at_256() {
    const SIGNED: Route = Route::post("webhooks.calcom", "/api/webhooks/calcom").signed();
    async fn raw(_: App, _: Call) -> Result<Reply, Problem> {
        Ok(Reply::no_content())
    }
    let body = |size: usize| format!(r#"{{"name":"{}"}}"#, "x".repeat(size - 11));
    assert_eq!(post(body(100_000)).await.status, 204);
    assert_eq!(post(body(100_001)).await.told(), (413, "body_too_large"));
    let world = World::new();
    for (size, status) in [(256_000, 204), (256_001, 413)] {
        let delivery = request("POST", "/api/webhooks/calcom").json(body(size));
        assert_eq!(world.send(&SIGNED, raw, delivery).await.status, status);
    }
}

#[tokio::test]
async fn only_json_is_taken() {
    let world = World::new();
    let token = world.member().await;
    let kinds = [
        ("application/json", 204),
        ("Application/JSON; charset=UTF-8", 204),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/json; charset=latin1", 415),
        ("application/jsonp", 415),
        ("", 415),
    ];
    for (kind, status) in kinds {
        let mut raw = request("POST", "/api/things").session(&token).header("content-type", kind);
        raw.body = br#"{"name":"x"}"#.to_vec();
        assert_eq!(world.send(&ROUTE, take, raw).await.status, status, "{kind}");
    }
    let mut raw = request("POST", "/api/things").session(&token);
    raw.body = br#"{"name":"x"}"#.to_vec();
    let answer = world.send(&ROUTE, take, raw).await;
    assert_eq!(answer.told(), (415, "unsupported_media_type"));
}

async fn parameters(_: App, call: Call) -> Result<Reply, Problem> {
    let (start, zone) = (call.instant("start")?, call.zone("timeZone")?);
    Ok(Reply::ok(&json!({"start": start, "timeZone": zone, "limit": call.limit()?})))
}

async fn ask(query: &str) -> Answer {
    let world = World::new();
    let token = world.member().await;
    let raw = request("POST", &format!("/api/things?{query}")).session(&token);
    world.send(&ROUTE, parameters, raw).await
}

#[tokio::test]
async fn parameters_are_typed() {
    let answer =
        ask("start=2026-06-01T10:00:00%2B02:00&limit=1".replace("%2B", "+").as_str()).await;
    assert_eq!(answer.body["start"], "2026-06-01T08:00:00Z");
    assert_eq!(answer.body["limit"], 1);
    let answer = ask("start=2026-06-01T10:00:00Z&timeZone=Europe/Berlin").await;
    let expected =
        json!({"start": "2026-06-01T10:00:00Z", "timeZone": "Europe/Berlin", "limit": 50});
    assert_eq!(answer.body, expected);
    assert_eq!(ask("limit=100").await.body["limit"], 100);
}

#[tokio::test]
async fn parameters_that_cannot_be_used_are_named() {
    let cases = [
        ("start=2026-06-01T10:00:00", ("start", "not_an_instant")),
        ("start=2026-06-01", ("start", "not_an_instant")),
        ("start=2026-06-01T10:00:00 02:00", ("start", "not_an_instant")),
        ("start=2026-06-01t10:00:00z", ("start", "not_an_instant")),
        ("start=2026-06-01T10:00:00+02:00[Europe/Berlin]", ("start", "not_an_instant")),
        ("start=2026-02-30T10:00:00Z", ("start", "not_an_instant")),
        ("start=", ("start", "not_an_instant")),
        ("start=1780308000", ("start", "not_an_instant")),
        ("timeZone=Mars/Olympus", ("timeZone", "not_a_zone")),
        ("timeZone=", ("timeZone", "not_a_zone")),
        ("limit=0", ("limit", "out_of_range")),
        ("limit=101", ("limit", "out_of_range")),
        ("limit=-1", ("limit", "out_of_range")),
        ("limit=ten", ("limit", "out_of_range")),
        ("limit=1&limit=2", ("limit", "repeated")),
        ("hunter2=1", ("", "unknown")),
    ];
    for (query, expected) in cases {
        let answer = ask(query).await;
        assert_eq!(answer.told(), (400, "invalid_parameter"), "{query}");
        assert_eq!(fault(&answer), expected, "{query}");
        assert!(!answer.text.contains("hunter2"));
    }
}

#[tokio::test]
async fn a_key_is_required_where_the_route_says_so() {
    let world = World::new();
    let token = world.member().await;
    let raw = request("POST", "/api/things").session(&token).json(r#"{"name":"x"}"#);
    let answer = world.send(&KEYED, take, raw.clone()).await;
    assert_eq!(answer.told(), (400, "idempotency_key_required"));
    for bad in ["", "\"\"", "with space", "tab\there", &"x".repeat(256)] {
        let answer = world.send(&KEYED, take, raw.clone().header("idempotency-key", bad)).await;
        assert_eq!(answer.told(), (400, "invalid_parameter"), "{bad:?}");
        assert_eq!(fault(&answer).0, "Idempotency-Key");
    }
    for good in ["a", "\"a\"", &"x".repeat(255)] {
        let answer = world.send(&KEYED, take, raw.clone().header("idempotency-key", good)).await;
        assert_eq!(answer.status, 204, "{good:?}");
    }
    let twice = raw.header("idempotency-key", "a").header("idempotency-key", "b");
    assert_eq!(world.send(&KEYED, take, twice).await.status, 400);
}

#[tokio::test]
async fn a_key_belongs_to_person_operation_and_path() {
    const OTHER: Route =
        Route::post("things.move", "/api/things").allow(Role::Member).idempotent(true);
    async fn name(_: App, call: Call) -> Result<Reply, Problem> {
        let used = call.idempotency().unwrap();
        assert_eq!(used.body_hash.len(), 64);
        Ok(Reply::ok(&used.key))
    }
    let world = World::new();
    let ada = world.member().await;
    let bob = world.login(&World::account("bob", &[Role::Member])).await;
    let mut names = std::collections::BTreeSet::new();
    for (route, path, token, key) in [
        (&KEYED, "/api/things", &ada, "k"),
        (&OTHER, "/api/things", &ada, "k"),
        (&KEYED, "/api/others", &ada, "k"),
        (&KEYED, "/api/things", &bob, "k"),
        (&KEYED, "/api/things", &ada, "l"),
    ] {
        let raw = request("POST", path).session(token).header("idempotency-key", key);
        names.insert(world.send(route, name, raw).await.text);
    }
    assert_eq!(names.len(), 5);
    let quoted = request("POST", "/api/things").session(&ada).header("idempotency-key", "\"k\"");
    assert!(!names.insert(world.send(&KEYED, name, quoted).await.text));
}

#[tokio::test]
async fn a_cursor_opens_only_the_list_it_was_given_for() {
    const LIST: Route = Route::get("things.list", "/api/things").any_caller().query(&["cursor"]);
    fn position() -> Position {
        let Key { partition, sort } = Key::new("P", "S");
        Position { key: (partition, sort), index_sort: Some("I".into()) }
    }
    async fn first(_: App, call: Call) -> Result<Reply, Problem> {
        Ok(Reply::page(&[1, 2], call.next_cursor("ada", Some(&position()))))
    }
    async fn next(_: App, call: Call) -> Result<Reply, Problem> {
        assert_eq!(call.cursor("ada")?, Some(position()));
        Ok(Reply::page::<u8>(&[], call.next_cursor("ada", None)))
    }
    async fn foreign(_: App, call: Call) -> Result<Reply, Problem> {
        call.cursor("bob").map(|_| Reply::no_content())
    }
    let world = World::new();
    let token = world.member().await;
    let get = |target: &str| request("GET", target).session(&token);
    let page = world.send(&LIST, first, get("/api/things")).await;
    assert_eq!(page.body["items"], json!([1, 2]));
    let cursor = page.body["nextCursor"].as_str().unwrap();
    let target = format!("/api/things?cursor={cursor}");
    assert_eq!(world.send(&LIST, next, get(&target)).await.body, json!({"items": []}));
    let answer = world.send(&LIST, foreign, get(&target)).await;
    assert_eq!(answer.told(), (400, "invalid_cursor"));
    let bent = format!("/api/things?cursor=A{cursor}");
    for target in [bent.as_str(), "/api/things?cursor=", "/api/things?cursor=%"] {
        let answer = world.send(&LIST, foreign, get(target)).await;
        assert_eq!(answer.told(), (400, "invalid_cursor"), "{target}");
    }
}

#[tokio::test]
async fn the_entity_tag_given_is_the_one_taken_back() {
    async fn version(_: App, call: Call) -> Result<Reply, Problem> {
        let version = call.if_match()?;
        Ok(Reply::ok(&version).etag(version.unwrap_or(1)))
    }
    let world = World::new();
    let token = world.member().await;
    let raw = request("POST", "/api/things").session(&token);
    let answer = world.send(&ROUTE, version, raw.clone()).await;
    assert_eq!((answer.text.as_str(), answer.header("etag")), ("null", "\"v1\""));
    let answer = world.send(&ROUTE, version, raw.clone().header("if-match", "\"v7\"")).await;
    assert_eq!((answer.text.as_str(), answer.header("etag")), ("7", "\"v7\""));
    for bad in ["7", "v7", "\"7\"", "W/\"v7\"", "*", "\"v7\", \"v8\""] {
        let answer = world.send(&ROUTE, version, raw.clone().header("if-match", bad)).await;
        assert_eq!(answer.told(), (400, "invalid_parameter"), "{bad}");
    }
}

#[tokio::test]
async fn a_limit_that_is_none_is_refused_also_where_nobody_asks_for_it() {
    const QUERY: Route = Route::get("things.list", "/api/things").any_caller().query(&["limit"]);
    async fn unasked(_: App, _: Call) -> Result<Reply, Problem> {
        Ok(Reply::ok(&json!({})))
    }
    let world = World::new();
    let token = world.member().await;
    for (query, status) in [("limit=101", 400), ("limit=x", 400), ("limit=100", 200)] {
        let raw = request("GET", &format!("{}?{query}", QUERY.path)).session(&token);
        assert_eq!(world.send(&QUERY, unasked, raw).await.status, status, "{query}");
    }
}
