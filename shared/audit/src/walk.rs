//! Walks a shard's entries along the seals and tells where they do not fit.

use serde_json::Value;

use crate::address::{Address, time_of};
use crate::fault::{Fault, What};
use crate::seal::{Link, Seal};

/// A walk along one shard; entries are given in the order of their places.
#[derive(Debug)]
pub struct Walk<'a> {
    seals: &'a [Seal],
    shard: u8,
    last: String,
    link: Option<Link>,
    faults: Vec<Fault>,
}

impl<'a> Walk<'a> {
    /// Along these seals, which must be checked by themselves.
    pub fn new(seals: &'a [Seal], shard: u8) -> Self {
        let mut walk = Self { seals, shard, last: String::new(), link: None, faults: Vec::new() };
        walk.begin();
        walk
    }

    /// The next entry, at its place.
    pub fn entry(&mut self, sort: &str, entry: &Value) {
        if sort <= self.last.as_str() {
            self.fault(What::OutOfOrder);
        }
        sort.clone_into(&mut self.last);
        let address = Address::of(entry);
        if !address.is_some_and(|own| own.sort == sort && own.shard == self.shard) {
            self.fault(What::EntryMisplaced);
        }
        let Some(at) = time_of(sort) else { return self.fault(What::Unreadable) };
        while self.seals.first().is_some_and(|seal| seal.until <= at) {
            self.end();
        }
        match (self.seals.first(), &mut self.link) {
            (Some(seal), Some(link)) if seal.from <= at => link.add(sort, entry),
            (Some(_) | None, _) => self.fault(What::EntryAdded),
        }
    }

    /// Nothing follows: what was found.
    pub fn finish(mut self) -> Vec<Fault> {
        while !self.seals.is_empty() {
            self.end();
        }
        self.faults
    }

    fn begin(&mut self) {
        self.link = self.seals.first().map(|seal| Link::first(&seal.previous, self.shard));
    }

    /// Holds what was walked against the seal and goes on to the next.
    fn end(&mut self) {
        let Some((seal, rest)) = self.seals.split_first() else { return };
        let wanted = seal.shards.get(usize::from(self.shard));
        let found = self.link.take().map(Link::sealed);
        if found.as_ref() != wanted {
            let count = |shard: Option<u64>| shard.unwrap_or(0);
            let (had, has) = (wanted.map(|shard| shard.count), found.map(|shard| shard.count));
            self.fault(match count(has).cmp(&count(had)) {
                std::cmp::Ordering::Less => What::EntryMissing,
                std::cmp::Ordering::Equal => What::EntryChanged,
                std::cmp::Ordering::Greater => What::EntryAdded,
            });
        }
        self.seals = rest;
        self.begin();
    }

    fn fault(&mut self, what: What) {
        let seal = self.seals.first().map(|seal| seal.sequence);
        self.faults.push(Fault { what, seal, shard: Some(self.shard) });
    }
}
