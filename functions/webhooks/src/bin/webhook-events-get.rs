//! `GET /api/webhook-events/{deliveryId}`
use webhooks::webhook_events_get;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&webhook_events_get::ROUTE, webhook_events_get::handle).await
}
