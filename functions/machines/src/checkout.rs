//! A manager answers people who want to be checked out on a machine, asked or unasked.

use interlock_app::{App, answer_all, answer_each, check_out};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

use crate::checkout_body::{Batch, CheckOut, Told, Whom};

/// `POST /api/machines/{machineId}/checkout` (S0-064).
pub const ROUTE: Route =
    Route::post("machines.checkout", "/api/machines/{machineId}/checkout").allow(Role::Manager);

/// For one person 201 with the approval and what is still unmet, 202 while a second manager must
/// say yes, 200 for a no; 403 `self_approval` and, beyond the manager's scope, `role_required`.
/// For several 200 with a result for each, or 409 `batch_refused` where all or none were wanted.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let body: CheckOut = call.json()?;
    let (by, act) = (call.caller_id()?.clone(), call.act()?);
    let (whom, answer) = body.answer(call.resource_id()?, by, act)?;
    let now = app.now();
    match whom {
        Whom::One(user_id) => {
            let answered = check_out(&app, &answer, &user_id).await?;
            Ok(Told::of(&user_id, &answered, now).reply(&answer.resource_id))
        }
        Whom::Together(users) => {
            let answers = answer_all(&app, &answer, &users).await?;
            let answers: Vec<_> = answers.into_iter().map(Ok).collect();
            Ok(Reply::ok(&Batch::of(&users, &answers, now)))
        }
        Whom::Each(users) => {
            let answers = answer_each(&app, &answer, &users).await?;
            Ok(Reply::ok(&Batch::of(&users, &answers, now)))
        }
    }
}
