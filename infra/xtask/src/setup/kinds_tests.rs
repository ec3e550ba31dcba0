//! Event types made at the stand-in for Cal.com, over the curl that a set-up runs.

use std::sync::Arc;

use interlock_calcom_sim::{RunningSim, Sim, SimConfig, demo_accounts};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::Setting;
use super::kinds::with_ids;
use super::shell::{Call, Machine, Shell};

/// AWS is pretended, curl is real.
struct Half {
    accounts: Value,
    asked: Vec<(String, String)>,
}

impl Shell for Half {
    fn read(&mut self, call: &Call) -> Result<String, String> {
        let line = call.line();
        if line.contains("CalcomSecretArn") {
            return Ok("arn:calcom".to_owned());
        }
        assert!(line.ends_with("--secret-id arn:calcom"), "{line}");
        Ok(json!({ "accounts": self.accounts }).to_string())
    }

    fn show(&mut self, call: &Call) -> Result<(), String> {
        Err(call.line())
    }

    fn feed(&mut self, call: &Call, _: &str) -> Result<(), String> {
        Err(call.line())
    }

    fn ask(&mut self, call: &Call, text: &str) -> Result<String, String> {
        self.asked.push((call.line(), text.to_owned()));
        Machine.ask(call, text)
    }

    fn prompt(&mut self, question: &str) -> Result<String, String> {
        Err(question.to_owned())
    }

    fn is_watched(&self) -> bool {
        false
    }

    fn config(&mut self) -> Result<String, String> {
        Err("asked for the configuration".to_owned())
    }

    fn keep(&mut self, _: &str) -> Result<(), String> {
        Err("kept something".to_owned())
    }

    fn wait(&mut self, _: u64) {}
}

/// A stand-in, and a shell with the key of its laser.
struct Rig {
    _runtime: Runtime,
    _sim: RunningSim,
    shell: Half,
    setting: Setting,
    _folder: tempfile::TempDir,
}

impl Rig {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = Runtime::new().unwrap();
        let clock = Arc::new(|| "2026-11-20T10:00:00Z".parse().unwrap());
        let listen = "127.0.0.1:0".parse().unwrap();
        let config = SimConfig::demo(listen, folder.path().to_path_buf(), clock);
        let sim = runtime.block_on(Sim::start(config)).unwrap();
        let laser = demo_accounts().remove(0);
        let accounts = json!({ "main": { "mode": "api_key", "apiKey": laser.api_key } });
        let calcom_url = Some(sim.url.clone());
        let setting = Setting { env: "dev".to_owned(), calcom_url, ..Setting::default() };
        let shell = Half { accounts, asked: Vec::new() };
        Self { _runtime: runtime, _sim: sim, shell, setting, _folder: folder }
    }

    fn made(&mut self, kinds: &Value) -> Result<(Value, Vec<String>), String> {
        let entry = json!({
            "id": "mch_laser", "place": "Room \"3\"",
            "mapping": { "username": "laser", "credentialRef": "main", "eventTypes": kinds }
        });
        let (list, made) = with_ids(&self.setting, &mut self.shell, vec![entry])?;
        Ok((list[0]["mapping"].clone(), made))
    }

    fn posts(&self) -> usize {
        self.shell.asked.iter().filter(|(line, _)| line.contains("POST")).count()
    }
}

fn hour() -> Value {
    json!({ "title": "An hour", "slug": "an-hour", "lengthInMinutes": 60 })
}

#[test]
fn what_is_not_there_is_made_and_the_machine_is_told_its_ids() {
    let mut rig = Rig::new();
    let half = json!({ "title": "Half", "slug": "half", "lengthInMinutes": 30, "hidden": true });
    let (mapping, made) = rig.made(&json!([hour(), half])).unwrap();
    assert_eq!(made, ["the event type an-hour", "the event type half"]);
    assert!(mapping.get("eventTypes").is_none(), "the product knows no such field");
    let ids: Vec<u64> =
        mapping["eventTypeIds"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap()).collect();
    assert!(ids.len() == 2 && ids[0] != ids[1], "{ids:?}");

    let (again, made) = rig.made(&json!([hour()])).unwrap();
    assert!(made.is_empty());
    assert_eq!(again["eventTypeIds"], json!([ids[0]]));
    assert_eq!(rig.posts(), 2, "a second run makes nothing");
}

