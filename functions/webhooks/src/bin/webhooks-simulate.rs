//! `POST /api/webhooks/simulate`
use webhooks::simulate;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&simulate::ROUTE, simulate::handle).await
}
