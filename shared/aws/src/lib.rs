//! How AWS is reached: by what the platform put into the environment, over one HTTP client.
//!
//! The SDK's chain of credentials (profiles, instance metadata, roles to assume) and its own HTTP
//! stack are left out on purpose (docs/adr/0015): on Lambda the variables are the whole truth.

mod http;
mod roots;
mod transport;

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_types::SdkConfig;
use aws_types::region::Region;
use aws_types::sdk_config::{SharedCredentialsProvider, TimeoutConfig};

pub use http::{Http, HttpError};
pub use roots::NoRoots;
pub use transport::Transport;

/// Where AWS is and who calls it. Nothing here is needed to start: what is missing fails when it
/// is used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AwsConfig {
    /// Region of every service.
    pub region: Option<String>,
    /// Those of the function's role, which last as long as its process; `Debug` hides the secret.
    pub credentials: Option<Credentials>,
    /// Address of `DynamoDB` where it is not AWS's own.
    pub dynamodb_url: Option<String>,
    /// Address of SQS where it is not AWS's own.
    pub sqs_url: Option<String>,
    /// Address of Secrets Manager where it is not AWS's own.
    pub secrets_manager_url: Option<String>,
}

/// What every client of a service is made from.
#[derive(Debug)]
pub struct Aws {
    sdk: SdkConfig,
    config: AwsConfig,
}

impl Aws {
    /// Asks nothing of anybody.
    pub fn new(config: AwsConfig, http: Http) -> Self {
        let mut sdk = SdkConfig::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .http_client(Transport::new(http))
            .timeout_config(timeouts());
        sdk.set_region(config.region.clone().map(Region::new));
        sdk.set_credentials_provider(
            config.credentials.clone().map(SharedCredentialsProvider::new),
        );
        Self { sdk: sdk.build(), config }
    }

    /// The table's client.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        let mut config = aws_sdk_dynamodb::config::Builder::from(&self.sdk);
        config.set_endpoint_url(self.config.dynamodb_url.clone());
        aws_sdk_dynamodb::Client::from_conf(config.build())
    }

    /// The queues' client.
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        let mut config = aws_sdk_sqs::config::Builder::from(&self.sdk);
        config.set_endpoint_url(self.config.sqs_url.clone());
        aws_sdk_sqs::Client::from_conf(config.build())
    }

    /// The secrets' client.
    pub fn secrets_manager(&self) -> aws_sdk_secretsmanager::Client {
        let mut config = aws_sdk_secretsmanager::config::Builder::from(&self.sdk);
        config.set_endpoint_url(self.config.secrets_manager_url.clone());
        aws_sdk_secretsmanager::Client::from_conf(config.build())
    }

    /// The region, where it is known.
    pub fn region(&self) -> Option<&str> {
        self.config.region.as_deref()
    }

    /// Credentials of the function, where it has any.
    pub fn credentials(&self) -> Option<SharedCredentialsProvider> {
        self.sdk.credentials_provider()
    }
}

/// Below a function's 15 seconds, two retries included.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_attempt_timeout(Duration::from_secs(2))
        .operation_timeout(Duration::from_secs(5))
        .build()
}
