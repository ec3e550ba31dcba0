//! Puts the parts together and takes them down in order.
//! The front answers only after every other part does.

mod endpoints;
mod ground;
mod serving;

use crate::LocalError;
use crate::cli::Options;
use crate::net;
use endpoints::Endpoints;
use ground::Ground;
use serving::Serving;

/// A running stack.
pub struct Stack {
    /// Address of the front.
    pub url: String,
    /// Where a real Cal.com must send its webhooks; the stand-in knows by itself.
    pub webhook_url: Option<String>,
    // Dropped in this order: the front first, the locked folder last.
    serving: Serving,
    _endpoints: Endpoints,
    _ground: Ground,
}

impl Stack {
    /// Builds what is needed and starts every part.
    pub async fn start(options: &Options) -> Result<Self, LocalError> {
        // Bound first: a taken port should be told before minutes of building.
        let listener = net::bind(options.port).await?;
        let ground = Ground::lay(options, &listener).await?;
        let endpoints = Endpoints::start(&ground).await?;
        let addresses = endpoints.addresses(ground.front.clone());
        ground.seed(&addresses).await?;
        // The seed's own requests are nobody's business.
        endpoints.counters.read(true);
        let serving = Serving::start(options, &ground, &endpoints, (listener, &addresses)).await?;
        Ok(Self {
            url: ground.front.clone(),
            webhook_url: ground.webhook_url.clone(),
            serving,
            _endpoints: endpoints,
            _ground: ground,
        })
    }

    /// Ends the functions, then every part.
    pub async fn shut_down(self) {
        self.serving.shut_down().await;
    }
}
