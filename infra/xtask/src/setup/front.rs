//! The app's public name, and the first look at the API through it.

use super::Setting;
use super::acts::{Done, EDGE_REGION, done, left};
use super::calls;
use super::config::FILE;
use super::shell::{Call, Shell};

/// Whether the app is reached by its name.
pub(super) enum Name {
    /// It is, at this origin.
    Answers(String),
    /// It is not, and this is to be done.
    Left(String),
}

/// Looks whether the name leads to the distribution, whose certificate proves it.
pub(super) fn name(setting: &Setting, shell: &mut dyn Shell) -> Result<Name, String> {
    let origin = shell.read(&calls::output(setting, "edge", "Origin", Some(EDGE_REGION)))?;
    match shell.read(&look(&origin)) {
        Ok(_) => Ok(Name::Answers(origin)),
        Err(error) if error.contains("curl: (") => {
            let target = calls::output(setting, "edge", "DistributionDomain", Some(EDGE_REGION));
            let target = shell.read(&target)?;
            let why = error.split_once("curl: ").map_or("", |(_, why)| why);
            Ok(Name::Left(record(setting, &origin, &target, why)))
        }
        Err(error) => Err(error),
    }
}

fn record(setting: &Setting, origin: &str, target: &str, why: &str) -> String {
    let host = origin.trim_start_matches("https://");
    let zone = setting.part("edge").value("HostedZoneId").unwrap_or_default();
    if !zone.is_empty() {
        return format!(
            "{host} does not answer yet ({why}); its records in the zone {zone} lead to {target}: \
             wait until they are known, and look whether the domain's registrar names the zone's \
             servers"
        );
    }
    format!(
        "{host} does not lead to the distribution ({why}): set the record `{host} CNAME {target}`, \
         or, where the name is that of its zone, an alias of type A and AAAA to {target}; or give \
         HostedZoneId of its Route 53 zone to `{}.edge` in {FILE}, and the stack sets it",
        setting.env
    )
}

pub(super) fn smoke(setting: &Setting, shell: &mut dyn Shell) -> Done {
    match name(setting, shell)? {
        Name::Answers(origin) => done(shell.read(&health(&origin))?),
        Name::Left(what) => left(what),
    }
}

fn look(origin: &str) -> Call {
    let line = "curl --silent --show-error --head --max-time 20 --output /dev/null --write-out";
    Call::new(line, &["%{http_code}", &format!("{origin}/")])
}

/// Asks the API how it is, through the distribution.
fn health(origin: &str) -> Call {
    let url = format!("{origin}/api/health");
    Call::new("curl --fail --silent --show-error --retry 5 --retry-all-errors", &[&url])
}

/// What a look at the name runs.
pub(super) fn name_calls(setting: &Setting) -> Vec<Call> {
    vec![
        calls::output(setting, "edge", "Origin", Some(EDGE_REGION)),
        look("<origin>"),
        calls::output(setting, "edge", "DistributionDomain", Some(EDGE_REGION)),
    ]
}

/// What the smoke test runs.
pub(super) fn smoke_calls(setting: &Setting) -> Vec<Call> {
    let mut calls = name_calls(setting);
    calls.push(health("<origin>"));
    calls
}
