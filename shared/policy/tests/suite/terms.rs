//! The instants a holder is told are those at which the gate changes its mind.

use interlock_policy::{
    EventTypeId, Facts, HolderTerms, Notice, OpenReservation, Overlay, Purpose, Request, Rules,
};
use jiff::{SignedDuration, Timestamp};

use crate::support::*;

/// A Monday afternoon, and the reservation was made in the morning.
const START: &str = "2026-03-02T14:00:00Z";
const MADE: &str = "2026-03-02T06:00:00Z";

fn held() -> OpenReservation {
    OpenReservation {
        reservation_id: id("rsv_own"),
        resource_id: id("mch_laser"),
        category: "lasers".to_owned(),
        event_type_id: Some(EventTypeId(1)),
        interval: interlock_policy::Interval::lasting(at(START), SignedDuration::from_hours(1))
            .unwrap(),
        made_at: Some(at(MADE)),
    }
}

fn with(rules: Rules) -> World {
    let mut world = World::bare("UTC", rules);
    world.member.open_reservations = vec![held()];
    world
}

fn terms(world: &World) -> HolderTerms {
    let facts = Facts { now: world.now, member: &world.member, resource: &world.resource };
    HolderTerms::of(&facts, &world.policy, &held())
}

fn lets(world: &World, now: Timestamp, purpose: &Purpose, code: &str) -> bool {
    let mut world = world.clone();
    world.now = now;
    let asked = Request { interval: Some(held().interval), event_type_id: Some(EventTypeId(1)) };
    !codes(&world.judge(&asked, purpose)).contains(&code)
}

fn notice(cancel: u32, change: u32, free: u32) -> Rules {
    Rules { notice: Notice::of(0, change, cancel), free_edit_minutes: free, ..Rules::default() }
}

#[test]
fn what_is_told_is_what_the_gate_says_at_every_minute() {
    let mut beside = with(notice(60, 60, 0));
    let rules = notice(240, 0, 0);
    let overlay = Overlay { event_type_id: EventTypeId(1), requirements: Vec::new(), rules };
    beside.policy.overlays = vec![overlay];
    let worlds =
        [with(notice(0, 0, 0)), with(notice(120, 60, 0)), with(notice(1440, 600, 180)), beside];
    let (cancel, change) =
        (Purpose::Cancel(held().reservation_id), Purpose::Change(held().reservation_id));
    for (index, world) in worlds.iter().enumerate() {
        let told = terms(world);
        for minutes in 0..480 {
            // Half a minute off, so that no instant is a border itself.
            let now = at(MADE) + SignedDuration::from_secs(60 * minutes + 30);
            let case = format!("{index} at {now}");
            let may_cancel = lets(world, now, &cancel, "notice_cancel");
            assert_eq!(may_cancel, now < told.cancel_until, "cancel {case}");
            let may_change = lets(world, now, &change, "notice_change");
            assert_eq!(may_change, now < told.change_until, "change {case}");
        }
    }
}

#[test]
fn late_begins_only_where_it_may_still_be_given_back() {
    let late = |minutes, cancel| {
        let rules = Rules { late_cancel_minutes: minutes, ..notice(cancel, 0, 0) };
        terms(&with(rules)).late_from
    };
    assert_eq!(late(180, 60), Some(at("2026-03-02T11:00:00Z")));
    assert_eq!(late(60, 180), None, "by then nobody gives it back himself");
    assert_eq!(late(0, 0), None);
}
