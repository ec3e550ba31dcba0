//! Lists who waits for a checkout and who holds one.

use interlock_app::model::{CheckoutState, Resource};
use interlock_app::{App, CheckoutQuery, Wanted, list_checkouts};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use crate::view::Page;

/// `GET /api/checkouts` (S0-102).
pub const ROUTE: Route = Route::get("checkouts.list", "/api/checkouts")
    .allow(Role::Manager)
    .query(&["state", "machineId", "category", "userId", "limit", "cursor"]);

/// 200 with a page, oldest first; those that wait if no `state` is named.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let state = word(&call)?.unwrap_or(CheckoutState::Pending);
    let (on, user_id) = (on(&call)?, id(&call, "userId")?);
    let scope = format!("checkouts:{state:?}:{on:?}:{user_id:?}");
    let after = call.cursor(&scope)?;
    let wanted = CheckoutQuery { state, on, user_id, limit: call.limit()?, after };
    let list = list_checkouts(&app, &call.caller()?.account.value, &wanted).await?;
    let next = call.next_cursor(&scope, list.next.as_ref());
    Ok(Reply::ok(&Page::of(&list, next, app.now())))
}

fn on(call: &Call) -> Result<Option<Wanted>, Problem> {
    match (id(call, "machineId")?, call.query_param("category")) {
        (Some(_), Some(_)) => {
            Err(Problem::parameter("category", "not_both", "a machine or a category"))
        }
        (Some(machine), None) => Ok(Some(Wanted::Machine(machine))),
        (None, Some(category)) if category.chars().count() > Resource::LONGEST_CATEGORY => {
            Err(Problem::parameter("category", "length", "at most 64 characters"))
        }
        (None, Some(category)) => Ok(Some(Wanted::Category(category.to_owned()))),
        (None, None) => Ok(None),
    }
}

fn id<T: std::str::FromStr>(call: &Call, name: &str) -> Result<Option<T>, Problem> {
    let Some(text) = call.query_param(name) else { return Ok(None) };
    let refused = |_| Problem::parameter(name, "not_an_id", "an id of ours is wanted");
    text.parse().map(Some).map_err(refused)
}

fn word(call: &Call) -> Result<Option<CheckoutState>, Problem> {
    let Some(text) = call.query_param("state") else { return Ok(None) };
    let words: StrDeserializer<'_, Error> = text.into_deserializer();
    let unknown = |_| Problem::parameter("state", "unknown", "the interface lists the words");
    CheckoutState::deserialize(words).map(Some).map_err(unknown)
}
