//! `POST /api/users`
use users::create;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&create::ROUTE, create::handle).await
}