#[test]
fn an_event_type_is_made_so_that_it_can_be_mapped() {
    let mut rig = Rig::new();
    rig.made(&json!([hour()])).unwrap();
    let state = std::process::Command::new("curl")
        .args(["--silent", &format!("{}/__sim/state", rig.setting.calcom_url.as_ref().unwrap())])
        .output()
        .unwrap();
    let state: Value = serde_json::from_slice(&state.stdout).unwrap();
    let kinds = state["eventTypes"].as_array().unwrap();
    let kind = kinds.iter().find(|kind| kind["slug"] == "an-hour").unwrap();
    assert_eq!(kind["minimumBookingNotice"], 0);
    assert_eq!(kind["bookingRequiresAuthentication"], true);
    assert_eq!(kind["disableGuests"], true);
    assert_eq!(kind["locations"][0]["address"], "Room \"3\"");
    assert_eq!(kind["disableCancelling"]["disabled"], false);
}

#[test]
fn an_event_type_that_is_there_with_another_length_is_left_and_told() {
    let mut rig = Rig::new();
    rig.made(&json!([hour()])).unwrap();
    let other = json!({ "title": "An hour", "slug": "an-hour", "lengthInMinutes": 45 });
    let error = rig.made(&json!([other])).unwrap_err();
    assert!(error.starts_with("mch_laser: ") && error.contains("another length"), "{error}");
    assert_eq!(rig.posts(), 1);
}

#[test]
fn no_key_is_in_a_line_or_in_what_a_refusal_tells() {
    let mut rig = Rig::new();
    let wrong = format!("cal_{}", "0".repeat(32));
    rig.shell.accounts = json!({ "main": { "mode": "api_key", "apiKey": wrong } });
    let error = rig.made(&json!([hour()])).unwrap_err();
    assert!(error.contains("Cal.com answered 40"), "{error}");
    assert!(!error.contains(&wrong), "{error}");
    assert!(
        rig.shell.asked.iter().all(|(line, fed)| !line.contains(&wrong) && fed.contains(&wrong))
    );
}

#[test]
fn what_cannot_be_made_is_told_before_cal_com_is_asked() {
    let mut rig = Rig::new();
    let nameless = json!({ "title": "x", "lengthInMinutes": 60 });
    assert!(rig.made(&json!([nameless])).unwrap_err().contains("`slug`"));
    rig.shell.accounts = json!({ "main": { "mode": "none" } });
    assert!(rig.made(&json!([hour()])).unwrap_err().contains("`apiKey` of `main`"));
    rig.setting.calcom_url = Some("http://calapi.cal.lab.test".to_owned());
    assert!(rig.made(&json!([hour()])).unwrap_err().contains("no https address"));
    rig.setting.calcom_url = None;
    assert!(rig.made(&json!([hour()])).unwrap_err().contains("--calcom-url"));
    assert!(rig.shell.asked.is_empty());
}

#[test]
fn a_list_that_names_ids_asks_nobody() {
    let mut rig = Rig::new();
    rig.setting.calcom_url = None;
    let list = vec![json!({ "id": "mch_a", "mapping": { "eventTypeIds": [1] } })];
    let told = with_ids(&rig.setting, &mut rig.shell, list.clone()).unwrap();
    assert_eq!(told, (list, Vec::new()));
}

/// The sample is what a set-up takes, and nothing of it is left for the product to stumble over.
#[test]
fn the_sample_of_machines_is_made_whole() {
    let sample = include_str!("../../../examples/machines.json");
    let list: Vec<Value> = serde_json::from_str(sample).unwrap();
    let mut rig = Rig::new();
    let (list, made) = with_ids(&rig.setting, &mut rig.shell, list).unwrap();
    assert_eq!(made, ["the event type laser-hour", "the event type laser-half-hour"]);
    for entry in &list {
        let ids = entry["mapping"]["eventTypeIds"].as_array().unwrap();
        assert!(!ids.is_empty() && entry["mapping"].get("eventTypes").is_none());
    }
}
