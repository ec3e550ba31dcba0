//! The embedded table behind its HTTP endpoint, as the data template describes it.
//! Functions reach it only through the counting door; nothing calls the database's own interface.

mod create;
mod door;

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use dynoxide::Database;
use serde_json::Value;

use crate::LocalError;
use crate::counters::Counters;
use crate::net::{self, Served};
use crate::tasks::Guarded;

/// Name of the table in the local stack.
pub const TABLE: &str = "interlock";

/// A running table.
pub struct RunningTable {
    door: Served,
    _engine: Served,
    /// Whether the table was made by this start.
    pub is_new: bool,
}

impl RunningTable {
    /// Address for SDK clients.
    pub fn url(&self) -> String {
        self.door.url()
    }
}

/// Opens the file and makes sure that the table of the template exists.
pub async fn start(
    file: &Path,
    properties: &Value,
    counters: Arc<Counters>,
) -> Result<RunningTable, LocalError> {
    start_behind(file, properties, counters, |door| door).await
}

/// The same with something in front of the door.
pub async fn start_behind(
    file: &Path,
    properties: &Value,
    counters: Arc<Counters>,
    front: impl FnOnce(Router) -> Router,
) -> Result<RunningTable, LocalError> {
    let path = file.to_str().ok_or_else(|| LocalError::part("table", "path is not text"))?;
    let database = Database::new(path).map_err(|error| LocalError::part("table", error))?;
    let listener = net::bind(0).await?;
    let address = listener.local_addr().map_err(|error| LocalError::part("table", error))?;
    let server = dynoxide::server::serve_with_shutdown(listener, database, std::future::pending());
    let task = Guarded::spawn(async move {
        if let Err(error) = server.await {
            tracing::error!(error, "the table's server stopped");
        }
    });
    let engine = Served::new(address, task);
    let is_new = create::ensure(&engine.url(), properties).await?;
    let door = net::serve(front(door::router(engine.url(), counters)?)).await?;
    Ok(RunningTable { door, _engine: engine, is_new })
}
