//! `PATCH /api/training/modules/{moduleId}`
use training::modules_update;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&modules_update::ROUTE, modules_update::handle).await
}
