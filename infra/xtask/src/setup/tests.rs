//! The plan against a shell that only pretends.

use std::collections::BTreeMap;

use super::plan::{Step, steps};
use super::shell::{Call, Shell};
use super::{Setting, carry_out, code, told};

pub(super) const SAMPLE: &str = include_str!("../../../samconfig.toml");
pub(super) const STARTED: &str = r#"{"status":"CREATE_COMPLETE","parameters":[
    {"ParameterKey":"Started","ParameterValue":"true"},
    {"ParameterKey":"CalcomWebImage","ParameterValue":"/interlock/dev/CalcomWebImage",
     "ResolvedValue":"registry/web:abc-dev.cal.interlock.lab.test"}]}"#;
pub(super) const STATE: &str = "{status:StackStatus";
pub(super) const STATE_OF_CALCOM: &str =
    "interlock-dev-network-calcom --output json --query 'Stacks[0].{status:StackStatus";
const ABSENT: &str = "fails: An error occurred (ValidationError): Stack does not exist";

/// Answers by the longest part of a line that it knows; whatever it does not know fails.
#[derive(Default)]
pub(super) struct Pretended {
    pub(super) answers: BTreeMap<&'static str, Vec<&'static str>>,
    pub(super) ran: Vec<String>,
    pub(super) calls: Vec<Call>,
    pub(super) fed: Vec<String>,
    pub(super) asked: Vec<String>,
    pub(super) waited: u64,
    /// What is printed goes into a log.
    pub(super) is_logged: bool,
    /// infra/samconfig.toml.
    pub(super) config: String,
    pub(super) kept: usize,
}

impl Pretended {
    pub(super) fn knowing(answers: &[(&'static str, &[&'static str])]) -> Self {
        let answers = answers.iter().map(|(start, list)| (*start, list.to_vec())).collect();
        Self { answers, config: setting().config, ..Self::default() }
    }

    pub(super) fn ran(&self, part: &str) -> usize {
        self.ran.iter().filter(|line| line.contains(part)).count()
    }

    fn note(&mut self, call: &Call) {
        self.ran.push(call.line());
        self.calls.push(call.clone());
    }

    fn answer(&mut self, line: &str) -> Result<String, String> {
        let known = self.answers.iter_mut().filter(|(part, _)| line.contains(**part));
        let found = known.max_by_key(|(part, _)| part.len());
        let (_, list) = found.ok_or_else(|| format!("{line}: unknown"))?;
        let answer = if list.len() > 1 { list.remove(0) } else { list[0] };
        match answer.strip_prefix("fails") {
            Some(why) => Err(format!("{line}{why}")),
            None => Ok(answer.to_owned()),
        }
    }
}

impl Shell for Pretended {
    fn read(&mut self, call: &Call) -> Result<String, String> {
        self.note(call);
        self.answer(&call.line())
    }

    fn show(&mut self, call: &Call) -> Result<(), String> {
        self.note(call);
        Ok(())
    }

    fn feed(&mut self, call: &Call, text: &str) -> Result<(), String> {
        self.note(call);
        self.fed.push(text.to_owned());
        Ok(())
    }

    fn ask(&mut self, call: &Call, text: &str) -> Result<String, String> {
        self.fed.push(text.to_owned());
        self.read(call)
    }

    fn prompt(&mut self, question: &str) -> Result<String, String> {
        self.asked.push(question.to_owned());
        self.answer(question)
    }

    fn is_watched(&self) -> bool {
        !self.is_logged
    }

    fn config(&mut self) -> Result<String, String> {
        Ok(self.config.clone())
    }

    fn keep(&mut self, text: &str) -> Result<(), String> {
        text.clone_into(&mut self.config);
        self.kept += 1;
        Ok(())
    }

    fn wait(&mut self, seconds: u64) {
        self.waited += seconds;
    }
}

