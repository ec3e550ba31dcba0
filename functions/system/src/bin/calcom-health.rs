//! `GET /api/calcom/health`
use system::calcom_health;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&calcom_health::ROUTE, calcom_health::handle).await
}
