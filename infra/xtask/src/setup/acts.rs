//! What each step does: look whether it is done, do it if not, and say which.

use super::Setting;
use super::calls;
use super::shell::Shell;

/// Fewest concurrent executions an account must allow; ours take some and AWS keeps 100 back.
const EXECUTIONS: u32 = 200;
/// Most looks at a build or a task, and the seconds between two: two hours.
const LOOKS: u32 = 360;
const PAUSE: u64 = 20;
/// What stands in the sample configuration until somebody fills it in.
const SAMPLES: [&str; 4] =
    ["example.org", "000000000000", "certificate/internal", "certificate/app"];
/// Where the distribution's stack is.
pub(super) const EDGE_REGION: &str = "us-east-1";

pub(super) type Done = Result<String, String>;

pub(super) fn check(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let head = format!("[\"{}.", setting.env);
    let mut own = false;
    for line in setting.config.lines() {
        if line.starts_with('[') {
            own = line.starts_with(&head);
        }
        if own && let Some(sample) = SAMPLES.iter().find(|sample| line.contains(**sample)) {
            return Err(format!("infra/samconfig.toml still has the sample `{sample}`: {line}"));
        }
    }
    let mut answer = String::new();
    for call in calls::checks() {
        answer = shell.read(&call)?;
    }
    let allowed: u32 = answer.parse().map_err(|_| format!("no quota in `{answer}`"))?;
    if allowed < EXECUTIONS {
        return Err(format!("{allowed} concurrent executions; ask AWS for {EXECUTIONS} or more"));
    }
    Ok("all there".to_owned())
}

pub(super) fn build(setting: &Setting, shell: &mut dyn Shell) -> Done {
    if setting.built {
        return Ok("built before".to_owned());
    }
    shell.show(&calls::build())?;
    Ok("built".to_owned())
}

pub(super) fn data(setting: &Setting, shell: &mut dyn Shell) -> Done {
    stack(setting, shell, "data")
}

pub(super) fn builder(setting: &Setting, shell: &mut dyn Shell) -> Done {
    stack(setting, shell, "calcom-images")
}

pub(super) fn api(setting: &Setting, shell: &mut dyn Shell) -> Done {
    stack(setting, shell, "api")
}

pub(super) fn ops(setting: &Setting, shell: &mut dyn Shell) -> Done {
    stack(setting, shell, "ops")
}

fn stack(setting: &Setting, shell: &mut dyn Shell, name: &str) -> Done {
    shell.show(&calls::deploy(setting, name, None))?;
    Ok("as the template says".to_owned())
}

pub(super) fn keys(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let arn = shell.read(&calls::place(setting, "CalcomKeysArn"))?;
    if shell.read(&calls::secret(&arn))? != "{}" {
        return Ok("there are some".to_owned());
    }
    let made = shell.read(&calls::new_keys())?;
    shell.feed(&calls::put_secret(&arn), &made)?;
    Ok("made".to_owned())
}

pub(super) fn hook(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let arn = shell.read(&calls::place(setting, "WebhookSecretArn"))?;
    if shell.read(&calls::secret(&arn))? != r#"{"secrets":[]}"# {
        return Ok("there is one".to_owned());
    }
    let made = shell.read(&calls::new_hook())?;
    let value = serde_json::json!({ "secrets": [made] });
    shell.feed(&calls::put_secret(&arn), &value.to_string())?;
    Ok("made".to_owned())
}

pub(super) fn images(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let image = shell.read(&calls::place(setting, "CalcomWebImage"))?;
    let (_, commit) = image.rsplit_once(':').ok_or_else(|| format!("no commit in `{image}`"))?;
    let mut there = true;
    for kind in ["web", "api"] {
        there &= shell.read(&calls::image(setting, kind, commit)).is_ok();
    }
    if there {
        return Ok(format!("there are those of {commit}"));
    }
    let id = shell.read(&calls::start_build(setting))?;
    for _ in 0..LOOKS {
        match shell.read(&calls::build_status(&id))?.as_str() {
            "SUCCEEDED" => return Ok(format!("built from {commit}")),
            "IN_PROGRESS" => shell.wait(PAUSE),
            other => return Err(format!("the build {id} ended as {other}")),
        }
    }
    Err(format!("the build {id} takes too long"))
}

