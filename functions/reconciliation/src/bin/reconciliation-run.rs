//! `POST /api/reconciliation/runs`
use reconciliation::run;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&run::ROUTE, run::handle).await
}
