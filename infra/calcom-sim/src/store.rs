//! One SQLite file that holds every row of the world.
//! A save is one transaction; a lock file keeps a second process out of the folder.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, params};

use crate::core::table::Change;
use crate::core::world::World;
use crate::sim::SimError;

#[derive(Debug)]
pub(crate) struct Store {
    connection: Connection,
    /// Held for its lock; the system frees it even after a kill.
    lock: File,
}

impl Drop for Store {
    /// Unlocks by word: a child process that is just being started may hold a copy of the file.
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

impl Store {
    /// Opens the file in a folder, which is made when it is missing.
    pub(crate) fn open(folder: &Path) -> Result<Self, SimError> {
        std::fs::create_dir_all(folder)?;
        let lock = File::create(folder.join("calcom-sim.lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(SimError::Locked(folder.to_owned())),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let connection = Connection::open(folder.join("calcom-sim.sqlite"))?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A kill of the process loses nothing with this; only a power cut could.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS rows (
                 kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
                 PRIMARY KEY (kind, key)
             ) WITHOUT ROWID;",
        )?;
        Ok(Self { connection, lock })
    }

    /// Reads every row into a world.
    pub(crate) fn load(&self, world: &mut World) -> Result<(), SimError> {
        let mut statement = self.connection.prepare("SELECT kind, key, body FROM rows")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (kind, key): (String, String) = (row.get(0)?, row.get(1)?);
            let body: String = row.get(2)?;
            world.load(&kind, &key, &body)?;
        }
        Ok(())
    }

    /// Writes changes in one transaction.
    pub(crate) fn save(&mut self, changes: &[Change]) -> Result<(), SimError> {
        if changes.is_empty() {
            return Ok(());
        }
        let transaction = self.connection.transaction()?;
        for Change { kind, key, body } in changes {
            match body {
                Some(body) => transaction
                    .prepare_cached("INSERT OR REPLACE INTO rows VALUES (?1, ?2, ?3)")?
                    .execute(params![kind, key, body])?,
                None => transaction
                    .prepare_cached("DELETE FROM rows WHERE kind = ?1 AND key = ?2")?
                    .execute(params![kind, key])?,
            };
        }
        transaction.commit()?;
        Ok(())
    }
}
