//! Looks at Cal.com: one exchange each, told as it came.
//!
//! Only a refused credential is tried again, once, with a newer one, as any other call does; else
//! a key that was changed a moment ago would be told as a fault.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use interlock_app::ports::Probe;
use interlock_app::ports::probe::{Look, Seen, Unasked};
use interlock_app::ports::scheduler::{BookingFilter, CalAccount};
use jiff::SignedDuration;

use crate::client::HttpCalls;
use crate::scheduler::{get, of_whom};
use crate::transport::{Answer, Lost, Transport};
use crate::wire::request::{self, Pairs};
use crate::{Call, Credential, CredentialError, ErrorBody, Family, Operation, Shape};

/// A hold that nobody has: its look answers nothing and changes nothing (CONTRACT 4.2).
const NO_HOLD: &str = "/v2/slots/reservations/00000000-0000-4000-8000-000000000000";

/// The call of a look, and the version it sends.
fn call_of(look: Look<'_>) -> (Call, Family) {
    let one = || vec![("take", "1".to_owned())];
    let call = match look {
        Look::Health => get(Operation::Health, "/health", Pairs::new()),
        Look::Slots(kind, range) => get(Operation::Slots, "/v2/slots", request::slots(kind, range)),
        Look::Holds => get(Operation::Slots, NO_HOLD, Pairs::new()),
        Look::Me(_) => get(Operation::Me, "/v2/me", Pairs::new()),
        Look::EventTypes(account) => {
            get(Operation::EventTypes, "/v2/event-types", of_whom(account))
        }
        Look::Bookings(_) => {
            let filter = BookingFilter { take: 1, ..BookingFilter::default() };
            get(Operation::List, "/v2/bookings", request::bookings(&filter))
        }
        Look::Schedules(_) => {
            return (get(Operation::Me, "/v2/schedules", Pairs::new()), Family::Schedules);
        }
        Look::Webhooks(_) => get(Operation::Subscriptions, "/v2/webhooks", one()),
    };
    let family = call.operation.family();
    (call, family)
}

#[async_trait]
impl Probe for HttpCalls {
    async fn look(&self, look: Look<'_>, patience: SignedDuration) -> Result<Seen, Unasked> {
        let (started, patience) = (Instant::now(), patience.unsigned_abs());
        let asked = call_of(look);
        let Some(account) = look.account() else {
            return exchange(self.transport(), &asked, (&Credential::None, patience)).await;
        };
        let credential = held(account, self.credentials().credential(account).await)?;
        let seen = exchange(self.transport(), &asked, (&credential, patience)).await?;
        if credential == Credential::None || !is_refused(&seen) {
            return Ok(seen);
        }
        let newer = self.credentials().refresh(account, &credential).await;
        let left = patience.saturating_sub(started.elapsed());
        match held(account, newer) {
            Ok(newer) if newer != credential && !left.is_zero() => {
                exchange(self.transport(), &asked, (&newer, left)).await
            }
            Ok(_) | Err(_) => Ok(seen),
        }
    }
}

async fn exchange(
    transport: &Transport,
    (call, family): &(Call, Family),
    (credential, patience): (&Credential, Duration),
) -> Result<Seen, Unasked> {
    match transport.exchange((call, *family), credential, patience).await {
        Ok(Answer { status, body, .. }) => {
            Ok(Seen::Answer { status, body: String::from_utf8_lossy(&body).into_owned() })
        }
        Err(Lost::Unfit) => Err(Unasked::NoCredential),
        Err(Lost::Unbuilt) => Ok(Seen::Untrusted),
        Err(Lost::Broken(error)) => Ok(broken(&error)),
        Err(Lost::Endless) => Ok(Seen::Silent),
    }
}

/// How far a call came that has no answer.
fn broken(error: &reqwest::Error) -> Seen {
    if !error.is_connect() {
        return Seen::Silent;
    }
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(one) = cause {
        let io = one.downcast_ref::<std::io::Error>();
        // The resolver says it in words alone.
        if one.to_string().starts_with("dns error") {
            return Seen::Unnamed;
        }
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::InvalidData) {
            return Seen::Untrusted;
        }
        // What an error of the system wraps is no source of it.
        cause = match io.and_then(std::io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => one.source(),
        };
    }
    Seen::Closed
}

fn is_refused(seen: &Seen) -> bool {
    let Seen::Answer { status: 401 | 403, body } = seen else { return false };
    ErrorBody::parse(body.as_bytes()).shape == Shape::Envelope
}

fn held(
    account: &CalAccount,
    credential: Result<Credential, CredentialError>,
) -> Result<Credential, Unasked> {
    match credential {
        Ok(credential) if credential.mode() == account.mode => Ok(credential),
        Ok(_) | Err(CredentialError::Missing) => Err(Unasked::NoCredential),
        Err(CredentialError::Unavailable(_)) => Err(Unasked::NoSecrets),
    }
}
