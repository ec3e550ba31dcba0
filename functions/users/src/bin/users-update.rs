//! `PATCH /api/users/{userId}`
use users::update;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&update::ROUTE, update::handle).await
}
