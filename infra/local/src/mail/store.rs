//! Mails in one SQLite file.
//! A mail is on disk before the send call is answered.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use super::letter::Letter;
use crate::LocalError;

/// All mails of a data folder.
#[derive(Debug, Clone)]
pub struct Mailbox {
    connection: Arc<Mutex<Connection>>,
}

impl Mailbox {
    /// Opens or creates the file.
    pub fn open(path: &Path) -> Result<Self, LocalError> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS letter (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL) STRICT",
        )?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Keeps a mail and answers its number.
    pub fn put(&self, letter: &Letter) -> Result<i64, LocalError> {
        let body =
            serde_json::to_string(letter).map_err(|error| LocalError::part("mail", error))?;
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection.execute("INSERT INTO letter (body) VALUES (?1)", [body])?;
        Ok(connection.last_insert_rowid())
    }

    /// All mails, newest first.
    pub fn all(&self) -> Result<Vec<Letter>, LocalError> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let mut statement =
            connection.prepare_cached("SELECT body FROM letter ORDER BY sequence DESC")?;
        let bodies: Vec<String> =
            statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let read = |body: &String| {
            serde_json::from_str(body).map_err(|error| LocalError::part("mail", error))
        };
        bodies.iter().map(read).collect()
    }
}
