//! `POST /api/training/modules`
use training::modules_create;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&modules_create::ROUTE, modules_create::handle).await
}
