//! What a function is told by its environment.
//!
//! Everything that is wrong is reported at once, and secrets never sit in variables: a variable
//! names the secret (HOUSE 5.7). `docs/CONFIG.md` is made from the table here.

use std::fmt::Write;
use std::path::PathBuf;

use interlock_app::{ExternalPolicy, FactorPolicy, Front};
use interlock_aws::AwsConfig;

use crate::aws;
use crate::environment::Reader;

/// Whether a function can start without a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// No function starts without it.
    Always,
    /// Only what needs it fails, when it is needed.
    WhereUsed,
    /// There is a default.
    Never,
}

/// A variable.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Whether a function can start without it.
    pub need: Need,
    /// What it says.
    pub meaning: &'static str,
}

macro_rules! variables {
    ($($id:ident $name:literal $need:ident $meaning:literal;)*) => {
        $(const $id: &str = $name;)*

        /// Every variable that is read.
        pub const VARIABLES: &[Variable] =
            &[$(Variable { name: $name, need: Need::$need, meaning: $meaning }),*];
    };
}

variables! {
    TABLE "INTERLOCK_TABLE" Always "Name of the DynamoDB table.";
    DEPLOYMENT "INTERLOCK_DEPLOYMENT" Always
        "Name of this deployment; sent with every booking, so that environments stay apart.";
    APP_ORIGIN "INTERLOCK_APP_ORIGIN" Always
        "Origin of the application, such as `https://interlock.example`; writes must come from it.";
    FRONT "INTERLOCK_FRONT" Never
        "How browsers reach the API: `cloudfront` (default), where its pages are on the same \
         origin, or `gateway`, where they are on another one; then cookies are `SameSite=None` and \
         every write with one must say its `Origin`.";
    CALCOM_URL "INTERLOCK_CALCOM_URL" WhereUsed "Address of Cal.com's API, without `/v2`.";
    CALCOM_SECRET "INTERLOCK_CALCOM_SECRET" WhereUsed
        "Secret with the credentials, \
         `{\"accounts\":{\"<ref>\":{\"mode\":\"api_key\",\"apiKey\":…}}}`.";
    CALCOM_WEB_URL "INTERLOCK_CALCOM_WEB_URL" WhereUsed
        "Address of Cal.com's web app, whose schedules `calcom-cron` calls.";
    CALCOM_CRON_SECRET "INTERLOCK_CALCOM_CRON_SECRET" WhereUsed
        "Secret that its schedules are called with, `{\"secret\":…}`.";
    WEBHOOK_SECRET "INTERLOCK_WEBHOOK_SECRET" WhereUsed
        "Secret with one to three active webhook secrets, `{\"secrets\":[…]}`.";
    CURSOR_SECRET "INTERLOCK_CURSOR_SECRET" WhereUsed
        "Secret with the key for cursors, `{\"key\":\"<64 hex digits>\"}`.";
    FACTOR_SECRET "INTERLOCK_FACTOR_SECRET" WhereUsed
        "Secret with the key that the secrets of second factors are made from, \
         `{\"key\":\"<64 hex digits>\"}`.";
    ORIGIN_SECRET "INTERLOCK_ORIGIN_SECRET" Never
        "Secret with the marks of the distribution, `{\"a\":…,\"b\":…}` of 32 characters or more, \
         one of which every call must carry; without it calls are taken from anywhere.";
    WEBHOOK_QUEUE_URL "INTERLOCK_WEBHOOK_QUEUE_URL" WhereUsed "Queue of deliveries.";
    OUTBOX_QUEUE_URL "INTERLOCK_OUTBOX_QUEUE_URL" WhereUsed
        "Queue of nudges for `outbox-calcom`.";
    MAIL_FROM "INTERLOCK_MAIL_FROM" WhereUsed
        "Address that letters come from, such as `workshop@interlock.example`.";
    MAIL_NAME "INTERLOCK_MAIL_NAME" Never "Name that letters come from; default `Interlock`.";
    SES_CONFIGURATION_SET "INTERLOCK_SES_CONFIGURATION_SET" Never
        "Configuration set of SES whose events tell what became of a letter.";
    SES_URL "AWS_ENDPOINT_URL_SESV2" Never
        "Address of SES; by default that of the region.";
    SMTP_SECRET "INTERLOCK_SMTP_SECRET" Never
        "Secret with a mail relay, `{\"url\":\"smtps://host:465\",\"user\":…,\"password\":…}`; \
         without it mail goes through SES.";
    EXTERNAL_MACHINES "INTERLOCK_EXTERNAL_MACHINES" Never
        "What is done with bookings made inside Cal.com on machines: \
         `accept`, `flag` (default), `cancel`, or `observe`, and then they are never touched.";
    EXTERNAL_HOSTS "INTERLOCK_EXTERNAL_HOSTS" Never
        "The same on hosts; default `accept`.";
    CALLS_PER_MINUTE "INTERLOCK_CALCOM_CALLS_PER_MINUTE" Never
        "Most calls to Cal.com in any 60 seconds on one credential, all functions together; \
         10 or more, default 100, because Cal.com blocks above 120.";
    LIMIT_FACTOR "INTERLOCK_LIMIT_FACTOR" Never
        "How many times the limits per person, account and address hold; 1 by default, more only \
         to try a deployment under load.";
    OIDC_ISSUER "INTERLOCK_OIDC_ISSUER" Never
        "Issuer outside whose tokens are taken beside sessions, as their `iss` names it; with it \
         the next two are needed.";
    OIDC_AUDIENCE "INTERLOCK_OIDC_AUDIENCE" Never "What its tokens must have in `aud`.";
    OIDC_JWKS_URL "INTERLOCK_OIDC_JWKS_URL" Never
        "Where its keys are read, by `https`; read again every 10 minutes and for an unknown key.";
    SECOND_FACTOR "INTERLOCK_SECOND_FACTOR" Never
        "Who must have a second factor: `staff` (default), or `nobody` to try the product out; \
         whoever has one is asked for it in any case.";
    CLOCK_OFFSET_FILE "INTERLOCK_CLOCK_OFFSET_FILE" Never
        "File with seconds to add to the clock; set by the local runner alone.";
}

