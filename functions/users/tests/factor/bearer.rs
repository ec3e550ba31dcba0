//! Tokens of an issuer outside at the guard: in place of a session, never beside one.

use std::sync::Arc;

use interlock_app::model::{Account, SecondFactor};
use interlock_app::{FactorPolicy, Settings};
use interlock_http::RawRequest;
use interlock_policy::{AccountStatus, Role, UserId};
use interlock_testkit::World;
use serde_json::{Value, json};
use users::ROUTES;

use crate::browser::{Answer, by, refused, request, send};

/// Root, who is an admin here, and Ada; the issuer knows both.
async fn world() -> World {
    let mut world = World::new().await;
    for (name, role) in [("root", Role::Admin), ("ada", Role::Member)] {
        let id = world.person_with(name, &[role]).await;
        world.link(&id, name).await;
    }
    world
}

fn id(name: &str) -> UserId {
    format!("usr_{name}").parse().unwrap()
}

fn bearing(method: &str, path: &str, token: &str) -> RawRequest {
    request(method, path).header("authorization", &format!("Bearer {token}"))
}

async fn list(world: &World, token: &str) -> u16 {
    send(world, ROUTES, "users.list", bearing("GET", "/api/users", token)).await.status
}

/// What root changes of somebody, by a session.
async fn change(world: &World, user: &str, body: &Value) -> Answer {
    let cookie = world.session(&id("root")).await;
    let raw = by(request("PATCH", &format!("/api/users/{user}")), &cookie).json(body.to_string());
    send(world, ROUTES, "users.update", raw).await
}

/// Whether somebody gets at what is his own.
async fn export(world: &World, user: &str, token: &str) -> u16 {
    let raw = bearing("POST", &format!("/api/users/{user}/export"), token).json("{}");
    send(world, ROUTES, "users.export", raw).await.status
}

#[tokio::test]
async fn a_token_speaks_for_the_person_it_is_linked_to_with_the_roles_we_know() {
    let world = world().await;
    assert_eq!((list(&world, "good:root").await, list(&world, "good:ada").await), (200, 403));
    for header in ["good:root", "Basic good:root", "Bearer", "Bearer  good:root"] {
        let raw = request("GET", "/api/users").header("authorization", header);
        assert_eq!(send(&world, ROUTES, "users.list", raw).await.status, 401, "{header}");
    }
    let raw = request("GET", "/api/users").header("authorization", "bearer good:root");
    assert_eq!(send(&world, ROUTES, "users.list", raw).await.status, 200);
    let twice = bearing("GET", "/api/users", "good:root").header("authorization", "Bearer bad");
    assert_eq!(send(&world, ROUTES, "users.list", twice).await.status, 401);
}

#[tokio::test]
async fn no_name_but_the_linked_one_is_anybody_neither_an_address_nor_one_of_our_names() {
    let world = world().await;
    let address = world.account_of(&id("root")).unwrap().email;
    let tokens = ["good:nobody", "good:usr_root", "bad", "evil:root", "", "good:root x"];
    for token in tokens.map(str::to_owned).into_iter().chain([format!("good:{address}")]) {
        assert_eq!(list(&world, &token).await, 401, "{token}");
    }
}

#[tokio::test]
async fn a_token_beyond_eight_kilobytes_is_not_looked_at() {
    let mut world = world().await;
    for (length, status) in [(8192, 200), (8193, 401)] {
        let name = "x".repeat(length - "good:".len());
        world.link(&id("root"), &name).await;
        assert_eq!(list(&world, &format!("good:{name}")).await, status, "{length}");
    }
}

#[tokio::test]
async fn an_issuer_out_of_reach_lets_nobody_in_and_what_it_said_is_told_to_nobody() {
    let world = world().await;
    let down = send(&world, ROUTES, "users.list", bearing("GET", "/api/users", "down:root")).await;
    assert_eq!(down.told(), (503, "upstream_unavailable"));
    assert!(!down.text.contains("down"), "{}", down.text);
    let bad = send(&world, ROUTES, "users.list", bearing("GET", "/api/users", "hunter2:x")).await;
    assert!(!bad.text.contains("hunter2"), "{}", bad.text);
}

