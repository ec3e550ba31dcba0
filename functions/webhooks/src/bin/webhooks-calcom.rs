//! `POST /api/webhooks/calcom`
use webhooks::calcom;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&calcom::ROUTE, calcom::handle).await
}
