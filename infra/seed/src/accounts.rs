//! The Cal.com accounts of the demo, as the runner names them.

use interlock_app::model::EventTypeEntry;
use interlock_app::ports::scheduler::{CalAccount, CredentialMode};
use interlock_policy::EventTypeId;
use serde::Deserialize;

/// One account with the kinds it offers; the first kind is the default.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    /// Which resource it is for: `laser`, `coach`, …
    pub(crate) key: String,
    username: String,
    email: String,
    #[serde(default = "api_key")]
    mode: CredentialMode,
    event_types: Vec<EventType>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventType {
    id: u64,
    title: String,
    length_in_minutes: u32,
}

fn api_key() -> CredentialMode {
    CredentialMode::ApiKey
}

/// The accounts out of a JSON list.
pub(crate) fn parse(text: &str) -> Result<Vec<Account>, serde_json::Error> {
    serde_json::from_str(text)
}

impl Account {
    /// As the resource keeps it.
    pub(crate) fn cal_account(&self) -> Result<CalAccount, interlock_policy::IdError> {
        Ok(CalAccount {
            id: format!("cal_{}", self.key).parse()?,
            username: self.username.clone(),
            email: self.email.to_lowercase(),
            mode: self.mode,
            credential_ref: self.key.clone(),
        })
    }

    /// The kinds as the resource keeps them.
    pub(crate) fn entries(&self) -> Vec<EventTypeEntry> {
        let entry = |(index, kind): (usize, &EventType)| EventTypeEntry {
            id: EventTypeId(kind.id),
            title: kind.title.clone(),
            duration_minutes: kind.length_in_minutes,
            default: index == 0,
            before_buffer_minutes: 0,
            after_buffer_minutes: 0,
        };
        self.event_types.iter().enumerate().map(entry).collect()
    }
}
