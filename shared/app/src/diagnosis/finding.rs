//! What is told of each thing that was looked at: how it stands, a stable word, and what to do.

use jiff::SignedDuration;
use serde::Serialize;

use super::judge::Fault;
use crate::ports::probe::Unasked;

/// How a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// As it must be.
    Ok,
    /// It works in part, or will by itself.
    Degraded,
    /// It does not work.
    Failed,
    /// Nobody could look.
    Unknown,
}

/// What was found of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// As it must be.
    Well,
    /// Something is wrong.
    Wrong(Fault),
    /// There is no address of a Cal.com.
    NoAddress,
    /// The account sends no credential.
    ModeNone,
    /// No machine or host is on a calendar.
    NoAccount,
    /// Nobody looked.
    Unasked(Unasked),
    /// The time was up.
    NoTime,
    /// Something that comes before it is at fault.
    Behind,
    /// This Cal.com has no such call.
    Absent,
    /// Nothing asks for it.
    Unneeded,
}

/// The word for that nothing is mapped.
pub(super) const NO_ACCOUNT: &str = "no_account";

/// How a thing stands and what is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// How it stands.
    pub status: Standing,
    /// Why, as a stable word.
    pub code: &'static str,
    /// What to do, where something is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<&'static str>,
    /// How long the look took, where there was one of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elapsed_ms: Option<u64>,
}

impl Found {
    /// As it is told, with the time that the look took.
    pub(super) fn told(self, elapsed: Option<SignedDuration>) -> Finding {
        let (status, code, remedy) = match self {
            Self::Well => (Standing::Ok, "ok", None),
            Self::Wrong(fault) => {
                let (status, code, remedy) = of_fault(fault);
                (status, code, Some(remedy))
            }
            Self::NoAddress
            | Self::ModeNone
            | Self::NoAccount
            | Self::Unasked(_)
            | Self::NoTime
            | Self::Behind
            | Self::Absent
            | Self::Unneeded => self.unjudged(),
        };
        let millis = |time: SignedDuration| u64::try_from(time.as_millis()).unwrap_or(0);
        Finding { status, code, remedy, elapsed_ms: elapsed.map(millis) }
    }

    fn unjudged(self) -> (Standing, &'static str, Option<&'static str>) {
        let (status, code, remedy) = match self {
            Self::NoAddress => (
                Standing::Failed,
                "no_address",
                "Give this deployment the address of Cal.com's API v2.",
            ),
            Self::ModeNone => (
                Standing::Degraded,
                "mode_none",
                "Map it with a key: without one there is no list, so bookings made in Cal.com go \
                 unseen, and doubt ends by webhook or by looking up a booking.",
            ),
            Self::NoAccount => {
                (Standing::Unknown, NO_ACCOUNT, "Map a machine or a host to its calendar.")
            }
            Self::Unasked(Unasked::NoCredential) => (
                Standing::Failed,
                "credential_missing",
                "Put a credential of the account's mode into the secret, under its name.",
            ),
            Self::Unasked(Unasked::NoSecrets) => (
                Standing::Unknown,
                "secrets_unavailable",
                "The store of secrets did not answer; ask again, then look at its endpoint.",
            ),
            Self::Unasked(Unasked::NoRoom) => (
                Standing::Unknown,
                "no_room",
                "The budget of calls is used up; ask again in two minutes.",
            ),
            Self::NoTime => {
                (Standing::Unknown, "no_time", "The time was up before its turn; ask again.")
            }
            Self::Behind => (
                Standing::Unknown,
                "not_judged",
                "Mend what is at fault before it, then ask again.",
            ),
            Self::Absent => (
                Standing::Failed,
                "absent",
                "This Cal.com has no such call; see the supported lines.",
            ),
            Self::Unneeded => return (Standing::Unknown, "not_needed", None),
            Self::Well | Self::Wrong(_) => return (Standing::Ok, "ok", None),
        };
        (status, code, Some(remedy))
    }
}

fn of_fault(fault: Fault) -> (Standing, &'static str, &'static str) {
    let passes = fault == Fault::Throttled;
    let status = if passes { Standing::Degraded } else { Standing::Failed };
    (status, code_of(fault), remedy_of(fault))
}

fn code_of(fault: Fault) -> &'static str {
    match fault {
        Fault::Name => "name_unknown",
        Fault::Network => "unreachable",
        Fault::Certificate => "certificate_refused",
        Fault::Silence => "silent",
        Fault::Foreign => "foreign",
        Fault::Throttled => "throttled",
        Fault::Redis => "redis_down",
        Fault::Database => "database_down",
        Fault::LicenceMissing => "licence_missing",
        Fault::LicenceService => "licence_service",
        Fault::KeyUnknown => "key_unknown",
        Fault::KeyExpired => "key_expired",
        Fault::KeyRefused => "key_refused",
        Fault::Version => "version_ignored",
        Fault::Other(_) => "unexpected",
    }
}

fn remedy_of(fault: Fault) -> &'static str {
    match fault {
        Fault::Name => "Look at the address of Cal.com and at the zone that names it.",
        Fault::Network => "Look whether its task runs, and at the security groups between.",
        Fault::Certificate => {
            "Look at the certificate of its balancer: its names, its end and who signed it."
        }
        Fault::Silence => {
            "It takes calls and does not answer: look at its task, then at its cache."
        }
        Fault::Foreign => {
            "Something else answers at this address: give that of API v2, without a path."
        }
        Fault::Throttled => "It had too many calls and answers again within two minutes.",
        Fault::Redis => {
            "Bring its cache back; everything hangs until then, and then goes on by itself."
        }
        Fault::Database => "Bring its database back, and have its tables migrated.",
        Fault::LicenceMissing => {
            "This build wants a licence for every key: give it one, or use the community line."
        }
        Fault::LicenceService => {
            "It cannot ask whether its licence is good: let it out to the licence service."
        }
        Fault::KeyUnknown => "Cal.com does not know the key: make one and put it into the secret.",
        Fault::KeyExpired => "The key has ended: make a new one and put it into the secret.",
        Fault::KeyRefused => "Cal.com refuses the credential for this: look at what it may do.",
        Fault::Version => "Let `cal-api-version` through on the way, and use a supported line.",
        Fault::Other(_) => "It answered as no known version does: look at its log and at its line.",
    }
}
