//! Dates and times as each language writes them, in two zones and on the nights clocks change.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_notify::{Language, Message, Recipient, ReservationNews, Reserved, render};
use support::{interval, reader, reserved, site};

/// The lines about the time of a confirmation.
fn told(to: &Recipient, at: (&str, &str), zone: &str) -> Vec<String> {
    let reserved = Reserved {
        interval: interval(at.0, at.1),
        resource_zone: zone.parse().unwrap(),
        ..reserved()
    };
    let message = Message::Reservation { reserved, news: ReservationNews::Confirmed };
    let mail = render(&message, to, &site()).unwrap();
    let lines = mail.text.lines().filter(|line| line.contains('–'));
    lines.map(|line| line.trim().to_owned()).collect()
}

fn in_zone(language: Language, zone: &str) -> Recipient {
    Recipient { zone: zone.parse().unwrap(), ..reader(language) }
}

const AFTERNOON: (&str, &str) = ("2026-07-03T13:00:00Z", "2026-07-03T14:30:00Z");

#[test]
fn each_language_has_its_order_and_its_clock() {
    for (language, wanted) in [
        (Language::English, "When: Friday, July 3, 2026, 3:00 PM – 4:30 PM (Europe/Berlin, UTC+2)"),
        (
            Language::German,
            "Wann: Freitag, 3. Juli 2026, 15:00 Uhr – 16:30 Uhr (Europe/Berlin, UTC+2)",
        ),
        (
            Language::Portuguese,
            "Quando: sexta-feira, 3 de julho de 2026, 15:00 – 16:30 (Europe/Berlin, UTC+2)",
        ),
    ] {
        let lines = told(&in_zone(language, "Europe/Berlin"), AFTERNOON, "Europe/Berlin");
        assert_eq!(lines, [wanted]);
    }
}

#[test]
fn noon_and_midnight_are_twelve() {
    let to = in_zone(Language::English, "UTC");
    let lines = told(&to, ("2026-07-03T00:00:00Z", "2026-07-03T12:00:00Z"), "UTC");
    assert_eq!(lines, ["When: Friday, July 3, 2026, 12:00 AM – 12:00 PM (UTC, UTC)"]);
}

#[test]
fn the_zone_of_the_place_stands_beside_it_only_where_clocks_differ() {
    let berlin = in_zone(Language::English, "Europe/Berlin");
    assert_eq!(told(&berlin, AFTERNOON, "Europe/Paris").len(), 1);
    let lines = told(&berlin, AFTERNOON, "America/Sao_Paulo");
    let there = "On site: Friday, July 3, 2026, 10:00 AM – 11:30 AM (America/Sao_Paulo, UTC−3)";
    assert_eq!(lines[1], there);
}

/// 25 October 2026 in Berlin: the hour from two to three comes twice.
#[test]
fn an_hour_that_comes_twice_is_told_with_both_offsets() {
    let to = in_zone(Language::German, "Europe/Berlin");
    let lines = told(&to, ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"), "Europe/Berlin");
    let wanted =
        "Wann: Sonntag, 25. Oktober 2026, 02:30 Uhr (UTC+2) – 02:30 Uhr (UTC+1) (Europe/Berlin)";
    assert_eq!(lines, [wanted]);
}

/// 29 March 2026 in Berlin: half past two does not exist.
#[test]
fn an_hour_that_does_not_exist_is_stepped_over() {
    let to = in_zone(Language::English, "Europe/Berlin");
    let lines = told(&to, ("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"), "Europe/Berlin");
    let wanted = "When: Sunday, March 29, 2026, 1:30 AM (UTC+1) – 3:30 AM (UTC+2) (Europe/Berlin)";
    assert_eq!(lines, [wanted]);
}

#[test]
fn a_reservation_over_midnight_has_two_dates() {
    let to = in_zone(Language::Portuguese, "America/Sao_Paulo");
    let lines = told(&to, ("2026-07-04T01:00:00Z", "2026-07-04T04:00:00Z"), "America/Sao_Paulo");
    let wanted = "Quando: sexta-feira, 3 de julho de 2026, 22:00 – sábado, 4 de julho de 2026, \
                  01:00 (America/Sao_Paulo, UTC−3)";
    assert_eq!(lines, [wanted]);
}

#[test]
fn a_change_tells_the_time_before_in_both_zones() {
    let news = ReservationNews::Changed {
        before: interval("2026-07-02T13:00:00Z", "2026-07-02T14:00:00Z"),
    };
    let message = Message::Reservation { reserved: reserved(), news };
    let mail = render(&message, &reader(Language::English), &site()).unwrap();
    for wanted in [
        "Before: Thursday, July 2, 2026, 6:30 PM – 7:30 PM (Asia/Kolkata, UTC+5:30)",
        "On site: Thursday, July 2, 2026, 3:00 PM – 4:00 PM (Europe/Berlin, UTC+2)",
    ] {
        assert!(mail.text.contains(wanted), "{}", mail.text);
    }
}
