//! Whatever is done to one place of a chain is found (promise R23).

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a knob of a test is read from the environment"
)]

use interlock_audit::{
    Address, Anchors, Line, Link, SHARDS, Seal, What, check_lines, check_seals, shard_of,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Tamperings tried with every change; `INTERLOCK_TAMPERINGS` sets another number.
const TAMPERINGS: u64 = 1_000;
/// Stretches of five minutes in the chain that is tampered with; it crosses a midnight.
const STRETCHES: i64 = 6;

/// Numbers that look random and are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }
}

fn entry(at: Timestamp, number: usize) -> Value {
    let actions = ["checkout.grant", "user.status", "reservation.confirmed"];
    json!({
        "requestId": format!("req_{number}"),
        "at": at,
        "actor": { "kind": "user", "userId": format!("usr_{}", number % 3) },
        "action": actions[number % 3],
        "object": format!("obj_{}", number % 5),
        "detail": { "before": number, "after": [number, null, true], "word": "x" },
    })
}

/// A chain of some stretches as an export writes it.
fn chain(dice: &mut Dice) -> Vec<String> {
    let begin: Timestamp = "2026-12-01T23:50:00Z".parse().unwrap();
    let mut last: Option<Seal> = None;
    let mut lines = Vec::new();
    for stretch in 0..STRETCHES {
        let from = begin + SignedDuration::from_mins(5 * stretch);
        let previous = last.as_ref().map(|seal| seal.root.clone()).unwrap_or_default();
        let mut chains: Vec<Link> =
            (0..SHARDS).map(|shard| Link::first(&previous, shard)).collect();
        let mut entries: Vec<(Address, Value)> = (0..dice.below(9))
            .map(|_| {
                let at =
                    from + SignedDuration::from_millis(dice.below(299_999).try_into().unwrap());
                let value = entry(at, dice.below(100));
                (Address::of(&value).unwrap(), value)
            })
            .collect();
        entries.sort_by_key(|(address, _)| address.sort.clone());
        entries.dedup_by_key(|(address, _)| address.sort.clone());
        for (address, value) in entries {
            chains[usize::from(address.shard)].add(&address.sort, &value);
            let (shard, sort) = (address.shard, address.sort);
            lines.push(Line::Entry { shard, sort, entry: value });
        }
        let seal = Seal::after(last.as_ref(), from, from + SignedDuration::from_mins(5), chains);
        lines.push(Line::Seal { seal: seal.clone() });
        last = Some(seal);
    }
    lines.sort_by_key(order);
    lines.iter().map(|line| serde_json::to_string(line).unwrap()).collect()
}

fn order(line: &Line) -> (String, u8, String) {
    match line {
        Line::Entry { shard, sort, .. } => (day(sort), *shard, sort.clone()),
        Line::Seal { seal } => {
            (day(&seal.from.to_string()), SHARDS, format!("{:020}", seal.sequence))
        }
    }
}

fn day(time: &str) -> String {
    time.chars().take(10).collect()
}

fn root(lines: &[String]) -> String {
    check(lines, None).root.unwrap()
}

fn check(lines: &[String], root: Option<&str>) -> interlock_audit::Summary {
    check_lines(lines.iter().map(String::as_str), Anchors { base: None, root })
}

/// Changes one value somewhere in a line; what it says is another thing afterwards.
fn edit(line: &str, dice: &mut Dice) -> String {
    let mut value: Value = serde_json::from_str(line).unwrap();
    let mut at = &mut value;
    loop {
        let inner = match at {
            Value::Object(fields) => fields.len(),
            Value::Array(items) => items.len(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
        };
        if inner == 0 {
            break;
        }
        let place = dice.below(inner);
        at = match at {
            Value::Object(fields) => fields.values_mut().nth(place).unwrap(),
            Value::Array(items) => &mut items[place],
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => unreachable!(),
        };
    }
    *at = match at {
        Value::Null => json!(0),
        Value::Bool(is) => json!(!*is),
        Value::Number(number) => json!(number.as_u64().unwrap() + 1),
        Value::String(text) => edited(text, dice).into(),
        Value::Array(_) | Value::Object(_) => json!("filled"),
    };
    value.to_string()
}

fn edited(text: &str, dice: &mut Dice) -> String {
    let mut bytes = text.as_bytes().to_vec();
    if bytes.is_empty() {
        return "x".to_owned();
    }
    let place = dice.below(bytes.len());
    bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
    String::from_utf8(bytes).unwrap()
}

/// One act of somebody who can write the file but does not know how to make it fit.
fn tamper(lines: &mut Vec<String>, dice: &mut Dice) -> &'static str {
    let place = dice.below(lines.len());
    match dice.below(6) {
        0 => {
            lines[place] = edit(&lines[place], dice);
            "edit"
        }
        1 => {
            lines.remove(place);
            "delete"
        }
        2 => {
            let copy = lines[dice.below(lines.len())].clone();
            lines.insert(place, copy);
            "copy"
        }
        3 => {
            lines.insert(place, forged(dice));
            "insert"
        }
        4 => {
            let other = (place + 1 + dice.below(lines.len() - 1)) % lines.len();
            lines.swap(place, other);
            "swap"
        }
        _ => {
            lines.truncate(place);
            "truncate"
        }
    }
}

