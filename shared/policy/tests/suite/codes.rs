//! Reason codes as a contract: their words, their order and the pages that list them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use interlock_policy::{ReasonClass, ReasonCode, reasons_markdown};

pub(crate) fn page(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)
}

#[expect(clippy::disallowed_methods, reason = "a switch for whoever runs the test")]
fn blessing() -> bool {
    std::env::var_os("INTERLOCK_BLESS").is_some()
}

/// Compares a page with what it should be, or rewrites it where `INTERLOCK_BLESS` is set.
pub(crate) fn compare(name: &str, wanted: &str) {
    let path = page(name);
    if blessing() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, wanted, "docs/{name} is not up to date: run `cargo xtask bless`");
}

#[test]
fn the_page_of_reasons_is_up_to_date() {
    compare("REASONS.md", &reasons_markdown());
}

#[test]
fn no_code_that_was_ever_given_out_goes_away() {
    let name = "coverage/reason-codes.txt";
    let known = std::fs::read_to_string(page(name)).unwrap_or_default();
    let codes: BTreeSet<&str> = ReasonCode::ALL.iter().map(|code| code.as_str()).collect();
    let gone: Vec<_> = known.lines().filter(|line| !codes.contains(line)).collect();
    assert!(gone.is_empty(), "codes are a contract and were removed or renamed: {gone:?}");
    // Blessing only adds: what is listed was found above.
    let list: String = codes.iter().flat_map(|code| [code, "\n"]).collect();
    compare(name, &list);
}

#[test]
fn a_code_is_written_as_it_calls_itself() {
    for code in ReasonCode::ALL {
        let written = serde_json::to_value(code).unwrap();
        assert_eq!(written, code.as_str());
        assert_eq!(serde_json::from_value::<ReasonCode>(written).unwrap(), *code);
    }
}

#[test]
fn the_list_of_codes_is_whole_and_in_order() {
    assert!(ReasonCode::ALL.is_sorted_by(|one, other| one < other), "gravest first, none twice");
    let refused = serde_json::from_str::<ReasonCode>("\"\"").unwrap_err().to_string();
    // The message names every variant between back-ticks after the one that is unknown.
    let named: Vec<_> = refused.split('`').skip(3).step_by(2).collect();
    let listed: Vec<_> = ReasonCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(named, listed);
}

#[test]
fn a_code_names_its_subject_and_its_title_is_a_sentence() {
    let subjects = [
        "account",
        "membership",
        "document",
        "training",
        "checkout",
        "first",
        "machine",
        "start",
        "hours",
        "grid",
        "duration",
        "notice",
        "horizon",
        "quota",
        "strikes",
        "presence",
        "reservation",
        "approval",
    ];
    for code in ReasonCode::ALL {
        let (subject, _) = code.as_str().split_once('_').unwrap();
        assert!(subjects.contains(&subject), "{code:?}");
        assert!(code.title().ends_with('.'), "{code:?}");
        assert!(code.title().starts_with(char::is_uppercase), "{code:?}");
    }
}

#[test]
fn what_the_person_lacks_is_of_the_class_person() {
    let personal = ["account_", "membership_", "document_", "training_", "checkout_", "first_"];
    for code in ReasonCode::ALL {
        let lacks = personal.iter().any(|subject| code.as_str().starts_with(subject));
        assert_eq!(code.class() == ReasonClass::Person, lacks, "{code:?}");
    }
    assert_eq!(ReasonCode::ReservationParallel.class(), ReasonClass::Time);
    assert_eq!(ReasonCode::QuotaOpenReservations.class(), ReasonClass::Request);
}

#[test]
fn a_code_names_the_values_of_its_sentence() {
    let cases: [(ReasonCode, &[&str]); 4] = [
        (ReasonCode::HoursClosed, &[]),
        (ReasonCode::DocumentMissing, &["document", "version"]),
        (ReasonCode::QuotaExceeded, &["used", "limit", "measure", "period"]),
        (ReasonCode::ApprovalNeeded, &["holdHours"]),
    ];
    for (code, names) in cases {
        assert_eq!(code.parameters(), names, "{}", code.as_str());
    }
}
