//! How a person is shown to himself and to admins.

use interlock_policy::{AccountStatus, Role, UserId, ZoneName};
use jiff::Timestamp;
use serde::Serialize;

use super::{Account, DeadAddress, Death, ManagerScope, Suspension};

/// `{user:{…}}`.
#[derive(Debug, Serialize)]
pub struct UserBody<'a> {
    user: UserView<'a>,
}

/// A person as staff and he himself see it; nothing of the password or of sessions.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserView<'a> {
    id: &'a UserId,
    email: &'a str,
    name: &'a str,
    roles: &'a [Role],
    status: AccountStatus,
    /// Why and until when, while it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    suspension: Option<&'a Suspension>,
    time_zone: &'a ZoneName,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a ManagerScope>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    groups: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    membership_until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dead_address: Option<DeadAddressView>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    legal_hold: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    factor_enrolled: Option<bool>,
    /// Whether tokens of the issuer outside speak for the person.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    linked: bool,
}

/// What staff is told of a person beside the account.
#[derive(Debug)]
pub struct Aside {
    /// What is known against the address; `None` while mail goes there.
    pub dead: Option<DeadAddress>,
    /// Whether what is held of the person must be kept.
    pub held: bool,
    /// Whether there is a second factor.
    pub factor: bool,
}

/// That nothing is sent to a person's address any more; for staff, who may set it right.
#[derive(Debug, Serialize)]
struct DeadAddressView {
    why: Death,
    since: Timestamp,
}

impl<'a> UserBody<'a> {
    /// With what staff is told of the person beside the account.
    pub fn for_staff(account: &'a Account, aside: &Aside, now: Timestamp) -> Self {
        let user = UserView {
            legal_hold: aside.held,
            factor_enrolled: Some(aside.factor),
            ..UserView::listed(account, aside.dead.as_ref(), now)
        };
        Self { user }
    }

    /// As the person stands at an instant.
    pub fn at(account: &'a Account, now: Timestamp) -> Self {
        Self { user: UserView::at(account, now) }
    }
}

impl<'a> UserView<'a> {
    /// In a list for staff, with what is known against the address.
    pub fn listed(account: &'a Account, dead: Option<&DeadAddress>, now: Timestamp) -> Self {
        let view = |dead: &DeadAddress| DeadAddressView { why: dead.why, since: dead.since };
        Self { dead_address: dead.map(view), ..Self::at(account, now) }
    }

    fn at(account: &'a Account, now: Timestamp) -> Self {
        let status = account.status_at(now);
        let suspension = account.suspension.as_ref();
        Self {
            id: &account.id,
            email: &account.email,
            name: &account.name,
            roles: &account.roles,
            status,
            suspension: suspension.filter(|_| status == AccountStatus::Suspended),
            time_zone: &account.time_zone,
            scope: account.scope.as_ref(),
            groups: &account.membership.groups,
            membership_until: account.membership.until,
            dead_address: None,
            legal_hold: false,
            factor_enrolled: None,
            linked: account.identity.is_some(),
        }
    }
}
