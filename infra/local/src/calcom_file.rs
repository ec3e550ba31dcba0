//! The file of `--calcom`: a real Cal.com in place of the stand-in.
//! Its bookings are only observed; what does not carry our deployment's name is never touched.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::LocalError;

/// A real Cal.com server, in YAML or JSON.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalcomFile {
    /// Base address of the API, without `/v2`.
    pub url: String,
    /// Credential mode of accounts that name none of their own.
    #[serde(default = "default_mode")]
    pub mode: String,
    /// Secret that its webhooks are signed with.
    pub webhook_secret: String,
    /// Address under which that server reaches this machine, without a path.
    pub callback_base: String,
    /// Credentials by account, in the fields of their mode.
    pub accounts: BTreeMap<String, Map<String, Value>>,
    /// Resources by id.
    pub machines: BTreeMap<String, MachineMapping>,
}

/// Which account and event types stand for a resource.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MachineMapping {
    pub account: String,
    /// Cal.com's ids; the first is the default.
    pub event_types: Vec<i64>,
}

fn default_mode() -> String {
    "api_key".to_owned()
}

impl CalcomFile {
    /// Reads and checks the file.
    pub fn read(path: &Path) -> Result<Self, LocalError> {
        let fail = |detail: String| {
            LocalError::part("--calcom", format!("`{}`: {detail}", path.display()))
        };
        let text =
            std::fs::read_to_string(path).map_err(|error| LocalError::file(path, error))?;
        let file: Self = serde_yaml_ng::from_str(&text).map_err(|error| fail(error.to_string()))?;
        if let Some((id, _)) =
            file.machines.iter().find(|(_, one)| !file.accounts.contains_key(&one.account))
        {
            return Err(fail(format!("`{id}` names an account that is not listed")));
        }
        Ok(file)
    }

    /// Credentials by account as the secret holds them.
    pub fn credentials(&self) -> Value {
        let with_mode = |fields: &Map<String, Value>| {
            let mut fields = fields.clone();
            fields.entry("mode").or_insert_with(|| Value::String(self.mode.clone()));
            Value::Object(fields)
        };
        self.accounts.iter().map(|(name, fields)| (name.clone(), with_mode(fields))).collect()
    }

    /// Where its webhooks must be sent.
    pub fn webhook_url(&self) -> String {
        format!("{}/api/webhooks/calcom", self.callback_base.trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
url: https://cal.example
webhookSecret: s
callbackBase: http://10.0.0.5:9000/
accounts: {laser: {apiKey: cal_x}, coach: {mode: bearer, token: t}}
machines: {mch_laser: {account: laser, eventTypes: [7]}}
";

    fn read(text: &str) -> Result<CalcomFile, LocalError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("calcom.yaml");
        std::fs::write(&path, text).unwrap();
        CalcomFile::read(&path)
    }

    #[test]
    fn an_account_takes_the_mode_of_the_file_unless_it_has_its_own() {
        let file = read(TEXT).unwrap();
        let credentials = file.credentials();
        assert_eq!(credentials["laser"]["mode"], "api_key");
        assert_eq!(credentials["coach"]["mode"], "bearer");
        assert_eq!(file.webhook_url(), "http://10.0.0.5:9000/api/webhooks/calcom");
    }

    #[test]
    fn a_machine_of_an_unknown_account_is_refused() {
        let error = read(&TEXT.replace("account: laser", "account: lathe")).unwrap_err();
        assert!(error.to_string().contains("mch_laser"), "{error}");
    }
}
