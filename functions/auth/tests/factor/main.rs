//! The second factor: got, shown at the login, shown again, and lost.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod asked;
#[path = "../../../../shared/testkit/browser/mod.rs"]
mod browser;
mod telephone;

use auth::ROUTES;
use browser::{by, kept, post, refused, request, send};
use interlock_app::FactorPolicy;
use interlock_policy::Role;
use interlock_testkit::World;
use serde_json::json;
use telephone::{Telephone, begin, complete, confirm, login, me, pending, step_up};

async fn mia() -> (World, String) {
    let world = World::new().await;
    let mia = world.person_with("mia", &[Role::Manager]).await;
    world.password(&mia, "correct horse").await;
    let cookie = world.session(&mia).await;
    (world, cookie)
}

/// Mia with a factor that was confirmed two steps ago.
async fn enrolled() -> (World, Telephone) {
    let (world, cookie) = mia().await;
    let telephone = Telephone::enrol(&world, &cookie).await;
    world.advance(60);
    (world, telephone)
}

#[tokio::test]
async fn a_factor_counts_from_its_first_code_on_and_ends_every_other_session() {
    let (world, cookie) = mia().await;
    let other = world.session(&"usr_mia".parse().unwrap()).await;
    let before = world.passwords.evaluations();
    let begun = begin(&world, &cookie, "correct horse").await;
    assert_eq!((begun.status, world.passwords.evaluations() - before), (200, 1));
    assert_eq!(login(&world, "mia").await.status, 200, "what was only begun is not asked for");
    let secret = begun.body["factor"]["secret"].as_str().unwrap();
    let uri = begun.body["factor"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/Interlock%20test:mia%40test.example?"), "{uri}");
    assert!(uri.contains(secret));
    let confirmed = confirm(&world, &cookie, &world.code(secret)).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.text);
    assert_eq!(confirmed.body["recoveryCodes"].as_array().unwrap().len(), 10);
    let new = confirmed.cookie("__Host-session");
    assert_eq!((me(&world, &cookie).await.status, me(&world, &other).await.status), (401, 401));
    let shown = me(&world, &new).await;
    assert_eq!(shown.body["secondFactor"]["enrolled"], true);
    assert_eq!(shown.body["secondFactor"]["required"], false);
    assert_eq!(world.store.of_kind("letter")[0].body["kind"], "factor_changed");
}

#[tokio::test]
async fn a_login_takes_the_password_and_then_a_code_at_one_evaluation() {
    let (world, telephone) = enrolled().await;
    let before = world.passwords.evaluations();
    let half = login(&world, "mia").await;
    assert_eq!((half.status, half.cookie("__Host-session").as_str()), (202, ""));
    assert_eq!(half.body["pending"]["factors"], json!(["totp", "recovery_code"]));
    let waiting = half.cookie("__Host-pending");
    let as_session = waiting.replace("__Host-pending", "__Host-session");
    assert_eq!(me(&world, &as_session).await.status, 401, "what waits opens nothing");
    let whole = complete(&world, &waiting, &json!({"code": telephone.code(&world)})).await;
    assert_eq!(whole.status, 200, "{}", whole.text);
    assert_eq!(whole.body["user"]["id"], "usr_mia");
    assert!(whole.body.get("recoveryCodesLeft").is_none());
    assert_eq!(world.passwords.evaluations() - before, 1);
    assert_eq!(me(&world, &whole.cookie("__Host-session")).await.status, 200);
    assert!(whole.cookie("__Host-device").starts_with("__Host-device=usr_mia."));
    let gone = whole.headers().any(|(_, value)| value.starts_with("__Host-pending=; "));
    assert!(gone, "the browser forgets what waited");
    assert!(world.store.of_kind("pending_login").is_empty());
}

#[tokio::test]
async fn a_wrong_password_is_told_like_anybodys_and_nothing_waits() {
    let (world, _) = enrolled().await;
    let body = json!({"email": "mia@test.example", "password": "wrong"}).to_string();
    let raw = request("POST", "/api/auth/login").json(body);
    let before = world.passwords.evaluations();
    refused(&world, (ROUTES, "auth.login"), raw, (401, "invalid_credentials", "-")).await;
    assert_eq!(world.passwords.evaluations() - before, 1);
}

