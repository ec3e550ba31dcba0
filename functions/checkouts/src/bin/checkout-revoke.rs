//! `DELETE /api/machines/{machineId}/checkout/{userId}`
use checkouts::checkout_revoke;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&checkout_revoke::ROUTE, checkout_revoke::handle).await
}
