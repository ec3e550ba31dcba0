//! `GET /api/reconciliation/runs`
use reconciliation::runs_list;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&runs_list::ROUTE, runs_list::handle).await
}
