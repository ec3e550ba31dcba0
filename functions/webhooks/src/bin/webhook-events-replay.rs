//! `POST /api/webhook-events/{deliveryId}/replay`
use webhooks::webhook_events_replay;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&webhook_events_replay::ROUTE, webhook_events_replay::handle).await
}
