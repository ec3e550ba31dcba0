//! The web app: built where Node is there, served as the distribution in front would serve it.
//! What is under `/api` is not its business.

mod build;
mod range;
mod serve;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::LocalError;

pub use build::{is_stale, prepare};
pub use serve::wrap;

/// A built app and the headers its files go out with.
#[derive(Debug, Clone)]
pub struct WebApp {
    /// Folder with `index.html` and what it needs.
    pub files: PathBuf,
    /// As `headers.json` has them.
    pub headers: Headers,
}

/// Values of headers by their names in lower case.
type Values = BTreeMap<String, String>;

/// What every file goes out with, and what differs where a page needs more.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headers {
    everywhere: Values,
    /// By the beginning of the path; in place of the value everywhere.
    under: BTreeMap<String, Values>,
}

impl Headers {
    /// Those of the answer to `path`; the later of two values of a name is the one that counts.
    fn of<'a>(&'a self, path: &'a str) -> impl Iterator<Item = (&'a String, &'a String)> {
        let under = self.under.iter().filter(|(begin, _)| path.starts_with(begin.as_str()));
        self.everywhere.iter().chain(under.flat_map(|(_, values)| values))
    }
}

impl WebApp {
    /// Reads the headers of the app in `folder`; its built files are in `dist` there.
    ///
    /// # Errors
    /// When `headers.json` cannot be read or has another form.
    pub fn read(folder: &Path) -> Result<Self, LocalError> {
        let path = folder.join("headers.json");
        let text = std::fs::read(&path).map_err(|error| LocalError::file(&path, error))?;
        let headers = serde_json::from_slice(&text)
            .map_err(|error| LocalError::part("web app", format!("{}: {error}", path.display())))?;
        Ok(Self { files: folder.join("dist"), headers })
    }
}
