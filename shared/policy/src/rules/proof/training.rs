//! Required modules are completed, well enough and not too long ago (S0-044).

use jiff::Timestamp;

use super::super::{Question, days, later};
use super::{Lack, earlier_of};
use crate::{
    Evidence, Href, ModuleId, ProgressFact, Reason, ReasonCode, TrainingFact, TrainingRequirement,
};

pub(super) fn lack(question: &Question<'_>, wanted: &TrainingRequirement) -> Option<Lack> {
    let mut latest: Option<Timestamp> = None;
    for fact in good(question, wanted) {
        let lapses_at = lapses_at(wanted, fact);
        if question.outlasts(lapses_at) {
            return None;
        }
        latest = latest.max(lapses_at);
    }
    Some(Lack::of(ReasonCode::TrainingIncomplete, ReasonCode::TrainingExpired, latest))
}

/// Completions that suffice and were there in time.
fn good<'a>(
    question: &'a Question<'_>,
    wanted: &'a TrainingRequirement,
) -> impl Iterator<Item = &'a TrainingFact> {
    let facts = question.facts.member.trainings.iter();
    facts.filter(|fact| {
        fact.module_id == wanted.module_id
            && fact.percent >= wanted.minimum_percent
            && fact.watched_seconds >= wanted.watched_seconds.unwrap_or(0)
            && question.begins_in_time(fact.completed_at)
    })
}

/// The earlier of the policy's term and the end of the version watched.
fn lapses_at(wanted: &TrainingRequirement, fact: &TrainingFact) -> Option<Timestamp> {
    let aged = wanted.valid_for_days.map(|count| later(fact.completed_at, days(count)));
    earlier_of(aged, fact.lapses_at)
}

pub(super) fn explain(question: &Question<'_>, wanted: &TrainingRequirement, reason: &mut Reason) {
    let module = &wanted.module_id;
    reason.with("minimumPercent", u32::from(wanted.minimum_percent)).with("moduleId", module);
    let progress = furthest(question, module);
    if let Some(fact) = progress {
        reason.seen(Evidence::Progress {
            module_id: fact.module_id.clone(),
            covered_seconds: fact.covered_seconds,
            duration_seconds: fact.duration_seconds,
        });
    }
    let estimate = progress.map(|fact| remaining(wanted, fact));
    reason.next("watch_training", |step| {
        step.href = Some(Href::of("/training/", module.text()));
        step.estimated_seconds = estimate;
    });
    if let Some(fact) = best(question, wanted) {
        reason.seen(Evidence::Training {
            module_id: fact.module_id.clone(),
            completed_at: fact.completed_at,
            percent: fact.percent,
            lapses_at: lapses_at(wanted, fact),
        });
    }
}

fn furthest<'a>(question: &Question<'a>, module: &ModuleId) -> Option<&'a ProgressFact> {
    let facts = question.facts.member.progress.iter().filter(|fact| fact.module_id == *module);
    facts.max_by_key(|fact| (fact.covered_seconds, fact.watched_seconds, fact.duration_seconds))
}

/// The completion on record that comes nearest.
fn best<'a>(question: &Question<'a>, wanted: &TrainingRequirement) -> Option<&'a TrainingFact> {
    let facts = question.facts.member.trainings.iter();
    let of_module = facts.filter(|fact| fact.module_id == wanted.module_id);
    of_module
        .max_by_key(|fact| (fact.completed_at, fact.percent, fact.watched_seconds, fact.lapses_at))
}

/// Seconds still to be watched: up to the coverage wanted, and up to the time wanted.
fn remaining(wanted: &TrainingRequirement, fact: &ProgressFact) -> u32 {
    let whole = u64::from(fact.duration_seconds).saturating_mul(u64::from(wanted.minimum_percent));
    let cover = u32::try_from(whole.div_ceil(100)).unwrap_or(u32::MAX);
    let cover = cover.saturating_sub(fact.covered_seconds);
    let watch = wanted.watched_seconds.unwrap_or(0).saturating_sub(fact.watched_seconds);
    cover.max(watch)
}
