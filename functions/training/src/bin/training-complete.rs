//! `POST /api/training/complete`
use training::complete;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&complete::ROUTE, complete::handle).await
}