pub(super) fn network(setting: &Setting, shell: &mut dyn Shell) -> Done {
    if runs(setting, shell) {
        return Ok("it runs, and is not stopped for this".to_owned());
    }
    shell.show(&calls::deploy(setting, "network-calcom", Some(("Started", "false"))))?;
    Ok("there, without tasks".to_owned())
}

/// A stack that is not there runs nothing.
fn runs(setting: &Setting, shell: &mut dyn Shell) -> bool {
    shell.read(&calls::is_started(setting)).is_ok_and(|value| value == "true")
}

pub(super) fn migrate(setting: &Setting, shell: &mut dyn Shell) -> Done {
    if runs(setting, shell) {
        return Ok("it runs; updates are docs/UPGRADE.md's".to_owned());
    }
    once(setting, shell, &["DatabaseTaskArn", "MigrateTaskArn"])?;
    Ok("migrated".to_owned())
}

/// Runs tasks that run once, each to its end.
fn once(setting: &Setting, shell: &mut dyn Shell, tasks: &[&str]) -> Result<(), String> {
    let mut place = |name: &str| shell.read(&calls::place(setting, name));
    let cluster = place("ClusterName")?;
    let subnets = place("SubnetIds")?;
    let group = place("MigrateSecurityGroupId")?;
    for task in tasks {
        let task = shell.read(&calls::place(setting, task))?;
        let id = shell.read(&calls::run_task([&cluster, &task, &subnets, &group]))?;
        ended(shell, &cluster, &id)?;
    }
    Ok(())
}

/// A task asks the database, and fails where Cal.com would send mails of its own.
pub(super) fn mails(setting: &Setting, shell: &mut dyn Shell) -> Done {
    once(setting, shell, &["MailsTaskArn"]).map_err(|error| {
        format!("switch them off (docs/DEPLOY.md, step 13), then run this again: {error}")
    })?;
    Ok("Cal.com sends none".to_owned())
}

fn ended(shell: &mut dyn Shell, cluster: &str, id: &str) -> Result<(), String> {
    for _ in 0..LOOKS {
        let status = shell.read(&calls::task_status(cluster, id))?;
        let mut words = status.split_whitespace();
        match (words.next(), words.next()) {
            (Some("STOPPED"), Some("0")) => return Ok(()),
            (Some("STOPPED"), _) => return Err(format!("the task {id} failed: see its log")),
            (_, _) => shell.wait(PAUSE),
        }
    }
    Err(format!("the task {id} takes too long"))
}

pub(super) fn start(setting: &Setting, shell: &mut dyn Shell) -> Done {
    shell.show(&calls::deploy(setting, "network-calcom", Some(("Started", "true"))))?;
    Ok("started".to_owned())
}

pub(super) fn edge(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let url = shell.read(&calls::output(setting, "api", "ApiUrl", None))?;
    let host = url.strip_prefix("https://").ok_or_else(|| format!("no address in `{url}`"))?;
    shell.show(&calls::deploy(setting, "edge", Some(("ApiHost", host))))?;
    Ok("as the template says".to_owned())
}

pub(super) fn admin(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let Some(email) = &setting.admin_email else {
        return Ok("left out: no --admin-email (docs/runbooks/first-admin.md)".to_owned());
    };
    let answer = shell.read(&calls::first_admin(setting, email))?;
    if answer.contains("state_conflict") {
        return Ok("there is one".to_owned());
    }
    if answer.contains("FunctionError") {
        return Err(answer);
    }
    Ok(format!("choose the password within the hour (docs/runbooks/first-admin.md): {answer}"))
}

pub(super) fn smoke(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let origin = shell.read(&calls::output(setting, "edge", "Origin", Some(EDGE_REGION)))?;
    shell.read(&calls::smoke(&origin))
}

/// Cal.com's own user and key are made in its pages, so nobody can do the rest unseen.
pub(super) fn by_hand(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let arn = shell.read(&calls::place(setting, "CalcomSecretArn"))?;
    if shell.read(&calls::secret(&arn))? == r#"{"accounts":{}}"# {
        return Ok("to be done: docs/DEPLOY.md, steps 13 and 14".to_owned());
    }
    Ok("there are credentials; the rest of docs/DEPLOY.md, step 14, is for eyes".to_owned())
}
