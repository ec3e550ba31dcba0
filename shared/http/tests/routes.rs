//! What a route says of itself.

mod support;

use interlock_app::App;
use interlock_http::{Access, Call, Handler, Idempotency, Method, Problem, Reply, Route};
use interlock_policy::Role;
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
