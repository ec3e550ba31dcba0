//! The looks themselves, each within what is left of the time.

use interlock_policy::{EventTypeId, Interval};
use jiff::{SignedDuration, Timestamp};

use super::finding::Found;
use super::judge::{
    Fault, Part, fault_of_call, fault_of_health, fault_of_key, fault_of_slots, is_absent,
    is_counted,
};
use super::{CapabilityCheck, Used};
use crate::App;
use crate::ports::Probe;
use crate::ports::probe::{Look, Seen};
use crate::ports::scheduler::{CalAccount, CredentialMode};

/// Everything together ends well before the 15 s of the function.
const WHOLE: SignedDuration = SignedDuration::from_secs(12);
/// `/health` needs nine seconds to say that the cache is down (CONTRACT 2.5).
const HEALTH: SignedDuration = SignedDuration::from_secs(10);
/// Any other look.
const USUAL: SignedDuration = SignedDuration::from_secs(3);
/// Less than this is no time to look.
const LEAST: SignedDuration = SignedDuration::from_millis(250);
/// Asked for where nothing is mapped; that it is not there is an answer too.
const ANY_EVENT_TYPE: EventTypeId = EventTypeId(1);
/// The parts that are judged before any credential, in order.
const PARTS: [Part; 5] = [Part::Network, Part::Service, Part::Redis, Part::Version, Part::Database];

/// The call without which what is booked inside Cal.com goes unseen.
pub(super) const LIST: &str = "bookings";

/// What was found, and how long the look took.
pub(super) type Timed = (Found, Option<SignedDuration>);

/// Looks, and keeps the time.
pub(super) struct Looker<'a> {
    app: &'a App,
    port: Option<&'a dyn Probe>,
    pub(super) begun: Timestamp,
}

impl<'a> Looker<'a> {
    pub(super) fn begin(app: &'a App) -> Self {
        Self { app, port: app.scheduler.probe_port(), begun: app.now() }
    }

    pub(super) fn is_configured(&self) -> bool {
        self.port.is_some()
    }

