//! `POST /api/machines/{machineId}/outages`
use machines::outages_create;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&outages_create::ROUTE, outages_create::handle).await
}
