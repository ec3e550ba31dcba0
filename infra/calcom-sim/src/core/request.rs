//! A request as the core sees it: already read, not yet judged.
//! Holds no socket; the same value can be replayed from a journal.

use serde_json::{Map, Value};

#[derive(Debug, Clone)]
pub(crate) struct ApiRequest {
    pub(crate) method: String,
    /// Path without query and without the caller's label.
    pub(crate) path: String,
    /// Path with query, as error bodies repeat it.
    pub(crate) target: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) authorization: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) address: String,
    /// The JSON body; `Null` when there was none.
    pub(crate) body: Value,
}

impl ApiRequest {
    /// The last value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a parameter, from repeated keys and from comma lists.
    pub(crate) fn query_list(&self, name: &str) -> Vec<&str> {
        self.query
            .iter()
            .filter(|(key, _)| key == name || key.strip_suffix("[]") == Some(name))
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// The body as an object; anything else counts as an empty one, as in the original.
    pub(crate) fn object(&self) -> Map<String, Value> {
        self.body.as_object().cloned().unwrap_or_default()
    }
}

/// Who calls: the account of an accepted key, if any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) account_id: Option<i64>,
}

impl Caller {
    pub(crate) fn is(self, account_id: i64) -> bool {
        self.account_id == Some(account_id)
    }
}
