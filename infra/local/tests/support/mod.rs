//! Clients and stand-in functions for the tests of the local stack.
//! Everything listens on a free loopback port.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use interlock_local::counters::Counters;
use interlock_local::net::{self, Served};
use interlock_local::queue::{self, QueueService, QueueStore};
use interlock_local::runtime::{self, FunctionSpec, Launched, Launcher, Manager, Settings};
use interlock_local::tasks;
use serde_json::Value;

/// Settings for SDK clients that sign as `function`.
pub(crate) fn sdk_config(function: &str, url: &str) -> aws_config::SdkConfig {
    aws_config::SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(interlock_aws::Transport::new(interlock_aws::Http::default()))
        .region(Region::new("eu-central-1"))
        .endpoint_url(url)
        .credentials_provider(aws_sdk_sqs::config::SharedCredentialsProvider::new(
            aws_sdk_sqs::config::Credentials::new(function, "local", None, None, "test"),
        ))
        .build()
}

/// A queue server with an SDK client.
pub(crate) struct QueueRig {
    pub(crate) client: aws_sdk_sqs::Client,
    pub(crate) service: QueueService,
    pub(crate) counters: Arc<Counters>,
    _served: Served,
}

impl QueueRig {
    pub(crate) async fn new() -> Self {
        let service = QueueService::new(QueueStore::in_memory().unwrap());
        let counters = Arc::new(Counters::default());
        let served = net::serve(queue::router(service.clone(), Arc::clone(&counters))).await;
        let served = served.unwrap();
        let client = aws_sdk_sqs::Client::new(&sdk_config("queue-test", &served.url()));
        Self { client, service, counters, _served: served }
    }

    pub(crate) async fn create(&self, name: &str) -> String {
        let answer = self.client.create_queue().queue_name(name).send().await.unwrap();
        answer.queue_url.unwrap()
    }
}

/// What a fake function does with one event.
pub(crate) enum Act {
    Answer(Value),
    Fail(&'static str),
    Crash,
    Hang,
}

type Behaviour = Arc<dyn Fn(u64, Value) -> Act + Send + Sync>;

/// Speaks the Runtime API from a task in place of a process.
pub(crate) struct FakeLauncher {
    pub(crate) behaviour: Behaviour,
    pub(crate) starts_well: bool,
}

impl FakeLauncher {
    pub(crate) fn new(behaviour: impl Fn(u64, Value) -> Act + Send + Sync + 'static) -> Self {
        Self { behaviour: Arc::new(behaviour), starts_well: true }
    }
}

impl Launcher for FakeLauncher {
    fn launch(&self, _function: &str, runtime_api: &str) -> std::io::Result<Launched> {
        let (api, behaviour) = (runtime_api.to_owned(), Arc::clone(&self.behaviour));
        let starts_well = self.starts_well;
        let task = tasks::spawn(async move {
            if starts_well { live(&api, &behaviour).await } else { break_at_start(&api).await }
        });
        let abort = task.abort_handle();
        Ok(Launched {
            process_id: None,
            exited: Box::pin(async move {
                match task.await {
                    Ok(()) => "exit status: 1".to_owned(),
                    Err(_) => "stopped".to_owned(),
                }
            }),
            kill: Box::new(move || abort.abort()),
        })
    }
}

async fn break_at_start(api: &str) {
    let client = net::client(None).unwrap();
    let body = serde_json::json!({"errorMessage": "no configuration", "errorType": "Config"});
    let url = format!("{api}/2018-06-01/runtime/init/error");
    client.post(url).body(body.to_string()).send().await.unwrap();
}

async fn live(api: &str, behaviour: &Behaviour) {
    let client = net::client(None).unwrap();
    let base = format!("{api}/2018-06-01/runtime/invocation");
    for count in 1.. {
        let Ok(next) = client.get(format!("{base}/next")).send().await else { return };
        if !next.status().is_success() {
            return;
        }
        let header = |name: &str| next.headers()[name].to_str().unwrap().to_owned();
        let request = header("lambda-runtime-aws-request-id");
        assert!(header("lambda-runtime-deadline-ms").parse::<u64>().unwrap() > 0);
        let event: Value = next.json().await.unwrap();
        let (kind, body) = match behaviour(count, event) {
            Act::Answer(value) => ("response", value.to_string()),
            Act::Fail(message) => {
                ("error", serde_json::json!({"errorMessage": message}).to_string())
            }
            Act::Crash => return,
            Act::Hang => {
                tokio::time::sleep(Duration::from_mins(10)).await;
                return;
            }
        };
        client.post(format!("{base}/{request}/{kind}")).body(body).send().await.unwrap();
    }
}

/// A manager whose functions are tasks.
pub(crate) struct RuntimeRig {
    pub(crate) manager: Manager,
    _served: Served,
}

impl RuntimeRig {
    pub(crate) async fn new(names: &[&str], timeout: Duration, launcher: FakeLauncher) -> Self {
        let specs = names.iter().map(|name| FunctionSpec {
            name: (*name).to_owned(),
            timeout,
            maximum_instances: 4,
        });
        let settings =
            Settings { idle_limit: Duration::ZERO, queue_limit: Duration::from_secs(10) };
        let manager = Manager::new(specs.collect::<Vec<_>>(), launcher, settings);
        let served = net::serve(runtime::router(manager.clone())).await.unwrap();
        manager.set_base_url(&served.url());
        Self { manager, _served: served }
    }
}

/// Waits until `check` holds, at most five seconds.
pub(crate) async fn eventually<F, Fut>(what: &str, mut check: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = bool>,
{
    for _ in 0..500 {
        if check().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not come true that {what}");
}
