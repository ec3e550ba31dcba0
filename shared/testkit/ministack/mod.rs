//! ministack, an independent implementation of the table and the queue, as a process of the
//! test; included by path into the tests that hold our fakes to it.
//!
//! Where it is installed it runs; where `MINISTACK` names it, its absence is a failure.
#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test has no configuration to read it from, and fails by panicking"
)]

use std::ffi::OsString;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Names the executable, and demands it.
const VARIABLE: &str = "MINISTACK";
/// Longest start on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server on a port of its own; it ends with this value.
pub(crate) struct Ministack {
    pub(crate) url: String,
    process: Child,
}

impl Ministack {
    /// Starts it with these services; `None`, said plainly, where it is not there.
    pub(crate) fn start(services: &str) -> Option<Self> {
        let program = match std::env::var_os(VARIABLE) {
            Some(path) => {
                let path = PathBuf::from(path);
                assert!(path.is_file(), "`{VARIABLE}` names no file: {}", path.display());
                path.into_os_string()
            }
            None => on_path().or_else(|| {
                println!("ministack: ABSENT");
                None
            })?,
        };
        // Another process may take the port between the choice and the start.
        (0..5).find_map(|_| Self::attempt(&program, services)).or_else(|| {
            panic!("ministack does not start");
        })
    }

    fn attempt(program: &OsString, services: &str) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new(program)
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .env("SERVICES", services)
            .env("LOG_LEVEL", "ERROR")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut started = Self { url: format!("http://127.0.0.1:{port}"), process };
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if started.process.try_wait().unwrap().is_some() {
                return None;
            }
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(started);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        None
    }
}

impl Drop for Ministack {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn on_path() -> Option<OsString> {
    let path = std::env::var_os("PATH")?;
    let mut candidates = std::env::split_paths(&path).map(|folder| folder.join("ministack"));
    candidates.find(|candidate| candidate.is_file()).map(PathBuf::into_os_string)
}
