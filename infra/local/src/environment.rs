//! The environment of the functions: what the template declares, answered with local values.
//! A function gets what its deployment would get and nothing of the caller's own environment.

use std::path::Path;

use crate::LocalError;
use crate::queue::ACCOUNT;
use crate::secrets;
use crate::stand_in::CalcomSide;
use crate::table::TABLE;
use crate::template::{Function, Template};

/// Region that clients sign for.
pub const REGION: &str = "eu-central-1";
/// Parameters that a local deployment sets so that the template's conditions come out right.
pub const TEMPLATE_PARAMETERS: [(&str, &str); 1] = [("ListenerArn", "local")];

/// Addresses of a running stack.
#[derive(Debug, Clone)]
pub struct Addresses {
    pub front: String,
    pub table: String,
    pub queue: String,
    pub secrets: String,
    pub mail: String,
}

/// A variable of this process; the one place that reads them.
#[expect(clippy::disallowed_methods, reason = "a developer tool has no `Config`")]
pub fn own(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name)
}

/// Variables of `function`, sorted by the template first and the platform last.
pub fn of_function(
    function: &Function,
    template: &Template,
    addresses: &Addresses,
    calcom: &CalcomSide,
    clock_file: &Path,
) -> Result<Vec<(String, String)>, LocalError> {
    let look_up = |name: &str| {
        parameter(name, &function.name, addresses, calcom)
            .or_else(|| queue_url(name, template, addresses))
            .or_else(|| template.parameter_defaults.get(name)?.as_str().map(str::to_owned))
    };
    let mut variables = Vec::new();
    for (name, value) in &function.variables {
        let value = value.resolve(look_up).map_err(|unknown| {
            let detail = format!("`{name}` of `{}` needs unknown `{unknown}`", function.name);
            LocalError::part("environment", detail)
        })?;
        variables.push((name.clone(), value));
    }
    variables.extend(platform(&function.name, function.memory_megabytes));
    variables.extend(services(addresses, clock_file));
    Ok(variables)
}

/// Variables of the seed: the product's own, as if one function declared them all.
pub fn of_seed(
    addresses: &Addresses,
    calcom: &CalcomSide,
    clock_file: &Path,
) -> Vec<(String, String)> {
    let mut variables: Vec<(String, String)> = [
        ("INTERLOCK_TABLE", "TableName"),
        ("INTERLOCK_DEPLOYMENT", "Deployment"),
        ("INTERLOCK_APP_ORIGIN", "AppOrigin"),
        ("INTERLOCK_CALCOM_URL", "CalcomUrl"),
        ("INTERLOCK_CALCOM_SECRET", "CalcomSecretArn"),
    ]
    .into_iter()
    .filter_map(|(name, key)| Some((name.to_owned(), parameter(key, "seed", addresses, calcom)?)))
    .collect();
    variables.push(("INTERLOCK_SEED_ACCOUNTS".to_owned(), calcom.accounts_for_seed().to_string()));
    variables.extend(platform("seed", 1024));
    variables.extend(services(addresses, clock_file));
    variables
}

/// Values of the template's parameters in a local deployment.
fn parameter(
    name: &str,
    function: &str,
    addresses: &Addresses,
    calcom: &CalcomSide,
) -> Option<String> {
    Some(match name {
        "TableName" => TABLE.to_owned(),
        "Deployment" | "AWS::StackName" | "LetterSet" => "local".to_owned(),
        "AppOrigin" => addresses.front.clone(),
        "CalcomUrl" => calcom.url_for(function),
        "CalcomSecretArn" => secrets::CALCOM.to_owned(),
        "WebhookSecretArn" => secrets::WEBHOOK.to_owned(),
        "CursorSecretArn" => secrets::CURSOR.to_owned(),
        "FactorSecretArn" => secrets::FACTOR.to_owned(),
        "OriginSecretArn" => secrets::ORIGIN.to_owned(),
        // There is no web app of Cal.com.
        "CalcomWebUrl" | "CalcomCronSecretArn" => String::new(),
        // Beside a calendar that is in use, nothing that was not made here is touched.
        "ExternalOnMachines" | "ExternalOnHosts" if calcom.is_real() => "observe".to_owned(),
        "CalcomCallsPerMinute" => calcom.budget()?.to_string(),
        // Who lets more calls to Cal.com through tries the stack under load.
        "LimitFactor" => (calcom.budget()? / 100).max(1).to_string(),
        "MailFrom" => "workshop@interlock.test".to_owned(),
        "AWS::Region" => REGION.to_owned(),
        "AWS::AccountId" => ACCOUNT.to_owned(),
        "AWS::Partition" => "aws".to_owned(),
        _ => return None,
    })
}

fn queue_url(name: &str, template: &Template, addresses: &Addresses) -> Option<String> {
    let queue = template.queues.iter().find(|queue| queue.name == name)?;
    Some(format!("{}/{ACCOUNT}/{}", addresses.queue, queue.name))
}

/// What the platform itself sets; the key id is the name that requests are counted by.
fn platform(function: &str, memory_megabytes: u64) -> Vec<(String, String)> {
    let memory = memory_megabytes.to_string();
    [
        ("AWS_LAMBDA_FUNCTION_NAME", function),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", memory.as_str()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "local"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "local"),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", function),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}

fn services(addresses: &Addresses, clock_file: &Path) -> Vec<(String, String)> {
    [
        ("AWS_ENDPOINT_URL_DYNAMODB", addresses.table.clone()),
        ("AWS_ENDPOINT_URL_SQS", addresses.queue.clone()),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", addresses.secrets.clone()),
        ("AWS_ENDPOINT_URL_SESV2", addresses.mail.clone()),
        ("INTERLOCK_CLOCK_OFFSET_FILE", clock_file.display().to_string()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}
