//! Who may do what: every route as every kind of person meets it, with the request of its sample.
//!
//! The page is for people to read, `docs/role-matrix.txt`; `cargo xtask bless` writes it anew, and
//! whatever changes in it is to be read like code.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../../shared/testkit/browser/mod.rs"]
mod browser;
mod cast;
#[path = "../../../../shared/testkit/chance/mod.rs"]
mod chance;
mod fuzz;
mod page;
#[path = "../../../../shared/calcom/tests/support/recorded.rs"]
mod recorded;
mod samples;
mod workshop;

use browser::Routes;
use cast::{Cast, FOREIGN};
use interlock_http::{Access, Handler, Route};
use samples::Sample;

/// Every route of the product.
const DOMAINS: [Routes; 12] = [
    audit::ROUTES,
    auth::ROUTES,
    calendar::ROUTES,
    checkouts::ROUTES,
    machines::ROUTES,
    notifications::ROUTES,
    reconciliation::ROUTES,
    reservations::ROUTES,
    system::ROUTES,
    training::ROUTES,
    users::ROUTES,
    webhooks::ROUTES,
];

fn routes() -> Vec<&'static (&'static Route, Handler)> {
    let mut routes: Vec<_> = DOMAINS.into_iter().flatten().collect();
    routes.sort_by_key(|(route, _)| (route.path, route.method.as_str()));
    routes
}

#[expect(clippy::disallowed_methods, reason = "a switch for whoever runs the test")]
fn blessing() -> bool {
    std::env::var_os("INTERLOCK_BLESS").is_some()
}

#[tokio::test]
async fn the_page_of_roles_is_what_the_routes_answer() {
    let page = page::of(&Cast::new().await, &routes()).await;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/role-matrix.txt");
    if blessing() {
        std::fs::write(path, &page).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(found, page, "read what changed, then run `cargo xtask bless`");
}

#[test]
fn every_sample_of_a_request_is_one_of_a_route_here() {
    let known: Vec<String> = routes().iter().map(|(route, _)| samples::name_of(route)).collect();
    let mut asked = samples::all();
    asked.retain(|name| !known.contains(name));
    assert_eq!(asked, Vec::<String>::new(), "a domain is missing here");
}

/// Whether the thing a route is about belongs to one person.
fn is_personal(route: &Route) -> bool {
    let own = |access| matches!(access, Access::LoggedIn);
    ["{reservationId}", "{sessionId}"].iter().any(|name| route.path.contains(name))
        || (route.path.contains("{userId}") && own(route.access))
}

#[tokio::test]
async fn what_is_foreign_answers_word_for_word_like_what_is_not_there() {
    let cast = Cast::new().await;
    let personal: Vec<_> = routes().into_iter().filter(|(route, _)| is_personal(route)).collect();
    assert!(personal.len() >= 9, "{}", personal.len());
    for (route, handler) in personal {
        let sample = Sample::of(route, &cast.names);
        for person in cast.people.iter().filter(|person| FOREIGN.contains(&person.is)) {
            let there = cast.ask((route, *handler), &sample, person).await;
            let nowhere = cast.ask((route, *handler), &sample.of_nothing(route), person).await;
            assert_eq!(there.text, nowhere.text, "{} by {}", route.name, person.is);
        }
    }
}
