//! The webhook secret changed as `docs/runbooks/rotate-secrets.md` says, step by step, while
//! deliveries go on coming (RELIABILITY W5).

use std::time::Duration;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::json;
use sha2::Sha256;

use crate::stack::{Answer, Person, Stack};

const NEW: &str = "the-secret-of-tomorrow-0123456789";

struct Rotation {
    stack: Stack,
    old: String,
    /// Makes every body another one: the same bytes count once.
    sent: u32,
}

impl Rotation {
    async fn start() -> Self {
        let stack = Stack::start().await;
        let calcom = stack.look("/__dev/calcom").await;
        let old = calcom["webhookSecret"].as_str().unwrap().to_owned();
        Self { stack, old, sent: 0 }
    }

    /// What an operator types: the secrets in force, the first for Cal.com.
    async fn put(&self, secrets: &[&str]) {
        let url = self.stack.look("/__dev/secrets").await["url"].as_str().unwrap().to_owned();
        let value = json!({ "secrets": secrets }).to_string();
        let body = json!({ "SecretId": "interlock/webhook", "SecretString": value });
        let request = reqwest::Client::builder().build().unwrap().post(url).body(body.to_string());
        let request = request.header("x-amz-target", "secretsmanager.PutSecretValue");
        assert_eq!(request.send().await.unwrap().status(), 200);
    }

    /// A delivery signed with a secret.
    async fn deliver(&mut self, secret: &str) -> Answer {
        self.sent += 1;
        let body = json!({ "triggerEvent": "FORM_SUBMITTED", "number": self.sent }).to_string();
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        let signature = mac.chain_update(body.as_bytes()).finalize().into_bytes();
        let request = self.stack.request(Method::POST, "/api/webhooks/calcom");
        let request = request.header("content-type", "application/json").body(body);
        self.stack.send(request.header("x-cal-signature-256", HEXLOWER.encode(&signature))).await
    }

    /// A booking cancelled by somebody inside Cal.com, known here by its delivery alone.
    async fn believed(&self, person: &Person, key: &str) {
        let start = self.stack.starts(person, "machines/mch_laser").await[0].clone();
        let booked = self.stack.reserve(person, &start, key).await.expect(201);
        let id = booked.body["reservation"]["id"].as_str().unwrap().to_owned();
        let cancel = json!({ "uid": self.stack.uid_of(&id).await, "cancellationReason": "x" });
        self.stack.tool("/__sim/ui/cancel", &cancel).await;
        self.stack.until(person, &id, "cancelled").await;
    }
}

/// How long a function goes without reading a secret again, whatever is refused.
const SETTLED: Duration = Duration::from_secs(31);

#[tokio::test]
async fn no_valid_delivery_is_refused_at_any_step_of_a_rotation() {
    let mut rotation = Rotation::start().await;
    let old = rotation.old.clone();
    let (max, root) = (rotation.stack.login("max").await, rotation.stack.login("root").await);
    rotation.believed(&max, "before").await;
    rotation.deliver(&old).await.expect(200);
    rotation.put(&[NEW, &old]).await;
    rotation.deliver(&old).await.expect(200);
    tokio::time::sleep(SETTLED).await;
    for secret in [&old, NEW, &old] {
        rotation.deliver(secret).await.expect(200);
    }
    rotation.believed(&max, "both").await;
    let query = "/api/cal/webhooks?resourceId=mch_laser";
    let listed = rotation.stack.get(&root, query).await.expect(200);
    let id = listed.body["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/cal/webhooks/{id}");
    let change = rotation.stack.of(&root, Method::PATCH, &path);
    let change = change.json(&json!({ "resourceId": "mch_laser" }));
    rotation.stack.send(change).await.expect(200);
    rotation.believed(&max, "handed-over").await;
    rotation.deliver(&old).await.expect(200);
    rotation.put(&[NEW]).await;
    rotation.deliver(NEW).await.expect(200);
    rotation.believed(&max, "retired").await;
}
