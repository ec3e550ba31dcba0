//! The file of `--calcom`: a real Cal.com in place of the stand-in.
//! Its bookings are only observed; what does not carry our deployment's name is never touched.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

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
    /// Accounts by a name of the file's own.
    pub accounts: BTreeMap<String, AccountEntry>,
    /// Demo resources by id, each with its account.
    pub machines: BTreeMap<String, MachineMapping>,
}

/// One Cal.com account.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountEntry {
    pub username: String,
    pub email: String,
    /// Credentials in the fields of their mode, `mode` itself among them where it differs.
    #[serde(flatten)]
    pub credentials: Map<String, Value>,
}

/// Which account and event types stand for a resource.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MachineMapping {
    pub account: String,
    /// The first is the default.
    pub event_types: Vec<EventTypeEntry>,
}

/// One event type of the real server.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EventTypeEntry {
    pub id: u64,
    pub title: String,
    pub length_in_minutes: u32,
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
        let text = std::fs::read_to_string(path).map_err(|error| LocalError::file(path, error))?;
        let file: Self = serde_yaml_ng::from_str(&text).map_err(|error| fail(error.to_string()))?;
        if let Some((id, _)) =
            file.machines.iter().find(|(_, one)| !file.accounts.contains_key(&one.account))
        {
            return Err(fail(format!("`{id}` names an account that is not listed")));
        }
        Ok(file)
    }

    /// Resources with their accounts, by the short name that the demo data uses.
    fn resources(&self) -> impl Iterator<Item = (&str, &MachineMapping, &AccountEntry)> {
        self.machines.iter().filter_map(|(id, mapping)| {
            let key = id.split_once('_').map_or(id.as_str(), |(_, key)| key);
            Some((key, mapping, self.accounts.get(&mapping.account)?))
        })
    }

    fn mode_of(&self, account: &AccountEntry) -> Value {
        let own = account.credentials.get("mode").cloned();
        own.unwrap_or_else(|| Value::String(self.mode.clone()))
    }

    /// Credentials as the secret holds them, by the short name of the resource.
    pub fn credentials(&self) -> Value {
        let with_mode = |account: &AccountEntry| {
            let mut fields = account.credentials.clone();
            fields.insert("mode".to_owned(), self.mode_of(account));
            Value::Object(fields)
        };
        self.resources().map(|(key, _, account)| (key.to_owned(), with_mode(account))).collect()
    }

    /// What the demo data must know, without keys.
    pub fn accounts_for_seed(&self) -> Value {
        let entry = |(key, mapping, account): (&str, &MachineMapping, &AccountEntry)| {
            json!({
                "key": key,
                "username": account.username,
                "email": account.email,
                "mode": self.mode_of(account),
                "eventTypes": mapping.event_types,
            })
        };
        self.resources().map(entry).collect()
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
accounts:
  one: {username: laser, email: l@x.test, apiKey: cal_x}
  two: {username: coach, email: c@x.test, mode: bearer, token: t}
machines:
  mch_laser: {account: one, eventTypes: [{id: 7, title: Laser, lengthInMinutes: 60}]}
  hst_coach: {account: two, eventTypes: []}
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
        assert_eq!(credentials["coach"], json!({"mode": "bearer", "token": "t"}));
        let seed = file.accounts_for_seed().to_string();
        assert!(seed.contains("lengthInMinutes") && !seed.contains("cal_x"), "{seed}");
        assert_eq!(file.webhook_url(), "http://10.0.0.5:9000/api/webhooks/calcom");
    }

    #[test]
    fn a_machine_of_an_unknown_account_is_refused() {
        let error = read(&TEXT.replace("account: one", "account: three")).unwrap_err();
        assert!(error.to_string().contains("mch_laser"), "{error}");
    }
}