/// An entry that fits its own place in every way, in the time of the chain.
fn forged(dice: &mut Dice) -> String {
    let begin: Timestamp = "2026-12-01T23:50:00Z".parse().unwrap();
    let span = usize::try_from(STRETCHES * 300_000).unwrap();
    let at = begin + SignedDuration::from_millis(dice.below(span).try_into().unwrap());
    let value = entry(at, 100 + dice.below(100));
    let Address { shard, sort, .. } = Address::of(&value).unwrap();
    serde_json::to_string(&Line::Entry { shard, sort, entry: value }).unwrap()
}

#[test]
fn every_random_tampering_is_found() {
    let wanted = std::env::var("INTERLOCK_TAMPERINGS").ok().map(|text| text.parse().unwrap());
    let wanted: u64 = wanted.unwrap_or(TAMPERINGS);
    let mut dice = Dice(0x1234_5678_9abc_def1);
    let mut kinds = std::collections::BTreeMap::<&str, u64>::new();
    let (mut lines, mut noted) = (Vec::new(), String::new());
    for round in 0..wanted {
        if round % 500 == 0 {
            lines = chain(&mut dice);
            noted = root(&lines);
            assert_eq!(check(&lines, Some(&noted)).faults, []);
        }
        let mut other = lines.clone();
        let kind = tamper(&mut other, &mut dice);
        let faults = check(&other, Some(&noted)).faults;
        assert!(!faults.is_empty(), "{kind} in round {round}:\n{}", other.join("\n"));
        *kinds.entry(kind).or_default() += 1;
    }
    println!("figures: {wanted} tamperings, all found: {kinds:?}");
}

#[test]
fn what_is_wrong_is_named_with_its_seal_and_shard() {
    let mut dice = Dice(7);
    let lines = chain(&mut dice);
    let place = lines.iter().position(|line| line.contains(r#""kind":"entry""#)).unwrap();
    let value: Value = serde_json::from_str(&lines[place]).unwrap();
    let shard = shard_of(value["entry"]["object"].as_str().unwrap());
    let mut without = lines.clone();
    without.remove(place);
    let faults = check(&without, Some(&root(&lines))).faults;
    assert_eq!(faults.len(), 1);
    assert_eq!((faults[0].what, faults[0].shard), (What::EntryMissing, Some(shard)));
    let mut changed = lines.clone();
    changed[place] = changed[place].replace(r#""word":"x""#, r#""word":"y""#);
    let whats: Vec<What> =
        check(&changed, Some(&root(&lines))).faults.iter().map(|fault| fault.what).collect();
    assert_eq!(whats, [What::EntryMisplaced, What::EntryChanged]);
}

#[test]
fn a_cut_at_the_end_is_seen_only_by_who_knows_the_root() {
    let mut dice = Dice(11);
    let lines = chain(&mut dice);
    let last = lines.iter().rposition(|line| line.contains(r#""kind":"seal""#)).unwrap();
    let mut cut = lines[..last].to_vec();
    // Without the last seal its entries would stand out.
    let before: Value = serde_json::from_str(&lines[last - 1]).unwrap();
    let until = before["seal"]["until"].as_str().unwrap().trim_end_matches('Z').to_owned();
    cut.retain(|line| {
        let value: Value = serde_json::from_str(line).unwrap();
        value["sort"].as_str().is_none_or(|sort| sort < until.as_str())
    });
    assert_eq!(check(&cut, None).faults, []);
    let whole = root(&lines);
    let found = check(&cut, Some(&whole)).faults;
    assert_eq!(found[0].what, What::RootMissing);
}

#[test]
fn a_part_of_a_chain_is_judged_from_the_root_before_it() {
    let seal = |last: Option<&Seal>, from: &str, until: &str| {
        let previous = last.map(|seal| seal.root.clone()).unwrap_or_default();
        let links = (0..SHARDS).map(|shard| Link::first(&previous, shard)).collect();
        Seal::after(last, from.parse().unwrap(), until.parse().unwrap(), links)
    };
    let one = seal(None, "2026-12-01T00:00:00Z", "2026-12-01T00:05:00Z");
    let two = seal(Some(&one), "2026-12-01T00:05:00Z", "2026-12-01T00:10:00Z");
    let late = seal(Some(&two), "2026-12-01T00:15:00Z", "2026-12-01T00:20:00Z");
    let part = std::slice::from_ref(&two);
    assert_eq!(check_seals(part, Some(&one.root)), []);
    assert_eq!(check_seals(part, None)[0].what, What::SealMissing);
    assert_eq!(check_seals(part, Some("another"))[0].what, What::SealMissing);
    assert_eq!(check_seals(&[one, two, late], None)[0].what, What::SealMissing);
}
