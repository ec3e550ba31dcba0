//! Text, addresses and names of messages.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeSet;

use interlock_notify::{
    Address, Language, Line, Message, Recipient, ReservationNews, Reserved, Side, Text, Token,
    render,
};
use support::samples::samples;
use support::{reader, reserved, site};

#[test]
fn a_line_is_one_line_whatever_it_was_made_of() {
    assert_eq!(Line::of("Laser\r\nBcc: eve@evil.test").as_str(), "Laser Bcc: eve@evil.test");
    assert_eq!(Line::of("a\u{2028}b\u{85}c\td\u{0}").as_str(), "a b c d");
    assert_eq!(Line::of("abc\u{202E}fdp.exe").as_str(), "abc fdp.exe");
    assert!(Line::of(" \n ").is_empty());
}

#[test]
fn what_is_too_long_is_cut_between_characters() {
    let line = Line::of(&"ä".repeat(300));
    assert_eq!(line.as_str().chars().count(), 200);
    assert!(line.as_str().ends_with("ä…"));
    assert_eq!(Text::of(&"x".repeat(5_000)).as_str().chars().count(), 4_000);
}

#[test]
fn a_text_keeps_its_lines_and_nothing_else_that_moves() {
    assert_eq!(Text::of("\r\n one\r\ntwo\u{7} \n\n three\n").as_str(), "one\ntwo\n\nthree");
}

#[test]
fn an_address_is_one_that_mail_is_sent_to_or_none() {
    for good in ["max@demo.test", "a.b+c@x-y.example", "O'Neil@demo.test"] {
        assert_eq!(good.parse::<Address>().unwrap().as_str(), good);
    }
    let long = format!("{}@demo.test", "a".repeat(250));
    for bad in [
        "",
        "max",
        "max@",
        "@demo.test",
        "max@demo",
        "max@demo.test\r\nBcc: eve@evil.test",
        "max@demo.test,eve@evil.test",
        "Max <max@demo.test>",
        "\"max\"@demo.test",
        "max@[127.0.0.1]",
        "mäx@demo.test",
        "max @demo.test",
        "max/mia@demo.test",
        "max%other@demo.test",
        "max..m@demo.test",
        ".max@demo.test",
        "max@-demo.test",
        "max@demo..test",
        long.as_str(),
    ] {
        assert!(bad.parse::<Address>().is_err(), "{bad}");
    }
}

#[test]
fn a_token_is_text_that_needs_no_escape_and_is_never_printed() {
    assert!(Token::new("abc_DEF-123").is_ok());
    for bad in ["", "a b", "a&b", "a#b", "ä"] {
        assert!(Token::new(bad).is_err(), "{bad}");
    }
    assert_eq!(format!("{:?}", Token::new("abc").unwrap()), "Token(…)");
}

fn id(message: &Message, to: &Recipient) -> String {
    render(message, to, &site()).unwrap().seed.message_id(&site().sender)
}

#[test]
fn a_message_has_the_same_name_for_each_try_and_its_own_for_each_reader_side_kind_and_version() {
    let version = |version| Message::Reservation {
        reserved: Reserved { version, ..reserved() },
        news: ReservationNews::Confirmed,
    };
    let max = reader(Language::English);
    let other = Recipient { user_id: "usr_mia".parse().unwrap(), ..max.clone() };
    let moved = Recipient { address: "new@demo.test".parse().unwrap(), ..max.clone() };
    assert_eq!(id(&version(3), &max), id(&version(3), &moved), "a new address, the same message");
    let kinds = samples().into_iter().filter(|(name, _)| !name.contains('-'));
    let kinds = kinds.map(|(_, message)| id(&message, &max));
    let as_host = Message::Reservation {
        reserved: Reserved { version: 3, side: Side::Host, ..reserved() },
        news: ReservationNews::Confirmed,
    };
    let names: Vec<String> =
        kinds.chain([id(&version(4), &max), id(&version(3), &other), id(&as_host, &max)]).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    assert!(names.iter().all(|name| name.ends_with("@interlock.example>") && name.len() == 52));
}

#[test]
fn the_same_message_is_the_same_mail_byte_for_byte() {
    for (_, message) in samples() {
        let to = reader(Language::German);
        assert_eq!(
            render(&message, &to, &site()).unwrap(),
            render(&message, &to, &site()).unwrap()
        );
    }
}
