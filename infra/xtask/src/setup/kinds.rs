//! Event types of machines and hosts, made at Cal.com where none of their slug are.
//!
//! Nothing that is there is changed: whether it fits is the product's to say when it is mapped.
//! Cal.com has no public way in, so this goes where an administrator goes (docs/DEPLOY.md).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Setting;
use super::calls;
use super::shell::{Call, Shell};

/// The version of event types (CONTRACT 2.1).
const VERSION: &str = "cal-api-version:2024-06-14";
/// Fields that a list must say and may not leave to us.
const NEEDED: [&str; 3] = ["title", "slug", "lengthInMinutes"];

/// The list with the ids of its event types in place of what they are to be like, and the names
/// of those that were made.
pub(super) fn with_ids(
    setting: &Setting,
    shell: &mut dyn Shell,
    list: Vec<Value>,
) -> Result<(Vec<Value>, Vec<String>), String> {
    if !list.iter().any(|entry| entry.pointer("/mapping/eventTypes").is_some()) {
        return Ok((list, Vec::new()));
    }
    let mut calcom = Calcom::of(setting, shell)?;
    let mut made = Vec::new();
    let mut told = Vec::new();
    for mut entry in list {
        let id = entry.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let here = entry.get("place").cloned();
        if let Some(mapping) = entry.get_mut("mapping").and_then(Value::as_object_mut) {
            let about = |error: String| format!("{id}: {error}");
            made.extend(mapped(&mut calcom, shell, mapping, here.as_ref()).map_err(about)?);
        }
        told.push(entry);
    }
    Ok((told, made))
}

