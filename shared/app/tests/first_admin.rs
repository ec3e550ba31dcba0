//! The first admin of a deployment, and that there is one only.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{Account, Actor, AuditEntry, Credential, SessionHash};
use interlock_app::{
    Act, AppError, Chosen, FirstLink, MakeFirstAdmin, choose_password, make_first_admin,
};
use interlock_policy::{Role, UserId};
use interlock_testkit::World;
use support::{all, read};

const PASSWORD: &str = "heron-lantern-quartz";

async fn make(world: &World, email: &str) -> Result<FirstLink, AppError> {
    world.advance(1);
    let request = MakeFirstAdmin {
        email: email.to_owned(),
        name: "Rosa".to_owned(),
        time_zone: "Europe/Berlin".parse().unwrap(),
        act: world.job(),
    };
    make_first_admin(&world.app, &request).await
}

async fn choose(world: &World, token: &str) -> Result<(), AppError> {
    let chosen = Chosen { token, password: PASSWORD, address: None };
    let browser = |_: &UserId| SessionHash("0".repeat(64));
    let request_id = world.job().request_id;
    let act = |actor: Actor| Act { actor, request_id };
    choose_password(&world.app, &chosen, browser, act).await
}

fn detail(error: AppError) -> String {
    let AppError::StateConflict { detail } = error else { panic!("{error:?}") };
    detail
}

#[tokio::test]
async fn the_first_admin_chooses_a_password_with_the_link_and_the_door_is_shut() {
    let world = World::new().await;
    let link = make(&world, "Rosa@Demo.test").await.unwrap();
    let account = read::<Account>(&world, Account::key_of(&link.user_id)).await.unwrap();
    assert_eq!((account.email.as_str(), account.roles), ("rosa@demo.test", vec![Role::Admin]));
    assert!(read::<Credential>(&world, Credential::key_of(&link.user_id)).await.is_none());
    choose(&world, &link.token).await.unwrap();
    assert!(read::<Credential>(&world, Credential::key_of(&link.user_id)).await.is_some());
    let refused = make(&world, "rosa@demo.test").await.err().unwrap();
    assert_eq!(detail(refused), "the first admin was made");
    assert!(choose(&world, &link.token).await.is_err(), "a link is good for one password");
}

#[tokio::test]
async fn a_link_that_ran_out_is_replaced_for_the_same_address_only() {
    let world = World::new().await;
    let link = make(&world, "rosa@demo.test").await.unwrap();
    world.advance(3600);
    assert!(choose(&world, &link.token).await.is_err(), "it opens for an hour");
    let other = make(&world, "eve@demo.test").await.err().unwrap();
    assert_eq!(detail(other), "the first admin was made with another address");
    let again = make(&world, "rosa@demo.test").await.unwrap();
    assert_eq!(again.user_id, link.user_id);
    choose(&world, &again.token).await.unwrap();
}

#[tokio::test]
async fn where_there_is_an_admin_nobody_is_the_first() {
    let world = World::new().await;
    world.person_with("root", &[Role::Admin]).await;
    let refused = make(&world, "rosa@demo.test").await.err().unwrap();
    assert_eq!(detail(refused), "there is an admin already");
}

#[tokio::test]
async fn the_audit_tells_of_it_and_no_record_holds_the_token() {
    let world = World::new().await;
    let link = make(&world, "rosa@demo.test").await.unwrap();
    let entries = all::<AuditEntry>(&world);
    let entry = entries.iter().find(|entry| entry.action == "user.first-admin").unwrap();
    assert_eq!(entry.object, link.user_id.as_str());
    let kept = world.store.snapshot();
    assert!(kept.iter().all(|record| !record.body.to_string().contains(&link.token)));
}

#[tokio::test]
async fn the_address_of_a_member_is_not_the_first_admins() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let email = world.account_of(&ada).unwrap().email;
    let refused = make(&world, &email).await.err().unwrap();
    assert_eq!(detail(refused), "the address belongs to somebody already");
}
