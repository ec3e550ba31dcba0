//! `GET /api/auth/sessions`
use auth::sessions_list;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&sessions_list::ROUTE, sessions_list::handle).await
}
