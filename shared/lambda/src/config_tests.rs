//! What the environment may say.

use std::collections::BTreeMap;

use super::*;

fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let map: BTreeMap<_, _> = pairs.iter().copied().collect();
    Config::read(|name| map.get(name).map(|value| (*value).to_owned()))
}

const LEAST: [(&str, &str); 3] = [
    ("INTERLOCK_TABLE", "interlock"),
    ("INTERLOCK_DEPLOYMENT", "test"),
    ("INTERLOCK_APP_ORIGIN", "https://app.test/"),
];

#[test]
fn three_variables_are_enough_to_start() {
    let config = read(&LEAST).unwrap();
    assert_eq!(config.table, "interlock");
    assert_eq!(config.app_origin, "https://app.test");
    assert_eq!(config.external_on_machines, ExternalPolicy::Flag);
    assert_eq!(config.external_on_hosts, ExternalPolicy::Accept);
    assert_eq!(config.calcom_url, None);
    assert_eq!(config.clock_offset_file, None);
    assert_eq!(config.calls_per_minute, 100);
    assert_eq!(config.oidc, None);
    assert_eq!(config.second_factor, FactorPolicy::Staff);
    assert_eq!(config.limit_factor, 1);
    assert_eq!(config.front, Front::Cloudfront);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let error = read(&[
        ("INTERLOCK_TABLE", "  "),
        ("INTERLOCK_APP_ORIGIN", "https://app.test/path"),
        ("INTERLOCK_FRONT", "both"),
        ("INTERLOCK_CALCOM_URL", "calcom"),
        ("INTERLOCK_EXTERNAL_HOSTS", "maybe"),
        ("INTERLOCK_CALCOM_CALLS_PER_MINUTE", "9"),
        ("INTERLOCK_OIDC_ISSUER", "https://id.test"),
        ("INTERLOCK_SECOND_FACTOR", "sometimes"),
        ("INTERLOCK_LIMIT_FACTOR", "0"),
    ])
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the environment is not usable: `INTERLOCK_TABLE` is missing; \
         `INTERLOCK_DEPLOYMENT` is missing; `INTERLOCK_APP_ORIGIN` is no origin; \
         `INTERLOCK_FRONT` is none of `cloudfront`, `gateway`; \
         `INTERLOCK_CALCOM_URL` is no `http` or `https` address; \
         `INTERLOCK_EXTERNAL_HOSTS` is none of `accept`, `flag`, `cancel`, `observe`; \
         `INTERLOCK_CALCOM_CALLS_PER_MINUTE` is no number of 10 or more; \
         `INTERLOCK_OIDC_ISSUER`, `INTERLOCK_OIDC_AUDIENCE` and `INTERLOCK_OIDC_JWKS_URL` \
         need each other; `INTERLOCK_SECOND_FACTOR` is none of `staff`, `nobody`; \
         `INTERLOCK_LIMIT_FACTOR` is no number of 1 to 1000000"
    );
}

#[test]
fn pages_of_another_origin_are_told_by_one_variable() {
    let config = read(&[&LEAST[..], &[("INTERLOCK_FRONT", "gateway")]].concat()).unwrap();
    assert_eq!(config.front, Front::Gateway);
}

#[test]
fn an_empty_variable_counts_as_none() {
    let empty = [("INTERLOCK_CALCOM_URL", ""), ("INTERLOCK_EXTERNAL_MACHINES", " ")];
    let config = read(&[&LEAST[..], &empty].concat()).unwrap();
    assert_eq!(config.calcom_url, None);
    assert_eq!(config.external_on_machines, ExternalPolicy::Flag);
}

#[test]
fn every_variable_is_ours_or_an_address_of_the_sdk_and_stands_once() {
    let names: std::collections::BTreeSet<_> =
        VARIABLES.iter().map(|variable| variable.name).collect();
    assert_eq!(names.len(), VARIABLES.len());
    let known =
        |name: &&str| name.starts_with("INTERLOCK_") || name.starts_with("AWS_ENDPOINT_URL_");
    assert!(names.iter().all(known));
}

#[test]
fn keys_of_an_issuer_come_over_tls_or_from_this_very_machine() {
    let told = |url| {
        let issuer = [
            ("INTERLOCK_OIDC_ISSUER", "https://id.test"),
            ("INTERLOCK_OIDC_AUDIENCE", "interlock"),
            ("INTERLOCK_OIDC_JWKS_URL", url),
        ];
        read(&[&LEAST[..], &issuer].concat())
    };
    for url in ["https://id.test/keys", "http://127.0.0.1:9/keys", "http://localhost:9/keys"] {
        assert_eq!(told(url).unwrap().oidc.unwrap().keys_url, url);
    }
    for url in [
        "http://id.test/keys",
        "http://127.0.0.1.id.test/keys",
        "http://127.0.0.1:9@id.test/keys",
        "id.test",
        "https://",
    ] {
        told(url).unwrap_err();
    }
}

#[test]
fn an_error_never_repeats_a_value() {
    let error = read(&[("INTERLOCK_CALCOM_URL", "hunter2")]).unwrap_err();
    assert!(!error.to_string().contains("hunter2"));
}

#[test]
fn a_service_of_aws_is_where_its_own_variable_says_or_the_one_for_all() {
    let told = [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
        ("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:2"),
    ];
    let aws = read(&[&LEAST[..], &told].concat()).unwrap().aws;
    assert_eq!(aws.region.as_deref(), Some("eu-west-1"));
    assert_eq!(aws.dynamodb_url.as_deref(), Some("http://127.0.0.1:1"));
    assert_eq!(aws.sqs_url.as_deref(), Some("http://127.0.0.1:2"));
    assert_eq!(aws.secrets_manager_url.as_deref(), Some("http://127.0.0.1:1"));
    assert_eq!(read(&LEAST).unwrap().aws, AwsConfig::default());
}

#[test]
fn credentials_are_whole_or_none_and_their_secret_is_never_shown() {
    let key = ("AWS_ACCESS_KEY_ID", "auth-login");
    let secret = ("AWS_SECRET_ACCESS_KEY", "hunter2");
    let token = ("AWS_SESSION_TOKEN", "hunter3");
    let config = read(&[&LEAST[..], &[key, secret, token]].concat()).unwrap();
    let shown = format!("{config:?}");
    assert!(!shown.contains("hunter2") && !shown.contains("hunter3"), "{shown}");
    let credentials = config.aws.credentials.unwrap();
    assert_eq!(credentials.access_key_id(), "auth-login");
    assert_eq!(credentials.secret_access_key(), "hunter2");
    assert_eq!(credentials.session_token(), Some("hunter3"));
    assert_eq!(read(&[&LEAST[..], &[key, token]].concat()).unwrap().aws.credentials, None);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "asked by hand to write the page anew")]
fn the_document_about_variables_is_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/CONFIG.md");
    if std::env::var("INTERLOCK_BLESS").is_ok() {
        std::fs::write(path, page()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), page());
}
