//! Documents a person accepts, and what that opens.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{AcceptedDocument, Account, AuditEntry};
use interlock_app::{AcceptDocument, AppError, accept_document};
use interlock_policy::{DocumentRequirement, Requirement, UserId};
use interlock_testkit::World;
use support::{ask, change_laser, read};

const RULES: &str = "house_rules";

async fn wants(world: &World, version: u32) {
    change_laser(world, |laser| {
        let wanted = DocumentRequirement { document: RULES.to_owned(), version };
        laser.policy.requirements = vec![Requirement::Document(wanted)];
    })
    .await;
}

async fn accept(
    world: &World,
    user: &UserId,
    (document, version): (&str, u32),
) -> Result<AcceptedDocument, AppError> {
    world.advance(1);
    let request = AcceptDocument {
        resource_id: world.laser(),
        document: document.to_owned(),
        version,
        act: world.act(user),
    };
    accept_document(&world.app, user, &request).await
}

async fn held(world: &World, user: &UserId) -> Vec<AcceptedDocument> {
    read::<Account>(world, Account::key_of(user)).await.unwrap().membership.documents
}

#[tokio::test]
async fn an_accepted_document_opens_what_asks_for_it_until_a_later_version_is_wanted() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    wants(&world, 2).await;
    let start = world.after(120);
    let refused = ask(&world, &ada, start, "k1").await.unwrap_err();
    assert!(format!("{refused:?}").contains("DocumentMissing"), "{refused:?}");
    accept(&world, &ada, (RULES, 2)).await.unwrap();
    ask(&world, &ada, start, "k2").await.unwrap();
    wants(&world, 3).await;
    let refused = ask(&world, &ada, world.after(2 * 24 * 60), "k3").await.unwrap_err();
    assert!(format!("{refused:?}").contains("DocumentMissing"), "{refused:?}");
    accept(&world, &ada, (RULES, 3)).await.unwrap();
    let versions: Vec<u32> = held(&world, &ada).await.iter().map(|one| one.version).collect();
    assert_eq!(versions, [3], "one entry a document");
}

#[tokio::test]
async fn what_is_accepted_already_is_not_written_again() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    wants(&world, 2).await;
    let first = accept(&world, &ada, (RULES, 2)).await.unwrap();
    let before = world.store.snapshot();
    assert_eq!(accept(&world, &ada, (RULES, 2)).await.unwrap(), first);
    assert_eq!(world.store.snapshot(), before);
    wants(&world, 1).await;
    let after_change = world.store.snapshot();
    assert_eq!(accept(&world, &ada, (RULES, 1)).await.unwrap(), first, "a later one stays");
    assert_eq!(world.store.snapshot(), after_change);
}

#[tokio::test]
async fn nobody_accepts_what_is_not_asked_for() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    wants(&world, 2).await;
    for wrong in [(RULES, 1), (RULES, 3), ("waiver", 2)] {
        let refused = accept(&world, &ada, wrong).await.unwrap_err();
        assert!(format!("{refused:?}").starts_with("NotFound"), "{wrong:?}: {refused:?}");
    }
    assert!(held(&world, &ada).await.is_empty());
}

#[tokio::test]
async fn the_audit_tells_who_accepted_what() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    wants(&world, 2).await;
    accept(&world, &ada, (RULES, 2)).await.unwrap();
    let entries = world.store.of_kind("audit_entry");
    let mut entries = entries.iter().map(|record| record.decode::<AuditEntry>().unwrap().value);
    let entry = entries.find(|entry| entry.action == "user.document").unwrap();
    assert_eq!((entry.object.as_str(), &entry.detail["document"]), ("usr_ada", &RULES.into()));
    assert_eq!(entry.detail["version"], 2);
}
