//! A document is accepted in the version wanted or a later one.

use std::sync::Arc;

use super::super::Question;
use super::Lack;
use crate::{DocumentFact, DocumentRequirement, Evidence, Href, Reason, ReasonCode};

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

pub(super) fn explain(question: &Question<'_>, wanted: &DocumentRequirement, reason: &mut Reason) {
    let name: Arc<str> = wanted.document.as_str().into();
    reason
        .with("document", Arc::clone(&name))
        .with("version", wanted.version)
        .step("accept_document", Some(Href::of("/documents/", name)));
    if let Some(fact) = of_name(question, wanted).max_by_key(|fact| fact.version) {
        let (document, version) = (fact.document.clone(), fact.version);
        reason.seen(Evidence::Document { document, version });
    }
}
