//! How approvals and wishes for them are shown.

use interlock_policy::{CheckoutId, CheckoutScope, UserId};
use jiff::Timestamp;
use serde::Serialize;

use super::{Checkout, CheckoutRecord, CheckoutWish, WishOrigin};

/// An approval as `checkout`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutView<'a> {
    id: &'a CheckoutId,
    user_id: &'a UserId,
    scope: &'a CheckoutScope,
    level: u8,
    approved_by: &'a UserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_approved_by: Option<&'a UserId>,
    granted_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<RevokedView<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RevokedView<'a> {
    by: &'a UserId,
    at: Timestamp,
    reason: &'a str,
}

impl<'a> CheckoutView<'a> {
    /// Of a person.
    pub fn of(user_id: &'a UserId, checkout: &'a Checkout) -> Self {
        Self {
            id: &checkout.id,
            user_id,
            scope: &checkout.scope,
            level: checkout.level,
            approved_by: &checkout.approved_by,
            first_approved_by: checkout.first_approved_by.as_ref(),
            granted_at: checkout.granted_at,
            expires_at: checkout.expires_at,
            notes: checkout.notes.as_deref(),
            revoked: None,
        }
    }
}

impl<'a> From<&'a CheckoutRecord> for CheckoutView<'a> {
    fn from(record: &'a CheckoutRecord) -> Self {
        let revoked = record.ended.as_ref().map(|ended| RevokedView {
            by: &ended.by,
            at: ended.at,
            reason: &ended.reason,
        });
        Self { revoked, ..Self::of(&record.user_id, &record.checkout) }
    }
}

/// A wish as `request`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WishView<'a> {
    id: &'a CheckoutId,
    user_id: &'a UserId,
    scope: &'a CheckoutScope,
    level: u8,
    origin: WishOrigin,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    requested_at: Timestamp,
    waiting_seconds: i64,
    awaits_second: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_approved_by: Option<&'a UserId>,
}

impl<'a> WishView<'a> {
    /// Of a person, at an instant.
    pub fn of(user_id: &'a UserId, wish: &'a CheckoutWish, now: Timestamp) -> Self {
        Self {
            id: &wish.id,
            user_id,
            scope: &wish.scope,
            level: wish.level,
            origin: wish.origin,
            note: wish.note.as_deref(),
            requested_at: wish.since,
            waiting_seconds: wish.waited(now),
            awaits_second: wish.first_yes.is_some(),
            first_approved_by: wish.first_yes.as_ref().map(|yes| &yes.by),
        }
    }
}
