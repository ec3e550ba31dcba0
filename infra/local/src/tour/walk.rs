//! Requests of the tour, printed with what came back.
//! An answer with another status than expected ends the tour.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::cli::say;
use crate::{LocalError, demo, net};

/// The tour's client.
pub(super) struct Walk {
    base: String,
    client: reqwest::Client,
}

/// Somebody who is logged in.
pub(super) struct Guest {
    pub(super) id: String,
    name: String,
    cookie: String,
}

/// One answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: reqwest::header::HeaderMap,
    pub(super) body: Value,
}

/// One request of the tour.
pub(super) struct Step<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) guest: Option<&'a Guest>,
    pub(super) key: Option<&'a str>,
    pub(super) body: Option<Value>,
}

impl<'a> Step<'a> {
    pub(super) fn get(path: &'a str) -> Self {
        Self { method: Method::GET, path, guest: None, key: None, body: None }
    }

    pub(super) fn post(path: &'a str, body: Value) -> Self {
        Self { method: Method::POST, path, guest: None, key: None, body: Some(body) }
    }

    pub(super) fn by(self, guest: &'a Guest) -> Self {
        Self { guest: Some(guest), ..self }
    }

    pub(super) fn key(self, key: &'a str) -> Self {
        Self { key: Some(key), ..self }
    }
}

/// What the tour did not expect.
pub(super) fn surprise(detail: impl std::fmt::Display) -> LocalError {
    LocalError::part("surprise", detail)
}

impl Walk {
    pub(super) fn new(base: &str) -> Result<Self, LocalError> {
        let client = net::client(Some(Duration::from_mins(1)))?;
        Ok(Self { base: base.to_owned(), client })
    }

    pub(super) fn title(text: &str) {
        say(&format!("\n# {text}"));
    }

    /// Sends a step without printing it.
    pub(super) async fn send(&self, step: &Step<'_>) -> Result<Answer, LocalError> {
        let mut request = self
            .client
            .request(step.method.clone(), format!("{}{}", self.base, step.path))
            .header("x-requested-with", "interlock");
        if let Some(guest) = step.guest {
            request = request.header("cookie", &guest.cookie);
        }
        if let Some(key) = step.key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = &step.body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(surprise)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.map_err(surprise)?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Answer { status, headers, body })
    }

    /// Sends a step and prints it with the words that `tell` finds in its answer.
    pub(super) async fn step(
        &self,
        step: Step<'_>,
        status: u16,
        tell: impl Fn(&Answer) -> String,
    ) -> Result<Answer, LocalError> {
        let answer = self.send(&step).await?;
        let who = step.guest.map_or("", |guest| guest.name.as_str());
        let line = format!("{:<4} {}", step.method.as_str(), step.path);
        if answer.status != status {
            say(&format!("{who:>4}  {line}\n      {}  {}", answer.status, answer.body));
            let got = answer.status;
            return Err(surprise(format!("`{line}` answered {got} in place of {status}")));
        }
        say(&format!("{who:>4}  {line}\n      {status}  {}", tell(&answer)));
        Ok(answer)
    }

    pub(super) async fn log_in(&self, email: &str) -> Result<Guest, LocalError> {
        let body = json!({"email": email, "password": demo::PASSWORD});
        let step = Step::post("/api/auth/login", body);
        let answer = self
            .step(step, 200, |answer| {
                format!(
                    "{} {}",
                    text(&answer.body, "/user/email"),
                    text(&answer.body, "/user/roles")
                )
            })
            .await?;
        let cookie = answer
            .headers
            .get("set-cookie")
            .and_then(|value| value.to_str().ok()?.split(';').next())
            .ok_or_else(|| surprise("login set no cookie"))?;
        let name = email.split('@').next().unwrap_or(email).to_owned();
        Ok(Guest { id: text(&answer.body, "/user/id"), name, cookie: cookie.to_owned() })
    }

    /// Moves the product's clock and answers its now, UTC.
    pub(super) async fn advance(&self, seconds: u32) -> Result<Timestamp, LocalError> {
        let step = Step::post("/__dev/clock", json!({"advanceSeconds": seconds}));
        let answer = self.send(&step).await?;
        text(&answer.body, "/now").parse().map_err(surprise)
    }
}

/// Text at a JSON pointer, empty when there is none.
pub(super) fn text(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

/// The list in a field, empty when there is none.
pub(super) fn items<'a>(body: &'a Value, field: &str) -> &'a [Value] {
    body.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
