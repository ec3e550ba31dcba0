//! The admin's session, in which machines are made through the API.
//!
//! The password and the code are fed and in no line; the session lies in a file while it lasts.

use serde_json::{Value, json};

use super::Setting;
use super::shell::{Call, Shell};

/// Where the session is kept.
const SESSION: &str = "../target/setup-session";
/// What a recovery code is taken from where nobody is there to be asked.
pub(super) const CODE: &str = "INTERLOCK_SETUP_CODE";

/// Why something was not made.
#[derive(Debug)]
pub(super) enum Stop {
    /// It waits for the admin.
    Left(String),
    Failed(String),
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Self::Failed(message)
    }
}

/// A recovery code out of the variable. The telephone's six digits count for half a minute, and
/// the session is opened an hour after this is read.
pub(super) fn recovery(told: Option<String>) -> Result<Option<String>, String> {
    let code = told.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
    if code.as_deref().is_some_and(is_totp) {
        return Err(format!(
            "{CODE} has six digits, which are worthless long before they are needed: give a \
             recovery code in it, or none and be asked at the terminal"
        ));
    }
    Ok(code)
}

fn is_totp(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit())
}

/// Opens the session, with the second factor where the account has one.
pub(super) fn open(
    setting: &Setting,
    shell: &mut dyn Shell,
    origin: &str,
    (email, password): (&str, &str),
) -> Result<(), String> {
    let who = json!({ "email": email, "password": password });
    let answer = Answer::of(&shell.ask(&log_in(origin), &who.to_string())?);
    match answer.status.as_str() {
        "200" => return Ok(()),
        "202" => {}
        _ => return Err(answer.told("the admin's login")),
    }
    let code = match &setting.recovery {
        Some(code) => code.clone(),
        None => shell
            .prompt("code of the second factor, or a recovery code:")
            .map_err(|error| format!("{error} (or give a recovery code in {CODE})"))?,
    };
    let code = code.trim();
    let key = if is_totp(code) { "code" } else { "recoveryCode" };
    let shown = json!({ key: code });
    let answer = Answer::of(&shell.ask(&show_code(origin), &shown.to_string())?);
    if answer.status == "200" { Ok(()) } else { Err(answer.told("the second factor")) }
}

/// Makes something; whether it was not there before.
pub(super) fn make(
    shell: &mut dyn Shell,
    (origin, place): (&str, &str),
    body: &Value,
    what: &str,
) -> Result<bool, Stop> {
    let answer = Answer::of(&shell.ask(&post(origin, place), &body.to_string())?);
    match (answer.status.as_str(), answer.code.as_str()) {
        ("200" | "201", _) => Ok(true),
        ("409", _) => Ok(false),
        ("403", "factor_required") => Err(Stop::Left(format!(
            "machines wait for the admin's second factor: log in at {origin}, set it up on \
             {origin}/account, and give the same options again"
        ))),
        ("403", "step_up_required") => Err(Stop::Left(
            "the code of the second factor is older than ten minutes: what is there by now stays, \
             give the same options again"
                .to_owned(),
        )),
        _ => Err(Stop::Failed(answer.told(what))),
    }
}

/// Ends the session here.
pub(super) fn close(shell: &mut dyn Shell) -> Result<(), String> {
    shell.read(&forget()).map(drop)
}

/// An answer of the API, which repeats no value of ours.
struct Answer {
    body: String,
    status: String,
    code: String,
}

impl Answer {
    fn of(text: &str) -> Self {
        let (body, status) = text.rsplit_once('\n').unwrap_or(("", text));
        let problem: Value = serde_json::from_str(body).unwrap_or_default();
        let code = problem.get("code").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { body: body.to_owned(), status: status.trim().to_owned(), code }
    }

    fn told(&self, what: &str) -> String {
        format!("{what}: {} {}", self.status, self.body)
    }
}

fn posting(url: &str) -> Call {
    let line = "curl --silent --show-error --data @- --header X-Requested-With:interlock \
                --header Content-Type:application/json";
    Call::new(line, &["--write-out", "\\n%{http_code}", url])
}

fn with(mut call: Call, words: &[&str]) -> Call {
    call.0.extend(words.iter().map(|word| (*word).to_owned()));
    call
}

fn log_in(origin: &str) -> Call {
    with(posting(&format!("{origin}/api/auth/login")), &["--cookie-jar", SESSION])
}

fn show_code(origin: &str) -> Call {
    let call = posting(&format!("{origin}/api/auth/login/code"));
    with(call, &["--cookie", SESSION, "--cookie-jar", SESSION])
}

fn post(origin: &str, place: &str) -> Call {
    with(posting(&format!("{origin}/api/{place}")), &["--cookie", SESSION])
}

fn forget() -> Call {
    Call::new("rm -f", &[SESSION])
}

/// What a session runs.
pub(super) fn session_calls() -> Vec<Call> {
    let origin = "<origin>";
    let mut calls = vec![log_in(origin), show_code(origin)];
    calls.extend(["machines", "hosts", "cal/webhooks"].map(|place| post(origin, place)));
    calls.push(forget());
    calls
}
