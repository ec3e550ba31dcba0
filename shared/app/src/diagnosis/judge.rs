//! What is wrong with a Cal.com, judged by what a few calls saw (CONTRACT 1.1, 2.5).
//!
//! Pure: recorded answers of a real server lead to the same words as those of one that runs.

use std::fmt;

use serde_json::Value;

use crate::ports::probe::Seen;

/// What was asked.
#[derive(Debug)]
pub struct Seens {
    /// `GET /health`, without a key.
    pub health: Seen,
    /// `GET /v2/slots` of an event type, with its version and without a key.
    pub slots: Seen,
    /// `GET /v2/me` with the key, where one is given.
    pub me: Option<Seen>,
}

/// The part that is at fault. In the order in which a call comes by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The way to it.
    Network,
    /// The program that answers.
    Service,
    /// Its cache.
    Redis,
    /// The header that says which contract is meant.
    Version,
    /// Its database.
    Database,
    /// Its licence.
    Licence,
    /// The credential of an account.
    Key,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Its name leads nowhere.
    Name,
    /// Nothing listens.
    Network,
    /// Its certificate is not trusted.
    Certificate,
    /// It does not answer.
    Silence,
    /// Something else answers.
    Foreign,
    /// It had too many calls.
    Throttled,
    /// Its cache is down.
    Redis,
    /// Its database is down.
    Database,
    /// It has no licence and refuses keys for it.
    LicenceMissing,
    /// It cannot ask whether its licence is good.
    LicenceService,
    /// It does not know the key.
    KeyUnknown,
    /// The key has ended.
    KeyExpired,
    /// It refuses the key.
    KeyRefused,
    /// The header of the version does not arrive, or is not understood.
    Version,
    /// An answer nobody expects.
    Other(u16),
}

impl Part {
    /// Its name, as it is told.
    pub fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Service => "service",
            Self::Redis => "redis",
            Self::Version => "version header",
            Self::Database => "database",
            Self::Licence => "licence",
            Self::Key => "key",
        }
    }
}

