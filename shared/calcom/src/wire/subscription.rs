//! Subscriptions as Cal.com tells them; the secret it answers in clear is not read.

use interlock_app::ports::subscriptions::Subscription;
use serde::Deserialize;

/// A subscription, whose ever it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireSubscription {
    id: String,
    subscriber_url: String,
    active: bool,
    triggers: Vec<String>,
}

impl WireSubscription {
    /// As the port tells it; `None` if its name cannot stand in a path.
    pub(crate) fn into_subscription(self) -> Option<Subscription> {
        Some(Subscription {
            id: self.id.parse().ok()?,
            url: self.subscriber_url,
            active: self.active,
            triggers: self.triggers,
        })
    }
}
