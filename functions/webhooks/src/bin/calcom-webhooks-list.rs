//! `GET /api/cal/webhooks`
use webhooks::calcom_webhooks_list;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&calcom_webhooks_list::ROUTE, calcom_webhooks_list::handle).await
}
