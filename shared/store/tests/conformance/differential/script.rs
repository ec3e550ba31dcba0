//! Random work on few keys: what a caller could ask of a table, right and wrong.

use interlock_app::ports::store::{Index, Key, Query, Transaction};
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::support::{Thing, thing};

const KEYS: [(&str, &str); 7] =
    [("A", "1"), ("A", "2"), ("A", "25"), ("A", "3"), ("B", "1"), ("B", "2"), ("C", "ü/ \"")];
const PLACES: [Option<(&str, &str)>; 6] = [
    None,
    Some(("I", "1")),
    Some(("I", "2")),
    Some(("I", "3")),
    Some(("J", "1")),
    Some(("K", "\u{7f}")),
];
const BOUNDS: [Option<&str>; 8] =
    [None, Some(""), Some("1"), Some("2"), Some("25"), Some("3"), Some("~"), Some("\u{10fffd}")];
/// Parts of which no page may give a record of another.
const SOURCES: [(Option<Index>, &str); 9] = [
    (None, "A"),
    (None, "B"),
    (None, "C"),
    (Some(Index::One), "I"),
    (Some(Index::One), "J"),
    (Some(Index::One), "K"),
    (Some(Index::Two), "I"),
    (Some(Index::Two), "J"),
    (Some(Index::Two), "K"),
];

/// One action on the key of this number.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    Create(Place),
    Replace(Place, u64),
    Put(Place),
    Overwrite(Place, u64),
    Remove,
    RemoveAt(u64),
    Unchanged(Option<u64>),
}

/// Where the record goes in the indexes, when it lapses and what it says.
#[derive(Debug, Clone)]
pub(super) struct Place {
    one: usize,
    two: usize,
    expiry: Option<i64>,
    value: Value,
}

/// What the table must refuse as the caller's defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    NoPartition,
    NoSort,
    LongPartition,
    LongSort,
    NoIndexPartition,
    NoIndexSort,
    LongIndexSort,
    Fraction,
    Nameless,
    BigRecord,
    BigTransaction,
    KeyTwice,
    ManyActions,
}

/// One request, or several that belong together.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Commit(Vec<(usize, Deed)>),
    /// The last transaction once more.
    Again,
    Read(Vec<usize>),
    /// All pages of a query.
    Pages(Ask),
    /// One page of a query, whose rest may be asked for after other work.
    Page(Ask),
    /// The page after the last one.
    Next,
    Wrong(Wrong),
    ReadTooMany,
    ReadNowhere,
    PageOfNothing,
    PageOfNoPartition,
}

#[derive(Debug, Clone)]
pub(super) struct Ask {
    source: usize,
    bounds: (usize, usize),
    descending: bool,
    limit: u32,
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        select(vec![
            json!(null),
            json!(""),
            json!([]),
            json!({}),
            json!({"z": [true, null, {"a": ""}], "ä": u64::MAX, "#": -1}),
        ]),
        (1..3000_usize).prop_map(|length| json!("x".repeat(length))),
    ]
}

fn place() -> impl Strategy<Value = Place> {
    let expiry = prop::option::weighted(0.2, 1..4_000_000_000_000_i64);
    (0..PLACES.len(), 0..PLACES.len(), expiry, value())
        .prop_map(|(one, two, expiry, value)| Place { one, two, expiry, value })
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => place().prop_map(Deed::Create),
        5 => (place(), 1..4_u64).prop_map(|(place, read)| Deed::Replace(place, read)),
        2 => place().prop_map(Deed::Put),
        1 => (place(), 0..5_u64).prop_map(|(place, version)| Deed::Overwrite(place, version)),
        1 => Just(Deed::Remove),
        2 => (1..4_u64).prop_map(Deed::RemoveAt),
        2 => prop::option::of(1..4_u64).prop_map(Deed::Unchanged),
    ]
}

fn ask() -> impl Strategy<Value = Ask> {
    let bounds = (0..BOUNDS.len(), 0..BOUNDS.len());
    let limit = select(vec![1, 1, 2, 3, 4, 9, 1000, u32::MAX]);
    (0..SOURCES.len(), bounds, any::<bool>(), limit)
        .prop_map(|(source, bounds, descending, limit)| Ask { source, bounds, descending, limit })
}

/// All of them; the last two are big and therefore rare.
pub(super) const WRONG: [Wrong; 13] = [
    Wrong::NoPartition,
    Wrong::NoSort,
    Wrong::LongPartition,
    Wrong::LongSort,
    Wrong::NoIndexPartition,
    Wrong::NoIndexSort,
    Wrong::LongIndexSort,
    Wrong::Fraction,
    Wrong::Nameless,
    Wrong::KeyTwice,
    Wrong::ManyActions,
    Wrong::BigRecord,
    Wrong::BigTransaction,
];

fn wrong(known: &'static [Wrong]) -> impl Strategy<Value = Wrong> {
    let mut cheap = WRONG.to_vec();
    cheap.retain(|wrong| !known.contains(wrong));
    let big: Vec<Wrong> = cheap.drain(cheap.len() - 2..).collect();
    prop_oneof![40 => select(cheap), 1 => select(big)]
}

