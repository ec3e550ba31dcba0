//! The feed: what a calendar program reads with a secret address and no session.

use std::collections::BTreeMap;

use interlock_notify::{Entry, Line, Side, Standing};
use interlock_policy::{AccountStatus, ResourceId, Role};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::entry::entry;
use crate::model::{Account, CalendarFeed, FeedToken, Guide, Reservation, Resource};
use crate::ports::store::{Index, Key, MAX_READ, Query, Stored};
use crate::resources::all_resources;
use crate::{App, AppError, Snapshot};

/// Name of the calendar.
const NAME: &str = "Interlock";
/// How long what is over or cancelled stays in the feed.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Reservations asked for at once.
const PAGE: u32 = 100;
/// Most pages of one list; a person has a handful of reservations, a host some hundreds.
const MOST_PAGES: usize = 10;

/// A feed as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The document, RFC 5545.
    pub document: String,
    /// Names this content; another content has another.
    pub tag: String,
}

/// The feed behind a token: the person's own reservations, and for a host those of his time.
/// Errors: `NotFound`, whatever the token lacks.
pub async fn read_feed(app: &App, snapshot: Snapshot, token: &FeedToken) -> Result<Feed, AppError> {
    let account = owner(app, snapshot, token).await?;
    let since = app.now().saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
    let own = (Index::One, Reservation::partition_of_user(&account.id));
    let mut found = listed(app, own, (Side::Holder, since)).await?;
    if account.roles.contains(&Role::Host) {
        let resources = all_resources(app).await?.into_iter();
        for resource in resources.filter(|found| found.user_id.as_ref() == Some(&account.id)) {
            let time = (Index::Two, Reservation::partition_of_resource(&resource.id));
            found.extend(listed(app, time, (Side::Host, since)).await?);
        }
    }
    let guides = guides(app, &found).await?;
    let silent = Guide::default();
    let told = |(stored, side): (Stored<Reservation>, Side)| {
        let guide = guides.get(&stored.value.resource_id).unwrap_or(&silent);
        entry(stored, side, &account.time_zone, guide).filter(|entry| kept(entry, since))
    };
    let mut entries: Vec<Entry> = found.into_iter().filter_map(told).collect();
    entries.sort_by(|one, other| order(one).cmp(&order(other)));
    entries.dedup_by(|one, other| one.reserved.id == other.reserved.id);
    let document = interlock_notify::feed(&entries, &app.settings.app_origin, &Line::of(NAME))
        .map_err(|error| AppError::internal(error.to_string()))?;
    let digest = hex::encode(Sha256::digest(document.as_bytes()));
    Ok(Feed { document, tag: digest.chars().take(32).collect() })
}

fn order(entry: &Entry) -> (Timestamp, &str) {
    (entry.reserved.interval.start(), entry.reserved.id.as_str())
}

async fn owner(app: &App, snapshot: Snapshot, token: &FeedToken) -> Result<Account, AppError> {
    let missing = || AppError::NotFound { what: "calendar" };
    let (feed, account) = (CalendarFeed::key_of(token.user_id()), Account::key_of(token.user_id()));
    let snapshot = snapshot.with(app.store.as_ref(), &[feed.clone(), account.clone()]).await?;
    let feed = snapshot.get::<CalendarFeed>(&feed)?.ok_or_else(missing)?.value;
    let account = snapshot.get::<Account>(&account)?.ok_or_else(missing)?.value;
    let may_look = match account.status {
        AccountStatus::Active | AccountStatus::Suspended => true,
        AccountStatus::Banned => false,
    };
    // Both are hashes, so how long they are alike tells nothing about the token.
    if feed.hash == token.hash() && may_look { Ok(account) } else { Err(missing()) }
}

/// The reservations of one list that start after `since`.
async fn listed(
    app: &App,
    (index, partition): (Index, String),
    (side, since): (Side, Timestamp),
) -> Result<Vec<(Stored<Reservation>, Side)>, AppError> {
    let from = Some(Reservation::sort_from(since));
    let mut query = Query { from, ..Query::partition(Some(index), partition, PAGE) };
    let mut found = Vec::new();
    for _ in 0..MOST_PAGES {
        let page = app.store.query(&query).await?;
        for record in &page.records {
            found.push((record.decode()?, side));
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    Ok(found)
}

/// What each resource of some reservations tells.
async fn guides(
    app: &App,
    found: &[(Stored<Reservation>, Side)],
) -> Result<BTreeMap<ResourceId, Guide>, AppError> {
    let mut ids: Vec<&ResourceId> = found.iter().map(|(one, _)| &one.value.resource_id).collect();
    ids.sort();
    ids.dedup();
    let keys: Vec<Key> = ids.into_iter().map(Resource::key_of).collect();
    let mut guides = BTreeMap::new();
    for some in keys.chunks(MAX_READ) {
        for record in app.store.read(some).await?.values() {
            let Resource { id, guide, .. } = record.decode::<Resource>()?.value;
            guides.insert(id, guide);
        }
    }
    Ok(guides)
}

/// What is cancelled leaves the feed in the end, when every calendar has had time to see it.
fn kept(entry: &Entry, since: Timestamp) -> bool {
    match entry.standing {
        Standing::Cancelled => entry.reserved.written_at > since,
        Standing::Confirmed | Standing::Tentative => true,
    }
}
