//! Starting and stopping the stand-in, for the local runner, for tests and for the binary.
//! A folder belongs to one running stand-in at a time.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use jiff::Timestamp;
use serde_json::{Map, json};
use tokio::task::JoinHandle;

use crate::core::model::{Settings, WebhookMode};
use crate::core::world::World;
use crate::http::app::serve;
use crate::http::control::{self, send_due};
use crate::http::network::{Gate, Network, Peer};
use crate::http::shared::{Engine, Shared};
use crate::store::Store;

/// Tells the time; the host moves it together with the clock of the product.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How long a delivery may wait for its receiver (CONTRACT 2.6).
const RECEIVER_TIMEOUT: Duration = Duration::from_secs(302);
/// How often delayed deliveries are looked at, by the wall clock.
const DELAY_TICK: Duration = Duration::from_millis(250);
/// The triggers the product subscribes to.
const TRIGGERS: [&str; 5] = [
    "BOOKING_CREATED",
    "BOOKING_REQUESTED",
    "BOOKING_RESCHEDULED",
    "BOOKING_CANCELLED",
    "BOOKING_REJECTED",
];

/// Why the stand-in could not start or save.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// A file or a socket failed.
    #[error("input or output failed: {0}")]
    Io(#[from] std::io::Error),
    /// The database file failed.
    #[error("the database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// A saved row does not read back.
    #[error("a saved row is not readable: {0}")]
    Row(#[from] serde_json::Error),
    /// The client for deliveries could not be built.
    #[error("the delivery client could not be built: {0}")]
    Client(#[from] reqwest::Error),
    /// Another process uses the folder.
    #[error("the folder `{0}` is in use by another stand-in")]
    Locked(PathBuf),
    /// The stand-in was shut down.
    #[error("the stand-in is shut down")]
    Closed,
}

/// Limits of calls per tracker: API key or address (CONTRACT 2.5).
#[derive(Debug, Clone, Copy)]
pub struct RateLimit {
    /// Calls per window.
    pub calls: i64,
    /// Length of the window in seconds.
    pub window_seconds: i64,
    /// Length of the block after the limit, in seconds.
    pub block_seconds: i64,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self { calls: 120, window_seconds: 60, block_seconds: 60 }
    }
}

/// What a stand-in needs to start.
#[derive(Clone)]
pub struct SimConfig {
    /// Address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Folder of the database and its lock.
    pub data: PathBuf,
    /// The time; the control surface adds its own offset.
    pub clock: Clock,
    /// Seed of all identities.
    pub seed: u64,
    /// Where every demo account delivers to; replaces the address of an earlier start.
    pub webhook_url: Option<String>,
    /// The secret of these deliveries.
    pub webhook_secret: String,
    /// Limits of calls.
    pub rate_limit: RateLimit,
    /// Pause between the check and the commit of a create or a reschedule (CONTRACT 5.10).
    pub race_window_milliseconds: u64,
}

impl SimConfig {
    /// The demo world on an address, in a folder, by a clock; without a webhook.
    pub fn demo(listen: SocketAddr, data: PathBuf, clock: Clock) -> Self {
        Self {
            listen,
            data,
            clock,
            seed: 1,
            webhook_url: None,
            webhook_secret: "interlock-demo-webhook-secret".to_owned(),
            rate_limit: RateLimit::default(),
            race_window_milliseconds: 10,
        }
    }

    fn settings(&self) -> Settings {
        Settings {
            webhook_mode: WebhookMode::Deliver,
            race_window_milliseconds: self.race_window_milliseconds,
            clock_offset_seconds: 0,
            limit: self.rate_limit.calls,
            window_seconds: self.rate_limit.window_seconds,
            block_seconds: self.rate_limit.block_seconds,
        }
    }

    fn webhook(&self) -> Option<(String, String)> {
        self.webhook_url.clone().map(|url| (url, self.webhook_secret.clone()))
    }
}

/// Fills an empty world, and points the deliveries of all demo accounts to an address.
pub(crate) fn plant(world: &mut World, webhook: Option<&(String, String)>, now: Timestamp) {
    if world.accounts.is_empty() {
        world.plant_demo();
    }
    if let Some((url, secret)) = webhook {
        point_webhooks(world, url, secret, now);
    }
}

/// One user-level subscription for each account, kept under its id when the address changes.
fn point_webhooks(world: &mut World, url: &str, secret: &str, now: Timestamp) {
    let owners: Vec<i64> = world.accounts.values().map(|account| account.id).collect();
    for owner in owners {
        let key = format!("planted:{owner}");
        let planted = world.counters.get(&key).copied();
        let known = world
            .subscriptions
            .values()
            .find(|one| Some(one.order) == planted && one.user_id == owner)
            .map(|one| one.id.clone());
        if let Some(one) = known.and_then(|id| world.subscriptions.change(&id)) {
            url.clone_into(&mut one.subscriber_url);
            one.secret = Some(secret.to_owned());
            continue;
        }
        let body = json!({
            "subscriberUrl": url, "active": true, "triggers": TRIGGERS, "secret": secret
        });
        let body = body.as_object().cloned().unwrap_or_else(Map::new);
        if let Ok(one) = world.subscribe(owner, None, &body, now) {
            world.counters.put(key, one.order);
        }
    }
}

/// Starts stand-ins.
#[derive(Debug, Clone, Copy)]
pub struct Sim;

impl Sim {
    /// Opens the folder, plants the demo world when it is empty, and listens.
    pub async fn start(config: SimConfig) -> Result<RunningSim, SimError> {
        let store = Store::open(&config.data)?;
        let mut world = World::new(config.seed, config.settings());
        store.load(&mut world)?;
        world.forget_unfinished();
        world.forget_down();
        let network = Network::new();
        let gate = Gate::bind(config.listen, Arc::clone(&network)).await?;
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(RECEIVER_TIMEOUT)
            .user_agent("node")
            .build()?;
        let engine = Engine { world, store: Some(store) };
        let shared = Arc::new(Shared::new(
            engine,
            Arc::clone(&config.clock),
            network,
            client,
            config.webhook(),
        ));
        let webhook = config.webhook();
        let planted = shared.run(|world, now| {
            plant(world, webhook.as_ref(), now);
            Ok(())
        });
        planted.map_err(|_| SimError::Closed)?;
        let url = format!("http://{}", gate.address());
        let tasks = vec![spawn_server(gate, &shared), spawn_delays(&shared)];
        Ok(RunningSim { url, webhook_secret: config.webhook_secret, shared, tasks })
    }
}

#[expect(clippy::disallowed_methods, reason = "the server runs beside its host")]
fn spawn_server(gate: Gate, shared: &Arc<Shared>) -> JoinHandle<()> {
    let app = Router::new()
        .nest_service("/__sim", control::router(Arc::clone(shared)))
        .fallback(serve)
        .with_state(Arc::clone(shared));
    tokio::spawn(async move {
        let service = app.into_make_service_with_connect_info::<Peer>();
        let _ = axum::serve(gate, service).await;
    })
}

#[expect(clippy::disallowed_methods, reason = "delayed deliveries leave while nobody calls")]
fn spawn_delays(shared: &Arc<Shared>) -> JoinHandle<()> {
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(DELAY_TICK).await;
            send_due(&shared).await;
        }
    })
}

