//! Our states in the words of the source documents.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use interlock_app::model::{
    Status, action_word, booking_word, list_word, session_word, status_markdown,
};

#[expect(clippy::disallowed_methods, reason = "a switch for whoever runs the test")]
fn blessing() -> bool {
    std::env::var_os("INTERLOCK_BLESS").is_some()
}

#[test]
fn the_page_of_statuses_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/STATUS.md");
    if blessing() {
        std::fs::write(path, status_markdown()).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(found, status_markdown(), "run `cargo xtask bless`");
}

#[test]
fn a_session_is_scheduled_from_its_booking_on_and_moved_ones_stay_so() {
    let words = [
        (Status::Awaiting, None),
        (Status::Pending, None),
        (Status::Confirmed, Some("scheduled")),
        (Status::Moving, Some("scheduled")),
        (Status::Cancelling, Some("cancelled")),
        (Status::Cancelled, Some("cancelled")),
        (Status::Failed, None),
    ];
    for (status, word) in words {
        assert_eq!(session_word(status), word, "{status:?}");
    }
}

#[test]
fn a_booking_that_was_moved_is_rescheduled_until_it_ends() {
    assert_eq!(booking_word(Status::Confirmed, false), Some("confirmed"));
    assert_eq!(booking_word(Status::Confirmed, true), Some("rescheduled"));
    assert_eq!(booking_word(Status::Cancelled, true), Some("cancelled"));
    assert_eq!(list_word(Status::Completed), Some("completed"));
}

#[test]
fn a_change_is_named_by_what_it_did() {
    assert_eq!(action_word(None, Status::Pending, false), "created");
    assert_eq!(action_word(Some(Status::Moving), Status::Confirmed, true), "rescheduled");
    assert_eq!(action_word(Some(Status::Confirmed), Status::Cancelled, true), "cancelled");
    assert_eq!(action_word(Some(Status::Pending), Status::Confirmed, false), "updated");
}
