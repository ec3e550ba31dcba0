//! Puts the adapters behind the ports.
//!
//! Made once per process; what a function does not use is made when it is used, or never.

use std::sync::Arc;

use interlock_app::ports::{Chores, Clock, Ids, Scheduler, Store};
use interlock_app::{App, Budget, Budgeted, CallLimit, Hints, Post, Settings, Timing};
use interlock_auth::Argon2Passwords;
use interlock_aws::{Aws, Http};
use interlock_store::DynamoStore;
use lambda_runtime::Error;
use serde::Deserialize;

use crate::chores::SecretChores;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::credentials::SecretCredentials;
use crate::deliveries::{self, RotatingDeliveries};
use crate::front::Front;
use crate::ids::OsIds;
use crate::issuer;
use crate::metrics;
use crate::pause::TokioPause;
use crate::post;
use crate::queue::SqsQueue;
use crate::scheduler::LazyScheduler;
use crate::secrets::{AwsVault, Secrets};

/// Secrets as everything in a process reads them.
fn secrets(aws: &Aws) -> Arc<Secrets> {
    Arc::new(Secrets::new(AwsVault(aws.secrets_manager())))
}

/// Everything a process keeps between invocations.
#[derive(Clone)]
pub(crate) struct Process {
    pub(crate) app: App,
    pub(crate) clock: Arc<SystemClock>,
    pub(crate) front: Front,
}

impl Process {
    /// From the environment.
    pub(crate) async fn start() -> Result<Self, Error> {
        let told = Told::by_environment()?;
        Self::of(&told, secrets(&told.aws)).await
    }

    /// From the environment, with whoever makes and carries letters.
    pub(crate) async fn start_with_post() -> Result<(Self, Post), Error> {
        let told = Told::by_environment()?;
        let secrets = secrets(&told.aws);
        let post = post::of(&told, &secrets).await?;
        Ok((Self::of(&told, secrets).await?, post))
    }

    /// From the environment, with whoever calls Cal.com's schedules.
    pub(crate) async fn start_with_chores() -> Result<(Self, Arc<dyn Chores>), Error> {
        let told = Told::by_environment()?;
        let secrets = secrets(&told.aws);
        let chores = Arc::new(SecretChores::new(&told.config.cron, secrets.clone())?);
        Ok((Self::of(&told, secrets).await?, chores))
    }

    async fn of(told: &Told, secrets: Arc<Secrets>) -> Result<Self, Error> {
        let Told { config, aws, http } = told;
        let cursor_key = cursor_key(config, &secrets).await?;
        let factor_key = factor_key(config, &secrets).await?;
        let clock = Arc::new(SystemClock::new(config.clock_offset_file.clone()));
        let ids: Arc<dyn Ids> = Arc::new(OsIds);
        let credentials =
            Arc::new(SecretCredentials::new(secrets.clone(), config.calcom_secret.clone()));
        let table = Arc::new(DynamoStore::new(aws.dynamodb(), config.table.clone()));
        let store: Arc<dyn Store> = table.clone();
        let signing = deliveries::signing(&secrets, config.webhook_secret.as_deref());
        let calcom = LazyScheduler::new(config.calcom_url.clone(), credentials, signing);
        let app = App {
            scheduler: counted(config, calcom, (store.clone(), clock.clone()), ids.as_ref()),
            store,
            tally: table,
            clock: clock.clone(),
            ids: ids.clone(),
            queue: Arc::new(SqsQueue::new(aws.sqs(), config)),
            deliveries: Arc::new(RotatingDeliveries::new(
                &secrets,
                config.webhook_secret.as_deref(),
            )),
            passwords: Arc::new(Argon2Passwords::new(ids)),
            settings: Arc::new(settings(config, cursor_key, factor_key)),
            issuer: issuer::configured(config, http),
            hints: Hints::default(),
        };
        let front = Front::new(secrets, config.origin_secret.clone());
        Ok(Self { app, clock, front })
    }

    /// What an invocation is given.
    pub(crate) fn invoked(&self) -> App {
        self.clock.refresh();
        self.app.clone()
    }
}

/// What the environment says, and how everything but Cal.com is reached.
pub(crate) struct Told {
    pub(crate) config: Config,
    pub(crate) aws: Aws,
    pub(crate) http: Http,
}

impl Told {
    fn by_environment() -> Result<Self, Error> {
        let told = Self::new(Config::from_env()?);
        metrics::of_deployment(&told.config.deployment);
        Ok(told)
    }

    fn new(config: Config) -> Self {
        let http = Http::default();
        let aws = Aws::new(config.aws.clone(), http.clone());
        Self { config, aws, http }
    }
}

/// Cal.com behind the budget. Without an address nothing is ever sent and nothing to be counted.
fn counted(
    config: &Config,
    calcom: LazyScheduler,
    (store, clock): (Arc<dyn Store>, Arc<dyn Clock>),
    ids: &dyn Ids,
) -> Arc<dyn Scheduler> {
    if config.calcom_url.is_none() {
        return Arc::new(calcom);
    }
    let limit = CallLimit::per_minute(config.calls_per_minute);
    let budget = Budget::new((store, clock), (ids, Arc::new(TokioPause)), limit);
    Arc::new(Budgeted::new(Arc::new(calcom), Arc::new(budget)))
}

fn settings(config: &Config, cursor_key: [u8; 32], factor_key: Option<[u8; 32]>) -> Settings {
    Settings {
        deployment: config.deployment.clone(),
        app_origin: config.app_origin.clone(),
        cursor_key,
        factor_key,
        external_on_machines: config.external_on_machines,
        external_on_hosts: config.external_on_hosts,
        second_factor: config.second_factor,
        limit_factor: config.limit_factor,
        timing: Timing::default(),
    }
}

