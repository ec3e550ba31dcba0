//! The second factor over HTTP: got, asked for, shown again, lost, and demanded.

use data_encoding::BASE32_NOPAD;
use reqwest::Method;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::stack::{Answer, Person, Stack};

/// The code that an app with this secret shows at the stack's present.
async fn code(stack: &Stack, secret: &str) -> String {
    let bytes = BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let secret = Secret::new_stack(bytes.try_into().unwrap());
    let totp = Builder::new().with_secret(secret).build().unwrap();
    let seconds = u64::try_from(stack.now().await.as_second()).unwrap();
    totp.generate(seconds).to_string()
}

/// What the browser shows from now on of a cookie that is set.
fn set(answer: &Answer, name: &str) -> String {
    let set = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let pairs = set.map(|value| value.split(';').next().unwrap());
    pairs.into_iter().find(|pair| pair.starts_with(name)).unwrap().to_owned()
}

/// Gets a factor for somebody; the secret, the recovery codes and the new session.
async fn enrol(stack: &Stack, person: &Person) -> (String, Value, Person) {
    let password = json!({ "currentPassword": "interlock-demo" });
    let begun = stack.post(person, "/api/auth/factor", &password).await.expect(200);
    let secret = begun.body["factor"]["secret"].as_str().unwrap().to_owned();
    let first = json!({ "code": code(stack, &secret).await });
    let confirmed = stack.post(person, "/api/auth/factor/confirm", &first).await.expect(200);
    let cookie = set(&confirmed, "__Host-session");
    let codes = confirmed.body["recoveryCodes"].clone();
    (secret, codes, Person { cookie, id: person.id.clone() })
}

/// The first half of a login; the cookie of what waits.
async fn half(stack: &Stack, name: &str) -> String {
    let body = json!({ "email": format!("{name}@demo.test"), "password": "interlock-demo" });
    let request = stack.request(Method::POST, "/api/auth/login").json(&body);
    set(&stack.send(request).await.expect(202), "__Host-pending")
}

/// The second half.
async fn whole(stack: &Stack, waiting: &str, body: &Value) -> Answer {
    let request = stack.request(Method::POST, "/api/auth/login/code").header("cookie", waiting);
    stack.send(request.json(body)).await
}

#[tokio::test]
async fn an_admin_logs_in_with_a_code_shows_it_again_and_helps_who_lost_his() {
    let stack = Stack::start().await;
    let (mia, root) = (stack.login("mia").await, stack.login("root").await);
    let (_, codes, _) = enrol(&stack, &mia).await;
    let (secret, _, fresh) = enrol(&stack, &root).await;
    stack.get(&root, "/api/auth/me").await.problem(401, "unauthenticated");
    stack.advance(60).await;
    let shown = json!({ "code": code(&stack, &secret).await });
    let waiting = half(&stack, "root").await;
    whole(&stack, &waiting, &shown).await.expect(200);
    let again = half(&stack, "root").await;
    whole(&stack, &again, &shown).await.problem(401, "invalid_code");
    let by_recovery = json!({ "recoveryCode": codes[0] });
    let waiting = half(&stack, "mia").await;
    let opened = whole(&stack, &waiting, &by_recovery).await.expect(200);
    assert_eq!(opened.body["recoveryCodesLeft"], 9);
    stack.advance(10 * 60).await;
    let lost = "/api/users/usr_mia/factor";
    let reset = |person: &Person| stack.of(person, Method::DELETE, lost);
    stack.send(reset(&fresh)).await.problem(403, "step_up_required");
    let shown = json!({ "code": code(&stack, &secret).await });
    let renewed = stack.post(&fresh, "/api/auth/step-up", &shown).await.expect(200);
    let renewed = Person { cookie: set(&renewed, "__Host-session"), ..fresh };
    stack.send(reset(&renewed)).await.expect(204);
    stack.login("mia").await;
    let anew = stack.send(stack.of(&renewed, Method::POST, "/api/auth/factor/recovery-codes"));
    assert_eq!(anew.await.expect(200).body["recoveryCodes"].as_array().unwrap().len(), 10);
    let own = stack.of(&renewed, Method::DELETE, "/api/auth/factor");
    stack.send(own).await.expect(204);
    stack.login("root").await;
}

#[tokio::test]
async fn where_staff_must_have_one_a_manager_gets_one_before_anything_else() {
    let folder = tempfile::TempDir::new().unwrap();
    let stack = Stack::on_with(folder, "0", &["--second-factor"]);
    let (mia, max) = (stack.login("mia").await, stack.login("max").await);
    for path in ["/api/machines", "/api/checkouts", "/api/reservations"] {
        stack.get(&mia, path).await.problem(403, "factor_required");
    }
    stack.get(&max, "/api/machines").await.expect(200);
    let me = stack.get(&mia, "/api/auth/me").await.expect(200);
    assert_eq!(me.body["secondFactor"], json!({ "enrolled": false, "required": true }));
    let (_, _, proven) = enrol(&stack, &mia).await;
    stack.get(&proven, "/api/checkouts").await.expect(200);
    let own = stack.of(&proven, Method::DELETE, "/api/auth/factor");
    stack.send(own).await.problem(409, "state_conflict");
}
