//! A mail as the mailbox shows it, read from either form of the send call.
//! A raw mail is parsed like a receiver would, so its encodings are tested too.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::{MessageParser, MimeHeaders};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Letter {
    /// The header `Message-ID` without its angle brackets; empty for content that has none.
    #[serde(default)]
    pub message_id: String,
    pub to: Vec<String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub attachments: Vec<Attachment>,
}

/// One attachment; binary content is shown as far as it is text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    pub name: String,
    pub content_type: String,
    pub text: String,
}

impl Letter {
    /// Reads the body of a send call; the error says what is missing.
    pub fn from_request(request: &Value) -> Result<Self, &'static str> {
        let content = request.get("Content").ok_or("`Content` is missing")?;
        let recipients = recipients(request);
        let letter = if let Some(simple) = content.get("Simple") {
            Self::from_simple(simple)?
        } else {
            let raw = content.pointer("/Raw/Data").and_then(Value::as_str);
            let bytes = STANDARD
                .decode(raw.ok_or("neither `Simple` nor `Raw` content")?)
                .map_err(|_| "raw content is not base64")?;
            Self::from_raw(&bytes)?
        };
        let to = if recipients.is_empty() { letter.to } else { recipients };
        if to.is_empty() {
            return Err("no recipient");
        }
        Ok(Self { to, ..letter })
    }

    fn from_simple(simple: &Value) -> Result<Self, &'static str> {
        let text = |pointer: &str| {
            simple.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let attachments = simple.get("Attachments").and_then(Value::as_array);
        let subject = simple.pointer("/Subject/Data").and_then(Value::as_str);
        Ok(Self {
            message_id: String::new(),
            to: Vec::new(),
            subject: subject.ok_or("`Subject` is missing")?.to_owned(),
            text: text("/Body/Text/Data"),
            html: text("/Body/Html/Data"),
            attachments: attachments.into_iter().flatten().map(simple_attachment).collect(),
        })
    }

    fn from_raw(bytes: &[u8]) -> Result<Self, &'static str> {
        let message = MessageParser::default().parse(bytes).ok_or("raw content is no mail")?;
        let to = message
            .to()
            .map(|list| list.iter().filter_map(|one| one.address().map(str::to_owned)).collect());
        let html = message.html_part(0).filter(|part| part.is_text_html());
        let attachments = message.attachments().map(|part| Attachment {
            name: part.attachment_name().unwrap_or_default().to_owned(),
            content_type: part.content_type().map_or_else(String::new, |kind| {
                format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default())
            }),
            text: String::from_utf8_lossy(part.contents()).into_owned(),
        });
        Ok(Self {
            message_id: message.message_id().unwrap_or_default().to_owned(),
            to: to.unwrap_or_default(),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: html.and_then(|part| part.text_contents()).unwrap_or_default().to_owned(),
            attachments: attachments.collect(),
        })
    }
}

fn simple_attachment(wire: &Value) -> Attachment {
    let field = |name: &str| wire.get(name).and_then(Value::as_str).unwrap_or_default();
    let bytes = STANDARD.decode(field("RawContent")).unwrap_or_default();
    Attachment {
        name: field("FileName").to_owned(),
        content_type: field("ContentType").to_owned(),
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

fn recipients(request: &Value) -> Vec<String> {
    ["ToAddresses", "CcAddresses", "BccAddresses"]
        .iter()
        .filter_map(|list| request.get("Destination")?.get(list)?.as_array())
        .flatten()
        .filter_map(|address| address.as_str().map(str::to_owned))
        .collect()
}
