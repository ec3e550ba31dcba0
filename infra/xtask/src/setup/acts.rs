//! What each step does: look whether it is done, do it if not, and say which.

use super::calls;
use super::config::FILE;
use super::images;
use super::once;
use super::shell::Shell;
use super::stacks::{self, State, deploy, no_upgrade};
use super::{PAUSE, Setting};

/// Where the distribution's stack is.
pub(super) const EDGE_REGION: &str = "us-east-1";

/// How a step ended that did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    Done(String),
    /// It waits for somebody, with what he is to do before the next run.
    Left(String),
}

pub(super) type Done = Result<Ended, String>;

#[expect(clippy::unnecessary_wraps, reason = "it is what a step ends with")]
pub(super) fn done(text: impl Into<String>) -> Done {
    Ok(Ended::Done(text.into()))
}

#[expect(clippy::unnecessary_wraps, reason = "it is what a step ends with")]
pub(super) fn left(text: impl Into<String>) -> Done {
    Ok(Ended::Left(text.into()))
}

pub(super) fn build(setting: &Setting, shell: &mut dyn Shell) -> Done {
    if !setting.built {
        shell.show(&calls::build())?;
        return done("built");
    }
    if setting.missing.is_empty() {
        return done("every zip is there; whether it is of this commit is yours to know");
    }
    Err(format!("--built, and there is no zip of {}", setting.missing.join(", ")))
}

pub(super) fn data(setting: &Setting, shell: &mut dyn Shell) -> Done {
    done(deploy(setting, shell, "data", None)?)
}

/// Whoever builds from another commit changes what the next deployment of the network runs.
pub(super) fn builder(setting: &Setting, shell: &mut dyn Shell) -> Done {
    no_upgrade(cal_com(setting, shell)?.as_ref(), &images::wanted(setting))?;
    done(deploy(setting, shell, "calcom-images", None)?)
}

pub(super) fn api(setting: &Setting, shell: &mut dyn Shell) -> Done {
    done(deploy(setting, shell, "api", None)?)
}

pub(super) fn ops(setting: &Setting, shell: &mut dyn Shell) -> Done {
    done(deploy(setting, shell, "ops", None)?)
}

pub(super) fn keys(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let arn = shell.read(&calls::place(setting, "CalcomKeysArn"))?;
    if shell.read(&calls::secret(&arn))? != "{}" {
        return done("there are some");
    }
    let made = shell.read(&calls::new_keys())?;
    shell.feed(&calls::put_secret(&arn), &made)?;
    done("made")
}

pub(super) fn hook(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let arn = shell.read(&calls::place(setting, "WebhookSecretArn"))?;
    if shell.read(&calls::secret(&arn))? != r#"{"secrets":[]}"# {
        return done("there is one");
    }
    let made = shell.read(&calls::new_hook())?;
    let value = serde_json::json!({ "secrets": [made] });
    shell.feed(&calls::put_secret(&arn), &value.to_string())?;
    done("made")
}

fn cal_com(setting: &Setting, shell: &mut dyn Shell) -> Result<Option<State>, String> {
    stacks::state(setting, shell, "network-calcom")
}

/// The network stack, if it may be deployed with the images that are in force.
fn same_images(setting: &Setting, shell: &mut dyn Shell) -> Result<Option<State>, String> {
    let state = cal_com(setting, shell)?;
    let wanted = images::tag(setting, shell, "CalcomWebImage")?;
    no_upgrade(state.as_ref(), &wanted)?;
    Ok(state)
}

pub(super) fn network(setting: &Setting, shell: &mut dyn Shell) -> Done {
    if same_images(setting, shell)?.is_some_and(|state| state.is_started()) {
        return done("it runs, and is not stopped for this");
    }
    let role = role(shell)?;
    deploy(setting, shell, "network-calcom", Some(("Started", "false")))?;
    done(format!("there, without tasks{role}"))
}

