//! `POST /api/audit/verify`
use audit::verify;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&verify::ROUTE, verify::handle).await
}
