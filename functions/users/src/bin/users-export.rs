//! `POST /api/users/{userId}/export`
use users::export;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&export::ROUTE, export::handle).await
}
