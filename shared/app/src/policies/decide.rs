//! A second person's yes to a proposal, and taking back what is not in force yet.

use interlock_policy::PolicyVersion;

use super::put::{PutPolicy, take_effect, usable, write};
use crate::model::{PolicySave, Resource, SaveDecision, SaveState};
use crate::ports::store::{Stored, Transaction};
use crate::{App, AppError};

/// Confirms a proposal, or withdraws it or what is planned; `None` if another write came first.
///
/// Nobody confirms his own, and where two must agree nobody alone takes back what two agreed on.
pub(super) async fn decide(
    app: &App,
    stored: Stored<Resource>,
    request: &PutPolicy,
    (version, confirms): (PolicyVersion, bool),
) -> Result<Option<Resource>, AppError> {
    if request.effective_from.is_some() {
        let detail = "it was said when the policy was saved";
        return Err(AppError::invalid("/effectiveFrom", "not_wanted", detail));
    }
    let Stored { value: before, version: read } = stored;
    let now = app.now();
    let key = PolicySave::key_of(&before.id, version);
    let Stored { value: mut save, version: saved } = app
        .find::<PolicySave>(&key)
        .await?
        .ok_or(AppError::NotFound { what: "save of the policy" })?;
    let proposed = before.shelf.proposal == Some(version);
    let planned = before
        .shelf
        .planned
        .iter()
        .any(|planned| planned.policy.version == version && planned.effective_from > now);
    let by = request.act.actor.clone();
    let reason = request.reason.trim().to_owned();
    save.decided = Some(SaveDecision { by, at: now, reason });
    let mut after = before;
    let mut transaction = Transaction::new();
    let action = if confirms {
        if !proposed {
            return Err(AppError::conflict("it does not wait for a second person"));
        }
        if save.author == request.act.actor {
            return Err(AppError::SelfApproval);
        }
        usable(app, &save.policy, "/confirm").await?;
        after.shelf.proposal = None;
        save.state = SaveState::Accepted;
        save.effective_from = save.effective_from.max(now);
        transaction = take_effect(transaction, &mut after, &save, now)?;
        "policy.confirm"
    } else {
        if !proposed && !planned {
            return Err(AppError::conflict("only what is not in force yet is withdrawn"));
        }
        if planned && after.shelf.needs_second {
            return Err(AppError::conflict("two agreed on it; save another policy instead"));
        }
        after.shelf.proposal = after.shelf.proposal.filter(|own| *own != version);
        after.shelf.planned.retain(|planned| planned.policy.version != version);
        save.state = SaveState::Withdrawn;
        "policy.withdraw"
    };
    let transaction = transaction.replace(&save, saved)?;
    write(app, (transaction, action), (&save, after, read), request).await
}
