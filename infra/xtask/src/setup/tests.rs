//! The plan against a shell that only pretends.

use std::collections::BTreeMap;

use super::plan::steps;
use super::shell::{Call, Shell};
use super::{Setting, carry_out, told};

const SAMPLE: &str = include_str!("../../../samconfig.toml");

/// Answers by how a line begins; whatever it does not know fails.
#[derive(Default)]
struct Pretended {
    answers: BTreeMap<&'static str, Vec<&'static str>>,
    ran: Vec<String>,
    fed: Vec<String>,
    waited: u64,
}

impl Pretended {
    fn knowing(answers: &[(&'static str, &[&'static str])]) -> Self {
        let answers = answers.iter().map(|(start, list)| (*start, list.to_vec())).collect();
        Self { answers, ..Self::default() }
    }

    fn ran(&self, part: &str) -> usize {
        self.ran.iter().filter(|line| line.contains(part)).count()
    }
}

impl Shell for Pretended {
    fn read(&mut self, call: &Call) -> Result<String, String> {
        let line = call.line();
        self.ran.push(line.clone());
        let found = self.answers.iter_mut().find(|(part, _)| line.contains(**part));
        let (_, list) = found.ok_or_else(|| format!("{line}: unknown"))?;
        let answer = if list.len() > 1 { list.remove(0) } else { list[0] };
        if answer == "fails" { Err(line) } else { Ok(answer.to_owned()) }
    }

    fn show(&mut self, call: &Call) -> Result<(), String> {
        self.ran.push(call.line());
        Ok(())
    }

    fn feed(&mut self, call: &Call, text: &str) -> Result<(), String> {
        self.ran.push(call.line());
        self.fed.push(text.to_owned());
        Ok(())
    }

    fn ask(&mut self, call: &Call, text: &str) -> Result<String, String> {
        self.fed.push(text.to_owned());
        self.read(call)
    }

    fn wait(&mut self, seconds: u64) {
        self.waited += seconds;
    }
}

fn setting() -> Setting {
    let config = SAMPLE
        .replace("example.org", "lab.test")
        .replace("000000000000", "111122223333")
        .replace("certificate/internal", "certificate/1")
        .replace("certificate/app", "certificate/2");
    let admin_email = Some("rosa@lab.test".to_owned());
    Setting {
        env: "dev".to_owned(),
        yes: true,
        admin_email,
        password: None,
        machines: None,
        calcom_url: None,
        config,
        built: true,
    }
}