#[tokio::test]
async fn a_code_counts_once_and_no_earlier_one_after_it() {
    let (world, telephone) = enrolled().await;
    let earlier = telephone.code(&world);
    world.advance(30);
    let code = telephone.code(&world);
    let first = pending(&world, "mia").await;
    assert_eq!(complete(&world, &first, &json!({"code": code})).await.status, 200);
    for used in [&code, &earlier] {
        let waiting = pending(&world, "mia").await;
        let answer = complete(&world, &waiting, &json!({"code": used})).await;
        assert_eq!(answer.told(), (401, "invalid_code"), "{used}");
    }
    world.advance(30);
    let waiting = pending(&world, "mia").await;
    let next = json!({"code": telephone.code(&world)});
    assert_eq!(complete(&world, &waiting, &next).await.status, 200);
}

#[tokio::test]
async fn a_code_counts_one_step_to_either_side_and_no_further() {
    for (ahead, status) in [(-60, 401), (-30, 200), (0, 200), (30, 200), (60, 401)] {
        let (world, telephone) = enrolled().await;
        world.advance(120);
        let waiting = pending(&world, "mia").await;
        world.advance(ahead);
        let code = telephone.code(&world);
        world.advance(-ahead);
        let answer = complete(&world, &waiting, &json!({"code": code})).await;
        assert_eq!(answer.status, status, "{ahead}: {}", answer.text);
    }
}

#[tokio::test]
async fn of_two_who_show_the_same_code_at_once_one_is_let_in() {
    let (world, telephone) = enrolled().await;
    let (one, two) = (pending(&world, "mia").await, pending(&world, "mia").await);
    let code = json!({"code": telephone.code(&world)});
    let both = tokio::join!(complete(&world, &one, &code), complete(&world, &two, &code));
    let mut told = [both.0.status, both.1.status];
    told.sort_unstable();
    assert_eq!(told, [200, 401]);
}

#[tokio::test]
async fn what_waits_is_over_after_five_minutes_with_a_ban_and_with_another_browser() {
    let (world, telephone) = enrolled().await;
    let waiting = pending(&world, "mia").await;
    world.advance(300);
    let code = |world: &World| json!({"code": telephone.code(world)});
    let late = complete(&world, &waiting, &code(&world)).await;
    assert_eq!(late.told(), (401, "invalid_code"));
    let foreign = format!("__Host-pending=usr_mia.{}", "0".repeat(64));
    for cookie in ["", foreign.as_str(), "__Host-pending=broken"] {
        let answer = complete(&world, cookie, &code(&world)).await;
        assert_eq!(answer.told(), (401, "invalid_code"), "{cookie}");
    }
    let waiting = pending(&world, "mia").await;
    let mut account = world.account_of(&"usr_mia".parse().unwrap()).unwrap();
    account.session_epoch += 1;
    world.put(&account).await;
    let ended = complete(&world, &waiting, &code(&world)).await;
    assert_eq!(ended.told(), (401, "invalid_code"), "whatever ends sessions ends what waits");
    account.status = interlock_policy::AccountStatus::Banned;
    world.put(&account).await;
    assert_eq!(login(&world, "mia").await.told(), (401, "invalid_credentials"));
}

#[tokio::test]
async fn each_recovery_code_opens_once_and_the_person_is_told() {
    let (world, telephone) = enrolled().await;
    let code = &telephone.recovery[3];
    let typed = code.to_uppercase().replace('-', " ");
    let waiting = pending(&world, "mia").await;
    let answer = complete(&world, &waiting, &json!({"recoveryCode": typed})).await;
    assert_eq!((answer.status, &answer.body["recoveryCodesLeft"]), (200, &json!(9)));
    let letters = world.store.of_kind("letter");
    assert!(letters.iter().any(|letter| letter.body["kind"] == "recovery_code_used"));
    let waiting = pending(&world, "mia").await;
    for wrong in [code.as_str(), "", "aaaa-aaaa-aaaa-aaaa"] {
        let answer = complete(&world, &waiting, &json!({"recoveryCode": wrong})).await;
        assert_eq!(answer.told(), (401, "invalid_code"), "{wrong}");
    }
    let other = json!({"recoveryCode": telephone.recovery[4]});
    assert_eq!(complete(&world, &waiting, &other).await.status, 200);
}

