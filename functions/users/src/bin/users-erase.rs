//! `POST /api/users/{userId}/erase`
use users::erase;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&erase::ROUTE, erase::handle).await
}
