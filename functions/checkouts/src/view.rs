//! How the list of checkouts is shown.

use interlock_app::model::{Actor, CheckoutEvent, CheckoutStep, CheckoutView, WishView};
use interlock_app::{CheckoutItem, CheckoutList, Waiting};
use interlock_policy::{CheckoutId, UserId};
use jiff::Timestamp;
use serde::Serialize;

/// A page.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page<'a> {
    items: Vec<Item<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting: Option<WaitingView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<EventView<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    state: &'static str,
    user: PersonView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<WishView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checkout: Option<CheckoutView<'a>>,
}

#[derive(Serialize)]
struct PersonView<'a> {
    id: &'a UserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WaitingView {
    count: usize,
    more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    median_seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_seconds: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventView<'a> {
    at: Timestamp,
    step: CheckoutStep,
    actor: &'a Actor,
    checkout_id: &'a CheckoutId,
    level: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl<'a> Page<'a> {
    /// As it is at an instant.
    pub(crate) fn of(list: &'a CheckoutList, next_cursor: Option<String>, now: Timestamp) -> Self {
        let item = |(item, name): &'a (CheckoutItem, Option<String>)| Item {
            state: item.state(now).word(),
            user: PersonView { id: item.user_id(), name: name.as_deref() },
            request: match item {
                CheckoutItem::Pending(asked) => {
                    Some(WishView::of(&asked.user_id, &asked.wish, now))
                }
                CheckoutItem::Given(_) => None,
            },
            checkout: match item {
                CheckoutItem::Pending(_) => None,
                CheckoutItem::Given(record) => Some(CheckoutView::from(record)),
            },
        };
        Self {
            items: list.items.iter().map(item).collect(),
            next_cursor,
            waiting: list.waiting.map(WaitingView::from),
            history: list.history.as_ref().map(|all| all.iter().map(EventView::from).collect()),
        }
    }
}

impl From<Waiting> for WaitingView {
    fn from(waiting: Waiting) -> Self {
        let Waiting { count, more, median_seconds, oldest_seconds } = waiting;
        Self { count, more, median_seconds, oldest_seconds }
    }
}

impl<'a> From<&'a CheckoutEvent> for EventView<'a> {
    fn from(event: &'a CheckoutEvent) -> Self {
        Self {
            at: event.at,
            step: event.step,
            actor: &event.actor,
            checkout_id: &event.checkout_id,
            level: event.level,
            expires_at: event.expires_at,
            reason: event.reason.as_deref(),
        }
    }
}
