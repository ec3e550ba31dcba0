//! Who is calling, in the order the original decides it (CONTRACT 3.1).
//! The throttler meets the key before any guard does, so an unknown key is 401 everywhere.

use super::api_error::{Answer, ApiError};
use super::request::{ApiRequest, Caller};
use super::route::{Access, Route};
use super::world::World;

const KEY_PREFIX: &str = "cal_";
const NO_METHOD: &str = "ApiAuthStrategy - No authentication method provided. Either pass an API \
    key as 'Bearer' header or OAuth client credentials as 'x-cal-secret-key' and \
    'x-cal-client-id' headers";
const NO_PERMISSION: &str = "PermissionsGuard - no authentication provided. Provide either \
    authorization bearer token containing managed user access token or oAuth client id in \
    'x-cal-client-id' header.";

/// The credential as written; the word `Bearer` is optional and its case matters.
fn credential(request: &ApiRequest) -> Option<&str> {
    let header = request.authorization.as_deref()?;
    Some(header.strip_prefix("Bearer ").unwrap_or(header)).filter(|text| !text.is_empty())
}

impl World {
    /// The bucket a call counts against; an unknown API key is refused here already.
    pub(crate) fn tracker(&self, request: &ApiRequest) -> Answer<String> {
        match credential(request) {
            Some(key) if key.starts_with(KEY_PREFIX) => match self.account_by_key(key) {
                Some(account) => Ok(format!("key:{}", account.id)),
                None => Err(ApiError::framework(401, "CustomThrottlerGuard - Invalid API Key")),
            },
            Some(token) => Ok(format!("token:{token}")),
            None => Ok(format!("address:{}", request.address)),
        }
    }

    /// Judges the credential for a route.
    pub(crate) fn authenticate(&self, route: &Route, request: &ApiRequest) -> Answer<Caller> {
        let access = route.access();
        let nobody = Caller { account_id: None };
        let Some(credential) = credential(request) else {
            return match access {
                Access::Open | Access::Optional => Ok(nobody),
                Access::Required => Err(ApiError::framework(401, NO_METHOD)),
                Access::Guarded => Err(ApiError::framework(403, NO_PERMISSION)),
            };
        };
        if access == Access::Open {
            let account_id = self.account_by_key(credential).map(|account| account.id);
            return Ok(Caller { account_id });
        }
        match self.account_by_key(credential) {
            Some(account) if account.api_key_expired => {
                Err(ApiError::framework(401, "ApiAuthStrategy - api key - Your api key is expired"))
            }
            Some(account) => Ok(Caller { account_id: Some(account.id) }),
            None if access == Access::Guarded => Err(ApiError::framework(
                403,
                format!("PermissionsGuard - no oAuth client found for access token={credential}"),
            )),
            None => Err(ApiError::framework(401, "Invalid Access Token.")),
        }
    }
}
