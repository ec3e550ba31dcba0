//! Who is let in, and at what price.

mod support;

use interlock_app::model::{Account, OpenReservations, Standing};
use interlock_app::ports::store::Transaction;
use interlock_app::{App, Front, Settings};
use interlock_http::{Call, Problem, Reply, Route, Way};
use interlock_policy::{AccountStatus, Role};
use interlock_testkit::store::Call as StoreCall;
use jiff::SignedDuration;
use serde_json::json;
use support::{Answer, ORIGIN, World, request};

const READ: Route = Route::get("things.get", "/api/things").any_caller();
const WRITE: Route = Route::post("things.create", "/api/things").allow(Role::Member);
const MANAGE: Route = Route::patch("things.update", "/api/things").allow(Role::Manager);
const ADMIN: Route = Route::get("things.audit", "/api/things").allow(Role::Admin);
const PUBLIC: Route = Route::post("auth.login", "/api/auth/login").public();
const SIGNED: Route = Route::post("webhooks.calcom", "/api/webhooks/calcom").signed();

async fn handle(_: App, call: Call) -> Result<Reply, Problem> {
    let who = call.caller().ok().map(|caller| caller.user_id.clone());
    Ok(Reply::ok(&json!({ "who": who })))
}

async fn get(world: &World, token: &interlock_auth::SessionToken) -> Answer {
    world.send(&READ, handle, request("GET", "/api/things").session(token)).await
}

#[tokio::test]
async fn a_session_lets_its_person_in() {
    let world = World::new();
    let token = world.member().await;
    let answer = get(&world, &token).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, json!({"who": "usr_ada"}));
}

#[tokio::test]
async fn session_and_data_cost_one_request_to_the_table() {
    const ROUTE: Route = Route::get("machines.get", "/api/machines/{machineId}")
        .any_caller()
        .query(&["start"])
        .reads(|prefetch| {
            assert_eq!(prefetch.resource_id().unwrap().as_str(), "mch_laser");
            assert_eq!(prefetch.instant("start").unwrap().as_second(), 0);
            prefetch.user_id().map(Account::key_of).into_iter().collect()
        });
    async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
        let id = call.caller_id()?.clone();
        let keys = [Standing::key_of(&id), OpenReservations::key_of(&id), Account::key_of(&id)];
        assert!(keys.iter().all(|key| call.snapshot().knows(key)));
        let snapshot = call.take_snapshot().with(app.store.as_ref(), &keys).await?;
        let known = snapshot.get::<Account>(&Account::key_of(&id)).unwrap().is_some();
        Ok(Reply::ok(&json!({ "known": known })))
    }
    let world = World::new();
    let token = world.member().await;
    let target = "/api/machines/mch_laser?start=1970-01-01T00:00:00Z";
    let answer = world.send(&ROUTE, handle, request("GET", target).session(&token)).await;
    assert_eq!(answer.body, json!({"known": true}));
    assert_eq!(world.store.requests(), 1);
}

#[tokio::test]
async fn nobody_is_asked_to_log_in_at_no_cost() {
    let world = World::new();
    for raw in [
        request("GET", "/api/things"),
        request("GET", "/api/things").header("cookie", "__Host-session=nonsense"),
        request("GET", "/api/things").header("authorization", "Bearer x"),
    ] {
        let answer = world.send(&READ, handle, raw).await;
        assert_eq!(answer.told(), (401, "unauthenticated"));
    }
    assert_eq!(world.store.requests(), 0);
}

#[tokio::test]
async fn a_token_that_was_never_issued_is_nobodys() {
    let world = World::new();
    world.member().await;
    let forged = format!("usr_ada.{}", "00".repeat(32)).parse().unwrap();
    assert_eq!(get(&world, &forged).await.told(), (401, "unauthenticated"));
}

#[tokio::test]
async fn a_token_does_not_serve_for_another_person() {
    let world = World::new();
    let token = world.member().await;
    world.login(&World::account("bob", &[Role::Admin])).await;
    let stolen = token.expose().replace("usr_ada", "usr_bob").parse().unwrap();
    assert_eq!(get(&world, &stolen).await.told(), (401, "unauthenticated"));
}