fn step(known: &'static [Wrong]) -> impl Strategy<Value = Step> {
    prop_oneof![
        40 => prop::collection::btree_map(0..KEYS.len(), deed(), 1..5)
            .prop_map(|deeds| Step::Commit(deeds.into_iter().collect())),
        4 => Just(Step::Again),
        8 => prop::collection::vec(0..KEYS.len(), 0..9).prop_map(Step::Read),
        16 => ask().prop_map(Step::Pages),
        8 => ask().prop_map(Step::Page),
        8 => Just(Step::Next),
        4 => wrong(known).prop_map(Step::Wrong),
        1 => select(vec![
            Step::ReadTooMany,
            Step::ReadNowhere,
            Step::PageOfNothing,
            Step::PageOfNoPartition,
        ]),
    ]
}

/// A sequence of up to sixteen steps, without the wrong ones that are known to differ.
pub(super) fn script(known: &'static [Wrong]) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(known), 1..17)
}

/// Keeps one sequence's records apart from another's.
pub(super) struct Names(pub(super) String);

impl Names {
    fn key(&self, number: usize) -> Key {
        let (partition, sort) = KEYS[number];
        Key::new(format!("{}#{partition}", self.0), sort)
    }

    pub(super) fn keys(&self, numbers: &[usize]) -> Vec<Key> {
        numbers.iter().map(|number| self.key(*number)).collect()
    }

    pub(super) fn every_key(&self) -> Vec<Key> {
        (0..KEYS.len()).map(|number| self.key(number)).collect()
    }

    fn thing(&self, number: usize, place: &Place) -> Thing {
        let key = self.key(number);
        let at = |number: usize| {
            PLACES[number].map(|(index, sort)| (format!("{}#{index}", self.0), sort.to_owned()))
        };
        let expires_at = place.expiry.map(|at| Timestamp::from_millisecond(at).unwrap());
        let made = thing(&key.partition, &key.sort).with(place.value.clone());
        Thing { one: at(place.one), two: at(place.two), expires_at, ..made }
    }

    pub(super) fn transaction(&self, deeds: &[(usize, Deed)]) -> Transaction {
        deeds.iter().fold(Transaction::new(), |transaction, (number, deed)| {
            let key = self.key(*number);
            let thing = |place| self.thing(*number, place);
            match deed {
                Deed::Create(place) => transaction.create(&thing(place)).unwrap(),
                Deed::Replace(place, read) => transaction.replace(&thing(place), *read).unwrap(),
                Deed::Put(place) => transaction.put(&thing(place)).unwrap(),
                Deed::Overwrite(place, version) => {
                    transaction.overwrite(&thing(place), *version).unwrap()
                }
                Deed::Remove => transaction.remove(key),
                Deed::RemoveAt(read) => transaction.remove_at(key, *read),
                Deed::Unchanged(read) => transaction.unchanged(key, *read),
            }
        })
    }

    pub(super) fn query(&self, ask: &Ask) -> Query {
        let (index, partition) = SOURCES[ask.source];
        Query {
            from: BOUNDS[ask.bounds.0].map(str::to_owned),
            until: BOUNDS[ask.bounds.1].map(str::to_owned),
            descending: ask.descending,
            ..Query::partition(index, format!("{}#{partition}", self.0), ask.limit)
        }
    }

    /// Every way to the records of this sequence.
    pub(super) fn every_query(&self) -> impl Iterator<Item = Query> {
        SOURCES.iter().map(|(index, partition)| {
            Query::partition(*index, format!("{}#{partition}", self.0), 100)
        })
    }

    pub(super) fn wrong(&self, wrong: Wrong) -> Transaction {
        let own = |sort: &str| thing(&format!("{}#A", self.0), sort);
        let create = |made: &Thing| Transaction::new().create(made).unwrap();
        match wrong {
            Wrong::NoPartition => create(&thing("", "1")),
            Wrong::NoSort => create(&own("")),
            Wrong::LongPartition => create(&thing(&"p".repeat(2049), "1")),
            Wrong::LongSort => create(&own(&"s".repeat(1025))),
            Wrong::NoIndexPartition => create(&own("1").in_one("", "1")),
            Wrong::NoIndexSort => create(&own("1").in_two("I", "")),
            Wrong::LongIndexSort => create(&own("1").in_one("I", &"s".repeat(1025))),
            Wrong::Fraction => create(&own("1").with(json!({"half": [0.5]}))),
            Wrong::Nameless => create(&own("1").with(json!([{"": 1}]))),
            Wrong::BigRecord => create(&own("1").with("x".repeat(410_000))),
            Wrong::BigTransaction => (0..11).fold(Transaction::new(), |all, number| {
                let made = own(&format!("big{number}")).with("x".repeat(395_000));
                all.create(&made).unwrap()
            }),
            Wrong::KeyTwice => create(&own("1")).remove(self.key(0)),
            Wrong::ManyActions => (0..101).fold(Transaction::new(), |all, number| {
                all.unchanged(Key::new(format!("{}#A", self.0), format!("many{number}")), None)
            }),
        }
    }
}
