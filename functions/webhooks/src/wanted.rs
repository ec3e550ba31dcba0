//! What the routes on Cal.com's webhooks are asked for alike.

use interlock_http::{Call, Problem};
use interlock_policy::ResourceId;

/// Parameter that names whose calendar is meant.
const RESOURCE: &str = "resourceId";

/// The resource of the query; 400 if it is absent or no id.
pub(crate) fn resource_of(call: &Call) -> Result<ResourceId, Problem> {
    let missing = || Problem::parameter(RESOURCE, "missing", "the parameter is required");
    let text = call.query_param(RESOURCE).ok_or_else(missing)?;
    text.parse().map_err(|_| Problem::parameter(RESOURCE, "malformed", "an id is wanted"))
}
