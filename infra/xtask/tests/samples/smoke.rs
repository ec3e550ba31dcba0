//! What `cargo xtask calcom-smoke` says of the stand-in, whole and with one part broken.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// The stand-in as a process; it ends with its test.
struct StandIn {
    child: Child,
    url: String,
    data: tempfile::TempDir,
}

impl StandIn {
    fn start() -> Self {
        super::build();
        let tests = std::env::current_exe().unwrap();
        let program = tests.ancestors().nth(2).unwrap().join("interlock-calcom-sim");
        let data = tempfile::tempdir().unwrap();
        let mut child = Command::new(program)
            .args(["--port", "0", "--data"])
            .arg(data.path().join("stand-in"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut key = None;
        let url = lines.find_map(|line| {
            key = line.strip_prefix("account laser key ").map(str::to_owned).or_else(|| key.take());
            line.strip_prefix("ready ").map(str::to_owned)
        });
        let (url, key) = (url.unwrap(), key.unwrap());
        std::fs::write(data.path().join("key"), key).unwrap();
        // It goes on talking; nobody listening would end it.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url, data }
    }

    fn break_with(&self, fault: &str) {
        let rule = format!(r#"{{"route":"*","inject":"{fault}","times":null}}"#);
        let done = Command::new("curl")
            .args(["--silent", "--fail", "--header", "Content-Type: application/json", "--data"])
            .args([rule, format!("{}/__sim/faults", self.url)])
            .output()
            .unwrap();
        assert!(done.status.success(), "{fault}");
    }

    fn key(&self) -> PathBuf {
        self.data.path().join("key")
    }

    /// Whether the smoke test is content, and all it said.
    fn smoked(&self, more: &[&str]) -> (bool, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["calcom-smoke", "--event-type", "101", "--url", &self.url])
            .args(more)
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).unwrap())
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

#[test]
fn a_cal_com_that_is_whole_passes_and_its_key_is_accepted() {
    let stand_in = StandIn::start();
    let key = stand_in.key();
    let (passed, text) = stand_in.smoked(&["--key-file", key.to_str().unwrap()]);
    assert!(passed && text.contains("key and licence: accepted"), "{text}");
    let (passed, text) = stand_in.smoked(&[]);
    assert!(passed && text.contains("not looked at"), "{text}");
}

#[test]
fn a_part_that_is_broken_is_named() {
    for (fault, word) in [("licence_refused", "licence:"), ("database_down", "database:")] {
        let stand_in = StandIn::start();
        stand_in.break_with(fault);
        let key = stand_in.key();
        let (passed, text) = stand_in.smoked(&["--key-file", key.to_str().unwrap()]);
        assert!(!passed && text.contains(word), "{fault}: {text}");
    }
}

#[test]
fn a_key_that_nobody_made_and_an_address_that_nobody_has_are_told_apart() {
    let mut stand_in = StandIn::start();
    let key = stand_in.key();
    std::fs::write(&key, "cal_nosuchkey").unwrap();
    let key = key.to_str().unwrap().to_owned();
    let (passed, text) = stand_in.smoked(&["--key-file", &key]);
    assert!(!passed && text.contains("key: Cal.com does not know it"), "{text}");
    assert!(!text.contains("cal_nosuchkey"), "the key itself is never told");
    stand_in.child.kill().unwrap();
    stand_in.child.wait().unwrap();
    let (passed, text) = stand_in.smoked(&[]);
    assert!(!passed && text.contains("network: nothing listens"), "{text}");
}
