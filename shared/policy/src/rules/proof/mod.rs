//! Proofs: every requirement of the policy and its overlay, alone or combined.

mod checkout;
mod document;
mod membership;
mod training;

pub(crate) use checkout::{level, page};

use jiff::Timestamp;

use super::{Question, push_number};
use crate::{Reason, ReasonCode, Requirement};

/// What a proof lacks.
#[derive(Clone, Copy)]
pub(super) struct Lack {
    code: ReasonCode,
    /// When the best proof lapses, if there is one.
    lapses_at: Option<Timestamp>,
}

impl Lack {
    /// The graver code where nothing is proven, the milder where it lapses.
    fn of(missing: ReasonCode, expired: ReasonCode, lapses_at: Option<Timestamp>) -> Self {
        Self { code: if lapses_at.is_some() { expired } else { missing }, lapses_at }
    }
}

/// The earlier of two lapses, if there is one.
fn earlier_of(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// One reason for each proof that is missing or lapses; of alternatives, all of every alternative,
/// unless one of them holds.
pub(crate) fn proofs(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    if question.proven {
        return;
    }
    // Mostly nothing is missing, and that is seen sooner.
    if proven(question) {
        return;
    }
    for (at, requirements) in question.requirements() {
        for (index, requirement) in requirements.iter().enumerate() {
            let at = Place { within: Within::List(at), index };
            Told { question, reasons }.tell(requirement, &at, None);
        }
    }
}

/// Whether every proof holds. One that holds over a time holds over each part of it.
pub(crate) fn proven(question: &Question<'_>) -> bool {
    let mut all = question.requirements().flat_map(|(_, requirements)| requirements);
    all.all(|requirement| holds(question, requirement, false))
}

/// Whether a requirement is met, with exemptions if `waived`. Allocates nothing.
fn holds(question: &Question<'_>, requirement: &Requirement, waived: bool) -> bool {
    let exempt = |lack: Lack| waived && question.waiver(lack.code).is_some();
    match requirement {
        Requirement::All(parts) => parts.of.iter().all(|part| holds(question, part, waived)),
        Requirement::Any(parts) => parts.of.iter().any(|part| holds(question, part, waived)),
        Requirement::Training(wanted) => training::lack(question, wanted).is_none_or(exempt),
        Requirement::Checkout(wanted) => checkout::lack(question, wanted).is_none_or(exempt),
        Requirement::Membership(wanted) => membership::lack(question, wanted).is_none_or(exempt),
        Requirement::Document(wanted) => document::lack(question, wanted).is_none_or(exempt),
    }
}

/// What a single proof lacks; nothing for combined ones, whose parts are asked.
fn lack(question: &Question<'_>, requirement: &Requirement) -> Option<Lack> {
    match requirement {
        Requirement::Training(wanted) => training::lack(question, wanted),
        Requirement::Checkout(wanted) => checkout::lack(question, wanted),
        Requirement::Membership(wanted) => membership::lack(question, wanted),
        Requirement::Document(wanted) => document::lack(question, wanted),
        Requirement::All(_) | Requirement::Any(_) => None,
    }
}

/// Where a requirement stands in the policy; written out for alternatives only.
struct Place<'a> {
    within: Within<'a>,
    index: usize,
}

enum Within<'a> {
    /// The requirements of what this points to.
    List(&'static str),
    /// The parts of a combined one.
    Parts(&'a Place<'a>),
}

impl Place<'_> {
    fn pointer(&self) -> String {
        let mut text = String::with_capacity(64);
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        match &self.within {
            Within::List(of) => {
                text.push_str(of);
                text.push_str("/requirements/");
            }
            Within::Parts(of) => {
                of.write(text);
                text.push_str("/of/");
            }
        }
        push_number(text, self.index);
    }
}

/// Reasons as they are told.
struct Told<'a, 'b> {
    question: &'a Question<'a>,
    reasons: &'b mut Vec<Reason>,
}

impl Told<'_, '_> {
    /// Tells what a requirement at a place lacks, with the alternative it belongs to.
    fn tell(&mut self, requirement: &Requirement, at: &Place<'_>, one_of: Option<&Place<'_>>) {
        match requirement {
            Requirement::All(parts) => {
                for (index, part) in parts.of.iter().enumerate() {
                    self.tell(part, &Place { within: Within::Parts(at), index }, one_of);
                }
            }
            Requirement::Any(parts) => {
                if !holds(self.question, requirement, false) {
                    self.tell_any(&parts.of, at);
                }
            }
            Requirement::Training(_)
            | Requirement::Checkout(_)
            | Requirement::Membership(_)
            | Requirement::Document(_) => {
                if let Some(lack) = lack(self.question, requirement) {
                    let reason = Reason::block(self.reasons, lack.code);
                    reason.one_of = one_of.map(Place::pointer);
                    explain(self.question, requirement, lack, reason);
                }
            }
        }
    }

    /// Where exemptions make one alternative hold, only such are told: they are conditions.
    fn tell_any(&mut self, parts: &[Requirement], at: &Place<'_>) {
        let waived = |part: &Requirement| holds(self.question, part, true);
        let any = parts.iter().any(waived);
        for (index, part) in parts.iter().enumerate().filter(|(_, part)| !any || waived(part)) {
            let at = Place { within: Within::Parts(at), index };
            self.tell(part, &at, Some(&at));
        }
    }
}

fn explain(question: &Question<'_>, requirement: &Requirement, lack: Lack, reason: &mut Reason) {
    match requirement {
        Requirement::Training(wanted) => training::explain(question, wanted, reason),
        Requirement::Checkout(wanted) => checkout::explain(question, wanted, reason),
        Requirement::Membership(_) => membership::explain(question, reason),
        Requirement::Document(wanted) => document::explain(question, wanted, reason),
        Requirement::All(_) | Requirement::Any(_) => {}
    }
    if let Some(at) = lack.lapses_at {
        reason.with("expiresAt", at);
    }
}
