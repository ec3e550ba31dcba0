//! What no message may carry: secrets but the one its link is for, names that only machines know,
//! other people's data, markup of a person's making, and anything that is loaded from elsewhere.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_notify::{
    CancelledBy, Kind, Language, Line, Mail, Message, ReservationNews, Reserved, Side, Text, render,
};
use proptest::prelude::*;
use support::samples::{TOKEN, samples};
use support::{reader, reserved, site};

/// Every form of a mail a reader can see.
fn forms(mail: &Mail) -> Vec<&str> {
    let ics = mail.invite.as_ref().map_or("", |invite| invite.ics.as_str());
    vec![mail.subject.as_str(), mail.text.as_str(), mail.html.as_str(), ics]
}

fn mails() -> Vec<(&'static str, Message, Mail)> {
    let mails = samples().into_iter().flat_map(|(name, message)| {
        Language::ALL.map(|language| {
            let mail = render(&message, &reader(language), &site()).unwrap();
            (name, message.clone(), mail)
        })
    });
    mails.collect()
}

#[test]
fn a_secret_stands_once_in_each_form_of_the_message_it_is_for_and_nowhere_else() {
    for (name, message, mail) in mails() {
        let for_it = matches!(message.kind(), Kind::Invitation | Kind::PasswordReset);
        let wanted = usize::from(for_it);
        let link = format!("https://interlock.example/reset#token={TOKEN}");
        for form in [&mail.text, &mail.html] {
            assert_eq!(form.matches(TOKEN).count(), wanted, "{name}");
            assert_eq!(form.matches(&link).count(), wanted, "{name}");
        }
        assert!(!mail.subject.as_str().contains(TOKEN), "{name}");
        assert!(!mail.seed.message_id(&site().sender).contains(TOKEN), "{name}");
        assert!(mail.invite.is_none() || !for_it, "{name}");
        assert!(!format!("{message:?}").contains(TOKEN), "{name}");
    }
}

#[test]
fn names_that_only_machines_know_stay_out() {
    for (name, _, mail) in mails() {
        for form in forms(&mail) {
            for hidden in ["usr_max", "ltr_1", "chk_1", "cal.com", "calcom"] {
                assert!(!form.to_lowercase().contains(hidden), "{name} tells `{hidden}`");
            }
        }
    }
}

#[test]
fn an_address_stands_in_the_invite_of_its_owner_and_in_no_text() {
    for (name, _, mail) in mails() {
        for form in [mail.subject.as_str(), &mail.text, &mail.html] {
            assert!(!form.replace("@media", "").contains('@'), "{name}");
        }
        let invited = mail.invite.as_ref().map_or("", |invite| &invite.ics).replace("\r\n ", "");
        let allowed = ["max@demo.test", "desk@interlock.example", "rsv_1@interlock.example"];
        let rest = allowed.iter().fold(invited, |rest, address| rest.replace(address, ""));
        assert!(!rest.contains('@'), "{name}: {rest}");
    }
}

#[test]
fn nothing_is_loaded_and_every_link_leads_into_the_application() {
    for (name, _, mail) in mails() {
        for loading in ["<img", "src=", "url(", "<script", "@import", "<link", "<iframe", "<form"] {
            assert!(!mail.html.to_lowercase().contains(loading), "{name} has {loading}");
        }
        for form in forms(&mail) {
            for link in form.split("http").skip(1) {
                assert!(link.starts_with("s://interlock.example/"), "{name}: http{link:.40}");
            }
        }
    }
}

/// What a holder is told must not name the holder of record: that may be somebody else by now.
#[test]
fn only_a_host_and_who_decides_are_told_who_it_is() {
    for (side, told) in [(Side::Holder, false), (Side::Host, true), (Side::Decider, true)] {
        for news in [ReservationNews::Confirmed, ReservationNews::Approved] {
            let reserved = Reserved { side, holder: Line::of("Zora Marked"), ..reserved() };
            let message = Message::Reservation { reserved, news };
            let mail = render(&message, &reader(Language::English), &site()).unwrap();
            let names = forms(&mail).iter().any(|form| form.contains("Zora Marked"));
            assert_eq!(names, told, "{side:?}");
            assert!(!mail.subject.as_str().contains("Zora"), "{side:?}");
        }
    }
}

fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "\r\nBcc: eve@evil.test",
        "\n",
        "\r",
        "\u{2028}",
        "\u{0}",
        "\u{202E}",
        "<script>alert(1)</script>",
        "<img src=x>",
        "&amp;",
        "\"",
        "'",
        "{when}",
        "{holder}",
        "{",
        "}",
        ";",
        ",",
        ":",
        "\\",
        "\\n",
        "BEGIN:VEVENT",
        "END:VCALENDAR\r\n",
        " ",
        "ä",
        "🛠",
        "Straße",
        "=?utf-8?q?x?=",
        "%0d%0a",
        "a",
    ]);
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
}

fn typed(text: &str) -> Message {
    let reserved = Reserved {
        side: Side::Host,
        resource: Line::of(text),
        title: Line::of(text),
        holder: Line::of(text),
        description: Text::of(text),
        bring: Text::of(text),
        place: Line::of(text),
        ..reserved()
    };
    let news = ReservationNews::Cancelled { by: CancelledBy::Staff, reason: Text::of(text) };
    Message::Reservation { reserved, news }
}

proptest! {
    /// Whatever people typed: headers stay one line, markup stays text, an event stays one event.
    #[test]
    fn what_people_typed_stays_what_they_typed(text in hostile(), language in 0..3_usize) {
        let mut to = reader(Language::ALL[language]);
        to.name = Line::of(&text);
        let mail = render(&typed(&text), &to, &site()).unwrap();
        for header in [mail.subject.as_str(), mail.to_name.as_str()] {
            let breaks = |one: char| one.is_control() || "\u{2028}\u{2029}\u{202E}".contains(one);
            prop_assert!(!header.contains(breaks), "{header:?}");
        }
        prop_assert!(!mail.html.contains("<script"), "{}", mail.html);
        prop_assert!(!mail.html.contains("<img"), "{}", mail.html);
        let ics = mail.invite.unwrap().ics;
        let lines: Vec<&str> = ics.split("\r\n").collect();
        prop_assert!(lines.iter().all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
        prop_assert_eq!(lines.iter().filter(|line| **line == "BEGIN:VEVENT").count(), 1);
        prop_assert_eq!(lines.iter().filter(|line| **line == "END:VCALENDAR").count(), 1);
    }

    /// A place in what a person typed is no place of the catalogue.
    #[test]
    fn a_place_that_a_person_typed_is_not_filled(
        name in "[a-z]{0,4}\\{(when|holder|what|name|until)\\}",
    ) {
        let reserved = Reserved { resource: Line::of(&name), ..reserved() };
        let message = Message::Reservation { reserved, news: ReservationNews::Confirmed };
        let mail = render(&message, &reader(Language::English), &site()).unwrap();
        prop_assert!(mail.text.contains(&name), "{}", mail.text);
    }
}
