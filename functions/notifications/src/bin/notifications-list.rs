//! `GET /api/notifications`
use notifications::list;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&list::ROUTE, list::handle).await
}