#[tokio::test]
async fn a_session_ends_at_its_time_and_not_before() {
    let world = World::new();
    let token = world.member().await;
    world.clock.advance(SignedDuration::from_hours(12) - SignedDuration::from_millis(1));
    assert_eq!(get(&world, &token).await.status, 200);
    world.clock.advance(SignedDuration::from_millis(1));
    assert_eq!(get(&world, &token).await.told(), (401, "unauthenticated"));
}

#[tokio::test]
async fn a_raised_epoch_ends_every_session_at_once() {
    let world = World::new();
    let token = world.member().await;
    let mut account = World::account("ada", &[Role::Member]);
    account.session_epoch = 1;
    world.plant(&account);
    assert_eq!(get(&world, &token).await.told(), (401, "unauthenticated"));
}

#[tokio::test]
async fn the_banned_are_out_and_the_suspended_may_look() {
    let world = World::new();
    let token = world.member().await;
    let mut account = World::account("ada", &[Role::Member]);
    account.status = AccountStatus::Suspended;
    world.plant(&account);
    assert_eq!(get(&world, &token).await.status, 200);
    account.status = AccountStatus::Banned;
    world.plant(&account);
    assert_eq!(get(&world, &token).await.told(), (401, "unauthenticated"));
}

#[tokio::test]
async fn a_session_without_its_account_is_nobodys() {
    let world = World::new();
    let account = World::account("ada", &[Role::Member]);
    let token = world.login(&account).await;
    let gone = Transaction::new().remove(Account::key_of(&account.id));
    world.app.store.commit(&gone).await.unwrap();
    assert_eq!(get(&world, &token).await.told(), (401, "unauthenticated"));
}

#[tokio::test]
async fn each_role_reaches_what_it_may_and_nothing_else() {
    let expected = [
        (Role::Member, [200, 200, 403, 403]),
        (Role::Host, [200, 200, 403, 403]),
        (Role::Manager, [200, 200, 200, 403]),
        (Role::Admin, [200, 200, 200, 200]),
    ];
    for (role, statuses) in expected {
        let world = World::new();
        let token = world.login(&World::account("ada", &[role])).await;
        let routes = [&READ, &WRITE, &MANAGE, &ADMIN];
        for (route, status) in routes.into_iter().zip(statuses) {
            let raw = request(route.method.as_str(), "/api/things").session(&token);
            let answer = world.send(route, handle, raw).await;
            assert_eq!(answer.status, status, "{role:?} on {}", route.name);
            if status == 403 {
                assert_eq!(answer.code(), "role_required");
            }
        }
    }
}

#[tokio::test]
async fn public_and_signed_routes_look_at_no_session() {
    let world = World::new();
    let token = world.member().await;
    for route in [&PUBLIC, &SIGNED] {
        let answer = world.send(route, handle, request("POST", route.path)).await;
        assert_eq!(answer.body, json!({"who": null}));
        let raw = request("POST", route.path).header("origin", "https://evil.test").session(&token);
        let answer = world.send(route, handle, raw).await;
        assert_eq!(answer.body, json!({"who": null}));
    }
    assert_eq!(world.store.requests(), 0);
}

#[tokio::test]
async fn a_write_needs_the_mark_of_our_own_pages() {
    let world = World::new();
    let token = world.member().await;
    let cookie = format!("__Host-session={}", token.expose());
    for mark in [None, Some("XMLHttpRequest"), Some("Interlock"), Some("")] {
        let mut raw = request("POST", "/api/things").header("cookie", &cookie);
        if let Some(mark) = mark {
            raw = raw.header("x-requested-with", mark);
        }
        let answer = world.send(&WRITE, handle, raw).await;
        assert_eq!(answer.told(), (403, "csrf_header_required"), "{mark:?}");
    }
    let twice = request("POST", "/api/things").session(&token).header("x-requested-with", "x");
    let answer = world.send(&WRITE, handle, twice).await;
    assert_eq!(answer.told(), (403, "csrf_header_required"));
    assert_eq!(world.store.requests(), 0);
}

