//! Loopback servers and the client that talks to them.
//! Nothing in the stack listens on or calls another interface unless a real Cal.com is configured.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

use crate::LocalError;
use crate::tasks::Guarded;

/// A running loopback server; it stops when this goes.
#[derive(Debug)]
pub struct Served {
    address: SocketAddr,
    _task: Guarded,
}

impl Served {
    /// Address and port that were bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Base address without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ties a task that serves `address` to the answer.
    pub fn new(address: SocketAddr, task: Guarded) -> Self {
        Self { address, _task: task }
    }
}

/// Binds `port` on the loopback interface; 0 lets the system choose.
pub async fn bind(port: u16) -> Result<TcpListener, LocalError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| LocalError::part("network", format!("port {port}: {error}")))
}

/// Serves `router` on a free loopback port.
pub async fn serve(router: Router) -> Result<Served, LocalError> {
    serve_on(bind(0).await?, router)
}

/// Serves `router` on an already bound listener.
pub fn serve_on(listener: TcpListener, router: Router) -> Result<Served, LocalError> {
    let address = listener.local_addr().map_err(|error| LocalError::part("network", error))?;
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let task = Guarded::spawn(async move {
        if let Err(error) = axum::serve(listener, service).await {
            tracing::error!(%error, "a loopback server stopped");
        }
    });
    Ok(Served::new(address, task))
}

/// A client that follows no redirect and uses no proxy of the environment.
pub fn client(timeout: Option<Duration>) -> Result<reqwest::Client, LocalError> {
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    let builder = match timeout {
        Some(timeout) => builder.timeout(timeout),
        None => builder,
    };
    builder.build().map_err(|error| LocalError::part("network", error))
}
