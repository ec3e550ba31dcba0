//! Ids, intervals, zones, roles: values that cannot be wrong once they exist.

use interlock_policy::{
    CheckoutScope, Interval, IntervalError, ResourceId, ResourceKind, Role, UserId, ZoneName,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::support::*;

#[test]
fn an_id_is_its_prefix_and_a_plain_body() {
    let long = "a".repeat(64);
    let good = [UserId::from_body("ada"), UserId::from_body("01_x9"), UserId::from_body(&long)];
    assert!(good.iter().all(Result::is_ok));
    let too_long = format!("usr_{long}a");
    let bad = ["", "usr", "usr_", "ada", "mod_ada", "usr_Ada", "usr_a-b", "usr_ä", " usr_a"];
    for text in bad.into_iter().chain([too_long.as_str()]) {
        assert!(text.parse::<UserId>().is_err(), "{text:?}");
        assert!(serde_json::from_value::<UserId>(json!(text)).is_err(), "{text:?}");
    }
    let error = "mod_ada".parse::<UserId>().unwrap_err();
    assert_eq!(error.to_string(), "not an id of the form `usr_…`");
}

#[test]
fn the_prefix_of_a_resource_says_what_it_is() {
    assert_eq!(id::<ResourceId>("mch_laser").kind(), ResourceKind::Machine);
    assert_eq!(id::<ResourceId>("hst_coach").kind(), ResourceKind::Host);
    for text in ["usr_ada", "mch_", "hst_", "mch", "MCH_laser"] {
        assert!(text.parse::<ResourceId>().is_err(), "{text:?}");
    }
}

#[test]
fn an_interval_ends_after_it_begins() {
    let (nine, ten) = (at("2026-03-02T09:00:00Z"), at("2026-03-02T10:00:00Z"));
    assert!(Interval::new(nine, ten).is_ok());
    assert_eq!(Interval::new(nine, nine), Err(IntervalError::Empty));
    assert_eq!(Interval::new(ten, nine), Err(IntervalError::Empty));
    assert_eq!(Interval::lasting(nine, SignedDuration::ZERO), Err(IntervalError::Empty));
    let forever = Interval::lasting(Timestamp::MAX, minutes(1));
    assert_eq!(forever, Err(IntervalError::OutOfRange));
    let read = |start: &str, end: &str| {
        serde_json::from_value::<Interval>(json!({"start": start, "end": end})).is_ok()
    };
    assert!(read("2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z"));
    assert!(!read("2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z"));
}

#[test]
fn an_interval_holds_its_start_and_not_its_end() {
    let hour = between("2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z");
    assert_eq!(hour.length(), minutes(60));
    assert!(hour.contains(hour.start()) && !hour.contains(hour.end()));
    let next = between("2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z");
    assert!(!hour.overlaps(&next) && !next.overlaps(&hour), "touching is not overlapping");
    let both = between("2026-03-02T09:00:00Z", "2026-03-02T11:00:00Z");
    assert!(both.covers(&hour) && both.covers(&next) && both.covers(&both));
    assert!(!hour.covers(&both));
}

#[test]
fn a_widened_interval_never_shrinks_nor_leaves_the_calendar() {
    let hour = between("2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z");
    let wide = hour.widened(minutes(10), minutes(5));
    assert_eq!(wide, between("2026-03-02T08:50:00Z", "2026-03-02T10:05:00Z"));
    assert_eq!(hour.widened(minutes(-10), minutes(-5)), hour);
    let all = hour.widened(SignedDuration::MAX, SignedDuration::MAX);
    assert_eq!((all.start(), all.end()), (Timestamp::MIN, Timestamp::MAX));
}

#[test]
fn a_zone_has_its_iana_name() {
    assert_eq!(id::<ZoneName>("Europe/Berlin").as_str(), "Europe/Berlin");
    assert_eq!(id::<ZoneName>("europe/berlin").as_str(), "Europe/Berlin", "in its own letters");
    assert_eq!(id::<ZoneName>("UTC").as_str(), "UTC");
    for name in ["", "Europe", "Europe/Atlantis", "+01:00", "CET-1CEST", "../etc/passwd"] {
        assert!(name.parse::<ZoneName>().is_err(), "{name:?}");
    }
}

#[test]
fn roles_rank_from_member_to_admin() {
    assert_eq!(Role::Member.rank(), Role::Host.rank());
    assert!(Role::Host.rank() < Role::Manager.rank());
    assert!(Role::Manager.rank() < Role::Admin.rank());
}

#[test]
fn a_checkout_scope_is_written_as_the_interface_says() {
    let machine = CheckoutScope::Machine(id("mch_laser"));
    let category = CheckoutScope::Category("lasers".to_owned());
    assert_eq!(serde_json::to_value(machine).unwrap(), json!({"machineId": "mch_laser"}));
    assert_eq!(serde_json::to_value(category).unwrap(), json!({"category": "lasers"}));
}
