//! How an exemption is shown to those who grant them.

use interlock_app::CountedGrant;
use interlock_app::model::{Actor, ExemptionGrant, Revoked};
use interlock_policy::{ExemptionId, ReasonCode, ResourceId, UserId};
use jiff::Timestamp;
use serde::Serialize;

/// An exemption.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExemptionView<'a> {
    id: &'a ExemptionId,
    user_id: &'a UserId,
    machine_id: &'a ResourceId,
    codes: &'a [ReasonCode],
    starts_at: Timestamp,
    ends_at: Timestamp,
    reason: &'a str,
    granted_by: &'a Actor,
    granted_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<&'a Revoked>,
    used: u32,
}

impl<'a> From<&'a ExemptionGrant> for ExemptionView<'a> {
    fn from(grant: &'a ExemptionGrant) -> Self {
        Self {
            id: &grant.exemption.id,
            user_id: &grant.user_id,
            machine_id: &grant.exemption.resource_id,
            codes: &grant.exemption.codes,
            starts_at: grant.exemption.valid.start(),
            ends_at: grant.exemption.valid.end(),
            reason: &grant.reason,
            granted_by: &grant.granted_by,
            granted_at: grant.granted_at,
            revoked: grant.revoked.as_ref(),
            used: 0,
        }
    }
}

impl<'a> From<&'a CountedGrant> for ExemptionView<'a> {
    fn from(counted: &'a CountedGrant) -> Self {
        Self { used: counted.used, ..Self::from(&counted.grant) }
    }
}
