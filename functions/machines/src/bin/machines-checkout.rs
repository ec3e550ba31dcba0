//! `POST /api/machines/{machineId}/checkout`
use machines::checkout;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&checkout::ROUTE, checkout::handle).await
}