#[tokio::test]
async fn a_ban_other_roles_and_a_link_taken_away_count_with_the_next_request() {
    let world = world().await;
    let account = world.account_of(&id("root")).unwrap();
    for (changed, status) in [
        (Account { status: AccountStatus::Banned, ..account.clone() }, 401),
        (Account { roles: vec![Role::Member], ..account.clone() }, 403),
        (Account { identity: None, ..account.clone() }, 401),
        (account, 200),
    ] {
        world.put(&changed).await;
        assert_eq!(list(&world, "good:root").await, status, "{changed:?}");
    }
}

#[tokio::test]
async fn what_ends_all_sessions_ends_the_tokens_issued_until_then_for_good() {
    for (there, back) in [
        (json!({"status": "banned"}), json!({"status": "active"})),
        (json!({"roles": ["host"]}), json!({"roles": ["member"]})),
    ] {
        let world = world().await;
        world.advance(70);
        assert_eq!(export(&world, "usr_ada", "past:ada").await, 200);
        for body in [there, back] {
            let answer = change(&world, "usr_ada", &body).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
        assert_eq!(export(&world, "usr_ada", "good:ada").await, 401, "issued at that instant");
        world.advance(60);
        assert_eq!(export(&world, "usr_ada", "past:ada").await, 401, "the same one a minute later");
        assert_eq!(export(&world, "usr_ada", "good:ada").await, 200, "a new one");
    }
}

#[tokio::test]
async fn a_write_with_a_token_needs_no_mark_of_our_pages_and_a_session_beside_it_is_refused() {
    let world = world().await;
    let raw = bearing("PATCH", "/api/users/usr_ada", "good:root").json(r#"{"name":"Eve"}"#);
    assert_eq!(send(&world, ROUTES, "users.update", raw).await.status, 200);
    let cookie = world.session(&id("root")).await;
    for cookie in [cookie.as_str(), "__Host-session=x", "__Host-session=", "a=b;__Host-session=x"] {
        let both = by(bearing("GET", "/api/users", "good:root"), cookie);
        let wanted = (400, "invalid_parameter", "Authorization");
        refused(&world, (ROUTES, "users.list"), both, wanted).await;
    }
    let bare = request("PATCH", "/api/users/usr_ada").header("cookie", &cookie);
    let bare = bare.json(r#"{"name":"Eve"}"#);
    refused(&world, (ROUTES, "users.update"), bare, (403, "csrf_header_required", "-")).await;
}

#[tokio::test]
async fn without_an_issuer_the_header_says_nothing() {
    let mut world = world().await;
    world.app.issuer = None;
    assert_eq!(list(&world, "good:root").await, 401);
    let cookie = world.session(&id("root")).await;
    let raw = by(bearing("GET", "/api/users", "good:root"), &cookie);
    assert_eq!(send(&world, ROUTES, "users.list", raw).await.status, 200, "the session counts");
}

/// What a token opens: a list, and a change of a person.
async fn opens(world: &World, token: &str) -> [(u16, String); 2] {
    let told = |answer: Answer| (answer.status, answer.told().1.to_owned());
    let list = bearing("GET", "/api/users", token);
    let update = bearing("PATCH", "/api/users/usr_ada", token).json(r#"{"name":"Eve"}"#);
    [
        told(send(world, ROUTES, "users.list", list).await),
        told(send(world, ROUTES, "users.update", update).await),
    ]
}

#[tokio::test]
async fn who_must_have_a_factor_or_has_one_here_needs_the_issuers_word_for_one_and_a_fresh_one() {
    let [ok, lacking, stale] = [(200, ""), (403, "factor_required"), (403, "step_up_required")];
    for policy in [FactorPolicy::Staff, FactorPolicy::Nobody] {
        let mut world = world().await;
        let settings = world.app.settings.as_ref().clone();
        world.app.settings = Arc::new(Settings { second_factor: policy, ..settings });
        if policy == FactorPolicy::Nobody {
            let factor = json!({
                "kind": "totp", "id": "fct_1", "confirmedAt": world.clock_now(), "lastStep": 1
            });
            let factor = json!({"userId": "usr_root", "recovery": [], "factor": factor});
            world.put(&serde_json::from_value::<SecondFactor>(factor).unwrap()).await;
        }
        for (token, wanted) in
            [("good:root", [lacking, lacking]), ("mfa:root", [ok, ok]), ("old:root", [ok, stale])]
        {
            let wanted = wanted.map(|(status, code)| (status, code.to_owned()));
            assert_eq!(opens(&world, token).await, wanted, "{policy:?} {token}");
        }
    }
}

#[tokio::test]
async fn an_admin_links_a_person_to_one_name_and_takes_it_away() {
    let world = world().await;
    let eve = world.person_with("eve", &[Role::Member]).await;
    world.password(&eve, "correct horse").await;
    let subject = |name: Value| json!({ "externalSubject": name });
    let answer = change(&world, "usr_eve", &subject(json!("eve"))).await;
    assert_eq!((answer.status, &answer.body["user"]["linked"]), (200, &json!(true)));
    assert_eq!(export(&world, "usr_eve", "good:eve").await, 401, "issued before the link");
    world.advance(1);
    assert_eq!(export(&world, "usr_eve", "good:eve").await, 200);
    let changed = change(&world, "usr_eve", &subject(json!("eva"))).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    world.advance(1);
    assert_eq!(export(&world, "usr_eve", "good:eve").await, 401);
    assert_eq!(export(&world, "usr_eve", "good:eva").await, 200);
    let gone = change(&world, "usr_eve", &subject(json!(null))).await;
    assert!(gone.body["user"].get("linked").is_none(), "{}", gone.text);
    assert_eq!(export(&world, "usr_eve", "good:eva").await, 401);
    let audit = world.store.of_kind("audit_entry");
    let told = audit.iter().filter(|entry| entry.body["action"] == "user.identity");
    assert_eq!(told.count(), 3);
    assert!(audit.iter().all(|entry| !entry.body.to_string().contains("\"eve\"")));
}

#[tokio::test]
async fn nobody_is_linked_to_a_name_that_is_taken_or_unfit_nor_by_himself_nor_unconfirmed() {
    let world = world().await;
    let cookie = world.session(&id("root")).await;
    let eve = world.person_with("eve", &[Role::Member]).await;
    world.password(&eve, "correct horse").await;
    world.person_with("new", &[Role::Member]).await;
    for (user, subject, wanted) in [
        ("usr_eve", json!("ada"), (409, "state_conflict", "-")),
        ("usr_root", json!("x"), (409, "state_conflict", "-")),
        ("usr_new", json!("x"), (409, "state_conflict", "-")),
        ("usr_eve", json!(""), (400, "invalid_body", "/externalSubject")),
        ("usr_eve", json!("x".repeat(256)), (400, "invalid_body", "/externalSubject")),
        ("usr_gone", json!("x"), (404, "not_found", "-")),
    ] {
        let raw = by(request("PATCH", &format!("/api/users/{user}")), &cookie);
        let raw = raw.json(json!({ "externalSubject": subject }).to_string());
        refused(&world, (ROUTES, "users.update"), raw, wanted).await;
    }
}

#[tokio::test]
async fn who_is_erased_leaves_no_link() {
    let world = world().await;
    let raw = bearing("POST", "/api/users/usr_ada/erase", "good:ada");
    let raw = raw.json(r#"{"confirm":"usr_ada"}"#);
    let answer = send(&world, ROUTES, "users.erase", raw).await;
    assert!(answer.status < 300, "{}", answer.text);
    let left = world.store.of_kind("external_identity");
    assert_eq!(left.len(), 1, "root's alone");
    world.advance(1);
    assert_eq!(list(&world, "good:ada").await, 401);
}
