//! Webhook subscriptions at Cal.com, by the resource whose calendar they are on.
//!
//! What Cal.com did is told to the caller and noted, whatever becomes of the note.

use std::net::Ipv6Addr;

use interlock_policy::ResourceId;
use serde_json::{Value, json};

use crate::model::Resource;
use crate::ports::scheduler::{CalAccount, Failure, Outcome, SchedulerError};
use crate::ports::store::Transaction;
use crate::ports::subscriptions::{
    NEEDED, NewSubscription, PAGE, Subscription, SubscriptionChange, SubscriptionId, Subscriptions,
    TRIGGERS,
};
use crate::{Act, App, AppError, InputFault, Snapshot, read_resource};

/// Longest address, in bytes.
const MAX_URL: usize = 2048;
/// Most pages read of one account.
const MOST_PAGES: usize = 8;

/// A subscription wanted for the calendar of a resource.
#[derive(Debug, Clone)]
pub struct SubscribeRequest {
    /// Whose calendar.
    pub resource_id: ResourceId,
    /// Address, absolute over http or https.
    pub url: String,
    /// What is told; all that the product needs if nothing is said.
    pub triggers: Option<Vec<String>>,
    /// Whether anything is sent.
    pub active: bool,
}

/// The subscriptions of the account the resource's calendar is on.
pub async fn list_subscriptions(
    app: &App,
    resource: &ResourceId,
) -> Result<Vec<Subscription>, AppError> {
    let account = account_of(app, resource).await?;
    all(port(app)?, &account).await
}

/// Makes one; a second with the same address would have every delivery come twice, and is refused.
pub async fn subscribe(
    app: &App,
    request: &SubscribeRequest,
    act: &Act,
) -> Result<Subscription, AppError> {
    let needed = || NEEDED.map(str::to_owned).to_vec();
    let wanted = NewSubscription {
        url: request.url.clone(),
        active: request.active,
        triggers: request.triggers.clone().unwrap_or_else(needed),
    };
    usable(Some(&wanted.url), Some(&wanted.triggers))?;
    let account = account_of(app, &request.resource_id).await?;
    let made = port(app)?.subscribe(&account, &wanted).await;
    let object = made.as_ref().map_or(account.id.as_str(), |made| made.id.as_str());
    let values = json!({
        "url": bare(&wanted.url), "active": wanted.active, "triggers": wanted.triggers
    });
    let note = Note { action: "calcom-webhook.create", object, account: &account, values };
    note.write(app, act, made.as_ref().err()).await;
    made.map_err(|error| refused(error, true))
}

/// Changes one and has it signed with the secret in force, which alone is a use of it after the
/// secret was changed.
pub async fn change_subscription(
    app: &App,
    (resource, id): (&ResourceId, &SubscriptionId),
    change: &SubscriptionChange,
    act: &Act,
) -> Result<Subscription, AppError> {
    usable(change.url.as_deref(), change.triggers.as_deref())?;
    let account = account_of(app, resource).await?;
    let port = port(app)?;
    if let Some(url) = &change.url {
        // Cal.com is not known to look for doubles here.
        let others = all(port, &account).await?;
        if others.iter().any(|other| other.id != *id && other.url == *url) {
            return Err(double());
        }
    }
    let changed = port.resubscribe(&account, id, change).await;
    let values = json!({
        "url": change.url.as_deref().map(bare),
        "active": change.active,
        "triggers": change.triggers,
    });
    let object = id.as_str();
    let note = Note { action: "calcom-webhook.update", object, account: &account, values };
    note.write(app, act, changed.as_ref().err()).await;
    changed.map_err(|error| refused(error, change.url.is_some()))
}

/// Removes one.
pub async fn unsubscribe(
    app: &App,
    (resource, id): (&ResourceId, &SubscriptionId),
    act: &Act,
) -> Result<(), AppError> {
    let account = account_of(app, resource).await?;
    let gone = port(app)?.unsubscribe(&account, id).await;
    let (object, values) = (id.as_str(), json!({}));
    let note = Note { action: "calcom-webhook.delete", object, account: &account, values };
    note.write(app, act, gone.as_ref().err()).await;
    gone.map_err(|error| refused(error, false))
}

fn port(app: &App) -> Result<&dyn Subscriptions, AppError> {
    let none = || AppError::internal("this cal.com takes no subscriptions");
    app.scheduler.subscriptions_port().ok_or_else(none)
}

/// The account the resource's calendar is on.
async fn account_of(app: &App, id: &ResourceId) -> Result<CalAccount, AppError> {
    let resource: Resource = read_resource(app, Snapshot::default(), id).await?.value;
    let detail = || "the resource is not mapped to a calendar".to_owned();
    resource.cal_account.ok_or_else(|| AppError::StateConflict { detail: detail() })
}

async fn all(
    port: &dyn Subscriptions,
    account: &CalAccount,
) -> Result<Vec<Subscription>, AppError> {
    let mut found = Vec::new();
    for _ in 0..MOST_PAGES {
        let page = port.subscriptions(account, found.len()).await?;
        let last = page.len() < PAGE;
        found.extend(page);
        if last {
            return Ok(found);
        }
    }
    Err(AppError::internal("the account has more webhooks than can be listed"))
}

