//! Proofs: every requirement of the policy and its overlay, alone or combined.

mod checkout;
mod document;
mod membership;
mod training;

pub(crate) use checkout::level;

use std::fmt;

use jiff::Timestamp;

use super::Question;
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

/// One reason for each proof that is missing or lapses; of alternatives, all of every alternative,
/// unless one of them holds.
pub(crate) fn proofs(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    if question.proven {
        return;
    }
    for (at, requirements) in question.requirements() {
        for (index, requirement) in requirements.iter().enumerate() {
            if !holds(question, requirement, false) {
                let mut told = Told { question, reasons, alternative: None };
                told.tell(requirement, &Place { within: Within::List(at), index });
            }
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
    match requirement {
        Requirement::All(parts) => parts.of.iter().all(|part| holds(question, part, waived)),
        Requirement::Any(parts) => parts.of.iter().any(|part| holds(question, part, waived)),
        Requirement::Training(_)
        | Requirement::Checkout(_)
        | Requirement::Membership(_)
        | Requirement::Document(_) => match lack(question, requirement) {
            Some(lack) => waived && question.waiver(lack.code).is_some(),
            None => true,
        },
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

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.within {
            Within::List(of) => write!(out, "{of}/requirements/{}", self.index),
            Within::Parts(of) => write!(out, "{of}/of/{}", self.index),
        }
    }
}

/// Reasons as they are told, with the alternative they belong to.
struct Told<'a, 'b> {
    question: &'a Question<'a>,
    reasons: &'b mut Vec<Reason>,
    alternative: Option<String>,
}

impl Told<'_, '_> {
    fn tell(&mut self, requirement: &Requirement, at: &Place<'_>) {
        match requirement {
            Requirement::All(parts) => {
                for (index, part) in parts.of.iter().enumerate() {
                    if !holds(self.question, part, false) {
                        self.tell(part, &Place { within: Within::Parts(at), index });
                    }
                }
            }
            Requirement::Any(parts) => self.tell_any(&parts.of, at),
            Requirement::Training(_)
            | Requirement::Checkout(_)
            | Requirement::Membership(_)
            | Requirement::Document(_) => {
                if let Some(lack) = lack(self.question, requirement) {
                    let mut reason = explain(self.question, requirement, lack);
                    reason.one_of.clone_from(&self.alternative);
                    self.reasons.push(reason);
                }
            }
        }
    }

    /// Where exemptions make one alternative hold, only such are told: they are conditions.
    fn tell_any(&mut self, parts: &[Requirement], at: &Place<'_>) {
        let waived = |part: &Requirement| holds(self.question, part, true);
        let any = parts.iter().any(waived);
        let told: Vec<bool> = parts.iter().map(|part| !any || waived(part)).collect();
        let outer = self.alternative.take();
        for (index, (part, _)) in parts.iter().zip(told).enumerate().filter(|(_, (_, told))| *told)
        {
            let at = Place { within: Within::Parts(at), index };
            self.alternative = Some(at.to_string());
            self.tell(part, &at);
        }
        self.alternative = outer;
    }
}

fn explain(question: &Question<'_>, requirement: &Requirement, lack: Lack) -> Reason {
    let reason = match requirement {
        Requirement::Training(wanted) => training::explain(question, wanted, lack),
        Requirement::Checkout(wanted) => checkout::explain(question, wanted, lack),
        Requirement::Membership(wanted) => membership::explain(question, wanted, lack),
        Requirement::Document(wanted) => document::explain(question, wanted, lack),
        Requirement::All(_) | Requirement::Any(_) => Reason::block(lack.code),
    };
    match lack.lapses_at {
        Some(at) => reason.with("expiresAt", at),
        None => reason,
    }
}
