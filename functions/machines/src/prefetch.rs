//! What the gate's question needs, so that the request's one read has it.

use interlock_app::ports::store::Key;
use interlock_app::{begin_keys, eligibility_keys};
use interlock_http::Prefetch;

/// Keys of everything that is judged: the caller, the resource, the terms of modules (PRODUCT 10).
pub(crate) fn judging(call: &Prefetch<'_>) -> Vec<Key> {
    let (Some(user_id), Some(id)) = (call.user_id(), call.resource_id()) else { return Vec::new() };
    eligibility_keys(user_id, &id)
}

/// The same, and who is there, where it may be asked whether use begins.
pub(crate) fn beginning(call: &Prefetch<'_>) -> Vec<Key> {
    let (Some(user_id), Some(id)) = (call.user_id(), call.resource_id()) else { return Vec::new() };
    begin_keys(user_id, &id)
}