/// What a function is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Name of the table.
    pub table: String,
    /// Name of the deployment.
    pub deployment: String,
    /// Origin of the application, without a slash at its end.
    pub app_origin: String,
    /// How browsers reach the API.
    pub front: Front,
    /// Address of Cal.com.
    pub calcom_url: Option<String>,
    /// Reference to the credentials.
    pub calcom_secret: Option<String>,
    /// Where Cal.com's schedules are called.
    pub cron: CronConfig,
    /// Reference to the webhook secrets.
    pub webhook_secret: Option<String>,
    /// Reference to the key for cursors.
    pub cursor_secret: Option<String>,
    /// Reference to the key for second factors.
    pub factor_secret: Option<String>,
    /// Reference to the marks of the distribution.
    pub origin_secret: Option<String>,
    /// Queue of deliveries.
    pub webhook_queue_url: Option<String>,
    /// Queue of nudges.
    pub outbox_queue_url: Option<String>,
    /// How letters are sent.
    pub mail: MailConfig,
    /// External bookings on machines.
    pub external_on_machines: ExternalPolicy,
    /// External bookings on hosts.
    pub external_on_hosts: ExternalPolicy,
    /// Calls to Cal.com in any 60 seconds.
    pub calls_per_minute: u32,
    /// The issuer outside.
    pub oidc: Option<Oidc>,
    /// Who must have a second factor.
    pub second_factor: FactorPolicy,
    /// How many times the usual limits hold.
    pub limit_factor: u32,
    /// File with the clock's offset.
    pub clock_offset_file: Option<PathBuf>,
    /// Where AWS is and who calls it.
    pub aws: AwsConfig,
}

/// Where Cal.com's schedules are called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CronConfig {
    /// Address of its web app.
    pub url: Option<String>,
    /// Reference to the secret they ask for.
    pub secret: Option<String>,
}

