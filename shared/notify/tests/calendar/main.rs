//! Documents for calendars, read by readers that are not their writer.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod readers;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;

use interlock_notify::{
    CancelledBy, Choice, Entry, Language, Line, Message, Method, Recipient, ReservationNews,
    Reserved, Side, Standing, Text, calendar_links, feed, render,
};
use interlock_policy::Interval;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use readers::{READERS, Reader, Seen};
use support::samples::samples;
use support::{interval, reader, reserved, site};

fn version(version: u64, time: Interval) -> Reserved {
    let written_at =
        reserved().written_at + SignedDuration::from_mins(i64::try_from(version).unwrap());
    Reserved { version, written_at, interval: time, ..reserved() }
}

fn ics(reserved: Reserved, news: ReservationNews) -> String {
    let message = Message::Reservation { reserved, news };
    render(&message, &reader(Language::English), &site()).unwrap().invite.unwrap().ics
}

fn cancelled() -> ReservationNews {
    ReservationNews::Cancelled { by: CancelledBy::Holder, reason: Text::default() }
}

/// A calendar as RFC 5546 wants it: the event of the highest sequence stands, whenever it comes.
fn calendar(read: Reader, documents: &[String]) -> BTreeMap<String, Seen> {
    let mut calendar: BTreeMap<String, Seen> = BTreeMap::new();
    for document in documents {
        for event in read(document).events {
            let known = calendar.get(&event.uid);
            if known.is_none_or(|known| known.sequence <= event.sequence) {
                calendar.insert(event.uid.clone(), event);
            }
        }
    }
    calendar
}

fn day(text: &str) -> Interval {
    interval(&format!("{text}T13:00:00Z"), &format!("{text}T14:00:00Z"))
}

#[test]
fn an_invite_is_read_back_as_it_was_meant_by_both_readers() {
    let wanted = Seen {
        uid: "rsv_1@interlock.example".to_owned(),
        sequence: 3,
        stamp: reserved().written_at,
        start: reserved().interval.start(),
        end: reserved().interval.end(),
        status: "CONFIRMED".to_owned(),
        summary: "Laser cutter: One hour".to_owned(),
        description: "Switch on the extraction first.\n\nSafety glasses\nYour own material\n\n\
                      https://interlock.example/reservations/rsv_1"
            .to_owned(),
        location: Some("Workshop, ground floor".to_owned()),
        url: "https://interlock.example/reservations/rsv_1".to_owned(),
        people: vec![
            ("desk@interlock.example".to_owned(), "Interlock".to_owned()),
            ("max@demo.test".to_owned(), "Max Mustermann".to_owned()),
        ],
    };
    for (name, read) in READERS {
        let document = read(&ics(reserved(), ReservationNews::Confirmed));
        assert_eq!(document.method, "REQUEST", "{name}");
        assert_eq!(document.events, std::slice::from_ref(&wanted), "{name}");
    }
}

#[test]
fn an_invite_is_taken_in_moved_and_taken_out_in_whatever_order_it_comes() {
    let before = day("2026-07-03");
    let documents = [
        ics(version(3, before), ReservationNews::Confirmed),
        ics(version(5, day("2026-07-04")), ReservationNews::Changed { before }),
        ics(version(8, day("2026-07-04")), cancelled()),
    ];
    for (name, read) in READERS {
        let [made, moved, ended] = &documents;
        let one = |documents: &[String]| {
            let calendar = calendar(read, documents);
            assert_eq!(calendar.len(), 1, "{name} keeps one event");
            calendar.into_values().next().unwrap()
        };
        assert_eq!(one(std::slice::from_ref(made)).start, before.start(), "{name}");
        assert_eq!(one(&[made.clone(), moved.clone()]).start, day("2026-07-04").start(), "{name}");
        assert_eq!(one(&[moved.clone(), made.clone()]).start, day("2026-07-04").start(), "{name}");
        for order in [[made, moved, ended], [ended, moved, made], [moved, ended, made]] {
            let last = one(&order.map(String::clone));
            assert_eq!((last.status.as_str(), last.sequence), ("CANCELLED", 8), "{name}");
        }
        assert_eq!(read(ended).method, "CANCEL", "{name}");
    }
}

#[test]
fn only_what_changes_a_calendar_carries_an_invite() {
    for (name, message) in samples() {
        let mail = render(&message, &reader(Language::English), &site()).unwrap();
        let wanted = match name.split('-').next().unwrap() {
            "confirmed" | "changed" | "approved" => Some(Method::Request),
            "cancelled" => Some(Method::Cancel),
            _ if name == "eligibility_lost-cancel" => Some(Method::Cancel),
            _ => None,
        };
        assert_eq!(mail.invite.as_ref().map(|invite| invite.method), wanted, "{name}");
        if let Some(invite) = mail.invite {
            let word = invite.method.word();
            assert!(invite.content_type().ends_with(&format!("method={word}")), "{name}");
            assert!(invite.ics.contains(&format!("METHOD:{word}\r\n")), "{name}");
        }
    }
}

#[test]
fn a_reservation_that_eligibility_ends_leaves_the_calendar() {
    let choice = Choice::Cancel;
    let news = ReservationNews::EligibilityLost { reasons: Vec::new(), choice };
    for (name, read) in READERS {
        let document = read(&ics(reserved(), news.clone()));
        assert_eq!(document.events[0].status, "CANCELLED", "{name}");
    }
}

/// Half past two in Berlin comes twice on 25 October and not at all on 29 March.
#[test]
fn on_the_nights_clocks_change_both_readers_see_the_same_instants() {
    for (start, end) in [
        ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
        ("2026-10-25T00:00:00Z", "2026-10-25T03:00:00Z"),
        ("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"),
        ("2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"),
    ] {
        let time = interval(start, end);
        let document = ics(version(4, time), ReservationNews::Confirmed);
        for (name, read) in READERS {
            let event = &read(&document).events[0];
            assert_eq!((event.start, event.end), (time.start(), time.end()), "{name}");
        }
    }
}

