//! What is set up in the product itself: its web app, and machines with their webhooks.
//!
//! Machines are made through the API, as an admin makes them: what is there already is left as it
//! is, and a mapping that Cal.com does not bear out is refused and told.

use serde_json::{Value, json};

use super::Setting;
use super::acts::{Done, EDGE_REGION, done, left};
use super::calls;
use super::front::{self, Name};
use super::kinds;
use super::session::{self, Stop};
use super::shell::{Call, Shell};

/// Where the built web app lies, seen from `infra`.
const APP: &str = "../web/dist";
pub(super) fn web(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let bucket = shell.read(&calls::output(setting, "edge", "WebBucketName", Some(EDGE_REGION)))?;
    let id = shell.read(&calls::output(setting, "edge", "DistributionId", Some(EDGE_REGION)))?;
    for call in web_uploads(&bucket, &id) {
        shell.show(&call)?;
    }
    done("uploaded, assets before the page that asks for them")
}

/// Assets have their content in their names and stay for good,
/// so that a page that is still open finds its parts.
fn web_uploads(bucket: &str, distribution: &str) -> Vec<Call> {
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

/// What the step of the web app runs, with what it asks for first.
pub(super) fn web_calls(setting: &Setting) -> Vec<Call> {
    let names = ["WebBucketName", "DistributionId"];
    let asked = names.map(|name| calls::output(setting, "edge", name, Some(EDGE_REGION)));
    let mut calls = asked.to_vec();
    calls.extend(web_uploads("<bucket>", "<id>"));
    calls
}

pub(super) fn machines(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let (Some(machines), Some(email), Some(password)) =
        (&setting.machines, &setting.admin_email, &setting.password)
    else {
        let wanted = "--machines, --admin-email and --password-file";
        return done(format!("left out: they need {wanted} (docs/DEPLOY.md, step 13)"));
    };
    let origin = match front::name(setting, shell)? {
        Name::Answers(origin) => origin,
        Name::Left(_) => return done("left out until the app's name answers"),
    };
    let hooks = shell.read(&calls::output(setting, "network-calcom", "WebhookUrl", None))?;
    let (wanted, mut made) = kinds::with_ids(setting, shell, listed(machines)?)?;
    let tried = session::open(setting, shell, &origin, (email, password))
        .map_err(Stop::Failed)
        .and_then(|()| all(shell, [&origin, &hooks], &wanted, &mut made));
    session::close(shell)?;
    match tried {
        Ok(()) if made.is_empty() => done(format!("all {} are there", wanted.len())),
        Ok(()) => done(format!("made {}", made.join(", "))),
        Err(Stop::Left(what)) => left(what),
        Err(Stop::Failed(error)) => Err(error),
    }
}

fn all(
    shell: &mut dyn Shell,
    places: [&str; 2],
    wanted: &[Value],
    made: &mut Vec<String>,
) -> Result<(), Stop> {
    for machine in wanted {
        made.extend(one(shell, places, machine)?);
    }
    Ok(())
}

/// Makes a machine and its webhook; what of them was not there before.
fn one(
    shell: &mut dyn Shell,
    [origin, hooks]: [&str; 2],
    machine: &Value,
) -> Result<Vec<String>, Stop> {
    let id = machine.get("id").and_then(Value::as_str).unwrap_or_default();
    let place = if id.starts_with("hst_") { "hosts" } else { "machines" };
    let mut made = Vec::new();
    if session::make(shell, (origin, place), machine, id)? {
        made.push(id.to_owned());
    }
    if machine.get("mapping").is_some_and(Value::is_object) {
        let webhook = json!({ "resourceId": id, "url": hooks });
        let what = format!("the webhook of {id}");
        if session::make(shell, (origin, "cal/webhooks"), &webhook, &what)? {
            made.push(what);
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

/// What the step of machines runs; bodies are fed and in no line.
pub(super) fn machine_calls(setting: &Setting) -> Vec<Call> {
    let mut calls = front::name_calls(setting);
    calls.push(calls::output(setting, "network-calcom", "WebhookUrl", None));
    calls.extend(kinds::kind_calls(setting));
    calls.extend(session::session_calls());
    calls
}
