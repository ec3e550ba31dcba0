//! The web app: built where Node is there, served as the distribution in front would serve it.
//! What is under `/api` is not its business.

mod build;
mod range;
mod serve;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::LocalError;

pub use build::{is_stale, prepare};
pub use serve::wrap;

/// A built app and the headers every file of it goes out with.
#[derive(Debug, Clone)]
pub struct WebApp {
    /// Folder with `index.html` and what it needs.
    pub files: PathBuf,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
}

impl WebApp {
    /// Reads the headers of the app in `folder`; its built files are in `dist` there.
    ///
    /// # Errors
    /// When `headers.json` cannot be read or is no map of texts.
    pub fn read(folder: &Path) -> Result<Self, LocalError> {
        let path = folder.join("headers.json");
        let text = std::fs::read(&path).map_err(|error| LocalError::file(&path, error))?;
        let headers = serde_json::from_slice(&text)
            .map_err(|error| LocalError::part("web app", format!("{}: {error}", path.display())))?;
        Ok(Self { files: folder.join("dist"), headers })
    }
}
