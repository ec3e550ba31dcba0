//! The part of the tour about letters: the sweep, and what the mailbox then shows.

use serde_json::json;

use super::walk::{Step, Walk, items, surprise, text};
use crate::LocalError;

/// Runs the sweep; the mailbox must then show so many mails in all, and this many with an invite
/// of the method.
pub(super) async fn arrive(
    walk: &Walk,
    most: usize,
    invites: (&str, usize),
) -> Result<(), LocalError> {
    let sweep = Step::post("/__dev/jobs/outbox-notify", json!({}));
    walk.step(sweep, 200, |answer| answer.body.to_string()).await?;
    let step = Step::get("/__dev/mailbox");
    let mailbox = walk
        .step(step, 200, |answer| {
            let mails = items(&answer.body, "items");
            let newest = mails.first().map(|mail| text(mail, "/subject")).unwrap_or_default();
            format!("{} mails, the newest: {newest}", mails.len())
        })
        .await?;
    let mails = items(&mailbox.body, "items");
    if mails.len() != most {
        return Err(surprise(format!("{} mails and not {most}", mails.len())));
    }
    let (method, wanted) = invites;
    let line = format!("METHOD:{method}");
    let found = mails.iter().filter(|mail| text(mail, "/attachments").contains(&line)).count();
    if found != wanted {
        return Err(surprise(format!("{found} invites to {method} and not {wanted}")));
    }
    Ok(())
}
