//! Proofs: bounded, not too deep, none asked for twice.

use super::Faults;
use crate::{
    CheckoutRequirement, Combined, DocumentRequirement, Level, Requirement, TrainingRequirement,
};

/// Most entries of one list.
const MOST_ENTRIES: usize = 32;
/// Most `all` and `any` inside each other.
const DEEPEST: u8 = 4;
/// Longest name of a document, in characters.
const LONGEST_DOCUMENT: usize = 64;

pub(super) fn check(requirements: &[Requirement], at: &str, faults: &mut Faults) {
    list(requirements, at, 0, faults);
}

fn list(requirements: &[Requirement], at: &str, depth: u8, faults: &mut Faults) {
    faults.at_most(requirements.len(), MOST_ENTRIES, at);
    for (index, requirement) in requirements.iter().enumerate() {
        let at = format!("{at}/{index}");
        let before = requirements.iter().take(index);
        match requirement {
            Requirement::Training(wanted) => training(wanted, &at, faults),
            Requirement::Checkout(wanted) => checkout(wanted, &at, faults),
            Requirement::Membership(_) => {}
            Requirement::Document(wanted) => document(wanted, &at, faults),
            Requirement::All(parts) | Requirement::Any(parts) => {
                combined(parts, &at, depth, faults);
            }
        }
        twice(requirement, before, &at, faults);
    }
}

fn combined(parts: &Combined, at: &str, depth: u8, faults: &mut Faults) {
    let depth = depth.saturating_add(1);
    if depth > DEEPEST {
        faults.add(at, "at most 4 of `all` and `any` inside each other");
        return;
    }
    faults.unless(!parts.of.is_empty(), format!("{at}/of"), "at least one");
    list(&parts.of, &format!("{at}/of"), depth, faults);
}

fn training(wanted: &TrainingRequirement, at: &str, faults: &mut Faults) {
    let percent = (1..=100).contains(&wanted.minimum_percent);
    faults.unless(percent, format!("{at}/minimumPercent"), "between 1 and 100 per cent");
    let lasts = wanted.valid_for_days != Some(0);
    faults.unless(lasts, format!("{at}/validForDays"), "at least 1 day");
}

fn checkout(wanted: &CheckoutRequirement, at: &str, faults: &mut Faults) {
    let level = wanted.minimum_level.is_none_or(|level| level > Level::NONE);
    faults.unless(level, format!("{at}/minimumLevel"), "at least 1");
    let terms = [
        ("validForDays", wanted.valid_for_days),
        ("lapsesAfterDaysUnused", wanted.lapses_after_days_unused),
        ("lapsesIfUnusedForDays", wanted.lapses_if_unused_for_days),
    ];
    for (name, term) in terms {
        faults.unless(term != Some(0), format!("{at}/{name}"), "at least 1 day");
    }
}

fn document(wanted: &DocumentRequirement, at: &str, faults: &mut Faults) {
    let named = (1..=LONGEST_DOCUMENT).contains(&wanted.document.chars().count());
    faults.unless(named, format!("{at}/document"), "1 to 64 characters");
}

/// What is asked for twice in one list would be told twice.
fn twice<'a>(
    requirement: &Requirement,
    mut before: impl Iterator<Item = &'a Requirement>,
    at: &str,
    faults: &mut Faults,
) {
    if !before.any(|other| same(requirement, other)) {
        return;
    }
    match requirement {
        Requirement::Training(wanted) => {
            let detail = format!("`{}` is asked for already", wanted.module_id);
            faults.add(format!("{at}/moduleId"), &detail);
        }
        Requirement::Checkout(_) => {
            faults.add(format!("{at}/scope"), "this checkout is asked for already");
        }
        Requirement::Membership(_) => faults.add(at, "membership is asked for already"),
        Requirement::Document(_) => {
            faults.add(format!("{at}/document"), "this document is asked for already");
        }
        Requirement::All(_) | Requirement::Any(_) => faults.add(at, "the same is asked already"),
    }
}

fn same(one: &Requirement, other: &Requirement) -> bool {
    match (one, other) {
        (Requirement::Training(one), Requirement::Training(other)) => {
            one.module_id == other.module_id
        }
        (Requirement::Checkout(one), Requirement::Checkout(other)) => one.scope == other.scope,
        (Requirement::Membership(_), Requirement::Membership(_)) => true,
        (Requirement::Document(one), Requirement::Document(other)) => {
            one.document == other.document
        }
        (Requirement::All(one), Requirement::All(other))
        | (Requirement::Any(one), Requirement::Any(other)) => one == other,
        (
            Requirement::Training(_)
            | Requirement::Checkout(_)
            | Requirement::Membership(_)
            | Requirement::Document(_)
            | Requirement::All(_)
            | Requirement::Any(_),
            _,
        ) => false,
    }
}