pub(super) fn setting() -> Setting {
    let sample = Setting { env: "dev".to_owned(), config: SAMPLE.to_owned(), ..Setting::default() };
    let commit = sample.part("calcom-images").value("CalcomCommit").unwrap();
    let config = SAMPLE
        .replace("example.org", "lab.test")
        .replace("000000000000", "111122223333")
        .replace(&commit, "abc")
        .replace("certificate/internal", "certificate/1")
        .replace("certificate/app", "certificate/2");
    let admin_email = Some("rosa@lab.test".to_owned());
    Setting { env: "dev".to_owned(), yes: true, admin_email, config, ..Setting::default() }
}

/// Nothing is there, and whatever a person has to do is done as soon as it is asked for.
pub(super) fn from_nothing() -> Pretended {
    let mut shell = Pretended::knowing(&[
        ("get-caller-identity", &["111122223333"]),
        ("describe-availability-zones", &["eu-west-1"]),
        ("get-account-settings", &["1000"]),
        ("get-service-quota", &["20.0"]),
        ("length(", &["1"]),
        (
            "describe-certificate",
            &[r#"{"status":"ISSUED","names":["*.dev.cal.interlock.lab.test",
               "dev.interlock.lab.test"]}"#],
        ),
        ("sesv2 get-account", &["True"]),
        ("get-email-identity", &["fails: NotFoundException", "True"]),
        (STATE, &[ABSENT]),
        ("CalcomKeysArn", &["arn:keys"]),
        ("WebhookSecretArn", &["arn:hook"]),
        ("get-secret-value", &["{}", r#"{"secrets":[]}"#, r#"{"accounts":{"main":{}}}"#]),
        ("calcom-keys.sh", &[r#"{"NEXTAUTH_SECRET":"s3cr3t"}"#]),
        ("openssl rand", &["s3cr3t"]),
        ("--name /interlock/dev/CalcomWebImage", &["registry/web:abc-dev.cal.interlock.lab.test"]),
        ("--name /interlock/dev/CalcomApiImage", &["registry/api:abc-dev.cal.interlock.lab.test"]),
        (
            "describe-images",
            &["fails: ImageNotFoundException", "fails: ImageNotFoundException", "{}"],
        ),
        ("list-builds-for-project", &["[]"]),
        ("start-build", &["build:1"]),
        ("batch-get-builds", &["IN_PROGRESS", "SUCCEEDED"]),
        ("iam get-role", &["fails: An error occurred (NoSuchEntity)"]),
        ("create-service-linked-role", &["arn:role"]),
        ("/ClusterName", &["cluster"]),
        ("/SubnetIds", &["subnet-1"]),
        ("/MigrateSecurityGroupId", &["sg-1"]),
        ("/DatabaseTaskArn", &["task:1"]),
        ("/MigrateTaskArn", &["task:2"]),
        ("/MailsTaskArn", &["task:3"]),
        ("/DatabaseName", &["database-1"]),
        ("describe-db-instances", &["available"]),
        ("run-task", &[r#"{"id":"arn:task/cluster/run1","failures":[]}"#]),
        ("describe-tasks", &["RUNNING None None", "STOPPED 0 Essential container in task exited"]),
        ("describe-task-definition", &["log-group"]),
        ("get-log-events", &["ERROR: mails are on"]),
        ("'ApiUrl'", &["https://a1.execute-api.eu-west-1.amazonaws.com"]),
        ("first-admin", &[r#"{"code":"state_conflict"}"#]),
        ("CalcomSecretArn", &["arn:calcom"]),
        ("'Origin'", &["https://dev.interlock.lab.test"]),
        ("'DistributionDomain'", &["d1.cloudfront.net"]),
        ("'WebBucketName'", &["web-bucket"]),
        ("'DistributionId'", &["E1"]),
        ("'WebhookUrl'", &["https://hooks.cal.lab.test/api/webhooks/calcom"]),
        ("rm -f", &[""]),
        ("--head", &["200"]),
        ("/api/health", &["{\"status\":\"ok\"}"]),
    ]);
    for (tool, version) in [
        ("aws --version", "aws-cli/2.34.1 Python/3.13.2"),
        ("sam --version", "SAM CLI, version 1.170.0"),
        ("openssl version", "OpenSSL 3.0.13 30 Jan 2024"),
        ("curl --version", "curl 8.5.0 (x86_64-pc-linux-gnu)"),
        ("node --version", "v22.12.0"),
        ("npm --version", "10.9.0"),
        ("session-manager-plugin --version", "1.2.707.0"),
        ("cargo lambda --version", "cargo-lambda 1.9.2"),
        ("zig version", "0.17.0"),
    ] {
        shell.answers.insert(tool, vec![version]);
    }
    shell
}

pub(super) fn run_with(setting: &Setting, shell: &mut Pretended) -> Result<Vec<String>, String> {
    let mut left = Vec::new();
    carry_out(&steps(setting)?, setting, shell, &mut left)?;
    Ok(left)
}

pub(super) fn run(shell: &mut Pretended) -> Result<Vec<String>, String> {
    run_with(&setting(), shell)
}

#[test]
fn from_nothing_every_stack_is_deployed_in_its_order() {
    let mut shell = from_nothing();
    assert_eq!(run(&mut shell), Ok(Vec::new()));
    let stacks: Vec<&str> = shell
        .ran
        .iter()
        .filter_map(|line| line.split_once("--config-env dev.")?.1.split(' ').next())
        .collect();
    let wanted =
        ["data", "calcom-images", "network-calcom", "network-calcom", "api", "edge", "ops"];
    assert_eq!(stacks, wanted);
    assert_eq!(shell.ran("run-task"), 3);
    assert_eq!(shell.fed.len(), 2);
    assert_eq!(shell.ran("cargo xtask build"), 1);
    assert!(shell.waited > 0);
}

#[test]
fn a_second_run_makes_nothing_anew_and_stops_nothing() {
    let mut shell = from_nothing();
    shell.answers.insert("get-secret-value", vec![r#"{"a":"b"}"#]);
    shell.answers.insert("describe-images", vec!["{}"]);
    shell.answers.insert(STATE, vec![STARTED]);
    assert_eq!(run(&mut shell), Ok(Vec::new()));
    assert!(shell.fed.is_empty());
    assert_eq!(shell.ran("run-task"), 1, "mails are looked after each time");
    for part in ["start-build", "task:1", "task:2", "Started=false"] {
        assert_eq!(shell.ran(part), 0, "{part}");
    }
    assert_eq!(shell.ran("Started=true"), 1);
}

#[test]
fn a_step_that_fails_ends_the_run_with_its_name() {
    for (part, answer, title, after) in [
        ("get-account-settings", "10", "tools", "dev.data"),
        ("batch-get-builds", "FAILED", "images", "dev.network-calcom"),
        ("describe-tasks", "STOPPED 1 exited", "tables", "Started=true"),
        ("/api/health", "fails", "smoke", "CalcomSecretArn"),
    ] {
        let mut shell = from_nothing();
        shell.answers.insert(part, vec![answer]);
        let error = run(&mut shell).unwrap_err();
        assert!(error.contains(title), "{error}");
        assert_eq!(shell.ran(after), 0, "{part}");
    }
}

#[test]
fn a_configuration_that_nobody_filled_in_is_refused_before_anything_runs() {
    let setting = Setting { config: SAMPLE.to_owned(), ..setting() };
    let mut shell = from_nothing();
    let error = run_with(&setting, &mut shell).unwrap_err();
    assert!(error.contains("sample"), "{error}");
    assert!(shell.ran.is_empty());
}

#[test]
fn no_secret_is_in_a_line_that_is_run_or_printed() {
    let mut shell = from_nothing();
    run(&mut shell).unwrap();
    assert_eq!(shell.ran("s3cr3t"), 0);
    assert!(shell.fed.iter().all(|text| text.contains("s3cr3t")));
}

#[test]
fn another_value_of_one_parameter_leaves_the_others_as_they_are() {
    let mut shell = from_nothing();
    run(&mut shell).unwrap();
    let line = shell.ran.iter().find(|line| line.contains("Started=false")).unwrap();
    for part in ["Profile=small", "Deployment=dev", "InternalDomain=", "TableArn=/interlock/dev/"] {
        assert!(line.contains(part), "{part} in {line}");
    }
    assert_eq!(line.matches("Started=").count(), 1);
}

#[test]
fn a_dry_run_tells_every_step_and_needs_no_answer() {
    let setting = Setting { yes: false, config: SAMPLE.to_owned(), ..setting() };
    let text = told(&steps(&setting).unwrap());
    for part in [
        "1. tools",
        "dev.data",
        "start-build",
        "Started=true",
        "dev.ops",
        "dev.network-calcom: Started=false becomes Started=true",
        "becomes ApiHost=<host of the API>",
        "18. by hand",
        "19. that",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let deploying: Vec<&str> = text.lines().filter(|line| line.contains("sam deploy")).collect();
    assert_eq!(deploying.len(), 7);
    assert!(deploying.iter().all(|line| line.contains("--no-execute-changeset")));
}

/// A word of a plan stands for any word where it names what is not known yet.
fn stands_for(planned: &Call, ran: &Call) -> bool {
    let one = |(planned, ran): (&String, &String)| match planned.split_once('<') {
        Some((start, _)) => ran.starts_with(start),
        None => planned == ran,
    };
    planned.0.len() == ran.0.len() && planned.0.iter().zip(&ran.0).all(one)
}

/// Runs step by step and holds each call against the plan of its step.
fn told_before_it_ran(setting: &Setting, shell: &mut Pretended) {
    for Step { title, calls, act, .. } in steps(setting).unwrap() {
        let before = shell.calls.len();
        act(setting, shell).unwrap();
        for ran in &shell.calls[before..] {
            let line = ran.line();
            assert!(calls.iter().any(|planned| stands_for(planned, ran)), "{title}: {line}");
        }
    }
}

#[test]
fn nothing_runs_that_the_plan_leaves_out() {
    told_before_it_ran(&setting(), &mut from_nothing());
    let asking = Setting { yes: false, ..setting() };
    let mut shell = from_nothing();
    shell.answers.insert("list-change-sets", vec!["null"]);
    told_before_it_ran(&asking, &mut shell);
    let mut shell = from_nothing();
    shell.answers.insert("describe-tasks", vec!["STOPPED 0", "STOPPED 0", "STOPPED 1"]);
    shell.answers.insert("--head", vec!["fails: curl: (6) no such host"]);
    told_before_it_ran(&setting(), &mut shell);
}

#[test]
fn the_web_app_is_uploaded_with_its_page_last_and_only_that_is_asked_for_anew() {
    let mut shell = from_nothing();
    run(&mut shell).unwrap();
    let uploads: Vec<&String> = shell
        .ran
        .iter()
        .filter(|line| line.contains("web-bucket") || line.contains("E1"))
        .collect();
    let [assets, rest, page, anew] = uploads.as_slice() else { panic!("{uploads:?}") };
    assert!(assets.contains("/assets") && assets.contains("immutable"), "{assets}");
    assert!(rest.contains("--exclude index.html") && rest.contains("--exclude 'assets/*'"));
    assert!(page.contains("dist/index.html") && page.contains("no-cache"), "{page}");
    assert!(anew.contains("create-invalidation") && anew.ends_with("--paths / /index.html"));
    assert!(uploads.iter().all(|line| !line.contains("--delete")));
}

/// The plan as it is printed, so that a change of it is seen.
#[test]
fn the_page_of_the_plan_is_what_a_dry_run_prints() {
    const PAGE: &str = "infra/xtask/src/setup/plan.txt";
    let setting = Setting { yes: false, config: SAMPLE.to_owned(), ..setting() };
    let text = told(&steps(&setting).unwrap());
    let root = crate::tree::Tree::here().root().to_owned();
    #[expect(clippy::disallowed_methods, reason = "a test has no configuration")]
    let bless = std::env::var_os("INTERLOCK_BLESS").is_some();
    if bless {
        std::fs::write(root.join(PAGE), &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(root.join(PAGE)).unwrap(), text);
}

#[test]
fn what_waits_for_a_person_is_told_together_and_stops_nothing() {
    let mut shell = from_nothing();
    shell.answers.insert("describe-tasks", vec!["STOPPED 0", "STOPPED 0", "STOPPED 1 exited"]);
    shell.answers.insert("get-secret-value", vec!["{}", "{}", r#"{"accounts":{}}"#]);
    shell.answers.insert("first-admin", vec![r#"{"token":"t"}"#]);
    shell.answers.insert("--head", vec!["fails: curl: (6) Could not resolve host"]);
    let left = run(&mut shell).unwrap();
    let wanted = ["password within the hour", "CNAME d1.cloudfront.net", "step 13", "mails off"];
    assert_eq!(left.len(), wanted.len(), "{left:?}");
    for (what, part) in left.iter().zip(wanted) {
        assert!(what.contains(part), "{what}");
    }
    assert_eq!(shell.ran("/MailsTaskArn"), 1);
    assert_eq!(shell.ran("/api/health"), 0, "nobody answers there yet");
}

#[test]
fn what_is_left_ends_otherwise_than_what_failed() {
    let left = ["a record".to_owned()];
    assert_eq!([code(&Ok(()), &[]), code(&Ok(()), &left)], [0, 3]);
    for left in [&left[..], &[]] {
        assert_eq!(code(&Err("broken".to_owned()), left), 1);
    }
}

#[test]
fn only_the_task_s_own_word_says_that_mails_are_on() {
    let mut shell = from_nothing();
    shell.answers.insert("describe-tasks", vec!["STOPPED 0", "STOPPED 0", "STOPPED 1 exited"]);
    shell.answers.insert("get-log-events", vec!["P1001: Can't reach database server"]);
    let error = run(&mut shell).unwrap_err();
    assert!(error.contains("exit code 1") && !error.contains("off"), "{error}");
    let mut shell = from_nothing();
    shell.answers.insert("describe-tasks", vec!["STOPPED 0", "STOPPED 0", "STOPPED None no image"]);
    shell.answers.insert("get-log-events", vec!["fails: ResourceNotFoundException"]);
    let error = run(&mut shell).unwrap_err();
    assert!(error.contains("no image"), "{error}");
}

#[test]
fn a_cal_com_that_sleeps_is_to_be_woken_and_no_task_is_run() {
    for status in ["stopped", "stopping", "starting"] {
        let mut shell = from_nothing();
        shell.answers.insert("describe-db-instances", vec![status]);
        let left = run(&mut shell).unwrap();
        let [tables, tasks, mails] = left.as_slice() else { panic!("{left:?}") };
        for (what, part) in [(tables, "tables"), (tasks, "deployed"), (mails, "mails")] {
            assert!(what.contains("wake it first: `aws stepfunctions"), "{what}");
            assert!(what.contains(part) && what.contains(status), "{what}");
        }
        assert_eq!(shell.ran("run-task") + shell.ran("Started=true"), 0);
        assert!(shell.config.contains("Started=false"), "it is not started");
    }
}

#[test]
fn a_cal_com_that_runs_by_day_and_sleeps_now_is_not_deployed() {
    let mut shell = from_nothing();
    shell.answers.insert(STATE, vec![STARTED]);
    shell.answers.insert("describe-images", vec!["{}"]);
    shell.answers.insert("describe-db-instances", vec!["stopped"]);
    let left = run(&mut shell).unwrap();
    assert_eq!(left.len(), 2, "{left:?}");
    assert_eq!(shell.ran("dev.network-calcom"), 0);
}

#[test]
fn a_task_that_was_not_started_is_told_and_not_waited_for() {
    let none = r#"{"id":null,"failures":[{"reason":"RESOURCE:ENI"}]}"#;
    for (answer, part) in [(none, "RESOURCE:ENI"), ("None", "DatabaseTaskArn: ")] {
        let mut shell = from_nothing();
        shell.answers.insert("run-task", vec![answer]);
        let error = run(&mut shell).unwrap_err();
        assert!(error.contains(part) && error.contains("tables"), "{error}");
        assert_eq!(shell.ran("describe-tasks"), 0);
    }
}

#[test]
fn the_role_of_ecs_is_made_before_the_network_where_there_is_none() {
    let taken = "fails: InvalidInput: AWSServiceRoleForECS has been taken in this account";
    let gone = "fails: An error occurred (NoSuchEntity)";
    for (look, made, times) in [
        (gone, "arn:role", 1),
        (gone, taken, 1),
        ("arn:role", "fails", 0),
        ("fails: AccessDenied", "fails", 0),
    ] {
        let mut shell = from_nothing();
        shell.answers.insert("iam get-role", vec![look]);
        shell.answers.insert("create-service-linked-role", vec![made]);
        assert_eq!(run(&mut shell), Ok(Vec::new()), "{look} {made}");
        assert_eq!(shell.ran("create-service-linked-role"), times, "{look}");
        let first = |part: &str| shell.ran.iter().position(|line| line.contains(part)).unwrap();
        assert!(first("iam get-role") < first("dev.network-calcom"));
    }
    let mut shell = from_nothing();
    shell.answers.insert("create-service-linked-role", vec!["fails: AccessDenied"]);
    assert!(run(&mut shell).unwrap_err().contains("AccessDenied"));
    assert_eq!(shell.ran("dev.network-calcom"), 0);
}

#[test]
fn no_link_of_the_first_admin_is_made_for_a_log() {
    let mut shell = Pretended { is_logged: true, ..from_nothing() };
    let left = run(&mut shell).unwrap();
    assert!(left.len() == 1 && left[0].contains("first-admin.md"), "{left:?}");
    assert_eq!(shell.ran("first-admin"), 0);

    let mut shell = Pretended { is_logged: true, ..from_nothing() };
    let password = Some("hunter22".to_owned());
    assert_eq!(run_with(&Setting { password, ..setting() }, &mut shell), Ok(Vec::new()));
    assert_eq!(shell.ran("first-admin"), 0);
}

#[test]
fn a_name_whose_zone_is_known_needs_time_and_no_record() {
    let mut shell = from_nothing();
    shell.answers.insert("--head", vec!["fails: curl: (60) SSL: no alternative name matches"]);
    let config = setting().config.replace("HostedZoneId=\"\"", "HostedZoneId=Z1");
    let left = run_with(&Setting { config, ..setting() }, &mut shell).unwrap();
    assert!(left.len() == 1 && left[0].contains("zone Z1"), "{left:?}");
    assert!(!left[0].contains("CNAME"), "{left:?}");
}

#[test]
fn what_was_learned_is_kept_in_the_configuration_once() {
    let mut shell = from_nothing();
    run(&mut shell).unwrap();
    let host = "ApiHost=a1.execute-api.eu-west-1.amazonaws.com";
    assert_eq!(shell.kept, 2);
    let before = setting().config;
    let changed: Vec<(&str, &str)> =
        before.lines().zip(shell.config.lines()).filter(|(old, new)| old != new).collect();
    assert_eq!(before.lines().count(), shell.config.lines().count());
    let [(_, started), (_, api)] = changed.as_slice() else { panic!("{changed:?}") };
    assert!(started.contains("\"Started=true\",") && api.contains(host), "{changed:?}");

    let config = shell.config.clone();
    let again = Setting { config: config.clone(), ..setting() };
    let mut shell = Pretended { config, ..from_nothing() };
    run_with(&again, &mut shell).unwrap();
    assert_eq!(shell.kept, 0);
}

#[test]
fn zips_are_taken_only_where_every_function_has_one() {
    let mut shell = from_nothing();
    let built = Setting { built: true, ..setting() };
    run_with(&built, &mut shell).unwrap();
    assert_eq!(shell.ran("cargo"), 0);
    let lacking = Setting { missing: vec!["health".to_owned()], ..built };
    let error = run_with(&lacking, &mut from_nothing()).unwrap_err();
    assert!(error.contains("no zip of health"), "{error}");
}

#[test]
fn an_environment_that_is_not_there_is_refused() {
    let setting = Setting { env: "moon".to_owned(), ..setting() };
    assert!(steps(&setting).is_err());
}
