//! `GET /api/machines/{machineId}/policy`
use machines::policy_get;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&policy_get::ROUTE, policy_get::handle).await
}
