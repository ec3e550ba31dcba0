//! Counts one heartbeat of a watching person.

use std::num::NonZeroU64;

use interlock_app::{App, BeatRequest, Rate, Uncounted, record_progress};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{ModuleId, Role, WatchId};
use interlock_watch::wire::{Seconds, SegmentBody};
use serde::Deserialize;

/// `POST /api/training/progress` (S0-059).
pub const ROUTE: Route = Route::post("training.progress", "/api/training/progress")
    .allow(Role::Member)
    .limited(RATE, Uncounted::Waits);
/// One in four seconds, with room for opening several tabs (RELIABILITY L2).
const RATE: Rate = Rate::new("progress", 6, 4);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Progress {
    module_id: ModuleId,
    watch_id: Option<WatchId>,
    /// From one on: nought would pass for a message that was counted already.
    sequence: NonZeroU64,
    segments: Vec<SegmentBody>,
    position: Seconds,
    visible: bool,
}

/// 200 with what is covered and what this message was credited with.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let body: Progress = call.json()?;
    let request = BeatRequest {
        module_id: body.module_id,
        watch_id: body.watch_id,
        sequence: body.sequence.get(),
        segments: body.segments,
        position: body.position.0,
        visible: body.visible,
    };
    let snapshot = call.take_snapshot();
    Ok(Reply::ok(&record_progress(&app, snapshot, call.caller_id()?, &request).await?))
}
