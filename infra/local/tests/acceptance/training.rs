//! Training over HTTP: a new version, a manager's word, and a page that claims too much.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::{Person, Stack};

const MODULES: &str = "/api/training/modules";
const PROGRESS: &str = "/api/training/progress";
const COMPLETE: &str = "/api/training/complete";

async fn missing(stack: &Stack, person: &Person) -> Vec<String> {
    let verdict = stack.get(person, "/api/machines/mch_laser/eligibility").await.expect(200);
    verdict.codes().into_iter().map(str::to_owned).collect()
}

async fn module(stack: &Stack, person: &Person, id: &str) -> Value {
    let list = stack.get(person, MODULES).await.expect(200).body;
    let items = list["items"].as_array().unwrap();
    items.iter().find(|item| item["id"] == id).unwrap().clone()
}

async fn status(stack: &Stack, person: &Person, id: &str) -> Value {
    let list = stack.get(person, "/api/training/status").await.expect(200).body;
    let items = list["items"].as_array().unwrap();
    items.iter().find(|item| item["moduleId"] == id).unwrap().clone()
}

async fn open(stack: &Stack, person: &Person, id: &str) -> Value {
    let body = json!({
        "moduleId": id, "sequence": 1, "segments": [], "position": 0, "visible": true
    });
    stack.post(person, PROGRESS, &body).await.expect(200).body["watchId"].clone()
}

async fn beat(
    stack: &Stack,
    person: &Person,
    (id, watch): (&str, &Value),
    (sequence, from, to): (u64, u64, u64),
    visible: bool,
) -> Value {
    let body = json!({
        "moduleId": id, "watchId": watch, "sequence": sequence,
        "segments": [{ "from": from, "to": to, "rate": 1, "wallMs": (to - from) * 1000 }],
        "position": to, "visible": visible
    });
    stack.post(person, PROGRESS, &body).await.expect(200).body
}

#[tokio::test]
async fn a_new_version_leaves_the_old_proof_a_term_and_asks_only_for_what_changed() {
    let stack = Stack::start().await;
    let (ada, root, mia) =
        (stack.login("ada").await, stack.login("root").await, stack.login("mia").await);
    let id = "mod_laser_safety";
    stack.train(&ada, "mod_shop_basics", 180).await;
    stack.train(&ada, id, 240).await;
    let checkout = json!({ "userId": ada.id });
    stack.post(&mia, "/api/machines/mch_laser/checkout", &checkout).await.expect(201);
    assert!(missing(&stack, &ada).await.is_empty());

    let etag = module(&stack, &root, id).await["etag"].as_str().unwrap().to_owned();
    let path = format!("{MODULES}/{id}");
    let revision = json!({
        "youtubeVideoId": "a1B2c3D4e5F", "changed": [{ "from": 60, "to": 75 }], "graceDays": 2
    });
    let wish = |etag: &str| stack.of(&root, Method::PATCH, &path).header("if-match", etag);
    let changed = stack.send(wish(&etag).json(&revision)).await.expect(200);
    assert_eq!(changed.body["module"]["version"], 2);
    stack.send(wish(&etag).json(&revision)).await.problem(412, "precondition_failed");

    assert!(missing(&stack, &ada).await.is_empty(), "the old proof has its term");
    let shown = status(&stack, &ada, id).await;
    assert_eq!(shown["completed"], true);
    assert!(shown["validUntil"].is_string());
    assert_eq!(shown["gaps"], json!([{ "from": 60, "to": 75 }]));
    stack.advance(2 * 86_400).await;
    assert_eq!(missing(&stack, &ada).await, ["training_expired"]);

    let body = json!({ "moduleId": id });
    let refused = stack.post(&ada, COMPLETE, &body).await.problem(409, "training_incomplete");
    assert_eq!(refused.body["gaps"], json!([{ "from": 60, "to": 75 }]));
    let watch = open(&stack, &ada, id).await;
    stack.advance(15).await;
    beat(&stack, &ada, (id, &watch), (2, 60, 75), true).await;
    stack.post(&ada, COMPLETE, &body).await.expect(200);
    assert!(missing(&stack, &ada).await.is_empty());
    assert_eq!(status(&stack, &ada, id).await["proof"], json!({ "moduleVersion": 2 }));
}

