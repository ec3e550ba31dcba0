//! `POST /api/auth/step-up`
use auth::step_up;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&step_up::ROUTE, step_up::handle).await
}
