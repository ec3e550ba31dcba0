//! How a person is shown to himself and to admins.

use interlock_policy::{AccountStatus, Role, UserId, ZoneName};
use jiff::Timestamp;
use serde::Serialize;

use super::{Account, DeadAddress, Death, ManagerScope};

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
    pub fn for_staff(account: &'a Account, aside: &Aside) -> Self {
        let view = |dead: &DeadAddress| DeadAddressView { why: dead.why, since: dead.since };
        Self {
            user: UserView {
                dead_address: aside.dead.as_ref().map(view),
                legal_hold: aside.held,
                factor_enrolled: Some(aside.factor),
                ..UserView::from(account)
            },
        }
    }
}

impl<'a> From<&'a Account> for UserBody<'a> {
    fn from(account: &'a Account) -> Self {
        Self { user: UserView::from(account) }
    }
}

impl<'a> From<&'a Account> for UserView<'a> {
    fn from(account: &'a Account) -> Self {
        Self {
            id: &account.id,
            email: &account.email,
            name: &account.name,
            roles: &account.roles,
            status: account.status,
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
