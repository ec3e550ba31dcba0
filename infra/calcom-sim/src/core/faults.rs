//! Rules that make the stand-in fail on purpose (CONTRACT 14.2).
//! A rule is used up by the calls it hits; chance comes from the seed, never from outside.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::world::World;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Injection {
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
    /// Nothing listens: the client cannot even connect. Concerns every route.
    Down,
    DecoyCreate,
    StaleRead,
    LicenceRefused,
    LicenceDown,
    RedisDown,
    DatabaseDown,
    /// A cancel whose delivery is sent and whose commit then fails.
    WebhookThenCrash,
    /// A pause between check and commit of a create or a reschedule.
    RaceWindow,
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

/// Where in the life of a call an injection acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Around the handling of a request.
    Request,
    /// Inside a booking action, beside its delivery or its commit.
    Action,
    /// On a delivery.
    Webhook,
    /// On the listener.
    Network,
}

impl Injection {
    pub(crate) fn stage(self) -> Stage {
        match self {
            Self::Down => Stage::Network,
            Self::WebhookThenCrash | Self::RaceWindow => Stage::Action,
            Self::WebhookLost
            | Self::WebhookDuplicate
            | Self::WebhookDuplicateNewCreatedAt
            | Self::WebhookDelayed
            | Self::WebhookReordered
            | Self::WebhookBurst
            | Self::WebhookWrongSignature
            | Self::WebhookMissingSignature
            | Self::WebhookNoSecret
            | Self::WebhookOldSecret
            | Self::WebhookSha256Prefix
            | Self::WebhookAlteredBody
            | Self::WebhookBase64Body => Stage::Webhook,
            Self::TimeoutAfterCommit
            | Self::TimeoutBeforeCommit
            | Self::ConnectionReset
            | Self::ConnectionResetAfterCommit
            | Self::TruncatedBody
            | Self::Error500
            | Self::Error500Plain
            | Self::Error500AfterCommit
            | Self::Html502
            | Self::Html503
            | Self::Html504
            | Self::RateLimited
            | Self::RateLimitedBlock
            | Self::Unauthorized
            | Self::Slow
            | Self::DecoyCreate
            | Self::StaleRead
            | Self::LicenceRefused
            | Self::LicenceDown
            | Self::RedisDown
            | Self::DatabaseDown => Stage::Request,
        }
    }

    /// The word of the control surface.
    pub(crate) fn word(self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        value.as_str().unwrap_or_default().to_owned()
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
    /// For `slow`, `race_window`.
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

    pub(crate) fn has_fault(&self, stage: Stage) -> bool {
        self.faults.values().any(|fault| fault.inject.stage() == stage)
    }

    /// The first rule for one of these names at that stage; the hit is counted.
    pub(crate) fn take_fault(&mut self, names: &[&str], stage: Stage) -> Option<Fault> {
        let keys: Vec<String> = self
            .faults
            .values()
            .filter(|fault| fault.inject.stage() == stage)
            .filter(|fault| fault.route == "*" || names.contains(&fault.route.as_str()))
            .map(|fault| format!("{:08}", fault.id))
            .collect();
        keys.iter().find_map(|key| self.hit(key))
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