#[tokio::test]
async fn a_write_comes_from_our_own_origin_where_the_browser_says() {
    let cases = [
        ("origin", ORIGIN, 200),
        ("origin", "https://evil.test", 403),
        ("origin", "https://app.test.evil.test", 403),
        ("origin", "http://app.test", 403),
        ("origin", "null", 403),
        ("origin", "", 403),
        ("sec-fetch-site", "same-origin", 200),
        ("sec-fetch-site", "none", 200),
        ("sec-fetch-site", "same-site", 403),
        ("sec-fetch-site", "cross-site", 403),
    ];
    let world = World::new();
    let token = world.member().await;
    for (name, value, status) in cases {
        let raw = request("POST", "/api/things").session(&token).header(name, value);
        let answer = world.send(&WRITE, handle, raw).await;
        assert_eq!(answer.status, status, "{name}: {value}");
        if status == 403 {
            assert_eq!(answer.code(), "cross_origin");
        }
    }
}

/// Whose pages are on another origin than the API.
fn by_gateway() -> World {
    let mut world = World::new();
    let settings = Settings { front: Front::Gateway, ..world.app.settings.as_ref().clone() };
    world.app.settings = settings.into();
    world
}

#[tokio::test]
async fn where_pages_are_elsewhere_a_write_must_say_that_it_comes_from_them() {
    let cases = [
        (Some(ORIGIN), Some("cross-site"), 200),
        (Some(ORIGIN), Some("same-site"), 200),
        (Some(ORIGIN), Some("same-origin"), 200),
        (Some(ORIGIN), None, 200),
        (Some(ORIGIN), Some("none"), 403),
        (Some(ORIGIN), Some("else"), 403),
        (None, None, 403),
        (None, Some("same-origin"), 403),
        (None, Some("none"), 403),
        (Some("https://evil.test"), Some("cross-site"), 403),
        (Some("https://app.test.evil.test"), Some("cross-site"), 403),
        (Some("https://app.test/"), Some("cross-site"), 403),
        (Some("https://APP.test"), Some("cross-site"), 403),
        (Some("http://app.test"), Some("cross-site"), 403),
        (Some("null"), Some("cross-site"), 403),
        (Some(""), Some("cross-site"), 403),
    ];
    let world = by_gateway();
    let token = world.member().await;
    for (origin, site, status) in cases {
        let mut raw = request("POST", "/api/things").session(&token);
        for (name, value) in [("origin", origin), ("sec-fetch-site", site)] {
            if let Some(value) = value {
                raw = raw.header(name, value);
            }
        }
        let answer = world.send(&WRITE, handle, raw).await;
        assert_eq!(answer.status, status, "{origin:?} {site:?}");
        if status == 403 {
            assert_eq!(answer.code(), "cross_origin");
        }
    }
    let twice = request("POST", "/api/things").session(&token);
    let twice = twice.header("origin", ORIGIN).header("origin", ORIGIN);
    assert_eq!(world.send(&WRITE, handle, twice).await.told(), (403, "cross_origin"));
}

#[tokio::test]
async fn the_right_origin_does_not_stand_in_for_the_mark() {
    let world = by_gateway();
    let cookie = format!("__Host-session={}", world.member().await.expose());
    let raw = request("POST", "/api/things").header("cookie", &cookie).header("origin", ORIGIN);
    let answer = world.send(&WRITE, handle, raw).await;
    assert_eq!(answer.told(), (403, "csrf_header_required"));
}

#[tokio::test]
async fn no_answer_lets_another_origin_read_it_because_only_the_gateway_says_who_may() {
    for world in [World::new(), by_gateway()] {
        let token = world.member().await;
        for origin in [ORIGIN, "https://evil.test"] {
            let (read, write) = (request("GET", "/api/things"), request("POST", "/api/things"));
            let read = read.session(&token).header("origin", origin);
            let write = write.session(&token).header("origin", origin);
            let answers =
                [world.send(&READ, handle, read).await, world.send(&WRITE, handle, write).await];
            for answer in answers {
                let told = answer.headers.keys().map(http::HeaderName::as_str);
                let cors = told.filter(|name| name.starts_with("access-control-")).count();
                assert_eq!(cors, 0, "{origin}: {:?}", answer.headers);
            }
        }
    }
}

#[tokio::test]
async fn a_read_needs_no_mark() {
    let world = World::new();
    let token = world.member().await;
    let cookie = format!("__Host-session={}", token.expose());
    let raw = request("GET", "/api/things")
        .header("cookie", &cookie)
        .header("sec-fetch-site", "cross-site");
    assert_eq!(world.send(&READ, handle, raw).await.status, 200);
}

