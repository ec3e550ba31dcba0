//! `POST /api/cal/webhooks`
use webhooks::calcom_webhooks_create;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&calcom_webhooks_create::ROUTE, calcom_webhooks_create::handle).await
}
