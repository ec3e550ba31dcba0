//! The offset that moves the product's clock forward.
//! It lives in a file of the data folder, so it survives a restart, and it never goes back.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

use crate::{LocalError, wall};

/// The product's clock: the wall clock plus a stored number of seconds.
#[derive(Debug)]
pub struct ProductClock {
    file: PathBuf,
    offset_seconds: Mutex<i64>,
}

impl ProductClock {
    /// Reads the stored offset, 0 seconds when there is none yet, and makes sure the file exists.
    pub fn open(file: &Path) -> Result<Self, LocalError> {
        let stored = match std::fs::read_to_string(file) {
            Ok(text) => text.trim().parse().map_err(|_| {
                LocalError::part("clock", format!("`{}` holds no number", file.display()))
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
            Err(error) => return Err(LocalError::file(file, error)),
        };
        let clock = Self { file: file.to_owned(), offset_seconds: Mutex::new(stored) };
        clock.store(stored)?;
        Ok(clock)
    }

    /// File that functions read at each invocation: whole seconds in decimal.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Seconds the product's clock is ahead of the wall clock.
    pub fn offset_seconds(&self) -> i64 {
        self.offset_seconds.lock().map_or(0, |offset| *offset)
    }

    /// Moves the clock forward by `seconds` and answers the product's now, UTC.
    pub fn advance(&self, seconds: u32) -> Result<Timestamp, LocalError> {
        let mut offset =
            self.offset_seconds.lock().map_err(|error| LocalError::part("clock", error))?;
        let moved = offset.saturating_add(i64::from(seconds));
        let now = wall::now()
            .checked_add(SignedDuration::from_secs(moved))
            .map_err(|error| LocalError::part("clock", error))?;
        self.store(moved)?;
        *offset = moved;
        Ok(now)
    }

    /// The product's now, UTC.
    pub fn now(&self) -> Timestamp {
        let now = wall::now();
        now.checked_add(SignedDuration::from_secs(self.offset_seconds())).unwrap_or(now)
    }

    fn store(&self, offset: i64) -> Result<(), LocalError> {
        // Renamed into place: a function must never read half a number.
        let draft = self.file.with_extension("draft");
        std::fs::write(&draft, offset.to_string())
            .and_then(|()| std::fs::rename(&draft, &self.file))
            .map_err(|error| LocalError::file(&self.file, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_adds_up_and_survives_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clock-offset");
        let clock = ProductClock::open(&file).unwrap();
        clock.advance(90).unwrap();
        clock.advance(0).unwrap();
        clock.advance(10).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "100");
        assert_eq!(ProductClock::open(&file).unwrap().offset_seconds(), 100);
    }
}
