//! The Cal.com side of the stack: the stand-in, or a real server by file.
//! The only place that knows the stand-in's interface.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use interlock_calcom_sim::{RateLimit, RunningSim, Sim, SimConfig, demo_accounts};
use serde_json::{Value, json};

use crate::LocalError;
use crate::calcom_file::CalcomFile;
use crate::clock::ProductClock;

/// What plays Cal.com.
pub enum CalcomSide {
    /// With the calls a minute it takes of each account.
    StandIn(Box<RunningSim>, u32),
    Real(Box<CalcomFile>),
}

impl CalcomSide {
    /// Starts the stand-in in `folder`, delivering to the front at `front`.
    pub async fn stand_in(
        folder: PathBuf,
        front: &str,
        clock: Arc<ProductClock>,
        calls_per_minute: u32,
    ) -> Result<Self, LocalError> {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let now: interlock_calcom_sim::Clock = Arc::new(move || clock.now());
        let mut config = SimConfig::demo(listen, folder, now);
        config.webhook_url = Some(format!("{front}/api/webhooks/calcom"));
        config.rate_limit = RateLimit { calls: i64::from(calls_per_minute), ..config.rate_limit };
        let running =
            Sim::start(config).await.map_err(|error| LocalError::part("stand-in", error))?;
        Ok(Self::StandIn(Box::new(running), calls_per_minute))
    }

    /// Whether it is a server with a life of its own.
    pub fn is_real(&self) -> bool {
        match self {
            Self::StandIn(..) => false,
            Self::Real(_) => true,
        }
    }

    /// Calls a minute the functions may send: five of six the stand-in takes, as 100 are of the
    /// 120 of a Cal.com nobody configured. A real server has the template's default.
    pub fn budget(&self) -> Option<u32> {
        match self {
            Self::StandIn(_, calls) => Some(calls / 6 * 5),
            Self::Real(_) => None,
        }
    }

    /// Base address of the API, without `/v2`.
    pub fn url(&self) -> &str {
        match self {
            Self::StandIn(running, _) => &running.url,
            Self::Real(file) => &file.url,
        }
    }

    /// Base address for one function; the stand-in counts by it.
    pub fn url_for(&self, function: &str) -> String {
        match self {
            Self::StandIn(running, _) => running.url_for(function),
            Self::Real(file) => file.url.clone(),
        }
    }

    /// What its webhooks are signed with.
    pub fn webhook_secret(&self) -> &str {
        match self {
            Self::StandIn(running, _) => &running.webhook_secret,
            Self::Real(file) => &file.webhook_secret,
        }
    }

    /// Credentials by account, as the product's secret holds them.
    pub fn credentials(&self) -> Value {
        match self {
            Self::StandIn(..) => demo_accounts()
                .into_iter()
                .map(|one| (one.key, json!({"mode": "api_key", "apiKey": one.api_key})))
                .collect(),
            Self::Real(file) => file.credentials(),
        }
    }

    /// What the demo data must know of the accounts, without their keys.
    pub fn accounts_for_seed(&self) -> Value {
        match self {
            Self::StandIn(..) => demo_accounts()
                .into_iter()
                .map(|one| {
                    json!({
                        "key": one.key,
                        "username": one.username,
                        "email": one.email,
                        "eventTypes": one.event_types,
                    })
                })
                .collect(),
            Self::Real(file) => file.accounts_for_seed(),
        }
    }

    /// Requests by function since the last reset; a real server is not counted.
    pub fn calls(&self, reset: bool) -> BTreeMap<String, u64> {
        match self {
            Self::StandIn(running, _) => {
                let mut calls = running.calls(reset);
                calls.remove("-");
                calls
            }
            Self::Real(_) => BTreeMap::new(),
        }
    }

    /// The control surface; a real server has none.
    pub fn control(&self) -> Option<Router> {
        match self {
            Self::StandIn(running, _) => Some(running.control_router()),
            Self::Real(_) => None,
        }
    }
}
