//! A letter as people see it: to whom by opaque id, and no address.

use interlock_policy::{CheckoutScope, ReservationId, ResourceId, UserId};
use jiff::Timestamp;
use serde::Serialize;

use super::{About, Channel, Failure, Letter, LetterId, LetterKind, LetterState, Needless};

/// A letter and what became of it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LetterView {
    id: LetterId,
    kind: LetterKind,
    channel: Channel,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<Failure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped_for: Option<Needless>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permanent: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    due_at: Timestamp,
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_id: Option<ReservationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_version: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_id: Option<ResourceId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checkout_scope: Option<CheckoutScope>,
}

impl From<&Letter> for LetterView {
    fn from(letter: &Letter) -> Self {
        let mut view = Self {
            id: letter.id.clone(),
            kind: letter.kind,
            channel: letter.channel,
            state: letter.state.word(),
            failure: None,
            dropped_for: None,
            permanent: None,
            at: letter.state.at(),
            due_at: letter.due_at,
            attempts: letter.attempts,
            user_id: letter.reader().cloned(),
            reservation_id: None,
            reservation_version: None,
            resource_id: None,
            checkout_scope: None,
        };
        match letter.state {
            LetterState::Failed { why, .. } => view.failure = Some(why),
            LetterState::Dropped { why, .. } => view.dropped_for = Some(why),
            LetterState::Bounced { permanent, .. } => view.permanent = Some(permanent),
            LetterState::Due
            | LetterState::Sent { .. }
            | LetterState::Delivered { .. }
            | LetterState::Complained { .. } => {}
        }
        match &letter.about {
            About::Account { .. } => {}
            About::Reservation { reservation_id, resource_id, version } => {
                view.reservation_id = Some(reservation_id.clone());
                view.resource_id = Some(resource_id.clone());
                view.reservation_version = Some(*version);
            }
            About::Checkout { scope, .. } => view.checkout_scope = Some(scope.clone()),
        }
        view
    }
}
