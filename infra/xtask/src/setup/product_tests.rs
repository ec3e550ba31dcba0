//! Machines made through the API, with the answers that it gives.

use super::tests::{Pretended, from_nothing, run, run_with, setting};
use super::{Setting, session};

const MACHINES: &str = r#"[
    {"id":"mch_laser","name":"Laser","category":"lasers","timeZone":"UTC",
     "mapping":{"username":"l"}},
    {"id":"hst_rosa","name":"Rosa","category":"people","timeZone":"UTC"}
]"#;
const WAITING: &str = "{\"pending\":{\"factors\":[\"totp\",\"recovery_code\"],\
    \"expiresAt\":\"2026-01-01T00:00:00Z\"}}\n202";
const LACKING: &str = "{\"status\":403,\"code\":\"factor_required\"}\n403";

/// What the API answers to whatever is made.
fn answering(answer: &'static str) -> Pretended {
    let mut shell = from_nothing();
    shell.answers.insert("/api/auth/login", vec![WAITING]);
    shell.answers.insert("/api/auth/login/code", vec!["{}\n200"]);
    shell.answers.insert("code of the second factor", vec!["123456"]);
    for place in ["/api/machines", "/api/hosts", "/api/cal/webhooks"] {
        shell.answers.insert(place, vec![answer]);
    }
    shell
}

fn with_machines() -> Setting {
    Setting {
        password: Some("hunter22".to_owned()),
        machines: Some(MACHINES.to_owned()),
        ..setting()
    }
}

#[test]
fn machines_and_hosts_are_made_with_a_webhook_where_they_are_mapped() {
    let mut shell = answering("{}\n201");
    assert_eq!(run_with(&with_machines(), &mut shell), Ok(Vec::new()));
    for (place, times) in [("/api/machines", 1), ("/api/hosts", 1), ("/api/cal/webhooks", 1)] {
        assert_eq!(shell.ran(place), times, "{place}");
    }
    let url = "https://hooks.cal.lab.test/api/webhooks/calcom";
    let webhook = format!(r#"{{"resourceId":"mch_laser","url":"{url}"}}"#);
    assert!(shell.fed.contains(&webhook), "{:?}", shell.fed);
    for secret in ["hunter22", "123456"] {
        assert_eq!(shell.ran(secret), 0);
    }
    assert_eq!(shell.ran("rm -f ../target/setup-session"), 1);
}

#[test]
fn a_login_that_wants_a_code_is_finished_with_one() {
    let mut shell = answering("{}\n201");
    run_with(&with_machines(), &mut shell).unwrap();
    assert_eq!(shell.asked.len(), 1);
    assert!(shell.fed.contains(&r#"{"code":"123456"}"#.to_owned()), "{:?}", shell.fed);
    let line = shell.ran.iter().find(|line| line.contains("/api/auth/login/code")).unwrap();
    assert!(line.contains("--cookie ../target") && line.contains("--cookie-jar"), "{line}");

    let mut shell = answering("{}\n201");
    let recovery = session::recovery(Some("abcd-efgh-jkmn\n".to_owned())).unwrap();
    run_with(&Setting { recovery, ..with_machines() }, &mut shell).unwrap();
    assert!(shell.asked.is_empty(), "nobody is asked where the variable has one");
    assert!(shell.fed.contains(&r#"{"recoveryCode":"abcd-efgh-jkmn"}"#.to_owned()));

    let mut shell = answering("{}\n201");
    shell.answers.insert("/api/auth/login", vec!["{}\n200"]);
    run_with(&with_machines(), &mut shell).unwrap();
    assert!(shell.asked.is_empty() && shell.ran("login/code") == 0, "no factor, no code");
}

#[test]
fn the_variable_takes_a_recovery_code_alone() {
    let error = session::recovery(Some(" 123456\n".to_owned())).unwrap_err();
    assert!(error.contains(session::CODE) && error.contains("recovery code"), "{error}");
    assert!(!error.contains("123456"), "{error}");
    assert_eq!(session::recovery(Some(String::new())), Ok(None));
    assert_eq!(session::recovery(None), Ok(None));
}

#[test]
fn a_code_that_is_not_taken_or_not_there_ends_the_run_and_the_session() {
    for (part, answer) in [
        ("/api/auth/login", "{\"code\":\"invalid_credentials\"}\n401"),
        ("/api/auth/login/code", "{\"code\":\"invalid_code\"}\n401"),
        ("code of the second factor", "fails: there is no terminal"),
    ] {
        let mut shell = answering("{}\n201");
        shell.answers.insert(part, vec![answer]);
        let error = run_with(&with_machines(), &mut shell).unwrap_err();
        let told = ["invalid_", session::CODE].iter().any(|part| error.contains(part));
        assert!(told && !error.contains("123456"), "{error}");
        assert_eq!(shell.ran("/api/machines"), 0);
        assert_eq!(shell.ran("rm -f"), 1, "{part}");
    }
}

#[test]
fn an_admin_without_a_factor_is_told_where_to_set_it_up() {
    let mut shell = answering(LACKING);
    shell.answers.insert("/api/auth/login", vec!["{}\n200"]);
    let left = run_with(&with_machines(), &mut shell).unwrap();
    assert!(left.len() == 1 && left[0].contains("lab.test/account"), "{left:?}");
    assert_eq!(shell.ran("/api/hosts"), 0);
    assert_eq!(shell.ran("rm -f"), 1);
}

#[test]
fn a_code_that_has_grown_old_leaves_the_rest() {
    let mut shell = answering("{}\n201");
    let old = "{\"code\":\"step_up_required\"}\n403";
    shell.answers.insert("/api/cal/webhooks", vec![old]);
    let left = run_with(&with_machines(), &mut shell).unwrap();
    assert!(left.len() == 1 && left[0].contains("ten minutes"), "{left:?}");
}

#[test]
fn machines_that_are_there_are_left_and_one_that_is_refused_ends_the_run() {
    let other = "{\"code\":\"forbidden\"}\n403";
    for (answer, ends) in
        [("{}\n409", false), ("mapping_refused\n422", true), (other, true), ("\n503", true)]
    {
        let mut shell = answering(answer);
        assert_eq!(run_with(&with_machines(), &mut shell).is_err(), ends, "{answer}");
    }
}

#[test]
fn without_a_list_or_a_password_machines_are_left_to_their_admin() {
    let mut shell = from_nothing();
    run(&mut shell).unwrap();
    assert_eq!(shell.ran("/api/auth/login"), 0);
}

#[test]
fn no_machine_is_made_behind_a_name_that_does_not_answer() {
    let mut shell = answering("{}\n201");
    shell.answers.insert("--head", vec!["fails: curl: (6) Could not resolve host"]);
    let left = run_with(&with_machines(), &mut shell).unwrap();
    assert_eq!(left.len(), 1);
    assert!(!shell.fed.iter().any(|text| text.contains("hunter22")));
}
