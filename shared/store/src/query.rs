//! Pages of a partition, in the table or in an index.
//!
//! The upper bound is exclusive; the table only knows an inclusive one, so what lies exactly on
//! it is left out here.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use interlock_app::ports::store::{Key, Page, Query, StoreError};

use crate::codec::{self, Item};
use crate::error::store_error;

/// One page; more than one request only where records on the upper bound were left out.
pub(crate) async fn query(client: &Client, table: &str, query: &Query) -> Result<Page, StoreError> {
    let about = Key::new(query.partition.as_str(), query.from.clone().unwrap_or_default());
    if query.limit == 0 || query.partition.is_empty() {
        return Err(StoreError::corrupt(&about, "a page of nothing or of no partition"));
    }
    let Some(condition) = Condition::of(query) else { return Ok(Page::default()) };
    let mut page = Page { records: Vec::new(), next: query.after.clone() };
    loop {
        let got = u32::try_from(page.records.len()).unwrap_or(u32::MAX);
        let wanted = query.limit.saturating_sub(got);
        let start = page.next.as_ref();
        let start = start.map(|at| codec::position_item(query.index, &query.partition, at));
        let answer = client
            .query()
            .table_name(table)
            .set_index_name(query.index.map(|index| codec::index_name(index).to_owned()))
            .set_consistent_read(query.index.is_none().then_some(true))
            .scan_index_forward(!query.descending)
            .limit(i32::try_from(wanted).unwrap_or(i32::MAX))
            .key_condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names.clone()))
            .set_expression_attribute_values(Some(condition.values.clone()))
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(|error| store_error(&about, error))?;
        let left_out = keep(query, answer.items.unwrap_or_default(), &mut page)?;
        let last = answer.last_evaluated_key.filter(|key| !key.is_empty());
        page.next = last.map(|key| codec::position(query.index, &key)).transpose()?;
        if page.next.is_none() || left_out == 0 {
            return Ok(page);
        }
        if !query.descending {
            // Ascending, everything behind the bound lies outside as well.
            page.next = None;
            return Ok(page);
        }
    }
}

/// Adds what lies below the upper bound; answers how many did not.
fn keep(query: &Query, items: Vec<Item>, page: &mut Page) -> Result<usize, StoreError> {
    let (_, sort) = codec::key_names(query.index);
    let mut left_out = 0;
    for item in items {
        let at = item.get(sort).and_then(|value| value.as_s().ok());
        if at.is_some() && at == query.until.as_ref() {
            left_out += 1;
        } else {
            page.records.push(codec::decode(item)?);
        }
    }
    Ok(left_out)
}

struct Condition {
    expression: &'static str,
    names: HashMap<String, String>,
    values: Item,
}

impl Condition {
    /// `None` where the bounds leave nothing.
    fn of(query: &Query) -> Option<Self> {
        let from = query.from.as_deref().filter(|from| !from.is_empty());
        let until = query.until.as_deref();
        if until.is_some_and(|until| from.unwrap_or_default() >= until) {
            return None;
        }
        let expression = match (from, until) {
            (None, None) => "#p = :p",
            (Some(_), None) => "#p = :p AND #s >= :from",
            (None, Some(_)) => "#p = :p AND #s < :until",
            (Some(_), Some(_)) => "#p = :p AND #s BETWEEN :from AND :until",
        };
        let (partition, sort) = codec::key_names(query.index);
        let bounded = from.is_some() || until.is_some();
        let names = [("#p", partition)].into_iter().chain(bounded.then_some(("#s", sort)));
        let values = [(":p", Some(query.partition.as_str())), (":from", from), (":until", until)];
        let values = values.into_iter().filter_map(|(name, value)| {
            Some((name.to_owned(), AttributeValue::S(value?.to_owned())))
        });
        Some(Self {
            expression,
            names: names.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            values: values.collect(),
        })
    }
}
