//! The Cal.com accounts of the demo, as the runner names them.

use interlock_app::model::EventTypeEntry;
use interlock_app::ports::scheduler::{CalAccount, CredentialMode};
use interlock_policy::EventTypeId;
use serde::Deserialize;

/// One account with the kinds it offers; the first kind is the default.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    /// Which resource it is for: `laser`, `coach`, …
    pub(crate) key: String,
    #[serde(skip)]
    ledger: String,
    username: String,
    email: String,
    #[serde(default = "api_key")]
    mode: CredentialMode,
    event_types: Vec<EventType>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventType {
    id: u64,
    title: String,
    length_in_minutes: u32,
}

fn api_key() -> CredentialMode {
    CredentialMode::ApiKey
}

/// The accounts out of a JSON list. Resources that share a user name at Cal.com share a calendar,
/// and so one account of ours and its ledger (PRODUCT D16): the first names it.
pub(crate) fn parse(text: &str) -> Result<Vec<Account>, serde_json::Error> {
    let mut accounts: Vec<Account> = serde_json::from_str(text)?;
    let names: Vec<(String, String)> =
        accounts.iter().map(|account| (account.username.clone(), account.key.clone())).collect();
    for account in &mut accounts {
        let first = names.iter().find(|(username, _)| *username == account.username);
        account.ledger = first.map(|(_, key)| key.clone()).unwrap_or_default();
    }
    Ok(accounts)
}

impl Account {
    /// As the resource keeps it.
    pub(crate) fn cal_account(&self) -> Result<CalAccount, interlock_policy::IdError> {
        Ok(CalAccount {
            id: format!("cal_{}", self.ledger).parse()?,
            username: self.username.clone(),
            email: self.email.to_lowercase(),
            mode: self.mode,
            credential_ref: self.key.clone(),
        })
    }

    /// The kinds as the resource keeps them.
    pub(crate) fn entries(&self) -> Vec<EventTypeEntry> {
        let entry = |(index, kind): (usize, &EventType)| EventTypeEntry {
            id: EventTypeId(kind.id),
            title: kind.title.clone(),
            duration_minutes: kind.length_in_minutes,
            default: index == 0,
            before_buffer_minutes: 0,
            after_buffer_minutes: 0,
        };
        self.event_types.iter().enumerate().map(entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn resources_of_one_user_name_share_one_account() {
        let account = |key: &str, username: &str| {
            format!(
                r#"{{"key":"{key}","username":"{username}","email":"a@b.test","eventTypes":[]}}"#
            )
        };
        let list = [account("laser", "shop"), account("coach", "cora"), account("printer", "shop")];
        let accounts = parse(&format!("[{}]", list.join(","))).unwrap();
        let ids: Vec<String> =
            accounts.iter().map(|one| one.cal_account().unwrap().id.to_string()).collect();
        assert_eq!(ids, ["cal_laser", "cal_coach", "cal_laser"]);
    }
}
