//! The product's time: the wall clock, moved by what the local runner says.
//!
//! The offset is read once per invocation, so time does not jump within one. Deadlines, signing
//! and time-outs never use this clock.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};

use interlock_app::ports::Clock;
use jiff::{SignedDuration, Timestamp};

/// The wall clock and an offset.
#[derive(Debug)]
pub(crate) struct SystemClock {
    offset_seconds: AtomicI64,
    file: Option<PathBuf>,
}

impl SystemClock {
    /// With the offset in this file, if there is one.
    pub(crate) fn new(file: Option<PathBuf>) -> Self {
        let clock = Self { offset_seconds: AtomicI64::new(0), file };
        clock.refresh();
        clock
    }

    /// Reads the offset again; a file that is absent or no number leaves what was.
    pub(crate) fn refresh(&self) {
        let Some(file) = &self.file else { return };
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if let Ok(seconds) = text.trim().parse() {
            self.offset_seconds.store(seconds, Ordering::Relaxed);
        }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> Timestamp {
        let offset = SignedDuration::from_secs(self.offset_seconds.load(Ordering::Relaxed));
        let now = Timestamp::now();
        now.saturating_add(offset).unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ahead(clock: &SystemClock) -> i64 {
        let plain = SystemClock::new(None).now();
        (clock.now().duration_since(plain).as_millis() + 500).div_euclid(1000).try_into().unwrap()
    }

    #[test]
    fn the_offset_moves_the_clock_from_the_next_invocation_on() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let clock = SystemClock::new(Some(file.path().to_owned()));
        assert_eq!(ahead(&clock), 0);
        std::fs::write(file.path(), "86400\n").unwrap();
        assert_eq!(ahead(&clock), 0);
        clock.refresh();
        assert_eq!(ahead(&clock), 86_400);
        std::fs::write(file.path(), "").unwrap();
        clock.refresh();
        assert_eq!(ahead(&clock), 86_400);
    }
}
