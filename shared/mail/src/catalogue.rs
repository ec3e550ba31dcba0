//! The words of letters, from the catalogue of messages.

use interlock_app::Told;
use interlock_app::ports::{Composer, Invite, Mail, Wordless};
use interlock_notify::{Address, Line, Recipient, Site, render};

use crate::facts::message;

/// In whose name letters are written.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Shown name of the application.
    pub name: String,
    /// Address of the sender.
    pub address: String,
}

/// The sender's address is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sender is no address that mail can come from")]
pub struct SenderError;

/// Makes mails of what is to be told.
#[derive(Debug, Clone)]
pub struct Catalogue {
    site: Site,
}

impl Catalogue {
    /// For an application at an origin without a slash at its end.
    pub fn new(origin: &str, sender: &Sender) -> Result<Self, SenderError> {
        let address: Address = sender.address.parse().map_err(|_| SenderError)?;
        let (origin, name) = (origin.to_owned(), Line::of(&sender.name));
        Ok(Self { site: Site { origin, name, sender: address } })
    }

    fn rendered(&self, told: &Told) -> Result<interlock_notify::Mail, Wordless> {
        let wordless = |error: Box<dyn std::error::Error + Send + Sync>| Wordless(error);
        let reader = &told.reader;
        let recipient = Recipient {
            user_id: reader.user_id.clone(),
            address: reader.email.parse().map_err(|error| wordless(Box::new(Unfit(error))))?,
            name: Line::of(&reader.name),
            language: reader.language,
            zone: reader.time_zone.clone(),
        };
        let message = message(told).map_err(|error| wordless(Box::new(error)))?;
        render(&message, &recipient, &self.site).map_err(|error| wordless(Box::new(error)))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the reader's address is none")]
struct Unfit(#[source] interlock_notify::AddressError);

impl Composer for Catalogue {
    fn mail(&self, told: &Told) -> Result<Mail, Wordless> {
        let mail = self.rendered(told)?;
        Ok(Mail {
            letter_id: told.letter.id.clone(),
            message_id: mail.seed.message_id(&self.site.sender),
            to: mail.to.as_str().to_owned(),
            to_name: mail.to_name.as_str().to_owned(),
            subject: mail.subject.as_str().to_owned(),
            language: mail.language,
            text: mail.text,
            html: mail.html,
            invite: mail.invite.map(|invite| Invite {
                content_type: invite.content_type(),
                file_name: invite.file_name.to_owned(),
                ics: invite.ics,
            }),
        })
    }

    /// The subject says what, which and when; more does not belong on a lock screen.
    fn line(&self, told: &Told) -> Result<String, Wordless> {
        Ok(self.rendered(told)?.subject.as_str().to_owned())
    }
}
