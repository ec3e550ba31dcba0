//! `GET /api/health`
use system::health;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&health::ROUTE, health::handle).await
}
