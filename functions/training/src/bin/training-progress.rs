//! `POST /api/training/progress`
use training::progress;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&progress::ROUTE, progress::handle).await
}
