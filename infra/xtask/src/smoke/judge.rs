//! What is wrong with a Cal.com, judged by what three calls saw (CONTRACT 1.1, 2.5).
//!
//! Pure: recorded answers of a real server lead to the same words as those of one that runs.

use std::fmt;

use serde_json::Value;

/// What a call saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    /// An answer.
    Answer { status: u16, body: String },
    /// The name leads nowhere.
    Unnamed,
    /// Nothing listens, or a rule lets nothing through.
    Closed,
    /// The certificate or the protocol is not what it must be.
    Untrusted,
    /// No answer in time.
    Silent,
}

/// What was asked.
#[derive(Debug)]
pub(crate) struct Seens {
    /// `GET /health`, without a key.
    pub(crate) health: Seen,
    /// `GET /v2/slots` of an event type, with its version and without a key.
    pub(crate) slots: Seen,
    /// `GET /v2/me` with the key, where one is given.
    pub(crate) me: Option<Seen>,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Name,
    Network,
    Certificate,
    Silence,
    Foreign,
    Throttled,
    Redis,
    Database,
    LicenceMissing,
    LicenceService,
    KeyUnknown,
    KeyExpired,
    KeyRefused,
    Version,
    Other(u16),
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Name => "network: its name leads nowhere from here",
            Self::Network => "network: nothing listens there, or a rule lets nothing through",
            Self::Certificate => "network: its certificate is not trusted here",
            Self::Silence => "network: it takes the call and does not answer",
            Self::Foreign => "network: something answers that is not API v2",
            Self::Throttled => "throttled: wait two minutes and ask again",
            Self::Redis => "redis: it is down; everything hangs until it is back",
            Self::Database => "database: it is down, or its tables are not migrated",
            Self::LicenceMissing => "licence: this build refuses every key without one",
            Self::LicenceService => "licence: its service is out of reach; allow it or build free",
            Self::KeyUnknown => "key: Cal.com does not know it",
            Self::KeyExpired => "key: it has expired",
            Self::KeyRefused => "key: it is refused",
            Self::Version => "version header: something on the way takes `cal-api-version` off",
            Self::Other(status) => return write!(out, "an answer nobody expects: {status}"),
        };
        out.write_str(text)
    }
}

