//! Documents that mean no good: random bytes, bent JSON and wild values.
//!
//! Nothing makes reading or checking panic; what is accepted comes back as it was, is checked the
//! same each time, and judges a case without a fault.
#![allow(clippy::wildcard_enum_match_arm, reason = "a value of JSON is none of our enums")]

use std::collections::BTreeSet;

use interlock_policy::{Policy, evaluate};
use serde_json::Value;

use crate::cases::Case;
use crate::dice::{Dice, count};

const SEEDS: [&str; 4] = [
    include_str!("../examples/laser.json"),
    include_str!("../examples/trial.json"),
    include_str!("../examples/lathe.json"),
    include_str!("../examples/fair-use.json"),
];

/// Texts that have surprised readers before.
const WORDS: [&str; 12] = [
    "",
    "0",
    "-1",
    "machine",
    "sliding_days",
    "99999-12-31",
    "23:59:60",
    "00:00",
    "Etc/Unknown",
    "\u{0}",
    "9999-12-31T23:59:59.999999999Z",
    "-009999-01-02T01:59:59Z",
];

/// Numbers at the bounds of fields, and beside them.
const NUMBERS: [u64; 16] =
    [0, 1, 2, 3, 16, 30, 100, 101, 255, 366, 367, 400, 401, 1001, 1441, 4_294_967_295];

fn wild(dice: &mut Dice) -> Value {
    match dice.between(0, 9) {
        0 => Value::Null,
        1 => Value::Bool(dice.one_in(2)),
        2 => dice.throw().into(),
        3 => (-1_i64 - dice.between(0, 9).cast_signed()).into(),
        4 => dice.between(0, 1500).into(),
        5 => dice.pick(&WORDS).into(),
        6 => Value::Array(Vec::new()),
        7 => serde_json::json!({}),
        _ => serde_json::json!(1e300),
    }
}

/// Changes a value somewhere in a document.
fn bend(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Object(fields) if !fields.is_empty() && !dice.one_in(8) => {
            let index = usize::try_from(dice.between(0, fields.len() as u64)).unwrap();
            let name = fields.keys().nth(index).unwrap().clone();
            match dice.between(0, 12) {
                0 => drop(fields.remove(&name)),
                1 => drop(fields.insert(format!("{name}s"), wild(dice))),
                _ => bend(&mut fields[&name], dice),
            }
        }
        Value::Array(values) if !values.is_empty() && !dice.one_in(8) => {
            let index = usize::try_from(dice.between(0, values.len() as u64)).unwrap();
            match dice.between(0, 12) {
                0 => drop(values.remove(index)),
                1 => values.push(values[index].clone()),
                _ => bend(&mut values[index], dice),
            }
        }
        Value::Number(number) if !dice.one_in(3) => {
            *number = dice.pick(&NUMBERS).into();
        }
        other => *other = wild(dice),
    }
}

fn document(dice: &mut Dice) -> Vec<u8> {
    let text = dice.pick(&SEEDS);
    match dice.between(0, 8) {
        0 => (0..dice.between(0, 64)).map(|_| dice.throw().to_le_bytes()[0]).collect(),
        1 => {
            let mut bytes = text.as_bytes().to_vec();
            for _ in 0..dice.between(1, 4) {
                let at = usize::try_from(dice.between(0, bytes.len() as u64)).unwrap();
                bytes[at] = dice.throw().to_le_bytes()[0];
            }
            bytes.truncate(usize::try_from(dice.between(1, 2 * text.len() as u64)).unwrap());
            bytes
        }
        _ => {
            let mut value: Value = serde_json::from_str(text).unwrap();
            (0..dice.between(0, 3)).for_each(|_| bend(&mut value, dice));
            serde_json::to_vec(&value).unwrap()
        }
    }
}

/// Whether a fault is said as the house says it: short, lower case, no full stop.
fn stable(detail: &str) -> bool {
    !detail.is_empty()
        && detail.len() < 100
        && !detail.ends_with('.')
        && !detail.starts_with(char::is_uppercase)
}

#[test]
fn no_document_makes_reading_checking_or_judging_panic() {
    let documents = count("POLICY_DOCUMENTS", 4000);
    let (mut read, mut valid) = (0_u64, 0_u64);
    let mut details = BTreeSet::new();
    for seed in 0..documents {
        let mut dice = Dice::new(seed);
        let Ok(policy) = serde_json::from_slice::<Policy>(&document(&mut dice)) else { continue };
        read += 1;
        let written = serde_json::to_string(&policy).unwrap();
        let again: Policy = serde_json::from_str(&written).unwrap();
        assert_eq!(again, policy, "document {seed} does not come back as it was");
        assert_eq!(serde_json::to_string(&again).unwrap(), written, "document {seed}");
        match policy.validate() {
            Ok(()) => {
                valid += 1;
                let case = Case::of(seed);
                let ask = || evaluate(&case.facts(), &policy, &case.request, &case.purpose);
                assert_eq!(ask(), ask(), "document {seed}");
            }
            Err(faults) => {
                assert_eq!(again.validate(), Err(faults.clone()), "document {seed}");
                for fault in faults {
                    assert!(fault.pointer.starts_with('/'), "document {seed}: {fault}");
                    assert!(stable(&fault.detail), "document {seed}: {fault}");
                    details.insert(fault.detail);
                }
            }
        }
    }
    println!("{documents} documents, {read} read, {valid} valid, {} kinds of fault", details.len());
    assert!(valid * 20 > documents && (read - valid) * 200 > documents, "{read} {valid}");
}
