//! What a route says of itself, and what the log says of a request.

mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};

use interlock_app::App;
use interlock_http::{Access, Call, Handler, Idempotency, Method, Problem, Reply, Route};
use interlock_policy::Role;
use serde_json::Value;
use support::{World, request};

mod create {
    use super::{App, Call, Problem, Reply, Role, Route};

    pub(crate) const ROUTE: Route =
        Route::post("reservations.create", "/api/machines/{machineId}/reservations")
            .twin("/api/hosts/{hostId}/reservations")
            .allow(Role::Member)
            .idempotent(true);

    pub(crate) async fn handle(_: App, call: Call) -> Result<Reply, Problem> {
        Ok(Reply::ok(&call.resource_id()?))
    }
}

const ROUTES: &[(&Route, Handler)] =
    &[(&create::ROUTE, |app, call| Box::pin(create::handle(app, call)))];

#[test]
fn a_route_says_everything_a_template_needs() {
    let (route, _) = ROUTES[0];
    assert_eq!(route.name, "reservations.create");
    assert_eq!((route.method, route.method.as_str()), (Method::Post, "POST"));
    let paths: Vec<_> = route.paths().collect();
    assert_eq!(
        paths,
        ["/api/machines/{machineId}/reservations", "/api/hosts/{hostId}/reservations"]
    );
    assert_eq!(route.access, Access::AtLeast(Role::Member));
    assert_eq!(route.idempotency, Idempotency::Required);
}

#[tokio::test]
async fn a_handler_of_the_list_answers_under_both_paths() {
    let world = World::new();
    let token = world.member().await;
    let (route, handler) = ROUTES[0];
    for (path, id) in [
        ("/api/machines/mch_laser/reservations", "mch_laser"),
        ("/api/hosts/hst_coach/reservations", "hst_coach"),
    ] {
        let raw = request("POST", path).session(&token).header("idempotency-key", "k");
        assert_eq!(world.send(route, handler, raw).await.body, id);
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// One line a request, and nothing of body, e-mail, cookie or query in it.
#[tokio::test]
async fn a_request_is_one_line_without_anything_personal() {
    let lines = Lines::default();
    let sink = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(move || sink.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let world = World::new();
    let token = world.member().await;
    let raw = request("POST", "/api/machines/mch_laser/reservations?secret=hunter2")
        .session(&token)
        .header("idempotency-key", "hunter2")
        .json(r#"{"email":"hunter2@demo.test"}"#);
    world.send(&create::ROUTE, create::handle, raw).await;
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["route"], "reservations.create");
    assert_eq!(line["status"], 400);
    assert_eq!(line["code"], "invalid_parameter");
    assert_eq!(line["request_id"], "req_1");
    assert!(line["milliseconds"].is_u64());
    for secret in ["hunter2", "ada@demo.test", &token.expose()] {
        assert!(!text.contains(secret), "{text}");
    }
}