/// The fault behind what was seen, if there is one. Of several the deepest is told, because the
/// others follow from it.
pub(crate) fn fault(seen: &Seens) -> Option<Fault> {
    let calls = [Some(&seen.health), Some(&seen.slots), seen.me.as_ref()];
    let calls: Vec<&Seen> = calls.into_iter().flatten().collect();
    if let Some(fault) = unreached(&seen.health) {
        return Some(fault);
    }
    if calls.iter().any(|call| status(call) == Some(429)) {
        return Some(Fault::Throttled);
    }
    if status(&seen.health) == Some(500) {
        return Some(Fault::Redis);
    }
    if seen.health != (Seen::Answer { status: 200, body: "OK".to_owned() }) {
        return Some(Fault::Foreign);
    }
    if let Some(fault) = calls.iter().find_map(|call| unreached(call)) {
        return Some(fault);
    }
    if calls.iter().any(|call| says(call, 500, "INTERNAL_SERVER_ERROR")) {
        return Some(Fault::Database);
    }
    slots(&seen.slots).or_else(|| seen.me.as_ref().and_then(me))
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

fn slots(seen: &Seen) -> Option<Fault> {
    match status(seen)? {
        404 if says(seen, 404, "Cannot GET") => Some(Fault::Version),
        // An event type that is not there, or dates it does not like, are an answer all the same.
        200 | 400 | 404 => None,
        other => Some(Fault::Other(other)),
    }
}

fn me(seen: &Seen) -> Option<Fault> {
    match status(seen)? {
        200 => None,
        401 if says(seen, 401, "CALCOM_LICENSE_KEY") => Some(Fault::LicenceMissing),
        401 if says(seen, 401, "Invalid API Key") => Some(Fault::KeyUnknown),
        401 if says(seen, 401, "expired") => Some(Fault::KeyExpired),
        401 | 403 => Some(Fault::KeyRefused),
        500 => Some(Fault::LicenceService),
        other => Some(Fault::Other(other)),
    }
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
mod tests {
    use super::*;
    use crate::tree::Tree;

    /// A recorded answer of a real server; nothing where the recordings are not at hand.
    fn recorded(name: &str) -> Option<Seen> {
        #[expect(clippy::disallowed_methods, reason = "a test has no configuration")]
        let given = std::env::var_os("CALCOM_CAPTURES").map(std::path::PathBuf::from);
        let beside = Tree::here().root().join("../shared/calcom/captures");
        let folder = given.unwrap_or(beside);
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).ok()?;
        let value: Value = serde_json::from_str(&text).unwrap();
        let response = &value["response"];
        let Some(status) = response["status"].as_u64() else { return Some(Seen::Silent) };
        let body = &response["body"];
        let body = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
        Some(Seen::Answer { status: u16::try_from(status).unwrap(), body })
    }

    fn seens(health: &str, slots: &str, me: &str) -> Option<Seens> {
        let me = Some(recorded(me)?);
        Some(Seens { health: recorded(health)?, slots: recorded(slots)?, me })
    }

    #[test]
    fn recordings_of_a_real_server_lead_to_the_fault_it_had() {
        for (health, slots, me, expected) in [
            ("health", "slots-range", "auth-apikey-me", None),
            ("health", "slots-no-identifier", "auth-apikey-me", None),
            ("health", "slots-range", "auth-apikey-unknown", Some(Fault::KeyUnknown)),
            ("health", "slots-range", "auth-apikey-expired", Some(Fault::KeyExpired)),
            ("health", "slots-range", "auth-none", Some(Fault::KeyRefused)),
            (
                "health",
                "lic-nokey-slots-noauth",
                "lic-nokey-apikey-me",
                Some(Fault::LicenceMissing),
            ),
            ("health", "lic-nokey-slots-noauth", "lic-nokey-badkey-me", Some(Fault::KeyUnknown)),
            ("health", "slots-range", "lic-key-server-unreachable", Some(Fault::LicenceService)),
            ("health", "slots-noversion", "auth-apikey-me", Some(Fault::Version)),
            ("health", "slots-range", "ratelimit-default-429", Some(Fault::Throttled)),
            (
                "ratelimit-default-429-health",
                "slots-range",
                "auth-apikey-me",
                Some(Fault::Throttled),
            ),
            (
                "outage-redis-down-health",
                "outage-redis-down-slots",
                "outage-redis-down-me",
                Some(Fault::Redis),
            ),
            (
                "outage-postgres-down-health",
                "outage-postgres-down-slots",
                "outage-postgres-down-me",
                Some(Fault::Database),
            ),
            ("health-v2-404", "slots-range", "auth-apikey-me", Some(Fault::Foreign)),
        ] {
            let Some(seens) = seens(health, slots, me) else { return };
            assert_eq!(fault(&seens), expected, "{health}, {slots}, {me}");
        }
    }

    fn answer(status: u16, body: &str) -> Seen {
        Seen::Answer { status, body: body.to_owned() }
    }

    #[test]
    fn what_never_answered_is_told_by_how_far_the_call_came() {
        for (seen, expected) in [
            (Seen::Unnamed, Fault::Name),
            (Seen::Closed, Fault::Network),
            (Seen::Untrusted, Fault::Certificate),
            (Seen::Silent, Fault::Silence),
            (answer(200, "<html>"), Fault::Foreign),
            (answer(502, "<html>"), Fault::Foreign),
        ] {
            let seens = Seens { health: seen, slots: answer(200, "{}"), me: None };
            assert_eq!(fault(&seens), Some(expected));
        }
    }

    #[test]
    fn without_a_key_nothing_is_said_of_keys_or_licences() {
        let seens = Seens { health: answer(200, "OK"), slots: answer(400, "{}"), me: None };
        assert_eq!(fault(&seens), None);
    }

    #[test]
    fn an_answer_that_nobody_expects_is_told_with_its_status() {
        let seens = |slots, me| Seens { health: answer(200, "OK"), slots, me: Some(me) };
        let fine = || answer(200, "{}");
        assert_eq!(fault(&seens(answer(418, ""), fine())), Some(Fault::Other(418)));
        assert_eq!(fault(&seens(fine(), answer(302, ""))), Some(Fault::Other(302)));
    }
}