fn entries() -> Vec<Entry> {
    let of = |number: u64, standing| Entry {
        reserved: Reserved {
            id: format!("rsv_{number}").parse().unwrap(),
            ..version(number, day(&format!("2026-07-{number:02}")))
        },
        standing,
    };
    let standings = [Standing::Confirmed, Standing::Tentative, Standing::Cancelled];
    standings.into_iter().zip(1..).map(|(standing, number)| of(number, standing)).collect()
}

#[test]
fn a_feed_holds_each_reservation_once_as_it_stands_and_names_nobody() {
    let document = feed(&entries(), &site().origin, &site().name).unwrap();
    for (name, read) in READERS {
        let read = read(&document);
        assert_eq!(read.method, "PUBLISH", "{name}");
        let standings: Vec<_> =
            read.events.iter().map(|event| (event.sequence, event.status.as_str())).collect();
        assert_eq!(standings, [(1, "CONFIRMED"), (2, "TENTATIVE"), (3, "CANCELLED")], "{name}");
        assert!(read.events.iter().all(|event| event.people.is_empty()), "{name}");
    }
    assert!(document.contains("REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"));
    assert!(document.contains("X-WR-CALNAME:Interlock\r\n"));
    assert!(!document.contains("Max"));
}

#[test]
fn an_empty_feed_is_a_calendar_all_the_same() {
    let document = feed(&[], &site().origin, &site().name).unwrap();
    for (name, read) in READERS {
        assert!(read(&document).events.is_empty(), "{name}");
    }
}

#[test]
fn a_host_sees_in_the_calendar_whom_he_meets() {
    let hosted = Reserved { side: Side::Host, ..reserved() };
    for (name, read) in READERS {
        let summary = &read(&ics(hosted.clone(), ReservationNews::Confirmed)).events[0].summary;
        assert_eq!(summary, "One hour: Max Mustermann", "{name}");
    }
}

#[test]
fn links_put_the_same_times_into_other_calendars() {
    let links = calendar_links(&reserved(), Standing::Confirmed, &site().origin).unwrap();
    assert_eq!(
        links.google,
        "https://calendar.google.com/calendar/render?action=TEMPLATE\
         &text=Laser%20cutter%3A%20One%20hour&dates=20260703T130000Z%2F20260703T140000Z\
         &details=Switch%20on%20the%20extraction%20first.%0A%0ASafety%20glasses%0A\
         Your%20own%20material%0A%0Ahttps%3A%2F%2Finterlock.example%2Freservations%2Frsv_1\
         &location=Workshop%2C%20ground%20floor"
    );
    for wanted in ["startdt=2026-07-03T13%3A00%3A00Z", "enddt=2026-07-03T14%3A00%3A00Z"] {
        assert!(links.outlook.contains(wanted), "{}", links.outlook);
    }
    let document = links.ics.strip_prefix("data:text/calendar;charset=utf-8,").unwrap();
    let document = percent_encoding::percent_decode_str(document).decode_utf8().unwrap();
    for (name, read) in READERS {
        assert_eq!(read(&document).events[0].start, reserved().interval.start(), "{name}");
    }
}

fn typed() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "word ",
        "ä",
        "Straße",
        "🛠",
        ",",
        ";",
        ":",
        "\\",
        "\\n",
        "\\,",
        "\"",
        "'",
        "^n",
        "=",
        " ",
        "  ",
        "\n",
        "BEGIN:VEVENT",
        "mailto:x",
        "日本語",
        "é",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// Escaping and folding lose nothing, whatever people typed and whenever it is.
    #[test]
    fn what_is_written_is_what_both_readers_read(
        (title, about, place, name) in (typed(), typed(), typed(), typed()),
        (start, minutes) in (0_i64..4_000_000_000, 1_i64..3_000),
        number in 0_u64..3_000_000_000,
    ) {
        let start = Timestamp::from_second(start).unwrap();
        let time = Interval::lasting(start, SignedDuration::from_mins(minutes)).unwrap();
        let reserved = Reserved {
            version: number,
            interval: time,
            title: Line::default(),
            resource: Line::of(&title),
            description: Text::of(&about),
            bring: Text::default(),
            place: Line::of(&place),
            ..reserved()
        };
        let to = Recipient { name: Line::of(&name), ..reader(Language::English) };
        let news = ReservationNews::Confirmed;
        let message = Message::Reservation { reserved: reserved.clone(), news };
        let document = render(&message, &to, &site()).unwrap().invite.unwrap().ics;
        let page = "https://interlock.example/reservations/rsv_1";
        for (reader, read) in READERS {
            let event = read(&document).events.remove(0);
            prop_assert_eq!((event.start, event.end), (time.start(), time.end()), "{}", reader);
            prop_assert_eq!(event.sequence, i64::try_from(number).unwrap().min(2_147_483_647));
            prop_assert_eq!(&event.summary, reserved.resource.as_str(), "{}", reader);
            let about = reserved.description.as_str();
            let wanted = [about, page].map(str::to_owned);
            let wanted: Vec<_> = wanted.into_iter().filter(|part| !part.is_empty()).collect();
            prop_assert_eq!(event.description, wanted.join("\n\n"), "{}", reader);
            let place = event.location.unwrap_or_default();
            prop_assert_eq!(place, reserved.place.as_str(), "{}", reader);
            let called = to.name.as_str().replace('"', "'").replace(['\\', '^'], "-");
            prop_assert_eq!(&event.people[1].1, &called, "{}", reader);
        }
    }
}