fn from_nothing() -> Pretended {
    Pretended::knowing(&[
        ("--version", &["1"]),
        ("openssl version", &["3"]),
        ("get-caller-identity", &["111122223333"]),
        ("get-account-settings", &["1000"]),
        ("CalcomKeysArn", &["arn:keys"]),
        ("WebhookSecretArn", &["arn:hook"]),
        ("get-secret-value", &["{}", r#"{"secrets":[]}"#, r#"{"accounts":{}}"#]),
        ("calcom-keys.sh", &[r#"{"NEXTAUTH_SECRET":"s3cr3t"}"#]),
        ("openssl rand", &["s3cr3t"]),
        ("CalcomWebImage", &["registry/web:abc"]),
        ("describe-images", &["fails"]),
        ("start-build", &["build:1"]),
        ("batch-get-builds", &["IN_PROGRESS", "SUCCEEDED"]),
        ("'Started'", &["fails"]),
        ("/ClusterName", &["cluster"]),
        ("/SubnetIds", &["subnet-1"]),
        ("/MigrateSecurityGroupId", &["sg-1"]),
        ("/DatabaseTaskArn", &["task:1"]),
        ("/MigrateTaskArn", &["task:2"]),
        ("/MailsTaskArn", &["task:3"]),
        ("run-task", &["run:1"]),
        ("describe-tasks", &["RUNNING None", "STOPPED 0"]),
        ("'ApiUrl'", &["https://a1.execute-api.eu-west-1.amazonaws.com"]),
        ("first-admin", &[r#"{"token":"t"}"#]),
        ("CalcomSecretArn", &["arn:calcom"]),
        ("'Origin'", &["https://lab.test"]),
        ("'WebBucketName'", &["web-bucket"]),
        ("'DistributionId'", &["E1"]),
        ("'WebhookUrl'", &["https://hooks.cal.lab.test/api/webhooks/calcom"]),
        ("rm -f", &[""]),
        ("curl", &["{\"status\":\"ok\"}"]),
    ])
}

fn run(shell: &mut Pretended) -> Result<(), String> {
    let setting = setting();
    carry_out(&steps(&setting)?, &setting, shell)
}

#[test]
fn from_nothing_every_stack_is_deployed_in_its_order() {
    let mut shell = from_nothing();
    run(&mut shell).unwrap();
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
    assert!(shell.waited > 0);
}

#[test]
fn a_second_run_makes_nothing_anew_and_stops_nothing() {
    let mut shell = from_nothing();
    shell.answers.insert("get-secret-value", vec![r#"{"a":"b"}"#]);
    shell.answers.insert("describe-images", vec!["{}"]);
    shell.answers.insert("'Started'", vec!["true"]);
    shell.answers.insert("first-admin", vec![r#"{"code":"state_conflict"}"#]);
    run(&mut shell).unwrap();
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
        ("describe-tasks", "STOPPED 1", "tables", "Started=true"),
        ("curl", "fails", "smoke", "CalcomSecretArn"),
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
    let error = carry_out(&steps(&setting).unwrap(), &setting, &mut shell).unwrap_err();
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
        "18. by hand",
        "19. that",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let asking = text.lines().filter(|line| line.contains("sam deploy"));
    assert!(asking.clone().count() == 7 && asking.clone().all(|line| line.contains(" --confirm-")));
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

const MACHINES: &str = r#"[
    {"id":"mch_laser","name":"Laser","category":"lasers","timeZone":"UTC",
     "mapping":{"username":"l"}},
    {"id":"hst_rosa","name":"Rosa","category":"people","timeZone":"UTC"}
]"#;

/// What the API answers to whatever is made.
fn answering(shell: &mut Pretended, answer: &'static str) {
    shell.answers.insert("/api/auth/login", vec!["{}\n200"]);
    for place in ["/api/machines", "/api/hosts", "/api/cal/webhooks"] {
        shell.answers.insert(place, vec![answer]);
    }
}

fn with_machines(shell: &mut Pretended) -> Result<(), String> {
    let setting = Setting {
        password: Some("hunter22".to_owned()),
        machines: Some(MACHINES.to_owned()),
        ..setting()
    };
    carry_out(&steps(&setting)?, &setting, shell)
}

#[test]
fn machines_and_hosts_are_made_with_a_webhook_where_they_are_mapped() {
    let mut shell = from_nothing();
    answering(&mut shell, "{}\n201");
    with_machines(&mut shell).unwrap();
    for (place, times) in [("/api/machines", 1), ("/api/hosts", 1), ("/api/cal/webhooks", 1)] {
        assert_eq!(shell.ran(place), times, "{place}");
    }
    let url = "https://hooks.cal.lab.test/api/webhooks/calcom";
    let webhook = format!(r#"{{"resourceId":"mch_laser","url":"{url}"}}"#);
    assert!(shell.fed.contains(&webhook), "{:?}", shell.fed);
    assert_eq!(shell.ran("hunter22"), 0);
    assert_eq!(shell.ran("rm -f ../target/setup-session"), 1);
}

#[test]
fn machines_that_are_there_are_left_and_one_that_is_refused_ends_the_run() {
    for (answer, ends) in [("{}\n409", false), ("mapping_refused\n422", true), ("\n503", true)] {
        let mut shell = from_nothing();
        answering(&mut shell, answer);
        assert_eq!(with_machines(&mut shell).is_err(), ends, "{answer}");
    }
}

#[test]
fn without_a_list_or_a_password_machines_are_left_to_their_admin() {
    let mut shell = from_nothing();
    run(&mut shell).unwrap();
    assert_eq!(shell.ran("/api/auth/login"), 0);
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
fn a_cal_com_that_sends_mails_is_told_at_the_end() {
    let mut shell = from_nothing();
    shell.answers.insert("describe-tasks", vec!["STOPPED 0", "STOPPED 0", "STOPPED 1"]);
    let error = run(&mut shell).unwrap_err();
    assert!(error.contains("step 13"), "{error}");
    assert_eq!(shell.ran("/MailsTaskArn"), 1);
}

#[test]
fn an_environment_that_is_not_there_is_refused() {
    let setting = Setting { env: "moon".to_owned(), ..setting() };
    assert!(steps(&setting).is_err());
}
