//! How a module is written and shown: seconds and per cent, as everywhere outside.

use interlock_app::model::Module;
use interlock_app::{Changed, RulesEdit, Said};
use interlock_policy::ModuleId;
use interlock_watch::wire::{GapBody, Percent, PlaybackRate, Seconds};
use interlock_watch::{Millis, Rules};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A module as its list shows it; `etag` is what a change of it needs in `If-Match`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ModuleView {
    id: ModuleId,
    title: String,
    version: u32,
    duration_seconds: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    youtube_video_id: Option<String>,
    active: bool,
    ignored_tail_seconds: u32,
    must_see: Vec<GapBody>,
    prerequisites: Vec<ModuleId>,
    rules: RulesView,
    etag: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RulesView {
    completion_percent: Percent,
    longest_gap_seconds: Seconds,
    max_rate: PlaybackRate,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum_watched_seconds: Option<Seconds>,
    version_grace_days: u16,
}

impl ModuleView {
    /// Of a module read at a version of its record.
    pub(crate) fn new(module: Module, record_version: u64) -> Self {
        let rules = RulesView::from(&module.rules);
        Self {
            id: module.id,
            title: module.title,
            version: module.version,
            duration_seconds: module.duration_seconds,
            youtube_video_id: module.youtube_video_id,
            active: module.active,
            ignored_tail_seconds: module.ignored_tail_seconds,
            must_see: module.must_see.intervals().iter().copied().map(GapBody::from).collect(),
            prerequisites: module.prerequisites,
            rules,
            etag: format!("\"v{record_version}\""),
        }
    }

    /// `{module:{…}}`.
    pub(crate) fn body(self) -> Value {
        json!({ "module": self })
    }
}

impl From<&Rules> for RulesView {
    fn from(rules: &Rules) -> Self {
        Self {
            completion_percent: Percent(rules.completion),
            longest_gap_seconds: Seconds(rules.longest_gap),
            max_rate: PlaybackRate(rules.max_rate),
            minimum_watched_seconds: rules.minimum_watched.map(Seconds),
            version_grace_days: rules.version_grace_days,
        }
    }
}

/// The rules of a module as an admin writes them; absent values stay.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct RulesBody {
    completion_percent: Option<Percent>,
    longest_gap_seconds: Option<Seconds>,
    max_rate: Option<PlaybackRate>,
    minimum_watched_seconds: Said<Seconds>,
    version_grace_days: Option<u16>,
}

impl From<RulesBody> for RulesEdit {
    fn from(body: RulesBody) -> Self {
        Self {
            completion: body.completion_percent.map(|percent| percent.0),
            longest_gap: body.longest_gap_seconds.map(|seconds| seconds.0),
            max_rate: body.max_rate.map(|rate| rate.0),
            minimum_watched: body.minimum_watched_seconds.map(|seconds| seconds.0),
            version_grace_days: body.version_grace_days,
        }
    }
}

/// What of a video changed: `"everything"`, or its parts.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum ChangedBody {
    /// All of it.
    All(Everything),
    /// These parts.
    Parts(Vec<GapBody>),
}

/// The word for all of it.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Everything {
    Everything,
}

impl From<ChangedBody> for Changed {
    fn from(body: ChangedBody) -> Self {
        match body {
            ChangedBody::All(Everything::Everything) => Self::Everything,
            ChangedBody::Parts(parts) => Self::Parts(stretches(&parts)),
        }
    }
}

/// Stretches, each from and to.
pub(crate) fn stretches(parts: &[GapBody]) -> Vec<(Millis, Millis)> {
    parts.iter().map(|part| (part.from.0, part.to.0)).collect()
}
