//! What the runner tells about each function.
//! Memory is read from the system when asked, never kept.

use serde::Serialize;

/// State word of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FunctionState {
    Stopped,
    Idle,
    Busy,
}

/// One line of `/__dev/functions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionStatus {
    pub name: String,
    pub state: FunctionState,
    pub instances: usize,
    pub starts: u64,
    pub crashes: u64,
    /// From the start of the process to its first call for work, of the latest start.
    pub last_init_milliseconds: Option<u64>,
    /// Resident bytes of all its instances together.
    pub memory_bytes: u64,
}

/// Resident bytes of a process; 0 when it has gone or the system does not tell.
pub(super) fn memory_bytes(process_id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process_id}/status")).unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
        .map_or(0, |kilobytes| kilobytes * 1024)
}
