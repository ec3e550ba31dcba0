//! What was answered survives: restarts, kills, and two processes that want one folder.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use interlock_calcom_sim::{Sim, SimConfig, SimError, demo_accounts};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{BOOKINGS, Options, Rig, real_now, start_sim};

struct Process {
    child: Child,
    url: String,
}

/// Starts the binary on a folder and waits until it is ready.
fn start(folder: &Path) -> Process {
    let mut child = Command::new(env!("CARGO_BIN_EXE_interlock-calcom-sim"))
        .args(["--port", "0", "--data"])
        .arg(folder)
        .args(["--webhook-url", "http://127.0.0.1:9/none"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let ready =
        lines.map_while(Result::ok).find_map(|line| line.strip_prefix("ready ").map(str::to_owned));
    Process { child, url: ready.expect("a ready line") }
}

impl Process {
    /// SIGKILL: nothing can be cleaned up.
    fn kill(mut self) {
        self.child.kill().expect("a kill");
        self.child.wait().expect("its end");
    }

    async fn state(&self) -> Value {
        let url = format!("{}/__sim/state", self.url);
        reqwest::get(url).await.expect("an answer").json().await.expect("json")
    }
}

async fn post(url: &str, body: Value) -> Value {
    let laser = demo_accounts().remove(0).api_key;
    let client = reqwest::Client::builder().build().expect("a client");
    let request = client
        .post(url)
        .header("cal-api-version", BOOKINGS)
        .header("authorization", format!("Bearer {laser}"))
        .json(&body);
    request.send().await.expect("an answer").json().await.expect("json")
}

/// A booking on a Monday some weeks ahead: the binary lives in real time.
fn wish(week: i64) -> Value {
    let today = real_now() / 86_400;
    let monday = ((today - 4) / 7 + 2 + week) * 7 + 4;
    let now = jiff::Timestamp::from_second(monday * 86_400).expect("an instant");
    json!({
        "start": now.strftime("%Y-%m-%dT09:00:00Z").to_string(), "eventTypeId": 101,
        "attendee": { "name": "Ada", "email": "ada@demo.test", "timeZone": "Europe/Berlin" }
    })
}

#[tokio::test]
async fn a_kill_right_after_the_answer_loses_nothing() {
    let folder = TempDir::new().expect("a folder");
    let mut uids = Vec::new();
    for round in 0..3 {
        let process = start(folder.path());
        let mode = json!({ "mode": "hold" });
        post(&format!("{}/__sim/webhooks", process.url), mode).await;
        let booking = post(&format!("{}/v2/bookings", process.url), wish(round)).await;
        uids.push(booking["data"]["uid"].as_str().expect("a uid").to_owned());
        process.kill();
    }
    let process = start(folder.path());
    let state = process.state().await;
    let found: Vec<&str> = state["bookings"]
        .as_array()
        .expect("bookings")
        .iter()
        .filter_map(|one| one["uid"].as_str())
        .collect();
    assert_eq!(found, uids.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!((&state["webhookMode"], &state["mails"]), (&json!("hold"), &json!(6)));
    let listed: Value = reqwest::get(format!("{}/__sim/webhooks", process.url))
        .await
        .expect("an answer")
        .json()
        .await
        .expect("json");
    let states: Vec<&str> = listed["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|one| one["state"].as_str())
        .collect();
    assert_eq!(states, ["held", "held", "held"]);
    process.kill();
}

#[tokio::test]
async fn a_restart_keeps_counters_subscriptions_faults_and_the_clock() {
    let rig = Rig::with(Options { calls: 3, ..Options::default() }).await;
    for _ in 0..4 {
        rig.get(BOOKINGS, "/v2/me").await;
    }
    rig.fault("bookings.list", "error_500", json!(5)).await;
    rig.control("/clock", json!({ "advanceSeconds": 20 })).await;
    let hooks = rig.control_get("/state").await;
    let clock = rig.clock();
    let data = rig.data;
    rig.sim.expect("a stand-in").shutdown();
    let options = Options { calls: 3, ..Options::default() };
    let hook = Some("http://127.0.0.1:9/moved".to_owned());
    let sim = start_sim(data.path(), &clock, hook, &options).await;
    let client = reqwest::Client::builder().build().expect("a client");
    let get = |path: String| client.get(path).bearer_auth(demo_accounts().remove(0).api_key);
    let me = get(format!("{}/v2/me", sim.url)).send().await.expect("an answer");
    assert_eq!(me.status(), 429, "the block outlives the process");
    let state: Value =
        get(format!("{}/__sim/state", sim.url)).send().await.expect("it").json().await.expect("it");
    assert_eq!((&state["now"], &state["faults"]), (&hooks["now"], &hooks["faults"]));
    let printer = demo_accounts().remove(1).api_key;
    let own = client.get(format!("{}/v2/webhooks", sim.url)).bearer_auth(printer);
    let own: Value = own.send().await.expect("it").json().await.expect("it");
    assert_eq!(own["data"].as_array().expect("hooks").len(), 1, "the address moved, none added");
    assert_eq!(own["data"][0]["subscriberUrl"], "http://127.0.0.1:9/moved");
    sim.shutdown();
}

#[tokio::test]
async fn a_folder_in_use_is_refused() {
    let rig = Rig::sim().await;
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let clock = std::sync::Arc::new(|| jiff::Timestamp::UNIX_EPOCH);
    let config = SimConfig::demo(listen, rig.data.path().to_owned(), clock);
    assert!(matches!(Sim::start(config).await, Err(SimError::Locked(_))));
}

#[tokio::test]
async fn work_goes_on_when_the_client_hangs_up() {
    let rig = Rig::sim().await;
    rig.inbox.delay(400);
    let hasty = reqwest::Client::builder().timeout(Duration::from_millis(100)).build();
    let sent = hasty
        .expect("a client")
        .post(format!("{}/v2/bookings", rig.url))
        .header("cal-api-version", BOOKINGS)
        .json(&rig.wish("2026-12-01T09:00:00Z"))
        .send()
        .await;
    assert!(sent.expect_err("too late").is_timeout());
    tokio::time::sleep(Duration::from_millis(700)).await;
    let listed = rig.control_get("/webhooks").await;
    assert_eq!(listed["items"][0]["state"], "delivered");
}
