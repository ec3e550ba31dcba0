//! A manager's word reaches as far as his scope, on every route that sets rules for a machine.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{by, request, send};
use interlock_app::model::{Account, ManagerScope};
use interlock_http::{Access, Route};
use interlock_policy::Role;
use interlock_testkit::World;
use machines::ROUTES;

/// Whose own use case looks at the scope, of the category an approval is for.
const BY_THEMSELVES: [&str; 1] = ["machines.checkout"];

fn manager_routes() -> impl Iterator<Item = &'static Route> {
    let at_least = |route: &&Route| route.access == Access::AtLeast(Role::Manager);
    let on_one = |route: &&Route| route.path.contains("{machineId}");
    ROUTES.iter().map(|(route, _)| *route).filter(at_least).filter(on_one)
}

#[test]
fn every_route_of_a_manager_on_one_machine_is_confined() {
    let open: Vec<&str> =
        manager_routes().filter(|route| !route.confined).map(|route| route.name).collect();
    assert_eq!(open, BY_THEMSELVES);
}

async fn codes(world: &World, cookie: &str) -> Vec<(&'static str, u16, String)> {
    let mut told = Vec::new();
    for route in manager_routes().filter(|route| route.confined) {
        let target = route.path.replace("{machineId}", "mch_laser");
        let target = target.replace("{exemptionId}", "exm_1").replace("{outageId}", "otg_1");
        let raw = by(request(route.method.as_str(), &target), cookie).json("{}".to_owned());
        let answer = send(world, ROUTES, route.name, raw).await;
        let (status, code) = answer.told();
        told.push((route.name, status, code.to_owned()));
    }
    told
}

#[tokio::test]
async fn beyond_his_scope_a_manager_is_refused_and_within_it_he_is_heard() {
    let world = World::new().await;
    let boss = world.person_with("boss", &[Role::Manager]).await;
    let cookie = world.session(&boss).await;
    let account = world.account_of(&boss).unwrap();
    let scoped = |machines: &[&str], categories: &[&str]| Account {
        scope: Some(ManagerScope {
            machines: machines.iter().map(|id| id.parse().unwrap()).collect(),
            categories: categories.iter().map(|name| (*name).to_owned()).collect(),
        }),
        ..account.clone()
    };
    world.put(&scoped(&["mch_mill"], &["mills"])).await;
    for (name, status, code) in codes(&world, &cookie).await {
        assert_eq!((status, code.as_str()), (403, "role_required"), "{name}");
    }
    for within in [scoped(&["mch_laser"], &[]), scoped(&[], &["lasers"])] {
        world.put(&within).await;
        for (name, status, code) in codes(&world, &cookie).await {
            assert_ne!(status, 403, "{name}: {code}");
        }
    }
}

#[tokio::test]
async fn a_scope_costs_no_further_read() {
    let world = World::new().await;
    let boss = world.person_with("boss", &[Role::Manager]).await;
    let cookie = world.session(&boss).await;
    let mut account = world.account_of(&boss).unwrap();
    let mut requests = Vec::new();
    for scope in [None, Some(vec!["mch_laser".parse().unwrap()])] {
        account.scope = scope.map(|machines| ManagerScope { machines, categories: Vec::new() });
        world.put(&account).await;
        world.store.reset_counts();
        let raw = by(request("GET", "/api/machines/mch_laser/policy"), &cookie);
        assert_eq!(send(&world, ROUTES, "policy.get", raw).await.status, 200);
        requests.push(world.store.requests());
    }
    assert_eq!(requests[0], requests[1]);
}
