//! What a route asks of its caller.
//!
//! One function decides, and what it does not name is refused (RELIABILITY Z1).

use interlock_app::model::Account;
use interlock_policy::Role;

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing; the session is not even looked at.
    Anyone,
    /// A session, whatever the roles.
    LoggedIn,
    /// A session of somebody whose highest role ranks at least like this one.
    AtLeast(Role),
    /// A session of somebody who ranks at least like the first or has the second role; whether it
    /// is his own affair the use case decides.
    AtLeastOr(Role, Role),
    /// No session but a signature, which the handler checks over the raw body.
    Signature,
}

impl Access {
    /// Whether the guard must find a session before it lets a call in.
    pub const fn needs_session(self) -> bool {
        match self {
            Self::LoggedIn | Self::AtLeast(_) | Self::AtLeastOr(..) => true,
            Self::Anyone | Self::Signature => false,
        }
    }

    /// Whether this caller suffices; a host counts as a member (PRODUCT 5).
    pub fn permits(self, caller: Option<&Account>) -> bool {
        match (self, caller) {
            (Self::Anyone | Self::Signature, _) | (Self::LoggedIn, Some(_)) => true,
            (Self::AtLeast(least), Some(account)) => account.rank() >= least.rank(),
            (Self::AtLeastOr(least, role), Some(account)) => {
                account.rank() >= least.rank() || account.roles.contains(&role)
            }
            (Self::LoggedIn | Self::AtLeast(_) | Self::AtLeastOr(..), None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use interlock_policy::AccountStatus;
    use jiff::Timestamp;

    use super::*;

    fn with(roles: &[Role]) -> Account {
        Account {
            id: "usr_ada".parse().unwrap(),
            email: "ada@demo.test".into(),
            name: "Ada".into(),
            roles: roles.to_vec(),
            status: AccountStatus::Active,
            suspension: None,
            time_zone: "UTC".parse().unwrap(),
            scope: None,
            membership: interlock_app::model::Membership::default(),
            identity: None,
            session_epoch: 0,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_matrix_of_roles_and_routes_is_as_written() {
        use Role::{Admin, Host, Manager, Member};
        let callers: [(&[Role], [bool; 4]); 6] = [
            (&[], [false, false, false, false]),
            (&[Member], [true, true, false, false]),
            (&[Host], [true, true, false, false]),
            (&[Manager], [true, true, true, false]),
            (&[Admin], [true, true, true, true]),
            (&[Member, Admin], [true, true, true, true]),
        ];
        for (roles, expected) in callers {
            let account = with(roles);
            for (least, expected) in [Member, Host, Manager, Admin].into_iter().zip(expected) {
                let permitted = Access::AtLeast(least).permits(Some(&account));
                assert_eq!(permitted, expected, "{roles:?} for {least:?}");
            }
            assert!(Access::LoggedIn.permits(Some(&account)));
        }
    }

    #[test]
    fn a_host_passes_where_staff_or_hosts_decide_and_a_member_does_not() {
        use Role::{Admin, Host, Manager, Member};
        let access = Access::AtLeastOr(Manager, Host);
        for (roles, expected) in [(Member, false), (Host, true), (Manager, true), (Admin, true)] {
            assert_eq!(access.permits(Some(&with(&[roles]))), expected, "{roles:?}");
        }
        assert!(!access.permits(None) && access.needs_session());
    }

    #[test]
    fn nobody_passes_only_where_nobody_is_asked_for() {
        assert!(Access::Anyone.permits(None));
        assert!(Access::Signature.permits(None));
        assert!(!Access::LoggedIn.permits(None));
        for role in [Role::Member, Role::Host, Role::Manager, Role::Admin] {
            assert!(!Access::AtLeast(role).permits(None));
        }
    }

    #[test]
    fn a_session_is_looked_for_exactly_where_it_decides() {
        assert!(Access::LoggedIn.needs_session());
        assert!(Access::AtLeast(Role::Member).needs_session());
        assert!(!Access::Anyone.needs_session());
        assert!(!Access::Signature.needs_session());
    }
}
