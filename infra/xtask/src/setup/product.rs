//! What is set up in the product itself: its web app, and machines with their webhooks.
//!
//! Machines are made through the API, as an admin makes them: what is there already is left as it
//! is, and a mapping that Cal.com does not bear out is refused and told.

use serde_json::{Value, json};

use super::Setting;
use super::acts::{Done, EDGE_REGION};
use super::calls;
use super::kinds;
use super::shell::{Call, Shell};

/// Where the built web app lies, seen from `infra`.
const APP: &str = "../web/dist";
/// Where the admin's session is kept while machines are made.
const SESSION: &str = "../target/setup-session";

pub(super) fn web(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let bucket = shell.read(&calls::output(setting, "edge", "WebBucketName", Some(EDGE_REGION)))?;
    let id = shell.read(&calls::output(setting, "edge", "DistributionId", Some(EDGE_REGION)))?;
    for call in web_calls(&bucket, &id) {
        shell.show(&call)?;
    }
    Ok("uploaded, assets before the page that asks for them".to_owned())
}

/// What the step of the web app runs. Assets have their content in their names and stay for good,
/// so that a page that is still open finds its parts.
pub(super) fn web_calls(bucket: &str, distribution: &str) -> Vec<Call> {
    let to = |path: &str| format!("s3://{bucket}/{path}");
    let copy = |from: &str, path: &str, cache: &str, more: &[&str]| {
        let mut call = Call::new("aws s3 cp --only-show-errors", &[from, &to(path)]);
        call.0.extend(["--cache-control".to_owned(), cache.to_owned()]);
        call.0.extend(more.iter().map(|word| (*word).to_owned()));
        call
    };
    let forever = "public, max-age=31536000, immutable";
    vec![
        Call::new("npm install --no-audit --no-fund --prefix ../web", &[]),
        Call::new("npm run build --prefix ../web", &[]),
        copy(&format!("{APP}/assets"), "assets", forever, &["--recursive"]),
        copy(
            APP,
            "",
            "public, max-age=3600",
            &[
                "--recursive",
                "--exclude",
                "assets/*",
                "--exclude",
                "index.html",
                "--exclude",
                ".vite/*",
            ],
        ),
        copy(&format!("{APP}/index.html"), "index.html", "no-cache", &[]),
        Call::new(
            "aws cloudfront create-invalidation --query Invalidation.Id --output text",
            &["--distribution-id", distribution, "--paths", "/", "/index.html"],
        ),
    ]
}

pub(super) fn machines(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let (Some(machines), Some(email), Some(password)) =
        (&setting.machines, &setting.admin_email, &setting.password)
    else {
        let wanted = "--machines, --admin-email and --password-file";
        return Ok(format!("left out: they need {wanted} (docs/DEPLOY.md, step 13)"));
    };
    let origin = shell.read(&calls::output(setting, "edge", "Origin", Some(EDGE_REGION)))?;
    let hooks = shell.read(&calls::output(setting, "network-calcom", "WebhookUrl", None))?;
    let (wanted, mut made) = kinds::with_ids(setting, shell, listed(machines)?)?;
    let who = json!({ "email": email, "password": password });
    status(shell.ask(&log_in(&origin), &who.to_string())?.as_str(), "the admin's login")?;
    for machine in &wanted {
        made.extend(one(shell, &origin, &hooks, machine)?);
    }
    shell.read(&forget())?;
    if made.is_empty() {
        return Ok(format!("all {} are there", wanted.len()));
    }
    Ok(format!("made {}", made.join(", ")))
}

/// Makes a machine and its webhook; what of them was not there before.
fn one(
    shell: &mut dyn Shell,
    origin: &str,
    hooks: &str,
    machine: &Value,
) -> Result<Vec<String>, String> {
    let id = machine.get("id").and_then(Value::as_str).unwrap_or_default();
    let place = if id.starts_with("hst_") { "hosts" } else { "machines" };
    let mut made = Vec::new();
    let answer = shell.ask(&post(origin, place), &machine.to_string())?;
    if status(&answer, id)? {
        made.push(id.to_owned());
    }
    if machine.get("mapping").is_some_and(Value::is_object) {
        let webhook = json!({ "resourceId": id, "url": hooks });
        let answer = shell.ask(&post(origin, "cal/webhooks"), &webhook.to_string())?;
        if status(&answer, &format!("the webhook of {id}"))? {
            made.push(format!("the webhook of {id}"));
        }
    }
    Ok(made)
}

/// The entries of the file with machines and hosts.
fn listed(text: &str) -> Result<Vec<Value>, String> {
    let list: Vec<Value> =
        serde_json::from_str(text).map_err(|error| format!("the list of machines: {error}"))?;
    let named = |one: &Value| {
        let id = one.get("id").and_then(Value::as_str).unwrap_or_default();
        id.starts_with("mch_") || id.starts_with("hst_")
    };
    if list.iter().all(named) {
        return Ok(list);
    }
    Err("the list of machines has an entry without an id of `mch_…` or `hst_…`".to_owned())
}

/// Whether something was made; that it is there already is no failure. Errors: anything else,
/// with the answer, which repeats no value of ours.
fn status(answer: &str, what: &str) -> Result<bool, String> {
    let (body, status) = answer.rsplit_once('\n').unwrap_or(("", answer));
    match status.trim() {
        "200" | "201" => Ok(true),
        "409" => Ok(false),
        other => Err(format!("{what}: {other} {body}")),
    }
}

fn posting(url: &str) -> Call {
    let line = "curl --silent --show-error --data @- --header X-Requested-With:interlock \
                --header Content-Type:application/json";
    Call::new(line, &["--write-out", "\\n%{http_code}", url])
}

fn log_in(origin: &str) -> Call {
    let mut call = posting(&format!("{origin}/api/auth/login"));
    call.0.extend(["--cookie-jar".to_owned(), SESSION.to_owned()]);
    call
}

fn post(origin: &str, place: &str) -> Call {
    let mut call = posting(&format!("{origin}/api/{place}"));
    call.0.extend(["--cookie".to_owned(), SESSION.to_owned()]);
    call
}

fn forget() -> Call {
    Call::new("rm -f", &[SESSION])
}

/// What the step of machines runs; bodies are fed and in no line.
pub(super) fn machine_calls(setting: &Setting) -> Vec<Call> {
    let mut calls = vec![calls::output(setting, "network-calcom", "WebhookUrl", None)];
    calls.extend(kinds::kind_calls(setting));
    calls.extend([
        log_in("<origin>"),
        post("<origin>", "machines"),
        post("<origin>", "hosts"),
        post("<origin>", "cal/webhooks"),
        forget(),
    ]);
    calls
}
