//! From a message to a mail: which words, which facts, which links.

mod account;
mod checkout;
mod reservation;

use crate::calendar::{self, CalendarError};
use crate::mail::{Mail, Seed, Site};
use crate::page::{Action, Fact, Note, Page};
use crate::when::Manner;
use crate::words::{told, word};
use crate::{Line, Message, Recipient, Text};

/// A message could not be written out; a defect of the catalogue, never of what is told.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template failed.
    #[error("a template of a mail failed")]
    Template(#[from] askama::Error),
    /// The part for calendars failed.
    #[error("an invite could not be written")]
    Calendar(#[from] CalendarError),
}

/// Writes a message out for one reader. Pure: the same values give the same bytes.
pub fn render(message: &Message, to: &Recipient, site: &Site) -> Result<Mail, RenderError> {
    let voice = Voice { to, site, manner: Manner::of(to) };
    let page = match message {
        Message::Reservation { reserved, news } => {
            reservation::page(&voice, message.kind(), reserved, news)
        }
        Message::Checkout { checkout, news } => {
            checkout::page(&voice, message.kind(), checkout, news)
        }
        Message::Account { news, .. } => account::page(&voice, message.kind(), news),
    };
    Ok(Mail {
        kind: message.kind(),
        to: to.address.clone(),
        to_name: to.name.clone(),
        subject: Line::of(&page.subject),
        language: to.language.tag(),
        text: page.text()?,
        html: page.html()?,
        invite: calendar::invite(message, to, site)?,
        seed: Seed::of(message, to),
    })
}

/// To whom a page speaks, and for which application.
pub(crate) struct Voice<'a> {
    pub(crate) to: &'a Recipient,
    pub(crate) site: &'a Site,
    pub(crate) manner: Manner,
}

impl Voice<'_> {
    /// A text of the catalogue.
    fn word(&self, key: &str) -> String {
        word(self.to.language, key).to_owned()
    }

    /// A text with its places filled.
    fn told(&self, key: &str, values: &[(&str, &str)]) -> String {
        told(self.to.language, key, values)
    }

    /// A page with nothing on it but who is greeted and why.
    fn page(&self, subject: String) -> Page {
        let name = self.to.name.as_str();
        let site = self.site.name.as_str();
        let greeting = match name {
            "" => self.word("greeting.nobody"),
            name => self.told("greeting", &[("name", name)]),
        };
        Page {
            language: self.to.language.tag(),
            site: site.to_owned(),
            subject,
            greeting,
            lead: Vec::new(),
            facts: Vec::new(),
            notes: Vec::new(),
            actions: Vec::new(),
            end: Vec::new(),
            footer: self.told("footer.account", &[("site", site)]),
        }
    }

    fn fact(&self, key: &str, lines: Vec<String>) -> Fact {
        Fact { label: self.word(&format!("fact.{key}")), lines }
    }

    /// What somebody wrote, under a heading; nothing for an empty text.
    fn note(&self, key: &str, text: &Text) -> Option<Note> {
        let lines = || text.as_str().lines().map(str::to_owned).collect();
        let heading = || self.word(&format!("note.{key}"));
        (!text.is_empty()).then(|| Note { heading: heading(), lines: lines() })
    }

    /// A link into the application; the path begins with a slash.
    fn action(&self, key: &str, path: &str) -> Action {
        let url = format!("{}{path}", self.site.origin);
        Action { label: self.word(&format!("action.{key}")), url }
    }
}
