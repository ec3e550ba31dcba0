//! Puts the adapters behind the ports.
//!
//! Made once per process; what a function does not use is made when it is used, or never.

use std::sync::Arc;

use interlock_app::ports::{Chores, Clock, Ids, Scheduler, Store};
use interlock_app::{App, AppError, Budget, Budgeted, CallLimit, Hints, Post, Settings, Timing};
use interlock_auth::Argon2Passwords;
use interlock_aws::{Aws, Http};
use interlock_store::DynamoStore;
use lambda_runtime::Error;

use crate::chores::SecretChores;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::credentials::SecretCredentials;
use crate::deliveries::{self, RotatingDeliveries};
use crate::front::Front;
use crate::ids::OsIds;
use crate::issuer;
use crate::keys::Keys;
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
    keys: Arc<Keys>,
}

impl Process {
    /// From the environment.
    pub(crate) fn start() -> Result<Self, Error> {
        let told = Told::by_environment()?;
        Ok(Self::of(&told, secrets(&told.aws)))
    }

    /// From the environment, with whoever makes and carries letters.
    pub(crate) fn start_with_post() -> Result<(Self, Post), Error> {
        let told = Told::by_environment()?;
        let secrets = secrets(&told.aws);
        let post = post::of(&told, &secrets)?;
        Ok((Self::of(&told, secrets), post))
    }

    /// From the environment, with whoever calls Cal.com's schedules.
    pub(crate) fn start_with_chores() -> Result<(Self, Arc<dyn Chores>), Error> {
        let told = Told::by_environment()?;
        let secrets = secrets(&told.aws);
        let chores = Arc::new(SecretChores::new(&told.config.cron, secrets.clone())?);
        Ok((Self::of(&told, secrets), chores))
    }

    fn of(told: &Told, secrets: Arc<Secrets>) -> Self {
        let Told { config, aws, http } = told;
        let (cursors, factors) = (config.cursor_secret.clone(), config.factor_secret.clone());
        let keys = Arc::new(Keys::new(secrets.clone(), cursors, factors));
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
            settings: Arc::new(settings(config)),
            issuer: issuer::configured(config, http),
            hints: Hints::default(),
        };
        let front = Front::new(secrets, config.origin_secret.clone());
        Self { app, clock, front, keys }
    }

    /// What an invocation is given.
    ///
    /// Errors: as the keys that it is configured with cannot be read.
    pub(crate) async fn invoked(&self) -> Result<App, AppError> {
        self.clock.refresh();
        let settings = self.keys.settle(&self.app.settings).await?;
        Ok(App { settings, ..self.app.clone() })
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

/// Without the keys that are kept elsewhere.
fn settings(config: &Config) -> Settings {
    Settings {
        deployment: config.deployment.clone(),
        app_origin: config.app_origin.clone(),
        front: config.front,
        cursor_key: OsIds.random(),
        factor_key: None,
        external_on_machines: config.external_on_machines,
        external_on_hosts: config.external_on_hosts,
        second_factor: config.second_factor,
        limit_factor: config.limit_factor,
        timing: Timing::default(),
    }
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
            front: interlock_app::Front::default(),
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
    pub(crate) fn process() -> Process {
        let told = Told::new(config());
        Process::of(&told, secrets(&told.aws))
    }

    #[tokio::test]
    async fn what_is_not_configured_fails_when_it_is_used_and_not_before() {
        let app = process().invoked().await.unwrap();
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
    async fn a_process_is_ready_for_work_without_having_asked_or_read_anything() {
        let told = Told::new(Config {
            cursor_secret: Some("arn".into()),
            factor_secret: Some("arn".into()),
            ..config()
        });
        let vault = FakeVault::default();
        let process = Process::of(&told, Arc::new(timed(&vault)));
        assert!(!told.http.has_roots());
        assert_eq!(vault.asked(), 0);
        assert!(process.invoked().await.is_err());
        assert_eq!(vault.asked(), 1);
    }

    #[tokio::test]
    async fn a_queue_that_is_not_configured_is_no_reason_to_read_the_store_of_roots() {
        let told = Told::new(config());
        let app = Process::of(&told, secrets(&told.aws)).invoked().await.unwrap();
        let sent = app.queue.send(QueueName::Webhook, "{}", SignedDuration::ZERO).await;
        assert!(sent.is_err(), "no queue is configured");
        assert!(!told.http.has_roots());
    }
}
