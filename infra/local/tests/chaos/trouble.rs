//! What goes wrong in a round: faults of the stand-in, and processes killed without a word.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::dice::Dice;
use crate::stack::Stack;

/// Faults with how often each may hit in a round.
const FAULTS: [(&str, &str, u64); 17] = [
    ("bookings.create", "timeout_after_commit", 1),
    ("bookings.create", "timeout_before_commit", 1),
    ("bookings.cancel", "timeout_after_commit", 1),
    ("bookings.reschedule", "timeout_after_commit", 1),
    ("bookings.create", "connection_reset", 2),
    ("bookings.create", "connection_reset_after_commit", 2),
    ("bookings.reschedule", "connection_reset_after_commit", 2),
    ("bookings.cancel", "connection_reset", 2),
    ("*", "error_500", 3),
    ("bookings.create", "error_500_after_commit", 2),
    ("*", "rate_limited", 3),
    ("*", "html_502", 2),
    ("*", "slow", 4),
    ("*", "webhook_lost", 4),
    ("*", "webhook_duplicate", 4),
    ("*", "webhook_delayed", 4),
    ("*", "down", 1),
];

/// Switches up to three faults on; what they are.
pub(crate) async fn switch_faults(stack: &Stack, dice: &mut Dice) -> Vec<String> {
    let mut told = Vec::new();
    for _ in 0..dice.roll(4) {
        let (route, inject, times) = *dice.pick(&FAULTS).unwrap();
        let fault = match inject {
            "slow" => {
                json!({ "route": route, "inject": inject, "times": times, "milliseconds": 700 })
            }
            "down" => json!({ "route": route, "inject": inject, "seconds": 1 }),
            "webhook_delayed" => {
                json!({ "route": route, "inject": inject, "times": times, "seconds": 30 })
            }
            _ => json!({ "route": route, "inject": inject, "times": times }),
        };
        stack.tool("/__sim/faults", &fault).await;
        told.push(format!("fault {fault}"));
    }
    told
}

/// Kills one function of the stack at a random moment; its process, if there was any.
pub(crate) async fn kill_one(stack: &Stack, dice: &mut Dice) -> Option<String> {
    tokio::time::sleep(Duration::from_millis(dice.roll(900))).await;
    let functions = children(stack.child.id());
    let (id, name) = dice.pick(&functions)?.clone();
    // It may have ended by itself a moment ago; then nothing is killed.
    let status = std::process::Command::new("kill").args(["-KILL", &id.to_string()]).status();
    status.is_ok_and(|status| status.success()).then(|| format!("kill -9 {name}"))
}

/// Whether one function has a process.
pub(crate) fn is_running(stack: &Stack, function: &str) -> bool {
    children(stack.child.id()).iter().any(|(_, name)| name == function)
}

/// Kills every process of one function; how many there were.
pub(crate) fn kill_named(stack: &Stack, function: &str) -> u64 {
    let own = children(stack.child.id()).into_iter().filter(|(_, name)| name == function);
    let killed = |(id, _): (u32, String)| {
        let status = std::process::Command::new("kill").args(["-KILL", &id.to_string()]).status();
        u64::from(status.is_ok_and(|status| status.success()))
    };
    own.map(killed).sum()
}

/// The functions of a runner with their names.
fn children(parent: u32) -> Vec<(u32, String)> {
    let mut found: Vec<(u32, String)> = std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|id| Some((id, parent_and_name(id)?)))
        .filter_map(|(id, (of, name))| (of == parent).then_some((id, name)))
        .collect();
    found.sort();
    found
}

fn parent_and_name(id: u32) -> Option<(u32, String)> {
    let text =
        std::fs::read_to_string(Path::new("/proc").join(id.to_string()).join("stat")).ok()?;
    let (head, tail) = text.rsplit_once(')')?;
    let name = head.split_once('(')?.1.to_owned();
    // The state stands between the name and the parent.
    let parent = tail.split_whitespace().nth(1)?.parse().ok()?;
    Some((parent, name))
}

/// Ends all faults and lets every time for doubt pass.
pub(crate) async fn calm(stack: &Stack) {
    let cleared = stack.send(stack.request(reqwest::Method::DELETE, "/__sim/faults")).await;
    assert_eq!(cleared.status, 200, "{}", cleared.text);
    stack.advance(1000).await;
}

/// Runs a job whose process nobody kills any more. One that was killed while it idled may still be
/// given the work until it is known to be dead; then a schedule tries again, and so does this.
pub(crate) async fn job(stack: &Stack, name: &str, input: &Value) -> Value {
    let path = format!("/__dev/jobs/{name}");
    let answer = stack.send(stack.request(reqwest::Method::POST, &path).json(input)).await;
    if answer.status == 502 && answer.text.contains("SIGKILL") {
        return stack.tool(&path, input).await;
    }
    answer.expect(200).body
}
