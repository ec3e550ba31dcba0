//! How often somebody may do something, counted for all functions together (RELIABILITY L1, L2).
//!
//! What cannot be counted is refused where guessing or holding would pay, and let through with a
//! warning where it only reads.

mod rate;

use crate::model::Tab;
use crate::ports::Store;
use crate::ports::store::{Key, StoreError, Transaction};
use crate::{App, AppError, Snapshot};

pub use rate::{Quota, Rate};

/// How often a lost race for a tab is run again.
const MOST_RACES: u32 = 3;

/// What becomes of a call that cannot be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncounted {
    /// It is let through; for reads.
    Passes,
    /// It is refused; for what pays to repeat.
    Waits,
}

/// One limit of one somebody.
#[derive(Debug, Clone)]
pub struct Claim {
    /// How much.
    pub rate: Rate,
    /// Of whom.
    pub of: String,
}

impl Claim {
    /// Of somebody.
    pub fn new(rate: Rate, of: impl Into<String>) -> Self {
        Self { rate, of: of.into() }
    }

    /// Address of its tab.
    pub fn key(&self) -> Key {
        Tab::key_of(self.rate.name, &self.of)
    }
}

/// Takes one of every claim, or of none. What was read with the request serves the first try.
///
/// Answers the quota with the least left. Errors: `RateLimited` where one of them is used up, and
/// where the race was lost too often; `Unavailable` where the table does not serve.
pub async fn take(app: &App, claims: &[Claim], snapshot: &Snapshot) -> Result<Quota, AppError> {
    let keys: Vec<Key> = claims.iter().map(Claim::key).collect();
    let store = app.store.as_ref();
    let mut known = snapshot.clone().with(store, &keys).await?;
    for _ in 0..MOST_RACES {
        if let Some(quota) = try_take(app, claims, &known).await? {
            return Ok(quota);
        }
        known = Snapshot::read(store, &keys).await?;
    }
    Err(AppError::RateLimited { wait_seconds: 1, quota: None })
}

/// The quota, or nothing if the race was lost.
async fn try_take(
    app: &App,
    claims: &[Claim],
    known: &Snapshot,
) -> Result<Option<Quota>, AppError> {
    let (now, factor) = (app.now(), app.settings.limit_factor);
    let mut transaction = Transaction::new();
    let mut least: Option<Quota> = None;
    for claim in claims {
        let (mut tab, read) = tab(known, claim)?;
        let quota = claim.rate.times(factor).take(&mut tab, now);
        if let Some(wait_seconds) = quota.wait_seconds {
            return Err(AppError::RateLimited { wait_seconds, quota: Some(quota) });
        }
        transaction = transaction.save(&tab, read)?;
        if least.is_none_or(|least| quota.left < least.left) {
            least = Some(quota);
        }
    }
    let Some(least) = least else {
        return Err(AppError::internal("nothing was to be counted"));
    };
    Ok(app.commits(&transaction).await?.then_some(least))
}

fn tab(known: &Snapshot, claim: &Claim) -> Result<(Tab, Option<u64>), StoreError> {
    let found = known.get::<Tab>(&claim.key())?;
    Ok(match found {
        Some(stored) => (stored.value, Some(stored.version)),
        None => (Tab::unused(claim.rate.name, &claim.of), None),
    })
}

/// Forgets what was taken, after a success that ends a row of tries; losing that is no harm.
pub(crate) async fn forgive(store: &dyn Store, claim: &Claim) {
    let transaction = Transaction::new().remove(claim.key());
    if let Err(error) = store.commit(&transaction).await {
        tracing::warn!(%error, "a limit could not be eased");
    }
}
