//! Events of SES, as EventBridge hands them on.

use interlock_app::{Fate, Feedback};
use jiff::Timestamp;
use serde::Deserialize;

/// The event says nothing that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoFeedback {
    /// It is no event of SES.
    #[error("the event cannot be read")]
    Unreadable,
    /// It tells of a mail that is no letter of ours, or something nobody asked for.
    #[error("the event tells of nothing that is kept")]
    Other,
}

#[derive(Deserialize)]
struct Envelope {
    detail: Detail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    event_type: String,
    mail: MailPart,
    bounce: Option<BouncePart>,
    complaint: Option<ComplaintPart>,
    delivery: Option<DeliveryPart>,
}

#[derive(Deserialize)]
struct MailPart {
    #[serde(default)]
    tags: std::collections::BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BouncePart {
    bounce_type: String,
    bounced_recipients: Vec<Recipient>,
    timestamp: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ComplaintPart {
    complained_recipients: Vec<Recipient>,
    timestamp: Timestamp,
}

#[derive(Deserialize)]
struct DeliveryPart {
    timestamp: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    email_address: String,
}

/// What an event tells of a letter.
pub fn feedback(event: &str) -> Result<Feedback, NoFeedback> {
    let Envelope { detail } = serde_json::from_str(event).map_err(|_| NoFeedback::Unreadable)?;
    let letter = detail.mail.tags.get("letter").and_then(|values| values.first());
    let letter_id = letter.and_then(|value| value.parse().ok()).ok_or(NoFeedback::Other)?;
    let (fate, at, recipients) = match (detail.event_type.as_str(), &detail) {
        ("Bounce", Detail { bounce: Some(bounce), .. }) => {
            let permanent = bounce.bounce_type == "Permanent";
            let fate = if permanent { Fate::BouncedForGood } else { Fate::BouncedForNow };
            (fate, bounce.timestamp, bounce.bounced_recipients.as_slice())
        }
        ("Complaint", Detail { complaint: Some(complaint), .. }) => {
            let recipients = complaint.complained_recipients.as_slice();
            (Fate::Complained, complaint.timestamp, recipients)
        }
        ("Delivery", Detail { delivery: Some(delivery), .. }) => {
            (Fate::Delivered, delivery.timestamp, [].as_slice())
        }
        _ => return Err(NoFeedback::Other),
    };
    let emails = recipients.iter().map(|one| one.email_address.clone()).collect();
    Ok(Feedback { letter_id, fate, at, emails })
}
