//! How Cal.com is, part by part, as an admin asks (PRODUCT D2).
//!
//! Looks are taken one after the other, from the way there to the credential of each account, and
//! none once something before it is at fault. What hangs is told and ends with its time.

mod finding;
mod judge;
mod look;

use std::collections::BTreeMap;

use interlock_policy::{CalAccountId, EventTypeId, ResourceId};
use jiff::Timestamp;
use serde::Serialize;

pub use finding::{Finding, Standing};
pub use judge::{Fault, Part, Seens, fault};

use crate::ports::scheduler::{CalAccount, CredentialMode};
use crate::resources::all_resources;
use crate::{App, AppError};
use finding::{Found, NO_ACCOUNT};
use look::Looker;

/// Most accounts that are asked about.
pub const MOST_ACCOUNTS: usize = 20;

/// How it is as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// Everything is as it must be.
    Ok,
    /// Some of it works, or not all could be judged.
    Degraded,
    /// Nothing can be booked.
    Down,
}

/// What was found of a Cal.com. Names our ids alone, and nothing that is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CalcomHealth {
    /// As a whole.
    pub status: Overall,
    /// When it was begun.
    pub checked_at: Timestamp,
    /// How long it took.
    pub elapsed_ms: u64,
    /// Whether this deployment has the address of a Cal.com.
    pub configured: bool,
    /// Whether what is booked inside Cal.com is seen on every calendar.
    pub external_bookings_seen: bool,
    /// Its parts, in the order in which a call comes by them.
    pub checks: Vec<Check>,
    /// The accounts that machines and hosts are on.
    pub accounts: Vec<AccountCheck>,
    /// How many more there are.
    pub accounts_left_out: usize,
    /// Calls that this Cal.com takes or does not.
    pub capabilities: Vec<CapabilityCheck>,
}

/// A part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Which.
    pub name: &'static str,
    /// How it is.
    #[serde(flatten)]
    pub finding: Finding,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountCheck {
    /// Our id of it.
    pub cal_account_id: CalAccountId,
    /// How calls prove who they are.
    pub mode: CredentialMode,
    /// Machines and hosts on it.
    pub resource_ids: Vec<ResourceId>,
    /// How its credential is.
    #[serde(flatten)]
    pub finding: Finding,
}

/// A call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CapabilityCheck {
    /// Which.
    pub name: &'static str,
    /// Whether the product is not whole without it.
    pub required: bool,
    /// Whether it is taken.
    #[serde(flatten)]
    pub finding: Finding,
}

/// An account and who is on it.
pub(crate) struct Used {
    account: CalAccount,
    resources: Vec<ResourceId>,
    event_type: Option<EventTypeId>,
}

/// Looks at Cal.com and tells how it is. Errors: `Unavailable` if the table does not serve.
pub async fn diagnose(app: &App) -> Result<CalcomHealth, AppError> {
    let mut used = accounts_in_use(app).await?;
    let keyed = used.iter().all(|one| one.account.mode != CredentialMode::None);
    let left_out = used.len().saturating_sub(MOST_ACCOUNTS);
    used.truncate(MOST_ACCOUNTS);
    let looker = Looker::begin(app);
    let (parts, passed) = looker.parts(used.first().and_then(|one| one.event_type)).await;
    let keys = looker.keys(&used, passed).await;
    let capabilities = looker.capabilities(&used, &keys, passed).await;
    let unlisted =
        |one: &CapabilityCheck| one.name == look::LIST && one.finding.status == Standing::Failed;
    let seen = looker.is_configured() && keyed && !capabilities.iter().any(unlisted);
    let mut checks = told(parts);
    checks.push(licence(&keys));
    let accounts: Vec<AccountCheck> = used.into_iter().zip(keys).map(AccountCheck::of).collect();
    Ok(CalcomHealth {
        status: overall(&checks, &accounts, &capabilities),
        checked_at: looker.begun,
        elapsed_ms: looker.elapsed_ms(),
        configured: looker.is_configured(),
        external_bookings_seen: seen,
        checks,
        accounts,
        accounts_left_out: left_out,
        capabilities,
    })
}

impl AccountCheck {
    fn of((used, (found, elapsed)): (Used, look::Timed)) -> Self {
        Self {
            cal_account_id: used.account.id,
            mode: used.account.mode,
            resource_ids: used.resources,
            finding: found.told(elapsed),
        }
    }
}

/// Every account that a machine or a host is on, by its id.
async fn accounts_in_use(app: &App) -> Result<Vec<Used>, AppError> {
    let mut used: BTreeMap<CalAccountId, Used> = BTreeMap::new();
    for resource in all_resources(app).await? {
        let Some(account) = resource.cal_account else { continue };
        let event_type = resource.event_types.first().map(|entry| entry.id);
        let fresh = |account| Used { account, resources: Vec::new(), event_type };
        let one = used.entry(account.id.clone()).or_insert_with(|| fresh(account));
        one.resources.push(resource.id);
    }
    Ok(used.into_values().collect())
}

fn told(parts: Vec<(Part, look::Timed)>) -> Vec<Check> {
    let word = |part| match part {
        Part::Network => "network",
        Part::Service => "service",
        Part::Redis => "redis",
        Part::Version => "version_header",
        Part::Database => "database",
        Part::Licence => "licence",
        Part::Key => "credential",
    };
    let check = |(part, (found, elapsed)): (Part, look::Timed)| Check {
        name: word(part),
        finding: found.told(elapsed),
    };
    parts.into_iter().map(check).collect()
}

/// What the answers to the keys say of the licence, which no call tells by itself.
fn licence(keys: &[look::Timed]) -> Check {
    let of_licence =
        |found: &Found| matches!(found, Found::Wrong(fault) if fault.part() == Part::Licence);
    let found = || keys.iter().map(|(found, _)| *found);
    let told = found().find(of_licence).or_else(|| found().find(|found| *found == Found::Well));
    let judged = told.unwrap_or(if keys.is_empty() {
        Found::NoAccount
    } else if found().all(|found| found == Found::ModeNone) {
        Found::Unneeded
    } else {
        Found::Behind
    });
    Check { name: "licence", finding: judged.told(None) }
}

fn overall(
    checks: &[Check],
    accounts: &[AccountCheck],
    capabilities: &[CapabilityCheck],
) -> Overall {
    let fails = |one: &Finding| one.status == Standing::Failed;
    let all_fail = !accounts.is_empty() && accounts.iter().all(|one| fails(&one.finding));
    if all_fail || checks.iter().any(|one| fails(&one.finding)) {
        return Overall::Down;
    }
    let needed = capabilities.iter().filter(|one| one.required).map(|one| &one.finding);
    let of_accounts = accounts.iter().map(|one| &one.finding);
    let mut all = checks.iter().map(|one| &one.finding).chain(of_accounts).chain(needed);
    // Before anything is mapped there is nothing to ask with, and nothing is wrong.
    if all.all(|one| one.status == Standing::Ok || one.code == NO_ACCOUNT) {
        Overall::Ok
    } else {
        Overall::Degraded
    }
}