#[tokio::test]
async fn codes_made_anew_take_the_place_of_those_that_were_left() {
    let (world, telephone) = enrolled().await;
    let raw = by(request("POST", "/api/auth/factor/recovery-codes"), &telephone.cookie);
    let renewed = send(&world, ROUTES, "auth.recovery-codes", raw).await;
    assert_eq!(renewed.status, 200, "{}", renewed.text);
    let waiting = pending(&world, "mia").await;
    let old = json!({"recoveryCode": telephone.recovery[0]});
    assert_eq!(complete(&world, &waiting, &old).await.told(), (401, "invalid_code"));
    let new = json!({"recoveryCode": renewed.body["recoveryCodes"][0]});
    assert_eq!(complete(&world, &waiting, &new).await.status, 200);
}

#[tokio::test]
async fn a_body_names_a_code_or_a_recovery_code() {
    let (world, _) = enrolled().await;
    let waiting = pending(&world, "mia").await;
    for (body, pointer) in [
        (json!({}), "/code"),
        (json!({"code": "1", "recoveryCode": "a"}), "/recoveryCode"),
        (json!({"code": 123_456}), "/code"),
        (json!({"code": "123456", "userId": "usr_root"}), "/userId"),
    ] {
        let raw = request("POST", "/api/auth/login/code").header("cookie", &waiting);
        let raw = raw.json(body.to_string());
        refused(&world, (ROUTES, "auth.login-code"), raw, (400, "invalid_body", pointer)).await;
    }
}

#[tokio::test]
async fn showing_a_code_again_renews_the_session_and_lengthens_no_life() {
    let (world, telephone) = enrolled().await;
    world.advance(20 * 60);
    let live = || {
        let mut sessions = world.store.of_kind("session");
        sessions.retain(|session| session.body["epoch"] == 1);
        sessions
    };
    let before = live()[0].body["expiresAt"].clone();
    let fresh = step_up(&world, &telephone.cookie, &telephone.code(&world)).await;
    assert_eq!(fresh.status, 200, "{}", fresh.text);
    assert_eq!(live().len(), 1);
    assert_eq!(live()[0].body["expiresAt"], before);
    assert_eq!(me(&world, &telephone.cookie).await.status, 401, "the old name is dead");
    let new = fresh.cookie("__Host-session");
    assert_eq!(me(&world, &new).await.body["secondFactor"]["freshUntil"], fresh.body["freshUntil"]);
    world.advance(29 * 60);
    assert_eq!(me(&world, &new).await.status, 200, "unused is counted from the showing on");
}

#[tokio::test]
async fn a_wrong_or_used_code_renews_nothing() {
    let (world, telephone) = enrolled().await;
    let used = telephone.code(&world);
    let renewed = step_up(&world, &telephone.cookie, &used).await.cookie("__Host-session");
    for code in [used.as_str(), "", "12345", "1234567", "12345a", "１２３４５６"] {
        let raw = post("/api/auth/step-up", &renewed, &json!({"code": code}).to_string());
        let wanted = (400, "invalid_body", "/code");
        refused(&world, (ROUTES, "auth.step-up"), raw, wanted).await;
    }
    assert_eq!(me(&world, &renewed).await.status, 200);
}

#[tokio::test]
async fn whoever_has_none_can_show_renew_and_remove_none() {
    let (world, cookie) = mia().await;
    let before = kept(&world);
    let body = json!({"code": "123456"}).to_string();
    for (name, raw) in [
        ("auth.step-up", post("/api/auth/step-up", &cookie, &body)),
        ("auth.factor-confirm", post("/api/auth/factor/confirm", &cookie, &body)),
        ("auth.recovery-codes", by(request("POST", "/api/auth/factor/recovery-codes"), &cookie)),
        ("auth.factor-remove", by(request("DELETE", "/api/auth/factor"), &cookie)),
    ] {
        refused(&world, (ROUTES, name), raw, (409, "state_conflict", "-")).await;
    }
    assert_eq!(kept(&world), before);
}

