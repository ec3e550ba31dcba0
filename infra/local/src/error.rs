//! What can go wrong while the local stack starts or runs, told to a person at a terminal.
//! Every variant says which file, folder or part it is about.

use std::path::PathBuf;

/// A failure of the local stack itself; failures of functions are `runtime::InvokeError`.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    #[error("`{}`: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("template `{}`: {detail}", path.display())]
    Template { path: PathBuf, detail: String },
    #[error("data folder `{}`: {detail}", path.display())]
    DataFolder { path: PathBuf, detail: String },
    #[error("build failed: {0}")]
    Build(String),
    #[error("database of the local stack: {0}")]
    Storage(#[from] rusqlite::Error),
    #[error("{part}: {detail}")]
    Part { part: &'static str, detail: String },
}

impl LocalError {
    /// A failure of one part of the stack, named by its module.
    pub fn part(part: &'static str, detail: impl std::fmt::Display) -> Self {
        Self::Part { part, detail: detail.to_string() }
    }

    /// A failure of one file, with the system's reason.
    pub fn file(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::File { path: path.into(), source }
    }
}
