//! `GET /api/training/modules`
use training::modules_list;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&modules_list::ROUTE, modules_list::handle).await
}
