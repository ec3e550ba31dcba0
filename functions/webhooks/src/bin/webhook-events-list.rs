//! `GET /api/webhook-events`
use webhooks::webhook_events_list;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&webhook_events_list::ROUTE, webhook_events_list::handle).await
}
