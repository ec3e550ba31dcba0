//! How long a login lasts.
//!
//! The life is absolute: using a session does not lengthen it (RELIABILITY A2).

use interlock_policy::Role;
use jiff::SignedDuration;

/// Of members and hosts.
const MEMBER_LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Of everybody who may decide about others.
const STAFF_LIFE: SignedDuration = SignedDuration::from_hours(12);

/// How long a session of somebody with these roles lasts: 30 days for members and hosts, 12 hours
/// for managers and admins (RELIABILITY A2).
pub fn session_life(roles: &[Role]) -> SignedDuration {
    if roles.iter().any(|role| role.rank() >= Role::Manager.rank()) {
        STAFF_LIFE
    } else {
        MEMBER_LIFE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_decides_about_others_logs_in_every_day() {
        assert_eq!(session_life(&[Role::Member]).as_hours(), 720);
        assert_eq!(session_life(&[Role::Host]).as_hours(), 720);
        assert_eq!(session_life(&[]).as_hours(), 720);
        assert_eq!(session_life(&[Role::Manager]).as_hours(), 12);
        assert_eq!(session_life(&[Role::Admin]).as_hours(), 12);
        assert_eq!(session_life(&[Role::Member, Role::Manager]).as_hours(), 12);
    }
}