fn double() -> AppError {
    let detail = "the account has a webhook with this address".to_owned();
    AppError::StateConflict { detail }
}

/// What a failure means here; whatever is nobody's fault of these ends as for any other call.
fn refused(error: SchedulerError, with_url: bool) -> AppError {
    // Words and types were checked before, so what is left to refuse is the address.
    let of_url = error.failure == Failure::BadRequest && error.status == Some(400) && with_url;
    if error.failure == Failure::Duplicate {
        double()
    } else if error.failure == Failure::NotFound {
        AppError::NotFound { what: "webhook" }
    } else if of_url {
        AppError::invalid("/url", "refused", "cal.com does not take the address")
    } else {
        error.into()
    }
}

/// What is noted of a change.
struct Note<'a> {
    action: &'static str,
    object: &'a str,
    account: &'a CalAccount,
    values: Value,
}

impl Note<'_> {
    /// Notes what was done, and what may have been done; what surely was not leaves no trace.
    ///
    /// The table and Cal.com cannot change together, and a subscription that stands must not be
    /// answered as if it did not: a note that cannot be written is an error in the log, with what
    /// it would have said, and the caller hears what Cal.com did.
    async fn write(self, app: &App, act: &Act, error: Option<&SchedulerError>) {
        let outcome = match error.map(|error| error.failure.outcome()) {
            None => "done",
            Some(Outcome::Unknown) => "unknown",
            Some(Outcome::NothingMade | Outcome::Refused) => return,
        };
        let account = &self.account.id;
        let entry = act.audit(
            app.now(),
            self.action,
            self.object,
            json!({ "account": account, "outcome": outcome, "values": self.values }),
        );
        let written = match Transaction::new().put(&entry) {
            Ok(transaction) => app.store.commit(&transaction).await.map_err(AppError::from),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = written {
            let (action, object) = (self.action, self.object);
            tracing::error!(action, object, outcome, actor = ?act.actor, %error, "not audited");
        }
    }
}

/// The address without what may hold a token.
fn bare(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// Refuses what Cal.com might take and could not use, every fault at once.
fn usable(url: Option<&str>, triggers: Option<&[String]>) -> Result<(), AppError> {
    let mut faults: Vec<InputFault> = Vec::new();
    faults.extend(url.and_then(unfit_url));
    if let Some(words) = triggers {
        if words.is_empty() {
            faults.push(InputFault::at("/triggers", "empty", "at least one"));
        }
        if words.len() > TRIGGERS.len() {
            return Err(AppError::invalid("/triggers", "too_many", "each trigger once"));
        }
        for (index, word) in words.iter().enumerate() {
            let at = format!("/triggers/{index}");
            if !TRIGGERS.contains(&word.as_str()) {
                faults.push(InputFault::at(at, "unknown", "cal.com knows no such trigger"));
            } else if words.iter().take(index).any(|earlier| earlier == word) {
                faults.push(InputFault::at(at, "repeated", "each trigger once"));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

fn unfit_url(url: &str) -> Option<InputFault> {
    if url.len() > MAX_URL {
        return Some(InputFault::at("/url", "length", "at most 2048 bytes"));
    }
    let detail = "an absolute address over http or https, without user and password";
    (!absolute(url)).then(|| InputFault::at("/url", "malformed", detail))
}

fn absolute(url: &str) -> bool {
    let plain = url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let over_http = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    plain && over_http && names_a_host(authority)
}

fn names_a_host(authority: &str) -> bool {
    let (named, port) = match authority.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(Some((address, port))) => (address.parse::<Ipv6Addr>().is_ok(), port),
        Some(None) => return false,
        None => {
            let end = authority.find(':').unwrap_or(authority.len());
            let (host, port) = authority.split_at(end);
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
            (!host.is_empty() && host.bytes().all(fits), port)
        }
    };
    let numbered = |digits: &str| {
        digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
    };
    named && (port.is_empty() || port.strip_prefix(':').is_some_and(numbered))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_absolute_and_over_http() {
        for url in [
            "https://a.test/hook",
            "HTTP://internal-lb:8080/api/webhooks/calcom?x=1",
            "http://10.0.0.7",
            "http://[fd00::1]:80/",
        ] {
            assert!(absolute(url), "{url}");
        }
        for url in [
            "",
            "/hook",
            "a.test/hook",
            "ftp://a.test",
            "https://",
            "https:///hook",
            "https://u:p@a.test",
            "https://a.test:port",
            "https://a.test:+1",
            "https://a b.test",
            "https://[::1",
            "https://[x]/",
            "https://a.test\\@b.test",
            "javascript://a.test",
            "https://a.test:99999",
        ] {
            assert!(!absolute(url), "{url}");
        }
    }

    #[test]
    fn what_may_hold_a_token_is_not_noted() {
        assert_eq!(bare("https://a.test/hook?token=1#x"), "https://a.test/hook");
    }
}