/// The key for cursors. Without one a random key serves: a function that gives out cursors is
/// configured with the shared key, and any other's would be worth nothing elsewhere.
async fn cursor_key(config: &Config, secrets: &Secrets) -> Result<[u8; 32], Error> {
    match &config.cursor_secret {
        Some(reference) => key(secrets, (reference, "cursors")).await,
        None => Ok(OsIds.random()),
    }
}

/// The key for second factors. Without one no code is handed out or compared.
async fn factor_key(config: &Config, secrets: &Secrets) -> Result<Option<[u8; 32]>, Error> {
    match &config.factor_secret {
        Some(reference) => key(secrets, (reference, "second factors")).await.map(Some),
        None => Ok(None),
    }
}

async fn key(secrets: &Secrets, (reference, of): (&str, &str)) -> Result<[u8; 32], Error> {
    #[derive(Deserialize)]
    struct Key {
        key: String,
    }
    let secret = secrets.get(reference).await?;
    let unusable = || format!("the secret with the key for {of} must hold `key` of 64 hex digits");
    let Key { key } = serde_json::from_str(secret.expose()).map_err(|_| unusable())?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(&key, &mut bytes).map_err(|_| unusable())?;
    Ok(bytes)
}

#[cfg(test)]
pub(crate) mod tests {
    use interlock_app::ports::scheduler::{
        BookingFilter, CalAccount, CredentialMode, Failure, Outcome,
    };
    use interlock_app::ports::{Queue, QueueName};
    use jiff::SignedDuration;

    use super::*;
    use crate::secrets::tests::{FakeVault, timed};

    fn config() -> Config {
        Config {
            table: "interlock".into(),
            deployment: "test".into(),
            app_origin: "https://app.test".into(),
            calcom_url: None,
            calcom_secret: None,
            cron: crate::config::CronConfig::default(),
            webhook_secret: None,
            cursor_secret: None,
            factor_secret: None,
            origin_secret: None,
            oidc: None,
            webhook_queue_url: None,
            outbox_queue_url: None,
            mail: crate::config::MailConfig::default(),
            external_on_machines: interlock_app::ExternalPolicy::Flag,
            external_on_hosts: interlock_app::ExternalPolicy::Accept,
            calls_per_minute: 100,
            second_factor: interlock_app::FactorPolicy::Staff,
            limit_factor: 1,
            clock_offset_file: None,
            aws: interlock_aws::AwsConfig::default(),
        }
    }

    /// A process that was told the least, with adapters that reach nothing.
    pub(crate) async fn process() -> Process {
        let told = Told::new(config());
        Process::of(&told, secrets(&told.aws)).await.unwrap()
    }

    #[tokio::test]
    async fn what_is_not_configured_fails_when_it_is_used_and_not_before() {
        let app = process().await.invoked();
        let account = CalAccount {
            id: "cal_laser".parse().unwrap(),
            username: "laser".into(),
            email: "laser@demo.test".into(),
            mode: CredentialMode::None,
            credential_ref: "laser".into(),
        };
        let error = app.scheduler.bookings(&account, &BookingFilter::default()).await.unwrap_err();
        assert_eq!(error.failure, Failure::NotConnected);
        assert_eq!(error.failure.outcome(), Outcome::NothingMade);
        let queue: &dyn Queue = app.queue.as_ref();
        for name in [QueueName::Webhook, QueueName::OutboxCalcom] {
            assert!(queue.send(name, "{}", SignedDuration::ZERO).await.is_err());
        }
        assert!(app.deliveries.verify(b"{}", &[]).await.is_err());
    }

    #[tokio::test]
    async fn a_process_is_ready_for_work_without_having_read_the_store_of_roots() {
        let told = Told::new(config());
        let process = Process::of(&told, secrets(&told.aws)).await.unwrap();
        assert!(!told.http.is_made());
        let app = process.invoked();
        let sent = app.queue.send(QueueName::Webhook, "{}", SignedDuration::ZERO).await;
        assert!(sent.is_err(), "no queue is configured");
        assert!(!told.http.is_made());
    }

    #[tokio::test]
    async fn the_key_for_cursors_is_shared_or_random_and_the_one_for_factors_shared_or_none() {
        let hex = "0123456789abcdef".repeat(4);
        let vault = FakeVault::holding(&format!(r#"{{"key":"{hex}"}}"#));
        let shared = Config { cursor_secret: Some("arn".into()), ..config() };
        let key = cursor_key(&shared, &timed(&vault)).await.unwrap();
        assert_eq!(hex::encode(key), hex);
        for bad in ["", "{}", r#"{"key":"hunter2"}"#, r#"{"key":"00"}"#] {
            vault.set(Some(bad));
            let error = cursor_key(&shared, &timed(&vault)).await.unwrap_err();
            assert!(!error.to_string().contains("hunter2"));
        }
        assert_eq!(factor_key(&config(), &timed(&vault)).await.unwrap(), None);
        let factors = Config { factor_secret: Some("arn".into()), ..config() };
        assert!(factor_key(&factors, &timed(&vault)).await.is_err());
        vault.set(Some(&format!(r#"{{"key":"{hex}"}}"#)));
        let key = factor_key(&factors, &timed(&vault)).await.unwrap().unwrap();
        assert_eq!(hex::encode(key), hex);
        let one = cursor_key(&config(), &timed(&vault)).await.unwrap();
        let two = cursor_key(&config(), &timed(&vault)).await.unwrap();
        assert_ne!(one, two);
    }
}
