//! A clock that stands still until a test moves it.
//!
//! It never goes on by itself, so a test says every instant it depends on.

use std::sync::Mutex;

use interlock_app::ports::Clock;
use jiff::{SignedDuration, Timestamp};

use crate::script::lock;

/// 2026-06-01T10:00:00Z, a Monday; any fixed instant would do.
const START_SECONDS: i64 = 1_780_308_000;

/// The test's own time.
#[derive(Debug)]
pub struct ManualClock {
    now: Mutex<Timestamp>,
}

impl ManualClock {
    /// Stands at the instant given.
    pub fn at(now: Timestamp) -> Self {
        Self { now: Mutex::new(now) }
    }

    /// Jumps, forward or back.
    pub fn set(&self, now: Timestamp) {
        *lock(&self.now) = now;
    }

    /// Goes on by `step`, which may be negative; stops at the ends of the calendar.
    pub fn advance(&self, step: SignedDuration) {
        let mut now = lock(&self.now);
        let end = if step.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
        *now = now.checked_add(step).unwrap_or(end);
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::at(Timestamp::from_second(START_SECONDS).unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *lock(&self.now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stands_until_it_is_moved() {
        let clock = ManualClock::default();
        let first = clock.now();
        assert_eq!(clock.now(), first);
        assert_eq!(first.to_string(), "2026-06-01T10:00:00Z");
        clock.advance(SignedDuration::from_secs(90));
        assert_eq!(clock.now().duration_since(first), SignedDuration::from_secs(90));
        clock.advance(SignedDuration::from_secs(-90));
        assert_eq!(clock.now(), first);
    }

    #[test]
    fn time_stops_at_the_ends_of_the_calendar() {
        let clock = ManualClock::default();
        clock.advance(SignedDuration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
        clock.advance(SignedDuration::MIN);
        assert_eq!(clock.now(), Timestamp::MIN);
    }
}
