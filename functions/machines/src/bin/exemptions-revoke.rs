//! `DELETE /api/machines/{machineId}/exemptions/{exemptionId}`
use machines::exemptions_revoke;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&exemptions_revoke::ROUTE, exemptions_revoke::handle).await
}
