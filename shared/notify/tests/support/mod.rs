//! A reservation, a reader and an application that tests speak of.
#![allow(dead_code, reason = "each test takes what it needs")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

pub(crate) mod samples;

use interlock_notify::{Language, Line, Recipient, Reserved, Side, Site, Text};
use interlock_policy::Interval;

pub(crate) fn site() -> Site {
    Site {
        origin: "https://interlock.example".to_owned(),
        name: Line::of("Interlock"),
        sender: "desk@interlock.example".parse().unwrap(),
    }
}

pub(crate) fn reader(language: Language) -> Recipient {
    Recipient {
        user_id: "usr_max".parse().unwrap(),
        address: "max@demo.test".parse().unwrap(),
        name: Line::of("Max Mustermann"),
        language,
        zone: "Asia/Kolkata".parse().unwrap(),
    }
}

pub(crate) fn interval(start: &str, end: &str) -> Interval {
    Interval::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

pub(crate) fn reserved() -> Reserved {
    Reserved {
        id: "rsv_1".parse().unwrap(),
        version: 3,
        written_at: "2026-06-30T08:00:00Z".parse().unwrap(),
        side: Side::Holder,
        resource_id: "mch_laser".parse().unwrap(),
        resource: Line::of("Laser cutter"),
        resource_zone: "Europe/Berlin".parse().unwrap(),
        title: Line::of("One hour"),
        holder: Line::of("Max Mustermann"),
        interval: interval("2026-07-03T13:00:00Z", "2026-07-03T14:00:00Z"),
        description: Text::of("Switch on the extraction first."),
        bring: Text::of("Safety glasses\nYour own material"),
        place: Line::of("Workshop, ground floor"),
    }
}
