//! The part of the tour about letters: the sweep, and what the mailbox then shows.

use serde_json::{Value, json};

use super::walk::{Step, Walk, items, surprise, text};
use crate::LocalError;

/// Whose mails are counted; managers are asked for approvals meanwhile.
const READER: &str = "ada@demo.test";

/// Runs the sweep; the mailbox must then show so many mails to the member in all, and this many
/// with an invite of the method.
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
            let mails = to_reader(&answer.body);
            let newest = mails.first().map(|mail| text(mail, "/subject")).unwrap_or_default();
            format!("{} mails to {READER}, the newest: {newest}", mails.len())
        })
        .await?;
    let mails = to_reader(&mailbox.body);
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

fn to_reader(mailbox: &Value) -> Vec<&Value> {
    items(mailbox, "items").iter().filter(|mail| text(mail, "/to").contains(READER)).collect()
}
