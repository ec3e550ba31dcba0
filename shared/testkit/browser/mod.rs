//! Calls the way a browser makes them, over a workshop in memory; included by path into the tests
//! of the functions, because the test kit itself must not know the edge it stands behind.
//!
//! Every call goes through guard, handler and rendering; nothing is called past them.
#![allow(dead_code, reason = "each test binary uses its own part")]

use interlock_app::ports::store::Record;
use interlock_http::{Handler, RawRequest, Route, respond};
use interlock_testkit::World;
use serde_json::Value;

/// Routes of a domain with their handlers.
pub(crate) type Routes = &'static [(&'static Route, Handler)];

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
    /// The first value of a header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map_or("", |(_, value)| value)
    }

    /// Every header, repeated ones too.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What the browser shows from now on of a cookie that is set; nothing if it is not.
    pub(crate) fn cookie(&self, name: &str) -> String {
        let set = self.headers.iter().filter(|(own, _)| own == "set-cookie");
        let mut pairs = set.filter_map(|(_, value)| value.split(';').next());
        pairs.find(|pair| pair.split('=').next() == Some(name)).unwrap_or_default().to_owned()
    }

    /// Status and code, for one-line assertions.
    pub(crate) fn told(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or(""))
    }

    /// Codes of the reasons given.
    pub(crate) fn reasons(&self) -> Vec<&str> {
        let reasons = self.body["reasons"].as_array();
        reasons.into_iter().flatten().filter_map(|reason| reason["code"].as_str()).collect()
    }

    /// Places of the faults given.
    pub(crate) fn pointers(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array();
        errors.into_iter().flatten().filter_map(|error| error["pointer"].as_str()).collect()
    }
}

/// A bare request; parameters of the query are written as they are.
pub(crate) fn request(method: &str, target: &str) -> RawRequest {
    RawRequest::new(method, target, "req_1".parse().unwrap())
}

/// With a session and the mark of our own pages.
pub(crate) fn by(request: RawRequest, cookie: &str) -> RawRequest {
    request.header("cookie", cookie).header("x-requested-with", "interlock")
}

pub(crate) fn get(target: &str, cookie: &str) -> RawRequest {
    by(request("GET", target), cookie)
}

pub(crate) fn post(target: &str, cookie: &str, body: &str) -> RawRequest {
    by(request("POST", target), cookie).json(body)
}

/// Sends a request to the route of this name.
pub(crate) async fn send(world: &World, routes: Routes, name: &str, request: RawRequest) -> Answer {
    ask(world, *routes.iter().find(|(route, _)| route.name == name).unwrap(), request).await
}

/// Sends a request to a route.
pub(crate) async fn ask(
    world: &World,
    (route, handler): (&'static Route, Handler),
    request: RawRequest,
) -> Answer {
    ask_then(world, (route, handler), request, || ()).await
}

/// The same, and does something as soon as it is answered, before the answer is read.
pub(crate) async fn ask_then(
    world: &World,
    (route, handler): (&'static Route, Handler),
    request: RawRequest,
    answered: impl FnOnce(),
) -> Answer {
    let response = respond(route, handler, world.app.clone(), request).await;
    answered();
    let (parts, body) = response.into_parts();
    let text = String::from_utf8(body).unwrap();
    let headers = parts.headers.iter();
    Answer {
        status: parts.status.as_u16(),
        headers: headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        body: serde_json::from_str(&text).unwrap_or(Value::Null),
        text,
    }
}

/// Expects a problem with this code at this place, and a table and a Cal.com as they were.
pub(crate) async fn refused(
    world: &World,
    (routes, name): (Routes, &str),
    request: RawRequest,
    (status, code, pointer): (u16, &str, &str),
) {
    let before = kept(world);
    let shown = format!("{} {}", request.path, String::from_utf8_lossy(&request.body));
    let answer = send(world, routes, name, request).await;
    assert_eq!(answer.told(), (status, code), "{shown}: {}", answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.body["type"], format!("urn:interlock:problem:{code}"));
    assert_eq!(answer.body["status"], status);
    assert_eq!(answer.body["instance"], "urn:interlock:request:req_1");
    if pointer != "-" {
        assert_eq!(answer.pointers(), [pointer], "{shown}: {}", answer.text);
    }
    assert_eq!(kept(world), before, "{shown}");
    assert!(world.scheduler.calls().is_empty(), "{shown}");
}

/// The table without what the guard itself notes of every call, and without counts of refusals.
pub(crate) fn kept(world: &World) -> Vec<Record> {
    let mut records = world.store.dump();
    let noted = ["session_use", "tab", "refusal_day"];
    records.retain(|record| !noted.contains(&record.kind.as_str()));
    records
}
