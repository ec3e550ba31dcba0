//! Somebody with an app for codes, over the routes of this domain.

use auth::ROUTES;
use interlock_http::RawRequest;
use interlock_testkit::World;
use serde_json::{Value, json};

use crate::browser::{Answer, get, post, send};

/// A factor that was confirmed, as its owner has it.
pub(crate) struct Telephone {
    pub(crate) secret: String,
    pub(crate) recovery: Vec<String>,
    /// Of the session that was opened with it.
    pub(crate) cookie: String,
}

impl Telephone {
    /// Gets one for whoever is logged in and has the password of these tests.
    pub(crate) async fn enrol(world: &World, cookie: &str) -> Self {
        let begun = begin(world, cookie, "correct horse").await;
        let secret = begun.body["factor"]["secret"].as_str().unwrap().to_owned();
        let confirmed = confirm(world, cookie, &world.code(&secret)).await;
        let codes = confirmed.body["recoveryCodes"].as_array().unwrap();
        let recovery = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        Self { secret, recovery, cookie: confirmed.cookie("__Host-session") }
    }

    /// What it shows now.
    pub(crate) fn code(&self, world: &World) -> String {
        world.code(&self.secret)
    }
}

pub(crate) async fn begin(world: &World, cookie: &str, password: &str) -> Answer {
    let body = json!({"currentPassword": password}).to_string();
    send(world, ROUTES, "auth.factor-begin", post("/api/auth/factor", cookie, &body)).await
}

pub(crate) async fn confirm(world: &World, cookie: &str, code: &str) -> Answer {
    let body = json!({"code": code}).to_string();
    let raw = post("/api/auth/factor/confirm", cookie, &body);
    send(world, ROUTES, "auth.factor-confirm", raw).await
}

pub(crate) async fn login(world: &World, name: &str) -> Answer {
    let email = format!("{name}@test.example");
    let body = json!({"email": email, "password": "correct horse"}).to_string();
    send(world, ROUTES, "auth.login", named(world, "/api/auth/login").json(body)).await
}

/// A request with a name of its own, because the audit tells two of one instant apart by it.
fn named(world: &World, path: &str) -> RawRequest {
    RawRequest::new("POST", path, world.app.id().unwrap())
}

/// The cookie of a login that waits.
pub(crate) async fn pending(world: &World, name: &str) -> String {
    let answer = login(world, name).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    answer.cookie("__Host-pending")
}

/// Shows something to a login that waits; whatever cookies the browser has go along.
pub(crate) async fn complete(world: &World, cookies: &str, body: &Value) -> Answer {
    let raw = named(world, "/api/auth/login/code").header("cookie", cookies);
    send(world, ROUTES, "auth.login-code", raw.json(body.to_string())).await
}

pub(crate) async fn step_up(world: &World, cookie: &str, code: &str) -> Answer {
    let body = json!({"code": code}).to_string();
    send(world, ROUTES, "auth.step-up", post("/api/auth/step-up", cookie, &body)).await
}

pub(crate) async fn me(world: &World, cookie: &str) -> Answer {
    send(world, ROUTES, "auth.me", get("/api/auth/me", cookie)).await
}
