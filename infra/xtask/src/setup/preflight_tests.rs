//! What is looked at before the first change, fault by fault.

use super::Setting;
use super::tests::{STARTED, STATE, from_nothing, run, run_with, setting};

#[test]
fn every_fault_stops_the_run_before_a_change_and_names_its_remedy() {
    for (part, answer, remedy) in [
        ("aws --version", "aws-cli/1.45.11 Python/3.11.7", "AWS CLI 2"),
        ("sam --version", "SAM CLI, version 1.99.0", ".ci/tools.txt"),
        ("curl --version", "fails", "install curl"),
        ("openssl version", "fails", "install openssl"),
        ("node --version", "v20.11.1", "22.12 or newer"),
        ("npm --version", "fails", "Node.js"),
        ("session-manager-plugin --version", "fails", "Session Manager"),
        ("cargo lambda --version", "fails", ".ci/tools.txt"),
        ("zig version", "fails", ".ci/tools.txt"),
        ("get-caller-identity", "fails", "aws configure"),
        ("describe-availability-zones", "eu-central-1", "AWS_REGION"),
        ("describe-availability-zones", "fails: You must specify a region", "AWS_REGION=eu-west-1"),
        ("get-account-settings", "10", "L-B99A9384"),
        ("quota-code L-4DDC4A99", "0.0", "--service-code codebuild"),
        ("quota-code L-3032A538", "1.0", "--desired-value 2"),
        ("quota-code L-36FBB829", "0.0", "--service-code fargate"),
        ("quota-code L-F678F1CE", "1.0", "--desired-value 2"),
        ("quota-code L-0263D0A3", "1.0", "--service-code ec2"),
        ("describe-certificate", r#"{"status":"PENDING_VALIDATION"}"#, "set the records"),
        ("describe-certificate", r#"{"status":"ISSUED","names":["cal.lab.test"]}"#, "is not for"),
        ("get-email-identity", "False", "create-email-identity"),
        ("get-email-identity", "fails: NotFoundException", "SmtpSecretArn"),
    ] {
        let mut shell = from_nothing();
        shell.answers.insert(part, vec![answer]);
        let error = run(&mut shell).unwrap_err();
        assert!(error.starts_with("tools") && error.contains(remedy), "{part}: {error}");
        assert_eq!(shell.ran("sam deploy") + shell.ran("cargo xtask"), 0, "{part}");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let mut shell = from_nothing();
    for part in ["curl --version", "npm --version"] {
        shell.answers.insert(part, vec!["fails"]);
    }
    shell.answers.insert("get-account-settings", vec!["10"]);
    let error = run(&mut shell).unwrap_err();
    assert_eq!(error.lines().count(), 3, "{error}");
}

#[test]
fn a_network_that_cannot_be_looked_at_hides_no_other_fault() {
    let mut shell = from_nothing();
    shell.answers.insert(STATE, vec!["fails: AccessDenied"]);
    shell.answers.insert("curl --version", vec!["fails"]);
    let error = run(&mut shell).unwrap_err();
    assert!(error.contains("install curl") && error.contains("AccessDenied"), "{error}");
}

#[test]
fn a_certificate_of_another_region_is_refused() {
    for (own, other, region) in [
        ("acm:eu-west-1", "acm:us-east-1", "eu-west-1"),
        ("acm:us-east-1", "acm:eu-west-1", "us-east-1"),
    ] {
        let config = setting().config.replace(own, other);
        let error = run_with(&Setting { config, ..setting() }, &mut from_nothing()).unwrap_err();
        assert!(error.contains(&format!("is not in {region}")), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn what_aws_does_not_tell_stands_in_nobodys_way() {
    let mut shell = from_nothing();
    shell.answers.insert("get-service-quota", vec!["fails: AccessDenied"]);
    shell.answers.insert("get-email-identity", vec!["fails: AccessDenied"]);
    assert_eq!(run(&mut shell), Ok(Vec::new()));
}

#[test]
fn what_is_there_already_counts_against_no_quota() {
    let mut shell = from_nothing();
    shell.answers.insert(STATE, vec![STARTED]);
    shell.answers.insert("quota-code L-F678F1CE", vec!["1.0"]);
    assert_eq!(run(&mut shell), Ok(Vec::new()));
}

#[test]
fn zips_that_are_there_need_nothing_to_build_them() {
    let mut shell = from_nothing();
    for part in ["cargo lambda --version", "zig version"] {
        shell.answers.insert(part, vec!["fails"]);
    }
    let built = Setting { built: true, ..setting() };
    assert_eq!(run_with(&built, &mut shell), Ok(Vec::new()));
}

#[test]
fn a_relay_needs_no_identity() {
    let mut shell = from_nothing();
    shell.answers.insert("get-email-identity", vec!["False"]);
    let config = setting().config.replace(
        "\"MailFrom=workshop@dev",
        "\"SmtpSecretArn=arn:aws:secretsmanager:eu-west-1:1:secret:s\",\n    \
         \"MailFrom=workshop@dev",
    );
    assert_eq!(run_with(&Setting { config, ..setting() }, &mut shell), Ok(Vec::new()));
    assert_eq!(shell.ran("sesv2"), 0);
}

#[test]
fn a_domain_proves_what_is_under_it_and_standard_needs_more() {
    let mut shell = from_nothing();
    let gone = "fails: NotFoundException";
    shell.answers.insert("get-email-identity", vec![gone, gone, gone, "True"]);
    assert_eq!(run(&mut shell), Ok(Vec::new()));
    assert_eq!(shell.ran("--email-identity lab.test"), 1);

    let mut shell = from_nothing();
    shell.answers.insert("quota-code L-3032A538", vec!["6.0"]);
    let config = setting().config.replace("Profile=small", "Profile=standard");
    let error = run_with(&Setting { config, ..setting() }, &mut shell).unwrap_err();
    assert!(error.contains("--desired-value 7"), "{error}");
}

/// sam takes no parameter without a value.
#[test]
fn a_parameter_without_a_value_is_told_before_anything_runs() {
    let mut shell = from_nothing();
    let config = setting().config.replace("HostedZoneId=\"\"", "HostedZoneId=");
    let error = run_with(&Setting { config, ..setting() }, &mut shell).unwrap_err();
    assert!(error.contains("dev.edge: `HostedZoneId=`"), "{error}");
    assert!(error.contains("'HostedZoneId=\"\"'"), "{error}");
    assert!(shell.ran.is_empty());
}
