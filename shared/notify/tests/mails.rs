//! Messages as people read them.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_notify::{Kind, Language, Message, ReservationNews, render};
use support::{reader, reserved, site};

fn confirmed(language: Language) -> interlock_notify::Mail {
    let message = Message::Reservation { reserved: reserved(), news: ReservationNews::Confirmed };
    render(&message, &reader(language), &site()).unwrap()
}

#[test]
fn a_confirmation_tells_what_when_how_long_and_where_to_look() {
    let mail = confirmed(Language::English);
    assert_eq!(mail.kind, Kind::Confirmed);
    assert_eq!(mail.subject.as_str(), "Confirmed: Laser cutter, Fri, Jul 3, 6:30 PM");
    for wanted in [
        "Hello Max Mustermann,",
        "Friday, July 3, 2026, 6:30 PM – 7:30 PM (Asia/Kolkata, UTC+5:30)",
        "On site: Friday, July 3, 2026, 3:00 PM – 4:00 PM (Europe/Berlin, UTC+2)",
        "Duration: 1 h",
        "Safety glasses",
        "https://interlock.example/reservations/rsv_1",
    ] {
        assert!(mail.text.contains(wanted), "{wanted} is not in\n{}", mail.text);
    }
}
