//! Where a calendar is, as a manager says it.

use interlock_app::MappingRequest;
use interlock_app::ports::scheduler::CredentialMode;
use interlock_policy::EventTypeId;
use serde::Deserialize;

/// The `mapping` of a body.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Mapping {
    username: String,
    email: String,
    #[serde(default = "api_key")]
    mode: CredentialMode,
    credential_ref: String,
    event_type_ids: Vec<EventTypeId>,
}

fn api_key() -> CredentialMode {
    CredentialMode::ApiKey
}

impl From<Mapping> for MappingRequest {
    fn from(mapping: Mapping) -> Self {
        Self {
            username: mapping.username,
            email: mapping.email,
            mode: mapping.mode,
            credential_ref: mapping.credential_ref,
            event_type_ids: mapping.event_type_ids,
        }
    }
}
