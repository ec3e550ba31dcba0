//! Seeing people, making them, and giving them roles.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{Answer, by, get, post, refused, request, send};
use interlock_app::model::{Account, DeadAddress, Death, Letter, ResetGrant};
use interlock_app::{AppError, SetRoles, set_roles, token_of};
use interlock_policy::AccountStatus;
use interlock_policy::Role::{Admin, Host, Manager, Member};
use interlock_testkit::World;
use serde_json::{Value, json};
use users::ROUTES;

struct Cast {
    world: World,
    root: String,
    mia: String,
    ada: String,
}

impl Cast {
    async fn new() -> Self {
        let world = World::new().await;
        let root = world.person_with("root", &[Admin]).await;
        let mia = world.person_with("mia", &[Manager]).await;
        let ada = world.eligible("ada").await;
        let root = world.session(&root).await;
        let (mia, ada) = (world.session(&mia).await, world.session(&ada).await);
        Self { world, root, mia, ada }
    }

    async fn read(&self, name: &str, target: &str, cookie: &str) -> Answer {
        send(&self.world, ROUTES, name, get(target, cookie)).await
    }

    async fn create(&self, cookie: &str, body: &Value) -> Answer {
        let raw = post("/api/users", cookie, &body.to_string());
        send(&self.world, ROUTES, "users.create", raw).await
    }

    async fn update(&self, cookie: &str, user: &str, body: &Value) -> Answer {
        let raw = by(request("PATCH", &format!("/api/users/{user}")), cookie);
        send(&self.world, ROUTES, "users.update", raw.json(body.to_string())).await
    }
}

fn nina() -> Value {
    json!({
        "email": "Nina@Test.example", "name": " Nina ", "roles": ["member"],
        "timeZone": "Europe/Berlin"
    })
}

fn mia_two() -> Value {
    json!({
        "email": "mia2@test.example", "name": "Mia", "roles": ["member"], "timeZone": "UTC"
    })
}

