//! Tables of the queue file.
//! Opened so that an acknowledged write survives the death of the process.

use rusqlite::Connection;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS queue (
    name TEXT PRIMARY KEY,
    created_ms INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL,
    visibility_s INTEGER NOT NULL,
    retention_s INTEGER NOT NULL,
    delay_s INTEGER NOT NULL,
    wait_s INTEGER NOT NULL,
    redrive_to TEXT,
    redrive_after INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS message (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    queue TEXT NOT NULL,
    body TEXT NOT NULL,
    attributes TEXT NOT NULL,
    trace TEXT,
    sent_ms INTEGER NOT NULL,
    visible_ms INTEGER NOT NULL,
    receive_count INTEGER NOT NULL DEFAULT 0,
    first_received_ms INTEGER,
    receipt TEXT,
    source TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS move_task (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    destination TEXT,
    moved INTEGER NOT NULL,
    started_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS message_by_queue ON message (queue, visible_ms, sequence);
";

pub(super) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // Survives a killed process; a power cut may lose the last writes, as any laptop may.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.execute_batch(SCHEMA)
}
