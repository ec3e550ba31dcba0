//! `GET /api/users/{userId}`
use users::get;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&get::ROUTE, get::handle).await
}
