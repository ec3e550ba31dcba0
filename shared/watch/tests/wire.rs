//! The JSON forms, both ways.
//!
//! Invariant: what is not a plain, bounded number is refused before it reaches the engine.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use interlock_watch::wire::{
    GapBody, Percent, PlaybackRate, ProgressBody, Seconds, SegmentBody, WallTime,
};
use interlock_watch::{BasisPoints, Change, Module, Rate, Rules, Segment, progress};
use proptest::prelude::*;
use serde_json::json;
use support::{World, at, coverage, interval, ms, segment};

#[test]
fn seconds_are_read_to_the_millisecond_and_bounded() {
    let good = [
        ("0", 0),
        ("-0.0", 0),
        ("5", 5000),
        ("5.0", 5000),
        ("1.2345", 1235),
        ("1.2344", 1234),
        ("0.0004", 0),
        ("86400", 86_400_000),
        ("86400.0004", 86_400_000),
        ("1e1", 10_000),
    ];
    for (text, expected) in good {
        let read: Seconds = serde_json::from_str(text).unwrap();
        assert_eq!(read.0, ms(expected), "{text}");
    }
    for text in ["-1", "-0.001", "86400.001", "1e300", "null", "\"5\"", "true", "[]", "{}"] {
        assert!(serde_json::from_str::<Seconds>(text).is_err(), "{text}");
    }
}

#[test]
fn a_whole_number_is_written_without_a_fraction() {
    let write = |milliseconds| serde_json::to_string(&Seconds(ms(milliseconds))).unwrap();
    assert_eq!(write(0), "0");
    assert_eq!(write(5000), "5");
    assert_eq!(write(5250), "5.25");
    assert_eq!(write(1), "0.001");
    let percent = |points| serde_json::to_string(&Percent(BasisPoints::new(points))).unwrap();
    assert_eq!(percent(10_000), "100");
    assert_eq!(percent(8750), "87.5");
    assert_eq!(percent(8751), "87.51");
}

#[test]
fn rates_are_read_to_the_permille_and_bounded() {
    for (text, expected) in [("1", 1000), ("1.25", 1250), ("0", 0), ("100", 100_000)] {
        let read: PlaybackRate = serde_json::from_str(text).unwrap();
        assert_eq!(read.0, Rate::from_permille(expected), "{text}");
    }
    for text in ["-1", "100.001", "1e309", "null", "\"1\""] {
        assert!(serde_json::from_str::<PlaybackRate>(text).is_err(), "{text}");
    }
}

#[test]
fn wall_time_is_capped_at_a_day() {
    for (text, expected) in [("5000", 5000), ("4999.6", 5000), ("1e12", 86_400_000)] {
        let read: WallTime = serde_json::from_str(text).unwrap();
        assert_eq!(read.0, ms(expected), "{text}");
    }
    assert!(serde_json::from_str::<WallTime>("-1").is_err());
}

#[test]
fn a_segment_is_read_and_an_unknown_field_is_refused() {
    let body = json!({"from": 1.5, "to": 6.5, "rate": 1, "wallMs": 5000});
    let read: SegmentBody = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(Segment::from(read), segment(1500, 6500, 1000));
    assert_eq!(serde_json::to_value(read).unwrap(), body);
    let more = json!({"from": 1, "to": 6, "rate": 1, "wallMs": 5000, "credit": 9});
    assert!(serde_json::from_value::<SegmentBody>(more).is_err());
    let less = json!({"from": 1, "to": 6, "rate": 1});
    assert!(serde_json::from_value::<SegmentBody>(less).is_err());
}

#[test]
fn the_answer_has_the_promised_fields() {
    let mut world = World::opened(&[20_000]);
    let outcome = world.play(5000, 2, segment(0, 7000, 1000));
    let shown = progress(world.watch(0), &world.modules[0], &world.rules);
    let body = ProgressBody::new("wch_1", &shown, outcome.counted);
    let expected = json!({
        "watchId": "wch_1",
        "coveredSeconds": 6,
        "coveragePercent": 30,
        "gaps": [{"from": 6, "to": 20}],
        "largestGapSeconds": 14,
        "completed": false,
        "acceptedSeconds": 6,
        "rejectedSeconds": 1,
    });
    assert_eq!(serde_json::to_value(&body).unwrap(), expected);
    assert_eq!(serde_json::from_value::<ProgressBody>(expected).unwrap(), body);
    assert_eq!(GapBody::from(interval(1, 2)).from, Seconds(ms(1)));
}

#[test]
fn rules_are_stored_with_their_units_and_read_with_defaults() {
    let stored = serde_json::to_value(Rules::default()).unwrap();
    let expected = json!({
        "cadenceMs": 5000,
        "completionBasisPoints": 9000,
        "longestGapMs": 15_000,
        "maxRatePermille": 1500,
        "samplingToleranceMs": 3000,
        "graceMs": 1000,
        "minimumWatchedMs": null,
        "versionGraceDays": 30,
    });
    assert_eq!(stored, expected);
    assert_eq!(serde_json::from_value::<Rules>(json!({})).unwrap(), Rules::default());
    assert!(serde_json::from_value::<Rules>(json!({"cadence": 5})).is_err());
}

#[test]
fn a_module_is_read_with_only_its_version_and_length() {
    let read: Module = serde_json::from_value(json!({"version": 1, "durationMs": 60_000})).unwrap();
    assert_eq!(read, Module::new(1, ms(60_000)).unwrap());
    let mut changed = read;
    let change = Change::Segments(coverage(&[(1, 2)]));
    changed.replaced = changed.replaced_by(changed.duration, change, at(0));
    let stored = serde_json::to_value(&changed).unwrap();
    assert_eq!(stored["replaced"][0]["change"], json!({"kind": "segments", "segments": [[1, 2]]}));
    assert_eq!(serde_json::from_value::<Module>(stored).unwrap(), changed);
}

proptest! {
    #[test]
    fn every_millisecond_survives_the_way_over_the_wire(milliseconds in 0..=86_400_000_u64) {
        let text = serde_json::to_string(&Seconds(ms(milliseconds))).unwrap();
        prop_assert_eq!(serde_json::from_str::<Seconds>(&text).unwrap().0, ms(milliseconds));
    }

    #[test]
    fn every_share_survives_the_way_over_the_wire(points in 0..=10_000_u16) {
        let share = Percent(BasisPoints::new(points));
        let text = serde_json::to_string(&share).unwrap();
        prop_assert_eq!(serde_json::from_str::<Percent>(&text).unwrap(), share);
    }

    #[test]
    fn any_number_is_read_in_bounds_or_refused(number in any::<f64>()) {
        let text = json!(number).to_string();
        if let Ok(read) = serde_json::from_str::<Seconds>(&text) {
            prop_assert!(read.0 <= interlock_watch::MAX_POSITION);
            prop_assert!(number > -0.001);
        }
    }
}
