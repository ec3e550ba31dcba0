//! `PATCH /api/cal/webhooks/{webhookId}`
use webhooks::calcom_webhooks_update;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&calcom_webhooks_update::ROUTE, calcom_webhooks_update::handle).await
}