#[tokio::test]
async fn beginning_takes_the_password_and_confirming_a_code_in_ten_minutes() {
    let (world, cookie) = mia().await;
    let wrong = json!({"currentPassword": "wrong"}).to_string();
    let raw = post("/api/auth/factor", &cookie, &wrong);
    let wanted = (400, "invalid_body", "/currentPassword");
    refused(&world, (ROUTES, "auth.factor-begin"), raw, wanted).await;
    let begun = begin(&world, &cookie, "correct horse").await;
    let secret = begun.body["factor"]["secret"].as_str().unwrap();
    let raw = post("/api/auth/factor/confirm", &cookie, r#"{"code":"000000"}"#);
    let wanted = (400, "invalid_body", "/code");
    refused(&world, (ROUTES, "auth.factor-confirm"), raw, wanted).await;
    world.advance(600);
    let late = confirm(&world, &cookie, &world.code(secret)).await;
    assert_eq!(late.told(), (409, "state_conflict"));
}

#[tokio::test]
async fn another_factor_takes_the_place_of_the_old_one_when_it_is_confirmed() {
    let (world, telephone) = enrolled().await;
    let begun = begin(&world, &telephone.cookie, "correct horse").await;
    assert_eq!(begun.status, 200, "{}", begun.text);
    let waiting = pending(&world, "mia").await;
    let old = json!({"code": telephone.code(&world)});
    assert_eq!(complete(&world, &waiting, &old).await.status, 200, "the old one still counts");
    let secret = begun.body["factor"]["secret"].as_str().unwrap();
    let confirmed = confirm(&world, &telephone.cookie, &world.code(secret)).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.text);
    world.advance(60);
    let waiting = pending(&world, "mia").await;
    for dead in
        [json!({"code": telephone.code(&world)}), json!({"recoveryCode": telephone.recovery[0]})]
    {
        assert_eq!(complete(&world, &waiting, &dead).await.told(), (401, "invalid_code"));
    }
    assert_eq!(complete(&world, &waiting, &json!({"code": world.code(secret)})).await.status, 200);
}

#[tokio::test]
async fn whoever_need_not_have_one_may_take_it_away_again() {
    let (mut world, telephone) = enrolled().await;
    let remove = |cookie: &str| by(request("DELETE", "/api/auth/factor"), cookie);
    let settings = world.app.settings.as_ref().clone();
    let staff = interlock_app::Settings { second_factor: FactorPolicy::Staff, ..settings.clone() };
    world.app.settings = std::sync::Arc::new(staff);
    let raw = remove(&telephone.cookie);
    refused(&world, (ROUTES, "auth.factor-remove"), raw, (409, "state_conflict", "-")).await;
    world.app.settings = std::sync::Arc::new(settings);
    let answer = send(&world, ROUTES, "auth.factor-remove", remove(&telephone.cookie)).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    assert_eq!(me(&world, &telephone.cookie).await.status, 401);
    let new = answer.cookie("__Host-session");
    assert_eq!(me(&world, &new).await.body["secondFactor"]["enrolled"], false);
    assert_eq!(login(&world, "mia").await.status, 200);
    assert!(world.store.of_kind("second_factor").is_empty());
}

#[tokio::test]
async fn a_new_password_keeps_what_was_shown_and_asks_for_the_factor_at_the_next_login() {
    let (world, telephone) = enrolled().await;
    let wish = json!({"currentPassword": "correct horse", "newPassword": "five wet horses"});
    let raw = post("/api/auth/password", &telephone.cookie, &wish.to_string());
    let changed = send(&world, ROUTES, "auth.password-change", raw).await;
    let new = changed.cookie("__Host-session");
    assert_eq!(me(&world, &new).await.body["secondFactor"]["enrolled"], true);
    let body = json!({"email": "mia@test.example", "password": "five wet horses"}).to_string();
    let raw = request("POST", "/api/auth/login").json(body);
    assert_eq!(send(&world, ROUTES, "auth.login", raw).await.status, 202);
}

#[tokio::test]
async fn no_secret_and_no_code_is_in_the_table_or_the_audit() {
    let (world, telephone) = enrolled().await;
    let waiting = pending(&world, "mia").await;
    let code = telephone.code(&world);
    complete(&world, &waiting, &json!({"code": code})).await;
    let mut all = String::new();
    for record in world.store.dump() {
        all += &record.body.to_string();
    }
    let secret = waiting.rsplit('.').next().unwrap();
    for hidden in telephone.recovery.iter().chain([&telephone.secret]) {
        assert!(!all.contains(hidden.as_str()), "{hidden}");
        assert!(!all.contains(&hidden.replace('-', "")), "{hidden}");
    }
    assert!(!all.contains(secret), "of what waits the hash is kept");
    let audit = world.store.of_kind("audit_entry");
    let told: Vec<_> = audit.iter().map(|entry| entry.body["action"].as_str().unwrap()).collect();
    for action in ["factor.begin", "factor.confirm", "session.ask-factor", "session.open"] {
        assert!(told.contains(&action), "{action}: {told:?}");
    }
}
