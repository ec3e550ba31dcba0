//! Every built function answers its sample in `events/`.
//!
//! The platform around it is the least there can be: an empty table, a queue that takes
//! everything, one secret. So a session in a sample belongs to nobody, and that is the answer.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail like tests"
)]

mod platform;
mod smoke;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

use platform::Platform;
use serde_json::{Value, json};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

/// The functions as they are now; nothing happens if they are built.
fn build() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--workspace", "--bins"])
            .current_dir(root())
            .status()
            .unwrap();
        assert!(built.success(), "the functions do not build");
    });
}

/// A sample as it is kept.
fn sample(name: &str) -> Value {
    let text = std::fs::read_to_string(root().join(format!("events/{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The program of a function.
fn program(name: &str) -> PathBuf {
    build();
    let tests = std::env::current_exe().unwrap();
    let folder = tests.ancestors().nth(2).unwrap();
    folder.join(name).with_extension(std::env::consts::EXE_EXTENSION)
}

/// What a function makes of its sample.
fn answer(name: &str) -> Value {
    Platform::start().invoke(&program(name), &sample(name).to_string())
}

/// Names of all samples, sorted.
fn samples() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("events")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> = names.map(|name| name.trim_end_matches(".json").to_owned()).collect();
    names.sort();
    names
}

fn code(answer: &Value) -> Value {
    let body = answer["body"].as_str().unwrap_or("{}");
    serde_json::from_str::<Value>(body).map_or(Value::Null, |body| body["code"].clone())
}

#[test]
fn every_function_answers_its_sample() {
    for name in samples() {
        let answer = answer(&name);
        let (status, problem) = match name.as_str() {
            "health" | "openapi" | "webhooks-calcom" => (json!(200), Value::Null),
            "auth-login" => (json!(401), json!("invalid_credentials")),
            "auth-login-code" => (json!(401), json!("invalid_code")),
            "auth-reset" => (json!(400), json!("invalid_body")),
            "auth-reset-request" => (json!(204), Value::Null),
            "calendar-feed" => (json!(404), json!("not_found")),
            "webhook-worker" | "outbox-calcom" | "outbox-notify" | "reconcile" | "audit-seal"
            | "calcom-cron" | "first-admin" => {
                continue;
            }
            _ => (json!(401), json!("unauthenticated")),
        };
        assert_eq!((&answer["statusCode"], code(&answer)), (&status, problem), "{name}: {answer}");
    }
}

#[test]
fn the_queue_functions_take_their_whole_batch() {
    for name in ["webhook-worker", "outbox-calcom", "outbox-notify"] {
        assert_eq!(answer(name), json!({"batchItemFailures": []}), "{name}");
    }
}

#[test]
fn reconcile_answers_its_report() {
    let report = answer("reconcile");
    assert_eq!(report, json!({"checked": 0, "repaired": 0, "findings": []}));
}

#[test]
fn calcom_cron_leaves_out_what_has_no_address() {
    let report = answer("calcom-cron");
    assert_eq!(report, json!({"done": [], "leftOut": ["tasks"], "failed": []}));
}

#[test]
fn audit_seal_answers_its_report() {
    let report = answer("audit-seal");
    // How many spans are closed by now is a matter of the clock.
    assert!(report["seals"].as_u64().is_some_and(|seals| seals > 0), "{report}");
    assert_eq!(report["entries"], 0, "{report}");
}

#[test]
fn a_delivery_with_another_signature_is_refused() {
    let mut sample = sample("webhooks-calcom");
    sample["multiValueHeaders"]["x-cal-signature-256"] = json!(["0".repeat(64)]);
    let answer = Platform::start().invoke(&program("webhooks-calcom"), &sample.to_string());
    assert_eq!((&answer["statusCode"], code(&answer)), (&json!(401), json!("signature_invalid")));
}

#[test]
fn a_delivery_through_the_public_door_is_taken_and_judged_alike() {
    let kept = sample("webhooks-calcom");
    let mut event = sample("health");
    let headers = kept["multiValueHeaders"].as_object().unwrap();
    for (name, values) in headers {
        event["headers"][name] = values[0].clone();
    }
    event["body"] = kept["body"].clone();
    event["rawPath"] = kept["path"].clone();
    event["routeKey"] = json!("POST /api/webhooks/calcom");
    event["requestContext"]["http"]["path"] = kept["path"].clone();
    event["requestContext"]["http"]["method"] = json!("POST");
    let ask =
        |event: &Value| Platform::start().invoke(&program("webhooks-calcom"), &event.to_string());
    assert_eq!(ask(&event)["statusCode"], 200);
    event["headers"]["x-cal-signature-256"] = json!("0".repeat(64));
    let forged = ask(&event);
    assert_eq!((&forged["statusCode"], code(&forged)), (&json!(401), json!("signature_invalid")));
}

#[test]
fn calcom_cron_calls_the_web_app_where_it_has_an_address() {
    let more = |base: &str| {
        vec![
            ("INTERLOCK_CALCOM_WEB_URL", base.to_owned()),
            ("INTERLOCK_CALCOM_CRON_SECRET", "cron".to_owned()),
        ]
    };
    let event = sample("calcom-cron").to_string();
    let report = Platform::start().invoke_with(&program("calcom-cron"), &event, more);
    assert_eq!(report, json!({"done": ["tasks"], "leftOut": [], "failed": []}));
}

#[test]
fn the_first_admin_is_made_and_told_where_to_go_on() {
    let report = answer("first-admin");
    assert!(report["userId"].as_str().is_some_and(|id| id.starts_with("usr_")), "{report}");
    assert!(report["token"].is_string() && report["expiresAt"].is_string(), "{report}");
}
