//! Accepting a document over the interface.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{Answer, post, send};
use interlock_app::model::Resource;
use interlock_policy::{DocumentRequirement, Requirement};
use interlock_testkit::World;
use machines::ROUTES;

async fn accept(world: &World, cookie: &str, body: &str) -> Answer {
    let raw = post("/api/machines/mch_laser/documents", cookie, body);
    send(world, ROUTES, "documents.accept", raw).await
}

#[tokio::test]
async fn it_is_200_for_what_is_asked_for_404_for_another_and_400_with_its_place_for_nonsense() {
    let world = World::new().await;
    let stored = world.store.of_kind("resource").remove(0).decode::<Resource>().unwrap();
    let mut laser = stored.value;
    let wanted = DocumentRequirement { document: "house_rules".to_owned(), version: 2 };
    laser.policy.requirements.push(Requirement::Document(wanted));
    world.put(&laser).await;
    let ada = world.person("ada").await;
    let ada = world.session(&ada).await;
    let answer = accept(&world, &ada, r#"{"document":"house_rules","version":2}"#).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.body["document"]["version"], 2);
    let unread = accept(&world, &ada, r#"{"document":"house_rules","version":3}"#).await;
    assert_eq!(unread.told(), (404, "not_found"));
    for (body, pointer) in [
        (r#"{"version":2}"#, "/document"),
        (r#"{"document":"house_rules","version":-1}"#, "/version"),
        (r#"{"document":"house_rules","version":2,"for":"usr_bob"}"#, "/for"),
    ] {
        let refused = accept(&world, &ada, body).await;
        assert_eq!((refused.status, refused.pointers()), (400, vec![pointer]), "{}", refused.text);
    }
}
