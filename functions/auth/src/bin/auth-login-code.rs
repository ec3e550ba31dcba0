//! `POST /api/auth/login/code`
use auth::login_code;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&login_code::ROUTE, login_code::handle).await
}
