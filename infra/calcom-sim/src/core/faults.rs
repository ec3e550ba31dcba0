//! Rules that make the stand-in fail on purpose (CONTRACT 14.2).
//! A rule is used up by the calls it hits; chance comes from the seed, never from outside.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::world::World;

/// What goes wrong around the handling of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallFault {
    TimeoutAfterCommit,
    TimeoutBeforeCommit,
    /// The connection breaks before anything was done.
    ConnectionReset,
    /// The connection breaks after everything was done.
    ConnectionResetAfterCommit,
    TruncatedBody,
    #[serde(rename = "error_500")]
    Error500,
    #[serde(rename = "error_500_plain")]
    Error500Plain,
    #[serde(rename = "error_500_after_commit")]
    Error500AfterCommit,
    #[serde(rename = "html_502")]
    Html502,
    #[serde(rename = "html_503")]
    Html503,
    #[serde(rename = "html_504")]
    Html504,
    /// One 429 for each call it hits.
    RateLimited,
    /// A 429 and the block that follows it, as after a real excess.
    RateLimitedBlock,
    Unauthorized,
    Slow,
    DecoyCreate,
    StaleRead,
    /// A page of the list repeats its last row.
    DuplicateRows,
    /// A page of the list lost its first row, as when one before it vanished meanwhile.
    PageShift,
    LicenceRefused,
    LicenceDown,
    RedisDown,
    DatabaseDown,
}

/// What goes wrong inside a booking action, beside its delivery or its commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ActionFault {
    /// A cancel whose delivery is sent and whose commit then fails.
    WebhookThenCrash,
    /// A pause between check and commit of a create or a reschedule.
    RaceWindow,
}

/// What goes wrong with a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryFault {
    WebhookLost,
    WebhookDuplicate,
    WebhookDuplicateNewCreatedAt,
    WebhookDelayed,
    WebhookReordered,
    WebhookBurst,
    WebhookWrongSignature,
    WebhookMissingSignature,
    WebhookNoSecret,
    WebhookOldSecret,
    WebhookSha256Prefix,
    WebhookAlteredBody,
    WebhookBase64Body,
}

/// What goes wrong with the listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NetworkFault {
    /// Nothing listens: the client cannot even connect. Concerns every route.
    Down,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "`inject` is no word of the stand-in")]
pub(crate) enum Injection {
    Call(CallFault),
    Action(ActionFault),
    Delivery(DeliveryFault),
    Network(NetworkFault),
}

impl Injection {
    pub(crate) fn call(self) -> Option<CallFault> {
        if let Self::Call(fault) = self { Some(fault) } else { None }
    }

    pub(crate) fn action(self) -> Option<ActionFault> {
        if let Self::Action(fault) = self { Some(fault) } else { None }
    }

    pub(crate) fn delivery(self) -> Option<DeliveryFault> {
        if let Self::Delivery(fault) = self { Some(fault) } else { None }
    }

    pub(crate) fn network(self) -> Option<NetworkFault> {
        if let Self::Network(fault) = self { Some(fault) } else { None }
    }
}

/// One rule of `POST /__sim/faults`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Fault {
    #[serde(default)]
    pub(crate) id: i64,
    /// A route name, a trigger word, or `*`.
    #[serde(default = "any_route")]
    pub(crate) route: String,
    pub(crate) inject: Injection,
    /// How many calls it hits; `None` until cleared.
    #[serde(default)]
    pub(crate) times: Option<u32>,
    /// How many matching calls pass unharmed first.
    #[serde(default)]
    pub(crate) skip: u32,
    /// Chance of 0 to 1 for each matching call; `None` is certainty.
    #[serde(default)]
    pub(crate) probability: Option<f64>,
    /// For `slow` and `race_window`.
    #[serde(default)]
    pub(crate) milliseconds: Option<u64>,
    /// For `webhook_delayed` (clock of the stand-in) and `down` (wall clock).
    #[serde(default)]
    pub(crate) seconds: Option<u32>,
    /// For `webhook_burst`.
    #[serde(default)]
    pub(crate) count: Option<u32>,
}

fn any_route() -> String {
    "*".to_owned()
}

/// A probability as parts of a thousand.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is clamped to 0..=1000 first"
)]
fn per_mille(probability: f64) -> u16 {
    (probability * 1000.0).clamp(0.0, 1000.0) as u16
}

impl World {
    pub(crate) fn add_fault(&mut self, mut fault: Fault) -> Fault {
        fault.id = self.next("fault");
        self.faults.put(format!("{:08}", fault.id), fault.clone());
        fault
    }

    pub(crate) fn list_faults(&self) -> Value {
        self.faults.values().map(|fault| json!(fault)).collect()
    }

    pub(crate) fn is_down(&self) -> bool {
        self.faults.values().any(|fault| fault.inject.network().is_some())
    }

    /// Removes every `down`; a new process always starts with an open port.
    pub(crate) fn forget_down(&mut self) {
        let keys: Vec<String> = self
            .faults
            .values()
            .filter(|fault| fault.inject.network().is_some())
            .map(|fault| format!("{:08}", fault.id))
            .collect();
        for key in keys {
            self.faults.remove(&key);
        }
    }

    /// The first rule of a kind for one of these names, with its kind; the hit is counted.
    pub(crate) fn take_fault<Kind>(
        &mut self,
        names: &[&str],
        kind: impl Fn(Injection) -> Option<Kind>,
    ) -> Option<(Kind, Fault)> {
        let keys: Vec<String> = self
            .faults
            .values()
            .filter(|fault| kind(fault.inject).is_some())
            .filter(|fault| fault.route == "*" || names.contains(&fault.route.as_str()))
            .map(|fault| format!("{:08}", fault.id))
            .collect();
        let fault = keys.iter().find_map(|key| self.hit(key))?;
        Some((kind(fault.inject)?, fault))
    }

    fn hit(&mut self, key: &str) -> Option<Fault> {
        let fault = self.faults.get(key)?.clone();
        if fault.skip > 0 {
            self.faults.change(key)?.skip -= 1;
            return None;
        }
        if let Some(probability) = fault.probability
            && self.roll() >= per_mille(probability)
        {
            return None;
        }
        match fault.times {
            Some(0 | 1) => {
                self.faults.remove(key);
            }
            Some(times) => self.faults.change(key)?.times = Some(times - 1),
            None => {}
        }
        Some(fault)
    }
}
