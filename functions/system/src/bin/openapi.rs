//! `GET /api/openapi.json`
use system::openapi;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&openapi::ROUTE, openapi::handle).await
}
