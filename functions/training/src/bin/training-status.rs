//! `GET /api/training/status`
use training::status;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&status::ROUTE, status::handle).await
}
