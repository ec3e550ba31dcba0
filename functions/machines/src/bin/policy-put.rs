//! `PUT /api/machines/{machineId}/policy`
use machines::policy_put;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&policy_put::ROUTE, policy_put::handle).await
}
