//! Which entries the messages ask for: each one of the catalogue, and none that it lacks.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::cell::RefCell;
use std::collections::BTreeSet;

use interlock_policy::{Interval, ReasonCode, Role};
use jiff::SignedDuration;

#[path = "../../tests/support/mod.rs"]
mod support;

use self::support::samples::samples;
use self::support::{interval, reader, reserved, site};
use crate::words::entries;
use crate::{
    AccountNews, CancelledBy, Checkout, CheckoutNews, Choice, Language, Line, Message, Recipient,
    ReservationNews, Reserved, Side, Text, render,
};

/// Entries by language.
type Asked = BTreeSet<(&'static str, String)>;

thread_local! {
    static ASKED: RefCell<Asked> = const { RefCell::new(BTreeSet::new()) };
}

/// Notes that a message asks for an entry.
pub(super) fn note(language: Language, key: &str) {
    ASKED.with_borrow_mut(|asked| asked.insert((language.tag(), key.to_owned())));
}

fn told(reserved: Reserved, news: ReservationNews) -> Message {
    Message::Reservation { reserved, news }
}

/// A year of days, so that every weekday and month is named, long and short.
fn days() -> Vec<Message> {
    let first = interval("2026-01-15T13:00:00Z", "2026-01-15T14:00:00Z").start();
    let dates = (0..53).map(|week| first + SignedDuration::from_hours(week * (7 * 24 + 24)));
    let day = |start| Interval::lasting(start, SignedDuration::from_hours(1)).unwrap();
    dates
        .map(|start| {
            told(Reserved { interval: day(start), ..reserved() }, ReservationNews::Confirmed)
        })
        .collect()
}

fn ended(by: CancelledBy) -> ReservationNews {
    ReservationNews::Cancelled { by, reason: Text::default() }
}

/// What only some values of a message ask for.
fn rarities() -> Vec<Message> {
    let night = interval("2026-07-03T13:00:00Z", "2026-07-04T13:00:00Z");
    let (side, holder) = (Side::Host, Line::default());
    let (reasons, choice) = (ReasonCode::ALL.to_vec(), Choice::Flag);
    let roles = vec![Role::Member, Role::Host, Role::Manager, Role::Admin];
    let checkout = Checkout {
        id: "chk_1".parse().unwrap(),
        version: 2,
        scope: Line::of("lasers"),
        machine: None,
        level: 1,
    };
    vec![
        told(Reserved { interval: night, ..reserved() }, ReservationNews::Confirmed),
        told(Reserved { side, holder, ..reserved() }, ReservationNews::Confirmed),
        told(Reserved { side, ..reserved() }, ended(CancelledBy::Staff)),
        told(Reserved { side, ..reserved() }, ended(CancelledBy::Calendar)),
        told(reserved(), ReservationNews::EligibilityLost { reasons, choice }),
        Message::Account { letter: Line::of("ltr_1"), news: AccountNews::RolesChanged { roles } },
        Message::Checkout { checkout, news: CheckoutNews::Granted { expires_at: None } },
    ]
}

#[test]
fn messages_ask_for_every_entry_of_every_language_and_for_no_other() {
    let samples = samples().into_iter().map(|(_, message)| message);
    let messages: Vec<Message> = samples.chain(days()).chain(rarities()).collect();
    for language in Language::ALL {
        let nobody = Recipient { name: Line::default(), ..reader(language) };
        for message in &messages {
            render(message, &reader(language), &site()).unwrap();
            render(message, &nobody, &site()).unwrap();
        }
        let asked: BTreeSet<String> = ASKED.with_borrow(|asked| {
            let own = asked.iter().filter(|(tag, _)| *tag == language.tag());
            own.map(|(_, key)| key.clone()).collect()
        });
        let known: BTreeSet<String> = entries(language).map(|(key, _)| key.to_owned()).collect();
        let unknown: Vec<_> = asked.difference(&known).collect();
        let unused: Vec<_> = known.difference(&asked).collect();
        assert!(unknown.is_empty(), "{language:?} lacks {unknown:?}");
        assert!(unused.is_empty(), "{language:?} has {unused:?} for nothing");
    }
}
