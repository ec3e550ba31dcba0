//! A no to somebody who asked.

use super::answer::{Answered, Part};
use super::bench::Bench;
use super::write::Change;
use crate::eligibility::Member;
use crate::ports::store::Transaction;
use crate::{Act, App, AppError};

/// What is written for one person who is declined; what he holds stays as it is.
pub(super) fn part(
    app: &App,
    bench: &Bench,
    mut member: Member,
    (reason, act): (&str, &Act),
) -> Result<Part, AppError> {
    let standing = &mut member.standing.value;
    let Some(wish) = standing.wish(&bench.scope).cloned() else {
        let detail = "nothing waits for an answer".to_owned();
        return Err(AppError::StateConflict { detail });
    };
    standing.wishes.retain(|held| held.scope != wish.scope);
    let change = Change { standing, read: member.standing_version, act, now: app.now() };
    let transaction = change.save(Transaction::new())?;
    let transaction = change.declined(transaction, &wish, reason.trim().to_owned())?;
    let detail = serde_json::json!({ "userId": standing.user_id, "scope": wish.scope });
    let audit = ("checkout.decline", wish.id.as_str());
    let transaction = change.audited(transaction, audit, detail)?;
    Ok(Part { transaction, answered: Answered::Declined { wish } })
}