/// Replaces what the event types of a mapping are to be like by their ids.
fn mapped(
    calcom: &mut Calcom,
    shell: &mut dyn Shell,
    mapping: &mut Map<String, Value>,
    here: Option<&Value>,
) -> Result<Vec<String>, String> {
    let Some(wanted) = mapping.remove("eventTypes") else { return Ok(Vec::new()) };
    let wanted = wanted.as_array().cloned().ok_or("`eventTypes` is no list")?;
    let reference = mapping.get("credentialRef").and_then(Value::as_str).unwrap_or_default();
    let mut ids = Vec::new();
    let mut made = Vec::new();
    for kind in &wanted {
        let (id, is_new) = calcom.kind(shell, reference, &body(kind, here)?)?;
        ids.push(json!(id));
        if is_new {
            made.push(format!("the event type {}", text(kind, "slug")));
        }
    }
    mapping.insert("eventTypeIds".to_owned(), Value::Array(ids));
    Ok(made)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// An event type that keeps the promises, unless the list says otherwise: no notice of its own, no
/// guests, no proof of an address, nobody without a credential, and a place where no call is made.
fn body(kind: &Value, here: Option<&Value>) -> Result<Value, String> {
    let own = kind.as_object().ok_or("an event type is no object")?;
    if let Some(missing) = NEEDED.iter().find(|name| !own.contains_key(**name)) {
        return Err(format!("an event type without `{missing}`"));
    }
    let place = here.or_else(|| own.get("title")).cloned().unwrap_or_default();
    let mut body = json!({
        "minimumBookingNotice": 0,
        "disableGuests": true,
        "requiresBookerEmailVerification": false,
        "bookingRequiresAuthentication": true,
        "locations": [{ "type": "address", "address": place, "public": true }],
    });
    if let Some(body) = body.as_object_mut() {
        body.extend(own.clone());
    }
    Ok(body)
}

/// Cal.com, by the keys that Interlock itself uses.
struct Calcom {
    base: String,
    accounts: Value,
    /// What each account has, by its reference.
    known: BTreeMap<String, Vec<Value>>,
}

impl Calcom {
    fn of(setting: &Setting, shell: &mut dyn Shell) -> Result<Self, String> {
        let Some(base) = &setting.calcom_url else {
            return Err("event types are to be made, which needs --calcom-url".to_owned());
        };
        let near = ["http://127.0.0.1:", "http://localhost:"];
        // A key goes there.
        if !base.starts_with("https://") && !near.iter().any(|near| base.starts_with(near)) {
            return Err(format!("`{base}` is no https address"));
        }
        let arn = shell.read(&calls::place(setting, "CalcomSecretArn"))?;
        let kept: Value = serde_json::from_str(&shell.read(&calls::secret(&arn))?)
            .map_err(|_| "the secret with Cal.com's credentials is no JSON")?;
        let accounts = kept.get("accounts").cloned().unwrap_or_default();
        let base = base.trim_end_matches('/').to_owned();
        Ok(Self { base, accounts, known: BTreeMap::new() })
    }

    /// The id of an event type, and whether it was made for this.
    fn kind(
        &mut self,
        shell: &mut dyn Shell,
        reference: &str,
        body: &Value,
    ) -> Result<(u64, bool), String> {
        let slug = text(body, "slug").to_owned();
        let key = self.key(reference)?;
        if !self.known.contains_key(reference) {
            let listed = ask(shell, &listing(&self.base), &key, None)?;
            let listed = listed.as_array().cloned().unwrap_or_default();
            self.known.insert(reference.to_owned(), listed);
        }
        let known = self.known.entry(reference.to_owned()).or_default();
        if let Some(one) = known.iter().find(|one| text(one, "slug") == slug) {
            let [there, wanted] = [one, body].map(|kind| kind.get("lengthInMinutes"));
            if there != wanted {
                return Err(format!("the event type `{slug}` is there with another length"));
            }
            return Ok((number(one)?, false));
        }
        let one = ask(shell, &creating(&self.base), &key, Some(body))?;
        let id = number(&one)?;
        known.push(one);
        Ok((id, true))
    }

    fn key(&self, reference: &str) -> Result<String, String> {
        let account = self.accounts.get(reference);
        let key = account.and_then(|account| account.get("apiKey")).and_then(Value::as_str);
        let key = key.map(ToOwned::to_owned);
        key.ok_or_else(|| format!("the credentials of Cal.com have no `apiKey` of `{reference}`"))
    }
}

fn number(kind: &Value) -> Result<u64, String> {
    kind.get("id").and_then(Value::as_u64).ok_or_else(|| "an event type without an id".to_owned())
}

/// One call, its key and body in what is fed. Errors: any answer but that it went well; the body
/// of a refusal is told by its message alone, for it may repeat the key (CONTRACT 3.1).
fn ask(
    shell: &mut dyn Shell,
    call: &Call,
    key: &str,
    body: Option<&Value>,
) -> Result<Value, String> {
    let mut fed = format!("header = {}\n", quoted(&format!("Authorization: Bearer {key}")));
    if let Some(body) = body {
        fed.extend(["data-raw = ", &quoted(&body.to_string()), "\n"]);
    }
    let answer = shell.ask(call, &fed)?;
    let (text, status) = answer.rsplit_once('\n').unwrap_or(("", &answer));
    let answered: Value = serde_json::from_str(text).unwrap_or_default();
    if ["200", "201"].contains(&status.trim()) {
        return Ok(answered.get("data").cloned().unwrap_or_default());
    }
    let message = answered.pointer("/error/message").and_then(Value::as_str).unwrap_or_default();
    Err(format!("Cal.com answered {} {}", status.trim(), message.replace(key, "…")))
}

/// A word of curl's configuration.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

fn asking(method: &str, base: &str) -> Call {
    let line = "curl --silent --show-error --max-time 30 --config - \
                --header Content-Type:application/json --header";
    let url = format!("{base}/v2/event-types");
    Call::new(line, &[VERSION, "--request", method, "--write-out", "\\n%{http_code}", &url])
}

fn listing(base: &str) -> Call {
    asking("GET", base)
}

fn creating(base: &str) -> Call {
    asking("POST", base)
}

/// What is run where a list has event types to be made; keys and bodies are fed and in no line.
pub(super) fn kind_calls(setting: &Setting) -> Vec<Call> {
    let base = setting.calcom_url.as_deref().unwrap_or("<address of API v2>");
    vec![
        calls::place(setting, "CalcomSecretArn"),
        calls::secret("<ARN>"),
        listing(base),
        creating(base),
    ]
}
