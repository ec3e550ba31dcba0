//! What managers read: who waits how long, who holds what, and the history of one approval.

use interlock_policy::{CheckoutScope, ResourceId, UserId};
use jiff::Timestamp;

use super::scope_of;
use super::waiting::{self, Waiting};
use crate::model::{Account, CheckoutEvent, CheckoutRecord, CheckoutState, PendingCheckout};
use crate::ports::store::{Index, MAX_READ, Position, Query, Record};
use crate::{App, AppError, Snapshot};

/// Most pages read for one answer, so that a rare match costs no endless search.
const MOST_PAGES: u32 = 5;

/// On what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// What counts on this machine.
    Machine(ResourceId),
    /// What counts for this category.
    Category(String),
}

/// Which approvals.
#[derive(Debug, Clone)]
pub struct CheckoutQuery {
    /// In this state.
    pub state: CheckoutState,
    /// On this; absent means on everything.
    pub on: Option<Wanted>,
    /// Of this person; absent means of everybody.
    pub user_id: Option<UserId>,
    /// Most items of a page.
    pub limit: u32,
    /// Where to go on.
    pub after: Option<Position>,
}

/// One approval, asked for or given.
#[derive(Debug, Clone)]
pub enum CheckoutItem {
    /// Asked for.
    Pending(PendingCheckout),
    /// Given, perhaps taken back.
    Given(CheckoutRecord),
}

impl CheckoutItem {
    /// Whose.
    pub fn user_id(&self) -> &UserId {
        match self {
            Self::Pending(pending) => &pending.user_id,
            Self::Given(record) => &record.user_id,
        }
    }

    fn place(&self) -> (&CheckoutScope, &str) {
        match self {
            Self::Pending(pending) => (&pending.wish.scope, &pending.wish.category),
            Self::Given(record) => (&record.checkout.scope, &record.category),
        }
    }

    fn decode(record: &Record, state: CheckoutState) -> Result<Self, AppError> {
        Ok(match state {
            CheckoutState::Pending => Self::Pending(record.decode()?.value),
            CheckoutState::Granted | CheckoutState::Revoked | CheckoutState::Expired => {
                Self::Given(record.decode()?.value)
            }
        })
    }

    /// How it stands at an instant.
    pub fn state(&self, now: Timestamp) -> CheckoutState {
        match self {
            Self::Pending(_) => CheckoutState::Pending,
            Self::Given(record) => record.state(now),
        }
    }
}

/// A page of approvals.
#[derive(Debug, Clone, Default)]
pub struct CheckoutList {
    /// Oldest first, each with the person's name where there still is an account.
    pub items: Vec<(CheckoutItem, Option<String>)>,
    /// Where to go on.
    pub next: Option<Position>,
    /// How long people wait; only with the first page of what is pending.
    pub waiting: Option<Waiting>,
    /// Every step, oldest first; only where one person and one scope were named.
    pub history: Option<Vec<CheckoutEvent>>,
}

/// A page, oldest first. It may hold fewer than asked for and still not be the last. A manager
/// with a scope is shown what lies within it.
///
/// Errors: `NotFound` for a machine that does not exist.
pub async fn list_checkouts(
    app: &App,
    viewer: &Account,
    wanted: &CheckoutQuery,
) -> Result<CheckoutList, AppError> {
    let scope = match &wanted.on {
        Some(on) => Some(resolved(app, on).await?),
        None => None,
    };
    let ground = Ground { app, viewer, wanted, scope: scope.as_ref() };
    let (items, next) = match &wanted.user_id {
        Some(user_id) => ground.of_person(user_id).await?,
        None => ground.of_all().await?,
    };
    let waiting = match (wanted.state, &wanted.after) {
        (CheckoutState::Pending, None) => Some(ground.waiting().await?),
        (_, _) => None,
    };
    let history = match (&wanted.user_id, &scope) {
        (Some(user_id), Some(scope)) => Some(history(app, user_id, scope).await?),
        (_, _) => None,
    };
    let items = named(app, items).await?;
    Ok(CheckoutList { items, next, waiting, history })
}

async fn resolved(app: &App, on: &Wanted) -> Result<CheckoutScope, AppError> {
    match on {
        Wanted::Category(category) => Ok(CheckoutScope::Category(category.clone())),
        Wanted::Machine(id) => {
            let resource = crate::read_resource(app, Snapshot::default(), id).await?;
            Ok(scope_of(&resource.value, app.now()))
        }
    }
}

