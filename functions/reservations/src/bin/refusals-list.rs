//! `GET /api/refusals`
use reservations::refusals_list;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&refusals_list::ROUTE, refusals_list::handle).await
}
