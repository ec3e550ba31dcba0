//! What the secrets of the product hold locally.
//! The keys for cursors and for second factors and the mark of the front are drawn once; the
//! others follow from the Cal.com side in use.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::{LocalError, random};

/// Credentials by Cal.com account.
pub const CALCOM: &str = "interlock/calcom";
/// What webhooks are signed with.
pub const WEBHOOK: &str = "interlock/webhook";
/// The key that seals list cursors.
pub const CURSOR: &str = "interlock/cursor";
/// The key that the secrets of second factors are made from.
pub const FACTOR: &str = "interlock/factor";
/// The mark by which functions know the front.
pub const ORIGIN: &str = "interlock/origin";

/// Secret values by name, each as JSON text.
#[derive(Debug, Default)]
pub struct Secrets {
    values: Mutex<BTreeMap<String, String>>,
    file: PathBuf,
}

impl Secrets {
    /// Reads the stored values and takes over the credentials and the webhook secret in use.
    pub fn open(file: &Path, accounts: &Value, webhook_secret: &str) -> Result<Self, LocalError> {
        let mut values: BTreeMap<String, String> = match std::fs::read_to_string(file) {
            Ok(text) => {
                serde_json::from_str(&text).map_err(|error| LocalError::part("secrets", error))?
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(LocalError::file(file, error)),
        };
        for name in [CURSOR, FACTOR] {
            values
                .entry(name.to_owned())
                .or_insert_with(|| json!({"key": random::hexadecimal::<32>()}).to_string());
        }
        values
            .entry(ORIGIN.to_owned())
            .or_insert_with(|| json!({"a": random::hexadecimal::<32>(), "b": ""}).to_string());
        values.insert(CALCOM.to_owned(), json!({"accounts": accounts}).to_string());
        values.insert(WEBHOOK.to_owned(), json!({"secrets": [webhook_secret]}).to_string());
        store(file, &json!(values).to_string()).map_err(|error| LocalError::file(file, error))?;
        Ok(Self { values: Mutex::new(values), file: file.to_owned() })
    }

    /// Name and value of a secret by name or by a resource name that ends with it.
    pub fn get(&self, id: &str) -> Option<(String, String)> {
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.get_key_value(name_of(id)).map(|(name, value)| (name.clone(), value.clone()))
    }

    /// The mark that the front puts on every call.
    pub fn mark(&self) -> Option<String> {
        let (_, text) = self.get(ORIGIN)?;
        let marks: Value = serde_json::from_str(&text).ok()?;
        marks.get("a").and_then(Value::as_str).map(str::to_owned)
    }

    /// Gives a secret that there is another value; its name, or nothing if there is none.
    pub fn put(&self, id: &str, value: &str) -> Result<Option<String>, LocalError> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let name = name_of(id).to_owned();
        let Some(kept) = values.get_mut(&name) else { return Ok(None) };
        value.clone_into(kept);
        let text = json!(*values).to_string();
        store(&self.file, &text).map_err(|error| LocalError::file(&self.file, error))?;
        Ok(Some(name))
    }
}

fn name_of(id: &str) -> &str {
    id.rsplit_once(":secret:").map_or(id, |(_, name)| name)
}

fn store(file: &Path, text: &str) -> std::io::Result<()> {
    let draft = file.with_extension("draft");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(&draft)?.write_all(text.as_bytes())?;
    std::fs::rename(&draft, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_is_drawn_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secrets.json");
        let first = Secrets::open(&file, &json!({}), "a").unwrap();
        let second = Secrets::open(&file, &json!({}), "b").unwrap();
        assert_eq!(first.get(CURSOR), second.get(CURSOR));
        assert_eq!(first.get(FACTOR), second.get(FACTOR));
        assert_eq!(first.mark(), second.mark());
        assert_eq!(first.mark().unwrap().len(), 64);
        assert_ne!(first.get(CURSOR).unwrap().1, first.get(FACTOR).unwrap().1);
        assert_eq!(second.get(WEBHOOK).unwrap().1, r#"{"secrets":["b"]}"#);
        assert_eq!(second.put("arn:x:secret:interlock/webhook", "c").unwrap().unwrap(), WEBHOOK);
        assert_eq!(second.get(WEBHOOK).unwrap().1, "c");
        assert!(std::fs::read_to_string(&file).unwrap().contains(r#""interlock/webhook":"c""#));
        assert_eq!(second.put("interlock/other", "c").unwrap(), None);
    }
}