fn ids(answer: &Answer) -> Vec<&str> {
    let items = answer.body["items"].as_array().unwrap();
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn staff_lists_people_page_by_page_and_by_address() {
    let cast = Cast::new().await;
    let all = cast.read("users.list", "/api/users", &cast.mia).await;
    assert_eq!(ids(&all), ["usr_ada", "usr_mia", "usr_root"], "{}", all.text);
    let first = cast.read("users.list", "/api/users?limit=2", &cast.mia).await;
    let cursor = first.body["nextCursor"].as_str().unwrap();
    let target = format!("/api/users?limit=2&cursor={cursor}");
    let rest = cast.read("users.list", &target, &cast.mia).await;
    assert_eq!((ids(&first), ids(&rest)), (vec!["usr_ada", "usr_mia"], vec!["usr_root"]));
    let one = cast.read("users.list", "/api/users?email=MIA@test.example", &cast.mia).await;
    assert_eq!(ids(&one), ["usr_mia"]);
    let none = cast.read("users.list", "/api/users?email=x@test.example", &cast.mia).await;
    assert_eq!(ids(&none), Vec::<&str>::new());
    let names: Vec<_> = one.body["items"][0].as_object().unwrap().keys().collect();
    assert_eq!(names, ["id", "email", "name", "roles", "status", "timeZone"], "and no more");
}

#[tokio::test]
async fn members_learn_nothing_of_people() {
    let cast = Cast::new().await;
    for (name, target) in [
        ("users.list", "/api/users"),
        ("users.get", "/api/users/usr_mia"),
        ("users.get", "/api/users/usr_none"),
        ("users.readiness", "/api/users/usr_ada/readiness"),
    ] {
        let answer = cast.read(name, target, &cast.ada).await;
        assert_eq!(answer.told(), (403, "role_required"), "{target}");
    }
    assert_eq!(cast.create(&cast.mia, &nina()).await.told(), (403, "role_required"));
}

#[tokio::test]
async fn a_person_is_shown_to_staff_and_a_missing_one_is_not_found() {
    let cast = Cast::new().await;
    let answer = cast.read("users.get", "/api/users/usr_ada", &cast.mia).await;
    assert_eq!((answer.status, &answer.body["user"]["name"]), (200, &json!("ada")));
    for odd in ["usr_none", "mch_laser", "x"] {
        let answer = cast.read("users.get", &format!("/api/users/{odd}"), &cast.mia).await;
        assert_eq!(answer.told(), (404, "not_found"), "{odd}");
        let target = format!("/api/users/{odd}/readiness");
        let answer = cast.read("users.readiness", &target, &cast.mia).await;
        assert_eq!(answer.told(), (404, "not_found"), "{odd}");
    }
}

#[tokio::test]
async fn staff_sees_that_mail_to_a_person_comes_back_and_the_person_is_not_told() {
    let cast = Cast::new().await;
    let dead = DeadAddress {
        email: "ada@test.example".to_owned(),
        why: Death::Bounced,
        since: cast.world.clock_now(),
        letter_id: "ltr_one".parse().unwrap(),
    };
    let shown = async || cast.read("users.get", "/api/users/usr_ada", &cast.mia).await;
    assert!(shown().await.body["user"]["deadAddress"].is_null(), "mail goes there");
    cast.world.put(&dead).await;
    let answer = shown().await;
    let wanted = json!({"why": "bounced", "since": cast.world.clock_now().to_string()});
    assert_eq!(answer.body["user"]["deadAddress"], wanted, "{}", answer.text);
    let other = cast.read("users.get", "/api/users/usr_mia", &cast.mia).await;
    assert!(other.body["user"]["deadAddress"].is_null());
    for query in ["", "?email=ada@test.example"] {
        let listed = cast.read("users.list", &format!("/api/users{query}"), &cast.mia).await;
        assert_eq!(listed.body["items"][0]["deadAddress"], wanted, "{}", listed.text);
        assert_eq!(listed.text.matches("deadAddress").count(), 1, "of nobody else");
    }
}

#[tokio::test]
async fn a_suspension_is_shown_with_reason_and_end_until_it_is_over() {
    let cast = Cast::new().await;
    let until = (cast.world.clock_now() + jiff::SignedDuration::from_mins(5)).to_string();
    let body = json!({"status": "suspended", "reason": " left the lid open ", "until": until});
    let told = cast.update(&cast.root, "usr_ada", &body).await;
    let wanted = json!({"reason": "left the lid open", "until": until});
    assert_eq!(told.body["user"]["suspension"], wanted, "{}", told.text);
    let shown = async || {
        let user = cast.read("users.get", "/api/users/usr_ada", &cast.mia).await.body;
        (user["user"]["status"].clone(), user["user"]["suspension"].clone())
    };
    assert_eq!(shown().await, (json!("suspended"), wanted));
    cast.world.advance(5 * 60);
    assert_eq!(shown().await, (json!("active"), Value::Null));
    for (body, pointer) in [
        (json!({"reason": "x"}), "/status"),
        (json!({"status": "active", "reason": "x"}), "/status"),
        (json!({"status": "suspended", "until": "2020-01-01T00:00:00Z"}), "/until"),
        (json!({"status": "suspended", "reason": ""}), "/reason"),
        (json!({"status": "suspended", "reason": "x", "roles": ["member"]}), "/roles"),
    ] {
        let answer = cast.update(&cast.root, "usr_ada", &body).await;
        assert_eq!((answer.status, answer.pointers()), (400, vec![pointer]), "{body}");
    }
}

#[tokio::test]
async fn an_address_that_could_not_be_written_to_later_makes_no_account() {
    let cast = Cast::new().await;
    for email in ["a..b@test.example", ".ada@test.example", "ada@-test.example", "a/b@test.example"]
    {
        let mut body = nina();
        body["email"] = json!(email);
        let answer = cast.create(&cast.root, &body).await;
        assert_eq!((answer.status, answer.pointers()), (400, vec!["/email"]), "{email}");
    }
}

#[tokio::test]
async fn staff_sees_per_machine_what_a_person_still_lacks() {
    let cast = Cast::new().await;
    cast.world.person("bea").await;
    let ready = cast.read("users.readiness", "/api/users/usr_ada/readiness", &cast.mia).await;
    assert_eq!(ready.body["items"][0]["id"], "mch_laser", "{}", ready.text);
    assert_eq!(ready.body["items"][0]["verdict"], "permit");
    let lacking = cast.read("users.readiness", "/api/users/usr_bea/readiness", &cast.mia).await;
    let item = &lacking.body["items"][0];
    let codes: Vec<_> =
        item["reasons"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!((item["verdict"].as_str(), codes.len()), (Some("refuse"), 2), "{codes:?}");
    assert!(item["reasons"][0]["sentence"].is_string(), "told in words: {item}");
    let hosts = "/api/users/usr_bea/readiness?kind=host";
    assert_eq!(ids(&cast.read("users.readiness", hosts, &cast.mia).await), Vec::<&str>::new());
    let odd = "/api/users/usr_bea/readiness?kind=x";
    assert_eq!(
        cast.read("users.readiness", odd, &cast.mia).await.told(),
        (400, "invalid_parameter")
    );
}

#[tokio::test]
async fn a_new_person_is_invited_and_has_no_password_until_the_link_is_used() {
    let cast = Cast::new().await;
    let answer = cast.create(&cast.root, &nina()).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let user = &answer.body["user"];
    let id = user["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), format!("/api/users/{id}"));
    assert_eq!((&user["email"], &user["name"]), (&json!("nina@test.example"), &json!("Nina")));
    assert!(cast.world.store.of_kind("credential").is_empty());
    let letter = cast.world.store.of_kind("letter")[0].decode::<Letter>().unwrap().value;
    assert_eq!(letter.reader().unwrap().as_str(), id);
    let token = token_of(&cast.world.app.settings, &letter.id).unwrap();
    let key = ResetGrant::key_of(&ResetGrant::hash_of(&token));
    let grant = cast.world.store.peek(&key).unwrap().decode::<ResetGrant>().unwrap().value;
    assert_eq!(grant.user_id.as_ref(), letter.reader());
    let audit = cast.world.store.of_kind("audit_entry");
    assert_eq!(audit[0].body["action"], "user.create");
    assert!(!audit[0].body.to_string().contains("nina"), "no personal value in the audit");
}

#[tokio::test]
async fn a_suspended_admin_makes_nobody() {
    let cast = Cast::new().await;
    let root = cast.world.account_of(&"usr_root".parse().unwrap()).unwrap();
    cast.world.put(&Account { status: AccountStatus::Suspended, ..root }).await;
    assert_eq!(cast.create(&cast.root, &nina()).await.told(), (403, "role_required"));
}

#[tokio::test]
async fn an_address_belongs_to_one_person() {
    let cast = Cast::new().await;
    assert_eq!(cast.create(&cast.root, &nina()).await.status, 201);
    let before = cast.world.store.dump();
    assert_eq!(cast.create(&cast.root, &nina()).await.told(), (409, "state_conflict"));
    assert_eq!(cast.world.store.dump(), before);
}

#[tokio::test]
async fn a_retry_under_the_same_key_makes_nobody_twice() {
    let cast = Cast::new().await;
    let with = async |key: &str, body: &Value| {
        let raw = post("/api/users", &cast.root, &body.to_string()).header("idempotency-key", key);
        send(&cast.world, ROUTES, "users.create", raw).await
    };
    let first = with("k1", &nina()).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let before = cast.world.store.dump();
    let again = with("k1", &nina()).await;
    assert_eq!((again.status, &again.text), (201, &first.text));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(with("k2", &nina()).await.told(), (409, "state_conflict"), "another wish");
    let mut other = nina();
    other["name"] = json!("Nina the Second");
    assert_eq!(with("k1", &other).await.told(), (422, "idempotency_mismatch"));
    assert_eq!(cast.world.store.dump(), before, "one person, one letter");
    let body = mia_two();
    let (one, two) = tokio::join!(with("k3", &body), with("k3", &body));
    assert_eq!((one.status, &one.body["user"]["id"]), (201, &two.body["user"]["id"]));
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_week() {
    let cast = Cast::new().await;
    let ask = async |body: &Value| {
        let raw = post("/api/users", &cast.root, &body.to_string());
        send(&cast.world, ROUTES, "users.create", raw.header("idempotency-key", "k")).await
    };
    assert_eq!(ask(&nina()).await.status, 201);
    cast.world.advance(7 * 24 * 3600);
    let root = cast.world.session(&"usr_root".parse().unwrap()).await;
    let raw = post("/api/users", &root, &mia_two().to_string()).header("idempotency-key", "k");
    assert_eq!(send(&cast.world, ROUTES, "users.create", raw).await.status, 201);
}

#[tokio::test]
async fn a_person_that_cannot_be_is_refused_with_every_place() {
    let cast = Cast::new().await;
    for (field, value, pointer) in [
        ("email", json!("nobody"), "/email"),
        ("email", json!("a b@test.example"), "/email"),
        ("email", json!("a@b\r\nBcc: x@y.z"), "/email"),
        ("email", json!("a@b@test.example"), "/email"),
        ("email", json!("a@localhost"), "/email"),
        ("email", json!(""), "/email"),
        ("name", json!(""), "/name"),
        ("name", json!("a\nb"), "/name"),
        ("name", json!("x".repeat(101)), "/name"),
        ("roles", json!([]), "/roles"),
        ("roles", json!(["king"]), "/roles/0"),
        ("timeZone", json!("Mars/Base"), "/timeZone"),
        ("status", json!("active"), "/status"),
        ("id", json!("usr_root"), "/id"),
    ] {
        let mut body = nina();
        body[field] = value;
        let raw = post("/api/users", &cast.root, &body.to_string());
        let route = (ROUTES, "users.create");
        refused(&cast.world, route, raw, (400, "invalid_body", pointer)).await;
    }
    let mut body = nina();
    (body["email"], body["name"]) = (json!("x"), json!(""));
    assert_eq!(cast.create(&cast.root, &body).await.pointers(), ["/email", "/name"]);
}

#[tokio::test]
async fn other_roles_end_every_session_and_are_told_and_audited() {
    let cast = Cast::new().await;
    let answer = cast.update(&cast.root, "usr_ada", &json!({"roles": ["manager", "member"]})).await;
    assert_eq!(answer.body["user"]["roles"], json!(["member", "manager"]), "{}", answer.text);
    let dead = cast.read("users.get", "/api/users/usr_ada", &cast.ada).await;
    assert_eq!(dead.told(), (401, "unauthenticated"));
    let audit = cast.world.store.of_kind("audit_entry");
    assert_eq!(audit[0].body["action"], "user.roles");
    let detail = json!({"before": ["member"], "after": ["member", "manager"]});
    assert_eq!(audit[0].body["detail"], detail);
    assert_eq!(cast.world.store.of_kind("letter")[0].body["kind"], "roles_changed");
}

#[tokio::test]
async fn a_name_and_a_zone_change_without_ending_a_session() {
    let cast = Cast::new().await;
    let body = json!({"name": "Ada L.", "timeZone": "America/Sao_Paulo"});
    let user = cast.update(&cast.root, "usr_ada", &body).await.body["user"].clone();
    let shown = (&user["name"], &user["timeZone"]);
    assert_eq!(shown, (&json!("Ada L."), &json!("America/Sao_Paulo")));
    let alive = cast.read("users.get", "/api/users/usr_ada", &cast.ada).await;
    assert_eq!(alive.told(), (403, "role_required"), "still logged in, still a member");
    let own = cast.update(&cast.root, "usr_root", &json!({"name": "Root the First"})).await;
    assert_eq!(own.body["user"]["name"], "Root the First", "one's own name, too: {}", own.text);
}

#[tokio::test]
async fn nobody_changes_his_own_roles_so_the_last_admin_stays() {
    let cast = Cast::new().await;
    for roles in [json!(["member"]), json!(["admin", "host"]), json!(["admin"])] {
        let answer = cast.update(&cast.root, "usr_root", &json!({"roles": roles})).await;
        assert_eq!(answer.told(), (409, "state_conflict"), "{roles}");
    }
}

#[tokio::test]
async fn nobody_gives_or_takes_a_role_that_is_not_below_his_own_but_an_admin() {
    let world = World::new().await;
    let mut people = Vec::new();
    for (name, role) in [("member", Member), ("host", Host), ("mia", Manager), ("root", Admin)] {
        people.push((world.person_with(name, &[role]).await, role));
    }
    let other = world.person("other").await;
    for (by, own) in &people {
        for wanted in [Member, Host, Manager, Admin] {
            let (user_id, roles) = (other.clone(), vec![wanted, Member]);
            let request = SetRoles { user_id, roles, act: world.act(by) };
            let answer = set_roles(&world.app, by, &request).await;
            match answer {
                Ok(account) => assert!(*own == Admin && account.roles.contains(&wanted)),
                Err(AppError::RoleRequired) => assert_ne!(*own, Admin, "{wanted:?}"),
                Err(error) => panic!("{error:?}"),
            }
        }
    }
    let stored = world.store.peek(&Account::key_of(&other)).unwrap();
    assert_eq!(stored.decode::<Account>().unwrap().value.roles, [Member, Admin]);
}
