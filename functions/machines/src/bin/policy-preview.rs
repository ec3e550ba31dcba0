//! `POST /api/machines/{machineId}/policy/preview`
use machines::policy_preview;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&policy_preview::ROUTE, policy_preview::handle).await
}
