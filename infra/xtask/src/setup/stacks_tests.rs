//! States of stacks, change sets that are asked about, and builds that somebody began.

use super::Setting;
use super::tests::{
    Pretended, STARTED, STATE, STATE_OF_CALCOM, from_nothing, run, run_with, setting,
};

const MADE: &str = r#"["samcli-deploy2","AVAILABLE"]"#;
const EMPTY: &str = r#"["samcli-deploy2","UNAVAILABLE"]"#;
const OLD: &str = r#"["samcli-deploy1","AVAILABLE"]"#;
const THERE: &str = r#"{"status":"UPDATE_COMPLETE","parameters":null}"#;

fn asking() -> Setting {
    Setting { yes: false, ..setting() }
}

/// A shell in which the stack of the table is the first to be deployed, with that answer.
fn answered(lists: &[&'static str], answer: &'static str) -> Pretended {
    let mut shell = from_nothing();
    let name = "list-change-sets --stack-name interlock-dev-data";
    shell.answers.insert("list-change-sets", vec!["null"]);
    shell.answers.insert(name, lists.to_vec());
    shell.answers.insert("execute this change set of data", vec![answer]);
    shell.answers.insert("change-set --stack-name interlock-dev-data", vec![""]);
    shell
}

#[test]
fn a_change_set_that_is_refused_changes_nothing_and_stops() {
    for answer in ["n", "", "no idea"] {
        let mut shell = answered(&["null", MADE], answer);
        let error = run_with(&asking(), &mut shell).unwrap_err();
        assert!(error.contains("nothing of it was changed"), "{error}");
        assert_eq!(shell.ran("delete-change-set"), 1);
        assert_eq!(shell.ran("execute-change-set"), 0);
        assert_eq!(shell.ran("calcom-keys.sh"), 0, "no step after it");
    }
}

#[test]
fn where_nobody_can_be_asked_nothing_is_executed() {
    let mut shell = answered(&["null", MADE], "fails: there is no terminal");
    let error = run_with(&asking(), &mut shell).unwrap_err();
    assert!(error.contains("--yes"), "{error}");
    assert_eq!(shell.ran("execute-change-set"), 0);
}

#[test]
fn a_change_set_that_is_agreed_to_is_executed_and_waited_for() {
    let mut shell = answered(&["null", MADE], "y");
    let work = r#"{"status":"CREATE_IN_PROGRESS"}"#;
    let absent = "fails: Stack does not exist";
    let made = r#"{"status":"CREATE_COMPLETE"}"#;
    let name = "interlock-dev-data --output json --query 'Stacks[0].{status";
    shell.answers.insert(name, vec![absent, work, made]);
    run_with(&asking(), &mut shell).unwrap();
    let execute = "execute-change-set --stack-name interlock-dev-data";
    assert_eq!(shell.ran(&format!("{execute} --change-set-name samcli-deploy2")), 1);
    assert_eq!(shell.asked.len(), 1);
    assert!(
        shell.ran.iter().all(|line| {
            !line.contains("sam deploy") || line.contains("--no-execute-changeset")
        })
    );

    let mut shell = answered(&["null", MADE], "yes");
    let broken = r#"{"status":"ROLLBACK_COMPLETE"}"#;
    shell.answers.insert(name, vec![absent, work, broken]);
    let error = run_with(&asking(), &mut shell).unwrap_err();
    assert!(error.contains("ended as ROLLBACK_COMPLETE"), "{error}");
}

#[test]
fn a_failure_of_the_distribution_is_looked_up_where_it_is() {
    let mut shell = answered(&["null"], "y");
    let lists = "list-change-sets --stack-name interlock-dev-edge";
    shell.answers.insert(lists, vec!["null", MADE]);
    shell.answers.insert("execute this change set of edge", vec!["y"]);
    shell.answers.insert("execute-change-set --stack-name interlock-dev-edge", vec![""]);
    let state = "interlock-dev-edge --region us-east-1 --output json --query 'Stacks[0].{status";
    let broken = r#"{"status":"ROLLBACK_COMPLETE"}"#;
    shell.answers.insert(state, vec!["fails: Stack does not exist", broken]);
    let error = run_with(&asking(), &mut shell).unwrap_err();
    assert!(error.contains("--stack-name interlock-dev-edge --region us-east-1`"), "{error}");
}

#[test]
fn nobody_is_asked_about_no_change_or_about_a_change_set_of_before() {
    for lists in [vec!["null", EMPTY], vec![OLD, OLD], vec![EMPTY, EMPTY]] {
        let mut shell = answered(&lists, "y");
        run_with(&asking(), &mut shell).unwrap();
        assert!(shell.asked.is_empty(), "{lists:?}");
        assert_eq!(shell.ran("execute-change-set"), 0);
    }
}

#[test]
fn a_stack_whose_creation_failed_is_told_with_the_way_out() {
    for (stack, status, part) in [
        ("interlock-dev-data --output", "ROLLBACK_COMPLETE", "update-table"),
        ("interlock-dev-network-calcom --output", "ROLLBACK_FAILED", "modify-db-instance"),
        ("interlock-dev-edge --region us-east-1 --output", "ROLLBACK_COMPLETE", "us-east-1"),
    ] {
        let mut shell = from_nothing();
        let answer = format!(r#"{{"status":"{status}","parameters":[]}}"#);
        shell.answers.insert(stack, vec![answer.leak()]);
        let error = run(&mut shell).unwrap_err();
        for part in [status, part, "delete-stack", "run this again"] {
            assert!(error.contains(part), "{part}: {error}");
        }
        assert_eq!(error.contains("modify-load-balancer"), stack.contains("network"), "{error}");
        assert_eq!(shell.ran("delete-stack"), 0, "nothing is deleted by us");
    }
}

#[test]
fn a_stack_that_somebody_is_at_work_on_is_waited_for() {
    let mut shell = from_nothing();
    let work = r#"{"status":"UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"}"#;
    shell.answers.insert("interlock-dev-ops --output json", vec![work, THERE]);
    run(&mut shell).unwrap();
    assert_eq!(shell.ran("interlock-dev-ops --output json"), 2);
}

#[test]
fn only_a_stack_that_does_not_exist_is_taken_for_none() {
    let mut shell = from_nothing();
    let denied = "fails: An error occurred (AccessDenied) when calling DescribeStacks";
    shell.answers.insert(STATE_OF_CALCOM, vec![denied]);
    assert!(run(&mut shell).unwrap_err().contains("AccessDenied"));
    assert_eq!(shell.ran("Started=false"), 0);

    let mut shell = from_nothing();
    let absent = "fails: Stack does not exist";
    shell.answers.insert(STATE_OF_CALCOM, vec![absent, absent, denied]);
    assert!(run(&mut shell).unwrap_err().contains("AccessDenied"));
    assert_eq!(shell.ran("Started=false"), 0, "a Cal.com that runs may not be stopped");
}

#[test]
fn other_images_under_a_running_cal_com_are_an_upgrade_and_refused() {
    let running = || {
        let mut shell = from_nothing();
        shell.answers.insert(STATE, vec![STARTED]);
        shell.answers.insert("describe-images", vec!["{}"]);
        shell
    };
    let mut shell = running();
    let config = setting().config.replace("CalcomCommit=abc", "CalcomCommit=def");
    let error = run_with(&Setting { config, ..setting() }, &mut shell).unwrap_err();
    assert!(error.contains("abc") && error.contains("docs/UPGRADE.md"), "{error}");
    assert_eq!(shell.ran("dev.calcom-images"), 0);

    let mut shell = running();
    shell.answers.insert(
        "--name /interlock/dev/CalcomWebImage",
        vec!["registry/web:def-dev.cal.interlock.lab.test"],
    );
    let error = run(&mut shell).unwrap_err();
    assert!(error.contains("docs/UPGRADE.md"), "{error}");
    assert_eq!(shell.ran("dev.network-calcom"), 0);

    assert_eq!(run(&mut running()), Ok(Vec::new()));
    let template = include_str!("../../../calcom-images.yaml");
    let tag = ":${CalcomCommit}-${InternalDomain}";
    assert_eq!(template.matches(tag).count(), 2, "the tag of images, as it is compared here");
}

#[test]
fn a_build_that_is_under_way_is_waited_for_and_none_is_started_beside_it() {
    let gone = "fails: ImageNotFoundException";
    let mut shell = from_nothing();
    shell.answers.insert("list-builds-for-project", vec![r#"["build:0","build:00"]"#]);
    run(&mut shell).unwrap();
    assert_eq!(shell.ran("start-build"), 0);
    assert!(shell.ran("--ids build:0") >= 2 && shell.ran("build:00") == 0);

    let mut shell = from_nothing();
    shell.answers.insert("list-builds-for-project", vec![r#"["build:0"]"#]);
    shell.answers.insert("describe-images", vec![gone, gone, gone, gone, "{}"]);
    shell.answers.insert("batch-get-builds", vec!["IN_PROGRESS", "SUCCEEDED"]);
    run(&mut shell).unwrap();
    assert_eq!(shell.ran("start-build"), 1, "it was of another commit");

    let mut shell = from_nothing();
    shell.answers.insert("list-builds-for-project", vec![r#"["build:0"]"#]);
    shell.answers.insert("buildStatus' --ids build:0", vec!["FAILED"]);
    run(&mut shell).unwrap();
    assert_eq!(shell.ran("start-build"), 1, "one that failed is begun anew");
}

#[test]
fn both_repositories_must_have_their_image() {
    let gone = "fails: ImageNotFoundException";
    for (list, starts) in [(["{}", gone, "{}"], 1), ([gone, "{}", "{}"], 1), (["{}"; 3], 0)] {
        let mut shell = from_nothing();
        shell.answers.insert("describe-images", list.to_vec());
        run(&mut shell).unwrap();
        assert_eq!(shell.ran("start-build"), starts, "{list:?}");
    }
    for answer in ["fails: AccessDenied", gone] {
        let mut shell = from_nothing();
        shell.answers.insert("describe-images", vec![answer]);
        let error = run(&mut shell).unwrap_err();
        assert!(error.starts_with("images"), "{error}");
        assert_eq!(shell.ran("dev.network-calcom"), 0);
    }
}
