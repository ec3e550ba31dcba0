//! The steps in their order, each with what it would run.

use super::Setting;
use super::acts::{self, Done};
use super::calls;
use super::front::{smoke, smoke_calls};
use super::images;
use super::once;
use super::preflight;
use super::product;
use super::shell::{Call, Shell};
use super::stacks::{self, deploy_calls};

type Act = fn(&Setting, &mut dyn Shell) -> Done;

/// One step.
pub(super) struct Step {
    pub(super) title: &'static str,
    /// What it runs, as far as it runs anything.
    pub(super) calls: Vec<Call>,
    /// What it keeps in the configuration.
    pub(super) keeps: Option<String>,
    /// Looks whether it is done, does it if not, and says which.
    pub(super) act: Act,
}

impl Step {
    fn new(title: &'static str, calls: Vec<Call>, act: Act) -> Self {
        Self { title, calls, keeps: None, act }
    }

    fn keeping(self, what: String) -> Self {
        Self { keeps: Some(what), ..self }
    }

    /// As somebody would type it.
    pub(super) fn lines(&self) -> Vec<String> {
        let calls = self.calls.iter().map(Call::line);
        calls.chain(self.keeps.clone()).collect()
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
    let build = if setting.built { Vec::new() } else { vec![calls::build()] };
    let data = deploy_calls(setting, "data", None);
    let checks = preflight::checks(setting);
    vec![
        Step::new("tools, credentials, quotas, configuration", checks, preflight::check),
        Step::new("functions", build, acts::build),
        Step::new("table, secrets and topic", data, acts::data),
        Step::new("keys of Cal.com, unless there are some", calls::keys(setting), acts::keys),
        Step::new("a webhook secret, unless there is one", calls::hook(setting), acts::hook),
    ]
}

fn calcom(setting: &Setting) -> Vec<Step> {
    let mut builder = vec![stacks::look(setting, "network-calcom")];
    builder.extend(deploy_calls(setting, "calcom-images", None));
    let network = |value, first: &[Call]| {
        let more = Some(("Started", value));
        let mut calls = vec![calls::place(setting, "CalcomWebImage")];
        calls.extend_from_slice(first);
        calls.extend(deploy_calls(setting, "network-calcom", more));
        calls
    };
    let role = [calls::ecs_role(), calls::new_ecs_role()];
    let sleep = once::sleep_calls(setting);
    let mut tables = vec![stacks::look(setting, "network-calcom")];
    tables.extend_from_slice(&sleep);
    tables.extend(once::once_calls(setting, &["DatabaseTaskArn", "MigrateTaskArn"]));
    let images = images::image_calls(setting);
    let kept = acts::keeping(setting, "network-calcom", ("Started", "true"));
    vec![
        Step::new("what builds images of Cal.com", builder, acts::builder),
        Step::new("images, unless there are some; an hour", images, images::images),
        Step::new("network and Cal.com, not started yet", network("false", &role), acts::network),
        Step::new("user and tables of its database", tables, acts::migrate),
        Step::new("tasks of Cal.com", network("true", &sleep), acts::start).keeping(kept),
    ]
}

fn front(setting: &Setting) -> Vec<Step> {
    let api = deploy_calls(setting, "api", None);
    let host = ("ApiHost", "<host of the API>");
    let mut edge = vec![calls::output(setting, "api", "ApiUrl", None)];
    edge.extend(deploy_calls(setting, "edge", Some(host)));
    let kept = acts::keeping(setting, "edge", host);
    let ops = deploy_calls(setting, "ops", None);
    let first = vec![calls::first_admin(setting, "<address>")];
    vec![
        Step::new("functions, routes and queues", api, acts::api),
        Step::new("distribution", edge, acts::edge).keeping(kept),
        Step::new("the web app", product::web_calls(setting), product::web),
        Step::new("alarms, dashboard and budget", ops, acts::ops),
        Step::new("the first admin", first, acts::admin),
        Step::new("the app's name, and a smoke test", smoke_calls(setting), smoke),
        Step::new(
            "event types, machines, hosts and webhooks, where none are",
            product::machine_calls(setting),
            product::machines,
        ),
        Step::new("by hand: Cal.com's own pages", calls::hand(setting), acts::by_hand),
        Step::new("that Cal.com sends no mails", once::mail_calls(setting), once::mails),
    ]
}
