//! What the queue acknowledged is there after its process was killed.
//! This test starts itself a second time as the process that is killed.

#[cfg(test)]
mod support;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use interlock_local::queue::{NewMessage, QueueSettings, QueueStore};

const FILE: &str = "INTERLOCK_TEST_QUEUE_FILE";

/// Sends for ever and prints each acknowledged id; does nothing unless asked by the environment.
#[test]
fn the_writer_that_is_killed() {
    let Some(file) = interlock_local::environment::own(FILE) else { return };
    let mut store = QueueStore::open(file.as_ref()).unwrap();
    for at in 0_u64.. {
        let id = store.send("work", &NewMessage::text(at.to_string()), 0).unwrap();
        println!("sent {id}");
    }
}

#[test]
fn no_acknowledged_message_is_lost_by_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queue.db");
    let mut store = QueueStore::open(&file).unwrap();
    store.put_queue("work", &QueueSettings::default(), 0).unwrap();
    drop(store);
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_writer_that_is_killed", "--nocapture"])
        .env(FILE, &file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
    let end = Instant::now() + Duration::from_millis(700);
    let mut acknowledged = 0;
    for line in lines {
        acknowledged += u64::from(line.unwrap().contains("sent "));
        if Instant::now() > end {
            writer.kill().unwrap();
            break;
        }
    }
    writer.wait().unwrap();
    let store = QueueStore::open(&file).unwrap();
    let depth = store.depth("work", 0).unwrap();
    assert!(acknowledged > 0);
    assert!(depth.visible >= acknowledged, "{} of {acknowledged}", depth.visible);
}