struct Ground<'a> {
    app: &'a App,
    viewer: &'a Account,
    wanted: &'a CheckoutQuery,
    scope: Option<&'a CheckoutScope>,
}

type Found = (Vec<CheckoutItem>, Option<Position>);

impl Ground<'_> {
    fn fits(&self, item: &CheckoutItem) -> bool {
        let (scope, category) = item.place();
        item.state(self.app.now()) == self.wanted.state
            && self.scope.is_none_or(|own| own == scope)
            && self.wanted.user_id.as_ref().is_none_or(|own| own == item.user_id())
            && self.viewer.decides_on(scope, category, self.app.now())
    }

    fn query(&self, limit: u32) -> Query {
        match self.scope {
            Some(scope) => {
                let partition = self.wanted.state.partition_of(scope);
                Query::partition(Some(Index::Two), partition, limit)
            }
            None => Query::partition(Some(Index::One), self.wanted.state.partition(), limit),
        }
    }

    async fn of_all(&self) -> Result<Found, AppError> {
        let mut query = Query { after: self.wanted.after.clone(), ..self.query(self.wanted.limit) };
        let mut found = Vec::new();
        for _ in 0..MOST_PAGES {
            let page = self.app.store.query(&query).await?;
            for record in &page.records {
                let item = CheckoutItem::decode(record, self.wanted.state)?;
                found.extend(self.fits(&item).then_some(item));
            }
            query.after = page.next;
            if query.after.is_none() || !found.is_empty() {
                break;
            }
        }
        Ok((found, query.after))
    }

    /// A person's are few and lie together, in the order of their scopes.
    async fn of_person(&self, user_id: &UserId) -> Result<Found, AppError> {
        let (from, until) = match self.wanted.state {
            CheckoutState::Pending => (PendingCheckout::FIRST, PendingCheckout::END),
            CheckoutState::Granted | CheckoutState::Revoked | CheckoutState::Expired => {
                (CheckoutRecord::FIRST, CheckoutRecord::END)
            }
        };
        let query = Query {
            from: Some(from.to_owned()),
            until: Some(until.to_owned()),
            after: self.wanted.after.clone(),
            ..Query::partition(None, PendingCheckout::partition(user_id), self.wanted.limit)
        };
        let page = self.app.store.query(&query).await?;
        let mut found = Vec::new();
        for record in &page.records {
            let item = CheckoutItem::decode(record, self.wanted.state)?;
            found.extend(self.fits(&item).then_some(item));
        }
        Ok((found, page.next))
    }

    async fn waiting(&self) -> Result<Waiting, AppError> {
        waiting::count(self.app, self.query(waiting::PAGE), |record| {
            let item = CheckoutItem::decode(record, CheckoutState::Pending)?;
            let waited = match &item {
                CheckoutItem::Pending(pending) => Some(pending.wish.waited(self.app.now())),
                CheckoutItem::Given(_) => None,
            };
            Ok(waited.filter(|_| self.fits(&item)))
        })
        .await
    }
}

async fn history(
    app: &App,
    user_id: &UserId,
    scope: &CheckoutScope,
) -> Result<Vec<CheckoutEvent>, AppError> {
    let mut query = Query::partition(None, CheckoutEvent::partition_of(user_id, scope), 100);
    let mut events = Vec::new();
    loop {
        let page = app.store.query(&query).await?;
        for record in &page.records {
            events.push(record.decode::<CheckoutEvent>()?.value);
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(events),
        }
    }
}

async fn named(
    app: &App,
    items: Vec<CheckoutItem>,
) -> Result<Vec<(CheckoutItem, Option<String>)>, AppError> {
    let mut keys: Vec<_> = items.iter().map(|item| Account::key_of(item.user_id())).collect();
    keys.sort();
    keys.dedup();
    let mut snapshot = Snapshot::default();
    for keys in keys.chunks(MAX_READ) {
        snapshot = snapshot.with(app.store.as_ref(), keys).await?;
    }
    let mut named = Vec::with_capacity(items.len());
    for item in items {
        let account = snapshot.get::<Account>(&Account::key_of(item.user_id()))?;
        named.push((item, account.map(|account| account.value.name)));
    }
    Ok(named)
}