    pub(super) fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.elapsed().as_millis()).unwrap_or(0)
    }

    fn elapsed(&self) -> SignedDuration {
        self.app.now().duration_since(self.begun)
    }

    /// One look; an error is why there was none.
    async fn look(
        &self,
        look: Look<'_>,
        patience: SignedDuration,
    ) -> (Result<Seen, Found>, SignedDuration) {
        let Some(port) = self.port else { return (Err(Found::Behind), SignedDuration::ZERO) };
        let left = WHOLE - self.elapsed();
        if left < LEAST {
            return (Err(Found::NoTime), SignedDuration::ZERO);
        }
        let from = self.app.now();
        let seen = port.look(look, patience.min(left)).await.map_err(Found::Unasked);
        (seen, self.app.now().duration_since(from))
    }

    /// The way there and the server; with whether it makes sense to ask about credentials.
    pub(super) async fn parts(
        &self,
        event_type: Option<EventTypeId>,
    ) -> (Vec<(Part, Timed)>, bool) {
        if !self.is_configured() {
            return (until(Part::Network, (Found::NoAddress, None), None), false);
        }
        let (seen, of_health) = self.look(Look::Health, HEALTH).await;
        let of_health = Some(of_health);
        match seen.map(|seen| fault_of_health(&seen)) {
            Err(found) => return (until(Part::Network, (found, None), None), false),
            Ok(Some(fault)) => {
                let found = (Found::Wrong(fault), of_health);
                return (until(fault.part(), found, of_health), false);
            }
            Ok(None) => {}
        }
        let kind = event_type.unwrap_or(ANY_EVENT_TYPE);
        let Some(range) = self.tomorrow() else {
            return (until(Part::Version, (Found::NoTime, None), of_health), true);
        };
        let (seen, took) = self.look(Look::Slots(kind, range), USUAL).await;
        match seen.map(|seen| fault_of_slots(&seen)) {
            Err(found) => (until(Part::Version, (found, None), of_health), true),
            Ok(Some(fault)) => {
                let found = (Found::Wrong(fault), Some(took));
                (until(fault.part(), found, of_health), fault.part() == Part::Version)
            }
            Ok(None) => (all_well(of_health, took), true),
        }
    }

    fn tomorrow(&self) -> Option<Interval> {
        let day = SignedDuration::from_hours(24);
        Interval::lasting(self.begun.checked_add(day).ok()?, day).ok()
    }

    /// The credential of each account.
    pub(super) async fn keys(&self, used: &[Used], passed: bool) -> Vec<Timed> {
        let mut found = Vec::with_capacity(used.len());
        for one in used {
            found.push(self.key(&one.account, passed).await);
        }
        found
    }

    async fn key(&self, account: &CalAccount, passed: bool) -> Timed {
        if account.mode == CredentialMode::None {
            return (Found::ModeNone, None);
        }
        if !passed {
            return (Found::Behind, None);
        }
        let (seen, took) = self.look(Look::Me(account), USUAL).await;
        match seen.map(|seen| fault_of_key(&seen)) {
            Err(found) => (found, None),
            Ok(fault) => (fault.map_or(Found::Well, Found::Wrong), Some(took)),
        }
    }

    /// What this Cal.com takes, asked with the first credential that it accepts.
    pub(super) async fn capabilities(
        &self,
        used: &[Used],
        keys: &[Timed],
        passed: bool,
    ) -> Vec<CapabilityCheck> {
        let with = |wanted: Found| {
            let place = keys.iter().position(|(found, _)| *found == wanted)?;
            used.get(place).map(|one| &one.account)
        };
        let asker = with(Found::Well).or_else(|| with(Found::ModeNone));
        let nobody = if used.is_empty() { Found::NoAccount } else { Found::Behind };
        let mut checks = Vec::with_capacity(CALLS.len());
        for (name, required, call) in CALLS {
            let found = match (passed, call, asker) {
                (false, ..) => (Found::Behind, None),
                (true, Call::Holds, _) => self.call(Look::Holds, is_any).await,
                (true, _, None) => (nobody, None),
                (true, Call::EventTypes, Some(account)) => {
                    self.call(Look::EventTypes(account), is_any).await
                }
                (true, _, Some(account)) if account.mode == CredentialMode::None => {
                    (Found::ModeNone, None)
                }
                (true, Call::Bookings, Some(account)) => {
                    self.call(Look::Bookings(account), is_counted).await
                }
                (true, Call::Schedules, Some(account)) => {
                    self.call(Look::Schedules(account), is_any).await
                }
                (true, Call::Webhooks, Some(account)) => {
                    self.call(Look::Webhooks(account), is_any).await
                }
            };
            checks.push(CapabilityCheck { name, required, finding: found.0.told(found.1) });
        }
        checks
    }

    async fn call(&self, look: Look<'_>, has_shape: fn(&Seen) -> bool) -> Timed {
        let (seen, took) = self.look(look, USUAL).await;
        let seen = match seen {
            Ok(seen) => seen,
            Err(found) => return (found, None),
        };
        let found = match fault_of_call(&seen) {
            _ if is_absent(&seen) => Found::Absent,
            Some(fault) => Found::Wrong(fault),
            // Success in another shape is the answer of another version.
            None if !has_shape(&seen) => Found::Wrong(Fault::Version),
            None => Found::Well,
        };
        (found, Some(took))
    }
}

/// What may be looked at with an account or without.
#[derive(Clone, Copy)]
enum Call {
    EventTypes,
    Bookings,
    Schedules,
    Webhooks,
    Holds,
}

/// Names, whether the product needs them (PRODUCT D2), and calls.
const CALLS: [(&str, bool, Call); 5] = [
    ("event_types", true, Call::EventTypes),
    (LIST, true, Call::Bookings),
    ("schedules", true, Call::Schedules),
    ("webhooks", true, Call::Webhooks),
    ("holds", false, Call::Holds),
];

fn is_any(_: &Seen) -> bool {
    true
}

/// Parts of which one is as it was found: those before it are well, those behind it not judged.
fn until(at: Part, found: Timed, of_health: Option<SignedDuration>) -> Vec<(Part, Timed)> {
    let one = |part: Part| match part.cmp(&at) {
        std::cmp::Ordering::Less => (part, (Found::Well, of_health)),
        std::cmp::Ordering::Equal => (part, found),
        std::cmp::Ordering::Greater => (part, (Found::Behind, None)),
    };
    PARTS.into_iter().map(one).collect()
}

fn all_well(of_health: Option<SignedDuration>, of_slots: SignedDuration) -> Vec<(Part, Timed)> {
    let time = |part| if part < Part::Version { of_health } else { Some(of_slots) };
    PARTS.into_iter().map(|part| (part, (Found::Well, time(part)))).collect()
}
