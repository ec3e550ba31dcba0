//! Ids, intervals, zones, roles: values that cannot be wrong once they exist.

use std::cmp::Ordering;
use std::collections::HashSet;

use interlock_policy::{
    CheckoutScope, EventTypeId, Href, Interval, IntervalError, Parameters, ResourceId,
    ResourceKind, Role, UserId, Value, ZoneName,
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

#[test]
fn an_id_reads_as_it_is_and_its_body_without_the_prefix() {
    let ada: UserId = id("usr_ada");
    assert_eq!((ada.as_str(), ada.body()), ("usr_ada", "ada"));
    assert_eq!(ada.to_string(), "usr_ada");
    let laser: ResourceId = id("mch_laser");
    assert_eq!((laser.as_str(), laser.to_string().as_str()), ("mch_laser", "mch_laser"));
    assert_eq!(EventTypeId(7).to_string(), "7");
}

#[test]
fn ids_are_told_apart_ordered_and_hashed_by_their_text() {
    let (ada, bob): (UserId, UserId) = (id("usr_ada"), id("usr_bob"));
    assert_eq!(ada.partial_cmp(&bob), Some(Ordering::Less));
    assert_eq!(ada.cmp(&ada.clone()), Ordering::Equal);
    let hashes = |ids: [&str; 2]| -> HashSet<u64> {
        use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        let users = ids.iter().filter_map(|text| text.parse::<UserId>().ok());
        let resources = ids.iter().filter_map(|text| text.parse::<ResourceId>().ok());
        let users = users.map(|id| hasher.hash_one(id));
        users.chain(resources.map(|id| hasher.hash_one(id))).collect()
    };
    assert_eq!(hashes(["usr_ada", "usr_ada"]).len(), 1);
    assert_eq!(hashes(["usr_ada", "usr_bob"]).len(), 2);
    assert_eq!(hashes(["mch_saw", "mch_saw"]).len(), 1);
    assert_eq!(hashes(["mch_saw", "mch_mill"]).len(), 2);
}

#[test]
fn values_pages_and_zones_are_equal_where_they_read_alike_and_nowhere_else() {
    assert_eq!(Value::from("7"), Value::from(7_u32));
    assert_ne!(Value::from("7"), Value::from(8_u32));
    assert_eq!(Href::from("/machines"), Href::from("/machines"));
    assert_ne!(Href::from("/machines"), Href::from("/hosts"));
    let (berlin, lisbon): (ZoneName, ZoneName) = (id("Europe/Berlin"), id("Europe/Lisbon"));
    assert!(berlin == id("europe/berlin") && berlin != lisbon);
    assert_eq!(berlin.to_string(), "Europe/Berlin");
}

#[test]
fn a_value_that_is_given_twice_stands_once_and_names_are_in_order() {
    let mut parameters = Parameters::from([("to", 1_u32), ("from", 2)]);
    parameters.insert("to", 3_u32);
    parameters.insert("from", 4_u32);
    let told: Vec<_> =
        parameters.iter().map(|(name, value)| (name.to_owned(), value.to_string())).collect();
    assert_eq!(told, [("from".to_owned(), "4".to_owned()), ("to".to_owned(), "3".to_owned())]);
}