#[tokio::test]
async fn a_managers_word_makes_eligible_and_a_new_module_is_made_by_an_admin() {
    let stack = Stack::start().await;
    let (ada, root, mia) =
        (stack.login("ada").await, stack.login("root").await, stack.login("mia").await);
    let made = json!({ "id": "mod_lathe", "title": "Lathe", "durationSeconds": 300 });
    stack.post(&mia, MODULES, &made).await.problem(403, "role_required");
    let answer = stack.post(&root, MODULES, &made).await.expect(201);
    assert_eq!(answer.header("location"), "/api/training/modules/mod_lathe");
    stack.post(&root, MODULES, &made).await.problem(409, "state_conflict");

    let word = |kind: &str, id: &str, user: &str| {
        let alternative = json!({ "kind": kind, "note": "attended on Tuesday" });
        json!({ "moduleId": id, "userId": user, "alternative": alternative })
    };
    let own = word("live_session", "mod_laser_safety", &mia.id);
    stack.post(&mia, COMPLETE, &own).await.problem(403, "self_approval");
    for (kind, id) in [("live_session", "mod_laser_safety"), ("transcript", "mod_shop_basics")] {
        let word = word(kind, id, &ada.id);
        stack.post(&ada, COMPLETE, &word).await.problem(403, "role_required");
        stack.post(&mia, COMPLETE, &word).await.expect(200);
        let proof = status(&stack, &ada, id).await["proof"].clone();
        assert_eq!(proof["alternative"]["kind"], kind);
        assert_eq!(proof["alternative"]["recordedBy"], mia.id.as_str());
    }
    assert_eq!(missing(&stack, &ada).await, ["checkout_missing"]);
}

#[tokio::test]
async fn a_script_is_credited_no_more_than_the_clock_and_waits_for_a_manager() {
    let stack = Stack::start().await;
    let (ada, mia) = (stack.login("ada").await, stack.login("mia").await);
    let id = "mod_shop_basics";
    let began = stack.now().await;
    let tabs = [open(&stack, &ada, id).await, open(&stack, &ada, id).await];
    let (mut credited, mut sequence) = (0.0, 1);
    for turn in 0..24_u64 {
        // As fast as the limit on messages lets it.
        stack.advance(if turn % 4 == 0 { 13 } else { 1 }).await;
        sequence += 1;
        let tab = &tabs[usize::try_from(turn % 2).unwrap()];
        let body = beat(&stack, &ada, (id, tab), (sequence, turn * 4, 180), false).await;
        credited += body["acceptedSeconds"].as_f64().unwrap();
        let passed = (stack.now().await - began).total(jiff::Unit::Second).unwrap();
        assert!(credited <= passed * 1.5 + 1.0, "{credited} s credited in {passed} s");
    }
    let body = json!({ "moduleId": id });
    stack.post(&ada, COMPLETE, &body).await.problem(409, "training_incomplete");
    for turn in 0..20 {
        stack.advance(15).await;
        sequence += 1;
        beat(&stack, &ada, (id, &tabs[0]), (sequence, turn * 9, 180), false).await;
    }
    let waits = stack.post(&ada, COMPLETE, &body).await.expect(202);
    assert!(waits.body["needsConfirmationSince"].is_string());
    let list = stack.get(&mia, "/api/training/status?awaiting=confirmation").await.expect(200);
    assert_eq!(list.body["items"][0]["userId"], ada.id.as_str());
    assert!(list.body["items"][0]["evidence"]["integrityPercent"].as_f64().unwrap() < 50.0);
    let alternative = json!({ "kind": "watch_confirmed", "note": "I sat beside her" });
    let word = json!({ "moduleId": id, "userId": ada.id, "alternative": alternative });
    stack.post(&mia, COMPLETE, &word).await.expect(200);
    assert_eq!(status(&stack, &ada, id).await["completed"], true);
}