/// How letters are sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailConfig {
    /// Address they come from.
    pub from: Option<String>,
    /// Name they come from.
    pub name: Option<String>,
    /// Configuration set of SES.
    pub configuration_set: Option<String>,
    /// Address of SES.
    pub ses_url: Option<String>,
    /// Reference to the relay that takes the place of SES.
    pub smtp_secret: Option<String>,
}

/// An issuer outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oidc {
    /// Its name.
    pub issuer: String,
    /// What its tokens are meant for.
    pub audience: String,
    /// Where its keys are.
    pub keys_url: String,
}

/// Everything that is wrong with the environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment is not usable: {}", faults.join("; "))]
pub struct ConfigError {
    faults: Vec<String>,
}

impl Config {
    /// From the environment of the process.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(|name| std::env::var(name).ok())
    }

    fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(lookup);
        let config = Self {
            table: reader.required(TABLE),
            deployment: reader.required(DEPLOYMENT),
            app_origin: reader.origin(APP_ORIGIN),
            front: reader.front(FRONT),
            calcom_url: reader.address(CALCOM_URL),
            calcom_secret: reader.optional(CALCOM_SECRET),
            cron: CronConfig {
                url: reader.address(CALCOM_WEB_URL),
                secret: reader.optional(CALCOM_CRON_SECRET),
            },
            webhook_secret: reader.optional(WEBHOOK_SECRET),
            cursor_secret: reader.optional(CURSOR_SECRET),
            factor_secret: reader.optional(FACTOR_SECRET),
            origin_secret: reader.optional(ORIGIN_SECRET),
            webhook_queue_url: reader.address(WEBHOOK_QUEUE_URL),
            outbox_queue_url: reader.address(OUTBOX_QUEUE_URL),
            mail: MailConfig {
                from: reader.optional(MAIL_FROM),
                name: reader.optional(MAIL_NAME),
                configuration_set: reader.optional(SES_CONFIGURATION_SET),
                ses_url: reader.address(SES_URL),
                smtp_secret: reader.optional(SMTP_SECRET),
            },
            external_on_machines: reader.policy(EXTERNAL_MACHINES, ExternalPolicy::Flag),
            external_on_hosts: reader.policy(EXTERNAL_HOSTS, ExternalPolicy::Accept),
            calls_per_minute: reader.calls(CALLS_PER_MINUTE),
            oidc: reader.oidc([OIDC_ISSUER, OIDC_AUDIENCE, OIDC_JWKS_URL]),
            second_factor: reader.second_factor(SECOND_FACTOR),
            limit_factor: reader.factor(LIMIT_FACTOR),
            clock_offset_file: reader.optional(CLOCK_OFFSET_FILE).map(PathBuf::from),
            aws: aws::read(&mut reader),
        };
        let faults = reader.faults();
        if faults.is_empty() { Ok(config) } else { Err(ConfigError { faults }) }
    }
}

/// The page about variables, as `docs/CONFIG.md` has it.
pub fn page() -> String {
    let mut page = String::from(HEAD);
    for Variable { name, need, meaning } in VARIABLES {
        let need = match need {
            Need::Always => "always",
            Need::WhereUsed => "where used",
            Need::Never => "no",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| `{name}` | {need} | {meaning} |");
    }
    page
}

const HEAD: &str = "\
# Configuration

Every function reads these variables once, at its start, and reports everything that is wrong in \
one message.
\"Where used\" means that a function starts without the variable and fails only when it needs it.
Secrets are named here and kept in Secrets Manager; they are read again after 300 seconds.
Lambda sets `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; no \
other source of credentials is read.
`AWS_ENDPOINT_URL`, or for one service `AWS_ENDPOINT_URL_DYNAMODB`, `AWS_ENDPOINT_URL_SQS` or \
`AWS_ENDPOINT_URL_SECRETS_MANAGER`, names a service that is not AWS's own.
This table is made from `shared/lambda/src/config.rs`.

| variable | needed | meaning |
|---|---|---|
";

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
