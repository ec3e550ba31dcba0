//! A document is accepted in the version wanted or a later one.

use super::super::Question;
use super::Lack;
use crate::{DocumentFact, DocumentRequirement, Evidence, Reason, ReasonCode};

pub(super) fn lack(question: &Question<'_>, wanted: &DocumentRequirement) -> Option<Lack> {
    let enough = |fact: &DocumentFact| {
        fact.version >= wanted.version && question.begins_in_time(fact.accepted_at)
    };
    if of_name(question, wanted).any(enough) {
        return None;
    }
    Some(Lack { code: ReasonCode::DocumentMissing, lapses_at: None })
}

fn of_name<'a>(
    question: &Question<'a>,
    wanted: &DocumentRequirement,
) -> impl Iterator<Item = &'a DocumentFact> {
    question.facts.member.documents.iter().filter(|fact| fact.document == wanted.document)
}

pub(super) fn explain(question: &Question<'_>, wanted: &DocumentRequirement, lack: Lack) -> Reason {
    let reason = Reason::block(lack.code)
        .with("document", &wanted.document)
        .with("version", &wanted.version)
        .step("accept_document", Some(format!("/documents/{}", wanted.document)));
    match of_name(question, wanted).max_by_key(|fact| fact.version) {
        Some(fact) => reason
            .seen(Evidence::Document { document: fact.document.clone(), version: fact.version }),
        None => reason,
    }
}
