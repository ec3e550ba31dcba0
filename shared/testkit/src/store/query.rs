//! Pages of a partition, in the table or in an index.
//!
//! Records with equal index sort keys are told apart by their own key, so a page never repeats
//! or skips one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use interlock_app::ports::store::{Index, Key, Page, Position, Query, Record};

/// Sort key asked for, then the record's own key.
type Place<'a> = (&'a str, &'a str, &'a str);

/// Whether the bounds leave nothing to ask for.
pub(super) fn is_empty(query: &Query) -> bool {
    match (query.from.as_deref().unwrap_or_default(), query.until.as_deref()) {
        (from, Some(until)) => from >= until,
        (_, None) => false,
    }
}

/// Where the records of each partition lie, so that a page does not look at every record.
#[derive(Debug, Default, Clone)]
pub(super) struct Partitions(HashMap<(Option<Index>, String), Arc<Places>>);

/// Sort keys asked for, each with the record's own key.
type Places = BTreeSet<(String, Key)>;

impl Partitions {
    /// Notes where a record is found.
    pub(super) fn add(&mut self, record: &Record) {
        for (index, place) in places(record) {
            let partition = self.0.entry((index, place.partition.clone())).or_default();
            Arc::make_mut(partition).insert((place.sort.clone(), record.key.clone()));
        }
    }

    /// Forgets where a record was found.
    pub(super) fn remove(&mut self, record: &Record) {
        for (index, place) in places(record) {
            if let Some(partition) = self.0.get_mut(&(index, place.partition.clone())) {
                Arc::make_mut(partition).remove(&(place.sort.clone(), record.key.clone()));
            }
        }
    }
}

fn places(record: &Record) -> impl Iterator<Item = (Option<Index>, &Key)> {
    [
        (None, Some(&record.key)),
        (Some(Index::One), record.indexes.one.as_ref()),
        (Some(Index::Two), record.indexes.two.as_ref()),
    ]
    .into_iter()
    .filter_map(|(index, key)| Some((index, key?)))
}

/// One page, as the table gives it: `next` whenever the limit was reached.
pub(super) fn page(
    records: &BTreeMap<Key, Arc<Record>>,
    partitions: &Partitions,
    query: &Query,
) -> Page {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let partition = partitions.0.get(&(query.index, query.partition.clone()));
    let wanted = |place: &&(String, Key)| {
        within(&place.0, query) && is_after((&place.0, &place.1.partition, &place.1.sort), query)
    };
    let places = partition.into_iter().flat_map(|places| places.iter());
    let found: Vec<&(String, Key)> = if query.descending {
        places.rev().filter(wanted).take(limit).collect()
    } else {
        places.filter(wanted).take(limit).collect()
    };
    let next = found.last().filter(|_| found.len() == limit).map(|(sort, key)| Position {
        key: (key.partition.clone(), key.sort.clone()),
        index_sort: query.index.map(|_| sort.clone()),
    });
    Page {
        records: found
            .into_iter()
            .filter_map(|(_, key)| Some(Record::clone(records.get(key)?)))
            .collect(),
        next,
    }
}

/// The same page found without an index, for tables that have none.
pub(super) fn scan(records: &BTreeMap<Key, Record>, query: &Query) -> Page {
    let mut found: Vec<(Place<'_>, &Record)> = records
        .values()
        .filter_map(|record| Some((place(record, query)?, record)))
        .filter(|((sort, _, _), _)| within(sort, query))
        .filter(|(place, _)| is_after(*place, query))
        .collect();
    found.sort_by_key(|(place, _)| *place);
    if query.descending {
        found.reverse();
    }
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    found.truncate(limit);
    let next = found.last().filter(|_| found.len() == limit).map(|(place, record)| Position {
        key: (record.key.partition.clone(), record.key.sort.clone()),
        index_sort: query.index.map(|_| place.0.to_owned()),
    });
    Page { records: found.into_iter().map(|(_, record)| record.clone()).collect(), next }
}

fn place<'a>(record: &'a Record, query: &Query) -> Option<Place<'a>> {
    let key = match query.index {
        None => Some(&record.key),
        Some(Index::One) => record.indexes.one.as_ref(),
        Some(Index::Two) => record.indexes.two.as_ref(),
    }?;
    (key.partition == query.partition).then_some((
        key.sort.as_str(),
        record.key.partition.as_str(),
        record.key.sort.as_str(),
    ))
}

fn within(sort: &str, query: &Query) -> bool {
    query.from.as_deref().is_none_or(|from| from <= sort)
        && query.until.as_deref().is_none_or(|until| sort < until)
}

fn is_after(place: Place<'_>, query: &Query) -> bool {
    let Some(after) = &query.after else { return true };
    let sort = after.index_sort.as_deref().unwrap_or(&after.key.1);
    let seen = (sort, after.key.0.as_str(), after.key.1.as_str());
    if query.descending { place < seen } else { seen < place }
}
