//! Days of the ledger and what lies on them.

use interlock_policy::ledger::{LedgerDay, LedgerEntry, days_of};
use serde_json::json;

use crate::support::*;

fn entry(reservation: &str, start: &str, end: &str) -> LedgerEntry {
    LedgerEntry { reservation_id: id(reservation), held: between(start, end) }
}

fn day() -> LedgerDay {
    LedgerDay::empty("2026-03-02".parse().unwrap())
}

#[test]
fn a_hold_touches_the_utc_days_its_instants_lie_on() {
    let cases: [(&str, &str, &[&str]); 8] = [
        ("2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z", &["2026-03-02"]),
        ("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z", &["2026-03-02"]),
        ("2026-03-02T00:00:00Z", "2026-03-02T00:00:00.000000001Z", &["2026-03-02"]),
        ("2026-03-02T23:00:00Z", "2026-03-03T00:00:00Z", &["2026-03-02"]),
        ("2026-03-02T23:00:00Z", "2026-03-03T00:00:00.000000001Z", &["2026-03-02", "2026-03-03"]),
        ("2026-03-02T23:30:00Z", "2026-03-03T00:30:00Z", &["2026-03-02", "2026-03-03"]),
        (
            "2026-02-27T12:00:00Z",
            "2026-03-02T12:00:00Z",
            &["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"],
        ),
        ("2026-12-31T23:59:00Z", "2027-01-01T00:01:00Z", &["2026-12-31", "2027-01-01"]),
    ];
    for (start, end, expected) in cases {
        let days: Vec<_> = days_of(&between(start, end)).iter().map(ToString::to_string).collect();
        assert_eq!(days, expected, "{start} to {end}");
    }
}

#[test]
fn a_long_hold_touches_every_one_of_its_days() {
    let days = days_of(&between("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"));
    assert_eq!(days.len(), 365);
    let end_of_time = days_of(&between("9999-12-30T00:00:00Z", "9999-12-30T22:00:00Z"));
    assert_eq!(end_of_time.len(), 1);
}

#[test]
fn time_is_taken_once() {
    let held = ("2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z");
    let cases = [
        ("2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z", true, "before"),
        ("2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z", true, "after"),
        ("2026-03-02T08:00:00Z", "2026-03-02T09:00:01Z", false, "a second into it"),
        ("2026-03-02T09:59:59Z", "2026-03-02T11:00:00Z", false, "a second before its end"),
        ("2026-03-02T09:15:00Z", "2026-03-02T09:45:00Z", false, "within"),
        ("2026-03-02T08:00:00Z", "2026-03-02T11:00:00Z", false, "around"),
        (held.0, held.1, false, "the same"),
    ];
    for (start, end, free, why) in cases {
        let mut day = day();
        day.insert(entry("rsv_1", held.0, held.1)).unwrap();
        let before = day.clone();
        let wanted = entry("rsv_2", start, end);
        let answer = day.insert(wanted.clone());
        assert_eq!(answer, if free { Ok(()) } else { Err(wanted.clone()) }, "{why}");
        if !free {
            assert_eq!(day, before, "{why}");
            let other = before.conflicts(&wanted.held, None).unwrap();
            assert_eq!(other.reservation_id, id("rsv_1"), "{why}");
        }
    }
}

#[test]
fn a_reservation_is_not_in_its_own_way() {
    let mut day = day();
    let old = entry("rsv_1", "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z");
    let new = entry("rsv_1", "2026-03-02T09:30:00Z", "2026-03-02T10:30:00Z");
    day.insert(old.clone()).unwrap();
    day.insert(new.clone()).unwrap();
    day.insert(new.clone()).unwrap();
    assert_eq!(day.entries, [old.clone(), new.clone()], "the same a second time is one");
    assert_eq!(day.conflicts(&new.held, Some(&id("rsv_1"))), None);
    assert_eq!(day.conflicts(&new.held, None), Some(&old));
    day.release(&id("rsv_1"), Some(&old.held));
    assert_eq!(day.entries, [new]);
}

#[test]
fn releasing_gives_back_what_it_names() {
    let mut day = day();
    let one = entry("rsv_1", "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z");
    let other = entry("rsv_2", "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z");
    let third = entry("rsv_1", "2026-03-02T12:00:00Z", "2026-03-02T13:00:00Z");
    for entry in [&one, &other, &third] {
        day.insert(entry.clone()).unwrap();
    }
    day.release(&id("rsv_1"), Some(&other.held));
    assert_eq!(day.entries.len(), 3, "not what another holds");
    day.release(&id("rsv_3"), None);
    assert_eq!(day.entries.len(), 3, "not of a stranger");
    day.release(&id("rsv_1"), None);
    assert_eq!(day.entries, [other], "all of its own");
}

#[test]
fn a_day_is_written_and_read_back() {
    let mut day = day();
    day.insert(entry("rsv_1", "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z")).unwrap();
    let written = serde_json::to_value(&day).unwrap();
    let held = json!({"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T10:00:00Z"});
    let entries = json!([{"reservationId": "rsv_1", "held": held}]);
    assert_eq!(written, json!({"day": "2026-03-02", "entries": entries}));
    assert_eq!(serde_json::from_value::<LedgerDay>(written).unwrap(), day);
}
