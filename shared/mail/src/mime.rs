//! A mail as it goes over the wire (RFC 5322, RFC 6047).
//!
//! Headers are made by the library from typed values, so nothing a person typed can begin one of
//! its own (RELIABILITY D5).

use interlock_app::ports::{Invite, Mail};
use lettre::address::AddressError;
use lettre::message::header::{ContentType, ContentTypeErr, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};

use crate::Sender;

/// The header that carries the name of the letter; a provider that gives messages names of its own
/// leaves it alone.
pub const LETTER_HEADER: &str = "X-Interlock-Letter";

/// The mail has no form; trying again makes no difference.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    /// An address is none.
    #[error("an address cannot stand in a header")]
    Address(#[from] AddressError),
    /// The type of a part is none.
    #[error("the type of a part cannot stand in a header")]
    Part(#[from] ContentTypeErr),
    /// The whole is none.
    #[error("the mail cannot be written")]
    Whole(#[from] lettre::error::Error),
}

/// The mail with both forms, and with its invite twice: as a third form, which calendars act on,
/// and as a file, which every other reader can open.
pub(crate) fn message(mail: &Mail, sender: &Sender) -> Result<lettre::Message, Unwritable> {
    let named = |name: &str| Some(line(name)).filter(|name| !name.is_empty());
    let from = Mailbox::new(named(&sender.name), sender.address.parse()?);
    let to = Mailbox::new(named(&mail.to_name), mail.to.parse()?);
    let builder = lettre::Message::builder()
        .from(from)
        .to(to)
        .subject(line(&mail.subject))
        .message_id(Some(mail.message_id.clone()))
        .raw_header(plain(LETTER_HEADER, mail.letter_id.as_str()))
        .raw_header(plain("Content-Language", mail.language))
        .raw_header(plain("Auto-Submitted", "auto-generated"));
    let forms = MultiPart::alternative()
        .singlepart(SinglePart::plain(mail.text.clone()))
        .singlepart(SinglePart::html(mail.html.clone()));
    let Some(invite) = &mail.invite else { return Ok(builder.multipart(forms)?) };
    let forms = forms.singlepart(part(invite)?);
    let file = Attachment::new(invite.file_name.clone());
    let file = file.body(invite.ics.clone(), ContentType::parse("application/ics")?);
    Ok(builder.multipart(MultiPart::mixed().multipart(forms).singlepart(file))?)
}

/// Without control characters, which the library fails on where a name has them.
fn line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// Its bytes.
pub fn raw(mail: &Mail, sender: &Sender) -> Result<Vec<u8>, Unwritable> {
    Ok(message(mail, sender)?.formatted())
}

fn part(invite: &Invite) -> Result<SinglePart, Unwritable> {
    let kind = ContentType::parse(&invite.content_type)?;
    Ok(SinglePart::builder().header(kind).body(invite.ics.clone()))
}

/// A header of ours; names and values are our own words.
fn plain(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}
