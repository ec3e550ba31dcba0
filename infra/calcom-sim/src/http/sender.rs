//! Sends deliveries: one attempt each, awaited, no redirect, no retry (CONTRACT 9.3).
//! Subscribers of one happening are served side by side.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::shared::Shared;
use crate::core::delivery::Outgoing;
use crate::core::model::Delivery;

async fn post(client: &reqwest::Client, delivery: &Delivery) -> Option<u16> {
    let mut request = client.post(&delivery.url).body(delivery.body.clone());
    for (name, value) in &delivery.headers {
        request = request.header(name, value);
    }
    match request.send().await {
        Ok(response) => Some(response.status().as_u16()),
        Err(error) => {
            tracing::debug!(id = %delivery.id, %error, "no answer to a delivery");
            None
        }
    }
}

/// Sends some deliveries at once and waits for the last of them.
pub(crate) async fn send_all(shared: &Arc<Shared>, ids: &[String]) {
    let mut running = JoinSet::new();
    for id in ids {
        let found = shared.run(|world, _| Ok(world.deliveries.get(id).cloned()));
        let Ok(Some(delivery)) = found else { continue };
        let shared = Arc::clone(shared);
        running.spawn(async move {
            let status = post(&shared.client, &delivery).await;
            let _ = shared.run(|world, _| {
                world.settle_delivery(&delivery.id, status);
                Ok(())
            });
        });
    }
    while running.join_next().await.is_some() {}
}

/// Sends what a happening caused, in its order.
pub(crate) async fn send(shared: &Arc<Shared>, outgoing: Outgoing) {
    send_all(shared, &outgoing.first).await;
    send_all(shared, &outgoing.after).await;
}
