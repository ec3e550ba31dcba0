//! `GET /api/machines/{machineId}/eligibility`
use machines::eligibility;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&eligibility::ROUTE, eligibility::handle).await
}
