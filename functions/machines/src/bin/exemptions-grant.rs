//! `POST /api/machines/{machineId}/exemptions`
use machines::exemptions_grant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&exemptions_grant::ROUTE, exemptions_grant::handle).await
}
