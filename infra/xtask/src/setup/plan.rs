//! The steps in their order, each with what it would run.

use super::Setting;
use super::acts;
use super::calls;
use super::product;
use super::shell::{Call, Shell};

type Act = fn(&Setting, &mut dyn Shell) -> Result<String, String>;

/// One step.
pub(super) struct Step {
    pub(super) title: &'static str,
    /// What it runs, as somebody would type it.
    pub(super) lines: Vec<String>,
    /// Looks whether it is done, does it if not, and says which.
    pub(super) act: Act,
}

impl Step {
    fn new(title: &'static str, calls: &[Call], act: Act) -> Self {
        Self { title, lines: calls.iter().map(Call::line).collect(), act }
    }
}

/// All steps for an environment of the configuration.
pub(super) fn steps(setting: &Setting) -> Result<Vec<Step>, String> {
    if !setting.config.contains(&format!("[\"{}.data\".", setting.env)) {
        return Err(format!("infra/samconfig.toml has no environment `{}`", setting.env));
    }
    let mut steps = ground(setting);
    steps.extend(calcom(setting));
    steps.extend(front(setting));
    Ok(steps)
}

fn ground(setting: &Setting) -> Vec<Step> {
    let deploy = |stack| vec![calls::deploy(setting, stack, None)];
    vec![
        Step::new("tools, credentials, quota, configuration", &calls::checks(), acts::check),
        Step::new("functions, unless they are built", &[calls::build()], acts::build),
        Step::new("table, secrets and topic", &deploy("data"), acts::data),
        Step::new("keys of Cal.com, unless there are some", &calls::keys(setting), acts::keys),
        Step::new("a webhook secret, unless there is one", &calls::hook(setting), acts::hook),
    ]
}

fn calcom(setting: &Setting) -> Vec<Step> {
    let deploy = |stack, more| vec![calls::deploy(setting, stack, more)];
    let tables = calls::once(setting, &["DatabaseTaskArn", "MigrateTaskArn"]);
    let network = |value| deploy("network-calcom", Some(("Started", value)));
    vec![
        Step::new("what builds images of Cal.com", &deploy("calcom-images", None), acts::builder),
        Step::new("images, unless there are some; an hour", &calls::images(setting), acts::images),
        Step::new("network and Cal.com, not started yet", &network("false"), acts::network),
        Step::new("user and tables of its database", &tables, acts::migrate),
        Step::new("tasks of Cal.com", &network("true"), acts::start),
    ]
}

fn front(setting: &Setting) -> Vec<Step> {
    let deploy = |stack, more| vec![calls::deploy(setting, stack, more)];
    let edge = deploy("edge", Some(("ApiHost", "<host of the API>")));
    let first = vec![calls::first_admin(setting, "<address>")];
    vec![
        Step::new("functions, routes and queues", &deploy("api", None), acts::api),
        Step::new("distribution", &edge, acts::edge),
        Step::new("the web app", &product::web_calls("<bucket>", "<id>"), product::web),
        Step::new("alarms, dashboard and budget", &deploy("ops", None), acts::ops),
        Step::new("the first admin", &first, acts::admin),
        Step::new("smoke test", &[calls::smoke("<origin>")], acts::smoke),
        Step::new(
            "event types, machines, hosts and webhooks, where none are",
            &product::machine_calls(setting),
            product::machines,
        ),
        Step::new("by hand: Cal.com's own pages", &calls::hand(setting), acts::by_hand),
        Step::new(
            "that Cal.com sends no mails",
            &calls::once(setting, &["MailsTaskArn"]),
            acts::mails,
        ),
    ]
}
