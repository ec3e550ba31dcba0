//! The folder that holds everything the local stack remembers.
//! One running stack at a time, and only what the stack made is ever removed.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::LocalError;

const MARKER: &str = "INTERLOCK-LOCAL";
const MARKER_TEXT: &str = "Data of `cargo local`, layout 1. `cargo local --fresh` empties it.\n";
/// Everything the stack makes beside marker and lock.
const CONTENTS: [&str; 14] = [
    "table.db",
    "table.db-wal",
    "table.db-shm",
    "queue.db",
    "queue.db-wal",
    "queue.db-shm",
    "mail.db",
    "mail.db-wal",
    "mail.db-shm",
    "secrets.json",
    "clock-offset",
    "calcom",
    "logs",
    "seeded",
];

/// An opened and locked data folder.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// Held until the stack ends; the system frees it however the process ends.
    _lock: File,
}

impl DataFolder {
    /// Opens the folder, making it when there is none; `fresh` removes what earlier runs left.
    pub fn open(path: &Path, fresh: bool) -> Result<Self, LocalError> {
        let fail = |detail: &str| LocalError::DataFolder {
            path: path.to_owned(),
            detail: detail.to_owned(),
        };
        fs::create_dir_all(path).map_err(|error| LocalError::file(path, error))?;
        let path = path.canonicalize().map_err(|error| LocalError::file(path, error))?;
        let marker = path.join(MARKER);
        if !marker.is_file() {
            let mut entries =
                fs::read_dir(&path).map_err(|error| LocalError::file(&path, error))?;
            if entries.next().is_some() {
                return Err(fail("holds files of something else; name an empty folder"));
            }
            fs::write(&marker, MARKER_TEXT).map_err(|error| LocalError::file(&marker, error))?;
        }
        let lock_path = path.join("lock");
        let lock = File::create(&lock_path).map_err(|error| LocalError::file(&lock_path, error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(fail("is in use by a running stack")),
            Err(TryLockError::Error(error)) => return Err(LocalError::file(&lock_path, error)),
        }
        let folder = Self { path, _lock: lock };
        if fresh {
            folder.wipe()?;
        }
        fs::create_dir_all(folder.logs())
            .map_err(|error| LocalError::file(folder.logs(), error))?;
        Ok(folder)
    }

    fn wipe(&self) -> Result<(), LocalError> {
        for name in CONTENTS {
            let path = self.file(name);
            let removed =
                if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            match removed {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(LocalError::file(path, error));
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// A file of the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Folder of the functions' logs.
    pub fn logs(&self) -> PathBuf {
        self.file("logs")
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_start_removes_only_what_the_stack_made() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataFolder::open(folder.path(), false).unwrap();
        fs::write(data.file("table.db"), "x").unwrap();
        fs::write(data.file("notes.txt"), "mine").unwrap();
        drop(data);
        let data = DataFolder::open(folder.path(), true).unwrap();
        assert!(!data.file("table.db").exists());
        assert!(data.file("notes.txt").exists());
    }

    #[test]
    fn a_folder_of_something_else_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("table.db"), "theirs").unwrap();
        assert!(DataFolder::open(folder.path(), true).is_err());
        assert_eq!(fs::read_to_string(folder.path().join("table.db")).unwrap(), "theirs");
    }

    #[test]
    fn a_folder_serves_one_stack_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let _first = DataFolder::open(folder.path(), false).unwrap();
        let error = DataFolder::open(folder.path(), true).unwrap_err();
        assert!(error.to_string().contains("in use"), "{error}");
    }
}
