//! `DELETE /api/cal/webhooks/{webhookId}`
use webhooks::calcom_webhooks_delete;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&calcom_webhooks_delete::ROUTE, calcom_webhooks_delete::handle).await
}