impl Fault {
    /// The part that is at fault.
    pub fn part(self) -> Part {
        match self {
            Self::Name | Self::Network | Self::Certificate | Self::Silence | Self::Foreign => {
                Part::Network
            }
            Self::Throttled | Self::Other(_) => Part::Service,
            Self::Redis => Part::Redis,
            Self::Database => Part::Database,
            Self::LicenceMissing | Self::LicenceService => Part::Licence,
            Self::KeyUnknown | Self::KeyExpired | Self::KeyRefused => Part::Key,
            Self::Version => Part::Version,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = self.part().name();
        let text = match self {
            Self::Name => "its name leads nowhere from here",
            Self::Network => "nothing listens there, or a rule lets nothing through",
            Self::Certificate => "its certificate is not trusted here",
            Self::Silence => "it takes the call and does not answer",
            Self::Foreign => "something answers that is not API v2",
            Self::Throttled => "it had too many calls; wait two minutes and ask again",
            Self::Redis => "it is down; everything hangs until it is back",
            Self::Database => "it is down, or its tables are not migrated",
            Self::LicenceMissing => "this build refuses every key without one",
            Self::LicenceService => "its service is out of reach; allow it or build free",
            Self::KeyUnknown => "Cal.com does not know it",
            Self::KeyExpired => "it has expired",
            Self::KeyRefused => "it is refused",
            Self::Version => "something on the way takes `cal-api-version` off",
            Self::Other(status) => {
                return write!(out, "{part}: an answer nobody expects: {status}");
            }
        };
        write!(out, "{part}: {text}")
    }
}

/// The fault behind what was seen, if there is one. Of several the deepest is told, because the
/// others follow from it.
pub fn fault(seen: &Seens) -> Option<Fault> {
    let calls = [Some(&seen.health), Some(&seen.slots), seen.me.as_ref()];
    let calls: Vec<&Seen> = calls.into_iter().flatten().collect();
    if let Some(fault) = unreached(&seen.health) {
        return Some(fault);
    }
    if calls.iter().any(|call| status(call) == Some(429)) {
        return Some(Fault::Throttled);
    }
    if let Some(fault) = fault_of_health(&seen.health) {
        return Some(fault);
    }
    if let Some(fault) = calls.iter().find_map(|call| unreached(call)) {
        return Some(fault);
    }
    if calls.iter().any(|call| is_of_database(call)) {
        return Some(Fault::Database);
    }
    fault_of_slots(&seen.slots).or_else(|| seen.me.as_ref().and_then(fault_of_key))
}

/// What `/health` alone tells.
pub(super) fn fault_of_health(seen: &Seen) -> Option<Fault> {
    unreached(seen).or_else(|| match status(seen)? {
        429 => Some(Fault::Throttled),
        500 => Some(Fault::Redis),
        _ if *seen == well() => None,
        _ => Some(Fault::Foreign),
    })
}

/// How a service says that it is up.
fn well() -> Seen {
    Seen::Answer { status: 200, body: "OK".to_owned() }
}

/// What free starts tell, once `/health` is well.
pub(super) fn fault_of_slots(seen: &Seen) -> Option<Fault> {
    common(seen).or_else(|| match status(seen)? {
        404 if says(seen, 404, "Cannot GET") => Some(Fault::Version),
        // An event type that is not there, or dates it does not like, are an answer all the same.
        200 | 400 | 404 => None,
        other => Some(Fault::Other(other)),
    })
}

/// What a call that wants a credential tells, once free starts are well.
pub(super) fn fault_of_key(seen: &Seen) -> Option<Fault> {
    common(seen).or_else(|| match status(seen)? {
        200 => None,
        401 if says(seen, 401, "CALCOM_LICENSE_KEY") => Some(Fault::LicenceMissing),
        401 if says(seen, 401, "Invalid API Key") => Some(Fault::KeyUnknown),
        401 if says(seen, 401, "expired") => Some(Fault::KeyExpired),
        401 | 403 => Some(Fault::KeyRefused),
        500 => Some(Fault::LicenceService),
        other => Some(Fault::Other(other)),
    })
}

/// What a call tells whose credential is well.
pub(super) fn fault_of_call(seen: &Seen) -> Option<Fault> {
    common(seen).or_else(|| match status(seen)? {
        200 => None,
        401 | 403 => Some(Fault::KeyRefused),
        other => Some(Fault::Other(other)),
    })
}

/// Whether this Cal.com has no such call.
pub(super) fn is_absent(seen: &Seen) -> bool {
    says(seen, 404, "Cannot GET")
}

/// Whether a page of bookings has the shape of the version that was asked for (CONTRACT 13).
pub(super) fn is_counted(seen: &Seen) -> bool {
    let Seen::Answer { body, .. } = seen else { return false };
    let body: Value = serde_json::from_str(body).unwrap_or(Value::Null);
    body.pointer("/pagination/totalItems").is_some_and(Value::is_number)
}

/// Faults that any call may meet.
fn common(seen: &Seen) -> Option<Fault> {
    if let Some(fault) = unreached(seen) {
        return Some(fault);
    }
    if status(seen) == Some(429) {
        return Some(Fault::Throttled);
    }
    is_of_database(seen).then_some(Fault::Database)
}

fn unreached(seen: &Seen) -> Option<Fault> {
    match seen {
        Seen::Answer { .. } => None,
        Seen::Unnamed => Some(Fault::Name),
        Seen::Closed => Some(Fault::Network),
        Seen::Untrusted => Some(Fault::Certificate),
        Seen::Silent => Some(Fault::Silence),
    }
}

fn is_of_database(seen: &Seen) -> bool {
    says(seen, 500, "INTERNAL_SERVER_ERROR")
}

fn status(seen: &Seen) -> Option<u16> {
    match seen {
        Seen::Answer { status, .. } => Some(*status),
        Seen::Unnamed | Seen::Closed | Seen::Untrusted | Seen::Silent => None,
    }
}

/// Whether an answer has this status, and this fragment in the code or message of its error.
fn says(seen: &Seen, wanted: u16, fragment: &str) -> bool {
    let Seen::Answer { status, body } = seen else { return false };
    let body: Value = serde_json::from_str(body).unwrap_or(Value::Null);
    let text = |name: &str| {
        body.pointer(&format!("/error/{name}")).and_then(Value::as_str).unwrap_or_default()
    };
    *status == wanted && (text("code").contains(fragment) || text("message").contains(fragment))
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
