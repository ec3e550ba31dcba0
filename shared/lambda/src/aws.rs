//! The variables that Lambda sets for everything that talks to AWS.

use aws_credential_types::Credentials;
use interlock_aws::AwsConfig;

use crate::environment::Reader;

/// Names as AWS has them; `docs/CONFIG.md` tells of them above its table.
const REGION: &str = "AWS_REGION";
const ACCESS_KEY: &str = "AWS_ACCESS_KEY_ID";
const SECRET_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
const ENDPOINT: &str = "AWS_ENDPOINT_URL";
const DYNAMODB: &str = "AWS_ENDPOINT_URL_DYNAMODB";
const SQS: &str = "AWS_ENDPOINT_URL_SQS";
const SECRETS_MANAGER: &str = "AWS_ENDPOINT_URL_SECRETS_MANAGER";

/// Who calls AWS, and where it is: a service's own address comes before the one for all.
pub(crate) fn read<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>) -> AwsConfig {
    let everywhere = reader.address(ENDPOINT);
    let mut address = |name| reader.address(name).or_else(|| everywhere.clone());
    let (dynamodb_url, sqs_url) = (address(DYNAMODB), address(SQS));
    let secrets_manager_url = address(SECRETS_MANAGER);
    let keys = reader.optional(ACCESS_KEY).zip(reader.optional(SECRET_KEY));
    let token = reader.optional(SESSION_TOKEN);
    let credentials =
        keys.map(|(key, secret)| Credentials::new(key, secret, token, None, "environment"));
    AwsConfig {
        region: reader.optional(REGION),
        credentials,
        dynamodb_url,
        sqs_url,
        secrets_manager_url,
    }
}