#[tokio::test]
async fn a_table_out_of_reach_is_no_logout() {
    let world = World::new();
    let token = world.member().await;
    world.store.fail_before(StoreCall::Read, 1);
    let answer = get(&world, &token).await;
    assert_eq!(answer.told(), (503, "upstream_unavailable"));
    assert_eq!(answer.header("retry-after"), "2");
    assert_eq!(answer.body["retryAfterSeconds"], 2);
    assert_eq!(get(&world, &token).await.status, 200);
}

#[tokio::test]
async fn a_guess_of_too_many_keys_does_not_fail_the_call() {
    const ROUTE: Route = Route::get("things.get", "/api/things").any_caller().reads(|_| {
        let id = |n: u32| format!("usr_{n}").parse().unwrap();
        (0..200).map(|n| Account::key_of(&id(n))).collect()
    });
    let world = World::new();
    let token = world.member().await;
    let raw = request("GET", "/api/things").session(&token);
    assert_eq!(world.send(&ROUTE, handle, raw).await.status, 200);
}

#[tokio::test]
async fn what_cannot_be_done_in_time_is_refused_before_any_work() {
    const SLOW: Route = Route::post("things.book", "/api/things").any_caller().changes_calcom();
    let world = World::new();
    let token = world.member().await;
    let after = |seconds| std::time::Instant::now() + std::time::Duration::from_secs(seconds);
    let mut told = Vec::new();
    for (route, method, seconds) in [
        (&READ, "GET", 1),
        (&READ, "GET", 60),
        (&WRITE, "POST", 3),
        (&WRITE, "POST", 60),
        (&SLOW, "POST", 10),
        (&SLOW, "POST", 60),
    ] {
        world.store.reset_counts();
        let raw = request(method, "/api/things").json("{}").session(&token);
        let answer = world.send(route, handle, raw.ending(after(seconds))).await;
        if answer.status == 503 {
            assert_eq!(answer.told(), (503, "overloaded"));
            assert_eq!(answer.header("retry-after"), "2");
            assert_eq!(world.store.requests(), 0, "{method}");
        }
        told.push(answer.status);
    }
    assert_eq!(told, [503, 200, 503, 200, 503, 200]);
}

#[tokio::test]
async fn what_a_slow_table_leaves_no_time_for_is_neither_counted_nor_begun() {
    const LIMITED: Route = Route::post("things.limited", "/api/things")
        .any_caller()
        .limited(interlock_app::Rate::new("things", 1, 60), interlock_app::Uncounted::Waits)
        .reads(|_| {
            std::thread::sleep(std::time::Duration::from_millis(2100));
            Vec::new()
        });
    let world = World::new();
    let token = world.member().await;
    let raw = || request("POST", "/api/things").json("{}").session(&token);
    let just = std::time::Instant::now() + LIMITED.needs + std::time::Duration::from_secs(2);
    let answer = world.send(&LIMITED, handle, raw().ending(just)).await;
    assert_eq!(answer.told(), (503, "overloaded"));
    assert_eq!(world.store.requests(), 1, "the one read");
    assert_eq!(world.send(&LIMITED, handle, raw()).await.status, 200, "it was not counted");
}

#[tokio::test]
async fn what_went_past_the_distribution_is_refused_on_every_route_before_anything_is_read() {
    const HEALTH: Route = Route::get("health", "/api/health").public();
    let world = World::new();
    let token = world.member().await;
    for (route, method) in
        [(&READ, "GET"), (&WRITE, "POST"), (&PUBLIC, "POST"), (&SIGNED, "POST"), (&HEALTH, "GET")]
    {
        let raw = || request(method, "/api/things").json("{}").session(&token);
        let past = world.send(route, handle, raw().by(Way::Past)).await;
        assert_eq!(past.told(), (403, "front_required"), "{}", route.name);
        let unproven = world.send(route, handle, raw().by(Way::Unproven)).await;
        assert_eq!(unproven.told(), (503, "upstream_unavailable"), "{}", route.name);
        assert_eq!(unproven.header("retry-after"), "2");
        assert_eq!(world.store.requests(), 0, "{}", route.name);
        assert_eq!(world.send(route, handle, raw().by(Way::Allowed)).await.status, 200);
        world.store.reset_counts();
    }
}
