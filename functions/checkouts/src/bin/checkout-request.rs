//! `POST /api/machines/{machineId}/checkout-requests`
use checkouts::checkout_request;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&checkout_request::ROUTE, checkout_request::handle).await
}