/// An account that never had a cluster lacks the role that ECS takes there, and a cluster with
/// capacity providers is refused to it. Who may not look learns it from the stack.
fn role(shell: &mut dyn Shell) -> Result<String, String> {
    match shell.read(&calls::ecs_role()) {
        Ok(_) => Ok(String::new()),
        Err(error) if error.contains("NoSuchEntity") => {
            match shell.read(&calls::new_ecs_role()) {
                // It takes its time until every part of AWS knows it.
                Ok(_) => shell.wait(PAUSE),
                Err(error) if error.contains("has been taken") => {}
                Err(error) => return Err(error),
            }
            Ok("; ECS has its role now".to_owned())
        }
        Err(error) => Ok(format!("; whether ECS has its role is not known: {error}")),
    }
}

pub(super) fn migrate(setting: &Setting, shell: &mut dyn Shell) -> Done {
    if cal_com(setting, shell)?.is_some_and(|state| state.is_started()) {
        return done("it runs; updates are docs/UPGRADE.md's");
    }
    if let Some(asleep) = once::asleep(setting, shell)? {
        return left(format!("{asleep}, so that user and tables of its database are made"));
    }
    once::tables(setting, shell)?;
    done("migrated")
}

pub(super) fn start(setting: &Setting, shell: &mut dyn Shell) -> Done {
    same_images(setting, shell)?;
    if let Some(asleep) = once::asleep(setting, shell)? {
        return left(format!("{asleep}, so that its tasks find a database when they are deployed"));
    }
    deploy(setting, shell, "network-calcom", Some(("Started", "true")))?;
    done(format!("started{}", kept(setting, shell, "network-calcom", ("Started", "true"))?))
}

pub(super) fn edge(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let url = shell.read(&calls::output(setting, "api", "ApiUrl", None))?;
    let host = url.strip_prefix("https://").ok_or_else(|| format!("no address in `{url}`"))?;
    let how = deploy(setting, shell, "edge", Some(("ApiHost", host)))?;
    done(format!("{how}{}", kept(setting, shell, "edge", ("ApiHost", host))?))
}

/// Writes what was learned where the next deployment by hand looks for it.
fn kept(
    setting: &Setting,
    shell: &mut dyn Shell,
    stack: &str,
    (name, value): (&str, &str),
) -> Result<String, String> {
    let config = shell.config()?;
    let now = Setting { config, ..setting.clone() };
    let Some(text) = now.part(stack).with(name, value)? else { return Ok(String::new()) };
    shell.keep(&text)?;
    Ok(format!("; {FILE} now has {name}={value} for {}.{stack}: commit it", setting.env))
}

/// What a plan tells of a value that is to be kept.
pub(super) fn keeping(setting: &Setting, stack: &str, (name, value): (&str, &str)) -> String {
    let place = format!("in {FILE}, {}.{stack}:", setting.env);
    match setting.part(stack).value(name) {
        Some(now) if now == value => format!("{place} {name}={now} stays"),
        Some(now) => format!("{place} {name}={now} becomes {name}={value}"),
        None => format!("{place} {name}={value} is added"),
    }
}

pub(super) fn admin(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let Some(email) = &setting.admin_email else {
        return done("left out: no --admin-email (docs/runbooks/first-admin.md)");
    };
    if !shell.is_watched() {
        return unwatched(setting);
    }
    let answer = shell.read(&calls::first_admin(setting, email))?;
    if answer.contains("state_conflict") {
        return done("there is one");
    }
    if answer.contains("FunctionError") {
        return Err(answer);
    }
    left(format!(
        "choose the first admin's password within the hour, then set up his second factor \
         (docs/runbooks/first-admin.md): {answer}"
    ))
}

/// A link that chooses the admin's password would stay in the log of a run that nobody watches.
fn unwatched(setting: &Setting) -> Done {
    if setting.password.is_some() {
        return done("there is one, whose password was given");
    }
    left(
        "standard output is no terminal, so no link for the first admin was made that a log would \
         keep: make it by hand (docs/runbooks/first-admin.md), and where there is an admin, leave \
         --admin-email out or give --password-file as well",
    )
}

/// Cal.com's own user and key are made in its pages, so nobody can do the rest unseen.
pub(super) fn by_hand(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let arn = shell.read(&calls::place(setting, "CalcomSecretArn"))?;
    if shell.read(&calls::secret(&arn))? == r#"{"accounts":{}}"# {
        return left("make Cal.com's users and keys and write the keys (docs/DEPLOY.md, step 13)");
    }
    done("there are credentials; the rest of docs/DEPLOY.md, step 14, is for eyes")
}
