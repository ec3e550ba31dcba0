//! How long a login lasts: at most, and unused.
//!
//! The absolute life is not lengthened by use; the idle one is counted from the last use that was
//! noted, so it is never longer than told (RELIABILITY A2).

use interlock_policy::Role;
use jiff::SignedDuration;

/// How long sessions of somebody last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// From the login on, whatever happens.
    pub absolute: SignedDuration,
    /// From the last use on.
    pub idle: SignedDuration,
    /// How old the note of the last use may become before it is written anew.
    pub note_every: SignedDuration,
}

/// Of members and hosts.
const MEMBER: Life = Life {
    absolute: SignedDuration::from_hours(30 * 24),
    idle: SignedDuration::from_hours(7 * 24),
    note_every: SignedDuration::from_hours(1),
};
/// Of everybody who may decide about others.
const STAFF: Life = Life {
    absolute: SignedDuration::from_hours(12),
    idle: SignedDuration::from_mins(30),
    note_every: SignedDuration::from_mins(1),
};

impl Life {
    /// Of sessions of somebody with these roles: 30 days and 7 unused ones for members and hosts,
    /// 12 hours and 30 unused minutes for managers and admins (RELIABILITY A2).
    pub fn of(roles: &[Role]) -> Self {
        let staff = roles.iter().any(|role| role.rank() >= Role::Manager.rank());
        if staff { STAFF } else { MEMBER }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_decides_about_others_logs_in_every_day() {
        assert_eq!(Life::of(&[Role::Member]).absolute.as_hours(), 720);
        assert_eq!(Life::of(&[Role::Host]).absolute.as_hours(), 720);
        assert_eq!(Life::of(&[]).absolute.as_hours(), 720);
        assert_eq!(Life::of(&[Role::Manager]).absolute.as_hours(), 12);
        assert_eq!(Life::of(&[Role::Admin]).absolute.as_hours(), 12);
        assert_eq!(Life::of(&[Role::Member, Role::Manager]).absolute.as_hours(), 12);
    }

    #[test]
    fn an_unused_session_of_staff_ends_after_half_an_hour_and_a_members_after_a_week() {
        for (role, minutes) in [
            (Role::Member, 7 * 24 * 60),
            (Role::Host, 7 * 24 * 60),
            (Role::Manager, 30),
            (Role::Admin, 30),
        ] {
            let life = Life::of(&[role]);
            assert_eq!(life.idle, SignedDuration::from_mins(minutes), "{role:?}");
            assert!(life.note_every < life.idle);
        }
    }
}