/// A stand-in that listens.
pub struct RunningSim {
    /// Base address, without a slash at its end.
    pub url: String,
    /// Secret of the deliveries of the demo accounts.
    pub webhook_secret: String,
    shared: Arc<Shared>,
    tasks: Vec<JoinHandle<()>>,
}

impl RunningSim {
    /// The control surface, to be nested at `/__sim` of a port that stays open during `down`.
    pub fn control_router(&self) -> Router {
        control::router(Arc::clone(&self.shared))
    }

    /// Base address that counts its calls under a label.
    pub fn url_for(&self, caller: &str) -> String {
        format!("{}/@{caller}", self.url)
    }

    /// Calls received by label since the last reset; calls without a label count under `-`.
    pub fn calls(&self, reset: bool) -> BTreeMap<String, u64> {
        self.shared.calls(reset)
    }

    /// Whether the port is open, that is, no `down` is in force.
    pub fn is_open(&self) -> bool {
        self.shared.network.is_open()
    }

    /// Points the deliveries of all demo accounts to an address.
    pub fn point_webhooks(&self, url: &str) -> Result<(), SimError> {
        let webhook = (url.to_owned(), self.webhook_secret.clone());
        let pointed = self.shared.run(|world, now| {
            plant(world, Some(&webhook), now);
            Ok(())
        });
        self.shared.set_webhook(webhook);
        pointed.map_err(|_| SimError::Closed)
    }

    /// Stops listening, cuts what is open, and gives the folder free.
    pub fn shutdown(self) {
        for task in &self.tasks {
            task.abort();
        }
        self.shared.network.cut_all();
        self.shared.close();
    }
}
