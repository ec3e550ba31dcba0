//! What is wrong with a module as an admin wrote it; every fault at its place.

use std::collections::BTreeSet;

use interlock_policy::ModuleId;
use interlock_watch::{BasisPoints, Millis, Rate};

use super::module_edit::{Changed, ModuleEdit, UpdateModule};
use crate::InputFault;
use crate::model::{Module, ModuleTerms};

/// Longest title, in characters.
const LONGEST_TITLE: usize = 200;
/// Longest module, in seconds: one day.
const LONGEST: u32 = 86_400;
/// Most parts that may be named, and most prerequisites.
const MOST_PARTS: usize = 64;
const MOST_PREREQUISITES: usize = 16;
/// Longest grace term, in days.
const LONGEST_GRACE: u16 = 365;

/// Faults of the module as it would be.
pub(super) fn faults(
    module: &Module,
    edit: &ModuleEdit,
    terms: &ModuleTerms,
    missing: &BTreeSet<ModuleId>,
) -> Vec<InputFault> {
    let mut faults = Vec::new();
    let length = module.title.chars().count();
    if length == 0 || length > LONGEST_TITLE {
        faults.push(fault("/title", "length", "between 1 and 200 characters"));
    }
    if module.duration_seconds == 0 || module.duration_seconds > LONGEST {
        faults.push(fault("/durationSeconds", "out_of_range", "between 1 and 86400 seconds"));
    }
    if module.youtube_video_id.as_deref().is_some_and(|id| !is_video_id(id)) {
        let detail = "eleven letters, digits, hyphens or underscores";
        faults.push(fault("/youtubeVideoId", "malformed", detail));
    }
    if module.ignored_tail_seconds >= module.duration_seconds.max(1) {
        let detail = "it has to be shorter than the module";
        faults.push(fault("/ignoredTailSeconds", "out_of_range", detail));
    }
    let required = module.engine().required_range().to();
    let kept = module.must_see.intervals().last();
    if let Some(parts) = &edit.must_see {
        faults.extend(part_faults("/mustSee", parts, required));
    } else if kept.is_some_and(|last| last.to() > required) {
        let detail = "the parts named before no longer lie within the module";
        faults.push(fault("/mustSee", "out_of_range", detail));
    }
    faults.extend(rule_faults(module, required));
    faults.extend(prerequisite_faults(module, terms, missing));
    faults
}

/// Faults of the change from one version to the next.
pub(super) fn change_faults(
    before: &Module,
    module: &Module,
    request: &UpdateModule,
) -> Vec<InputFault> {
    let mut faults = Vec::new();
    let another = before.youtube_video_id != module.youtube_video_id
        || before.duration_seconds != module.duration_seconds;
    match &request.changed {
        None if another => {
            let detail = "say what of the video changed: `everything` or its parts";
            faults.push(fault("/changed", "required", detail));
        }
        Some(Changed::Parts(parts)) => {
            faults.extend(part_faults("/changed", parts, module.engine().duration));
        }
        Some(Changed::Everything) | None => {}
    }
    match request.grace_days {
        Some(_) if request.changed.is_none() => {
            let detail = "a term is only for a new version";
            faults.push(fault("/graceDays", "no_new_version", detail));
        }
        Some(days) if days > LONGEST_GRACE => {
            faults.push(fault("/graceDays", "out_of_range", "at most 365 days"));
        }
        Some(_) | None => {}
    }
    faults
}

fn fault(pointer: &str, code: &'static str, detail: &str) -> InputFault {
    InputFault::at(pointer, code, detail)
}

fn is_video_id(text: &str) -> bool {
    let allowed = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_');
    text.len() == 11 && text.bytes().all(allowed)
}

fn part_faults(pointer: &str, parts: &[(Millis, Millis)], end: Millis) -> Vec<InputFault> {
    if parts.len() > MOST_PARTS {
        return vec![fault(pointer, "too_many", "at most 64 parts")];
    }
    let wrong = |(from, to): &(Millis, Millis)| from >= to || *to > end;
    let parts = parts.iter().enumerate().filter(|(_, part)| wrong(part));
    let detail = "a part begins before it ends and ends within the module";
    parts.map(|(index, _)| fault(&format!("{pointer}/{index}"), "out_of_range", detail)).collect()
}

fn rule_faults(module: &Module, required: Millis) -> Vec<InputFault> {
    let rules = &module.rules;
    let checks = [
        (
            rules.completion == BasisPoints::default(),
            "/rules/completionPercent",
            "above 0 and at most 100",
        ),
        (
            rules.max_rate < Rate::NORMAL || rules.max_rate > Rate::HIGHEST,
            "/rules/maxRate",
            "between 1 and 2",
        ),
        (
            rules.minimum_watched.is_some_and(|minimum| minimum > required),
            "/rules/minimumWatchedSeconds",
            "at most the length that has to be watched",
        ),
        (rules.version_grace_days > LONGEST_GRACE, "/rules/versionGraceDays", "at most 365 days"),
    ];
    let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
    wrong.map(|(_, pointer, detail)| fault(pointer, "out_of_range", detail)).collect()
}

fn prerequisite_faults(
    module: &Module,
    terms: &ModuleTerms,
    missing: &BTreeSet<ModuleId>,
) -> Vec<InputFault> {
    if module.prerequisites.len() > MOST_PREREQUISITES {
        return vec![fault("/prerequisites", "too_many", "at most 16 modules")];
    }
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for (index, id) in module.prerequisites.iter().enumerate() {
        let pointer = format!("/prerequisites/{index}");
        if !seen.insert(id) {
            faults.push(fault(&pointer, "repeated", "it is named already"));
        } else if terms.builds_on(id, &module.id) {
            faults.push(fault(&pointer, "circle", "it builds on this module itself"));
        } else if missing.contains(id) {
            faults.push(fault(&pointer, "module_unknown", "there is no such module"));
        }
    }
    faults
}
