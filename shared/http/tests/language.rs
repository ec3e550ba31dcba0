//! Sentences: one catalogue, whole in every language, chosen by what the reader likes best.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;

use http::header::ACCEPT_LANGUAGE;
use http::{HeaderMap, HeaderValue};
use interlock_http::Language;
use interlock_policy::{Reason, ReasonCode, Severity};

fn liked(header: &'static str) -> Language {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(header));
    Language::of(&headers)
}

/// Names between braces.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn every_code_has_a_sentence_in_every_language_with_exactly_its_values() {
    for language in Language::ALL {
        for code in ReasonCode::ALL {
            let text = language.text(code.as_str());
            let text = text.unwrap_or_else(|| panic!("{language:?} lacks {}", code.as_str()));
            let wanted: BTreeSet<&str> = code.parameters().iter().copied().collect();
            assert_eq!(places(text), wanted, "{language:?} {}", code.as_str());
            assert!(text.ends_with('.') || text.ends_with('}'), "{language:?} {text}");
        }
    }
}

#[test]
fn every_language_has_the_same_entries_once() {
    let keys = |language: Language| language.entries().map(|(key, _)| key).collect::<Vec<_>>();
    let english = keys(Language::English);
    assert_eq!(english.iter().collect::<BTreeSet<_>>().len(), english.len());
    for language in Language::ALL {
        assert_eq!(keys(language), english, "{language:?}");
    }
}

#[test]
fn the_language_liked_best_is_taken() {
    use Language::{English, German, Portuguese};
    let cases = [
        ("de", German),
        ("de-AT, en;q=0.9", German),
        ("pt-BR,pt;q=0.9,en;q=0.8", Portuguese),
        ("en;q=0.5, de;q=0.501", German),
        ("fr, de;q=0.1", German),
        ("de;q=0", English),
        ("de;q=0.7, pt;q=0.7", German),
        ("fr", English),
        ("", English),
        ("*", English),
        ("DE", German),
        ("de;q=nonsense, pt;q=0.1", Portuguese),
    ];
    for (header, expected) in cases {
        assert_eq!(liked(header), expected, "{header}");
    }
    assert_eq!(Language::of(&HeaderMap::new()), English);
}

#[test]
fn values_are_put_in_and_words_of_ours_are_told_in_the_language() {
    let parameters = [("used", "60"), ("limit", "90"), ("measure", "minutes"), ("period", "week")];
    let mut reasons = [Reason {
        code: ReasonCode::QuotaExceeded,
        severity: Severity::Block,
        parameters: parameters.into(),
        evidence: vec![],
        overridable_by: vec![].into(),
        next_steps: vec![].into(),
        true_from: None,
        one_of: None,
        sentence: None,
        waived_by: None,
    }];
    let expected = [
        "You have used 60 of 90 minutes per week; this would be too much.",
        "Du hast 60 von 90 Minuten je Woche verbraucht; das wäre zu viel.",
        "Você já usou 60 de 90 minutos por semana; isto seria demais.",
    ];
    for (language, sentence) in Language::ALL.into_iter().zip(expected) {
        language.tell(&mut reasons);
        assert_eq!(reasons[0].sentence.as_deref(), Some(sentence));
    }
}
