//! What a mail looks like, apart from its words: one page, written out as HTML and as plain text.

use askama::Template;

/// The parts of a mail; both forms are made of the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    /// Tag of the language.
    pub(crate) language: &'static str,
    /// Name of the application.
    pub(crate) site: String,
    /// The subject; the heading of the HTML form.
    pub(crate) subject: String,
    /// Whom it greets.
    pub(crate) greeting: String,
    /// What it says first.
    pub(crate) lead: Vec<String>,
    /// Facts, in order.
    pub(crate) facts: Vec<Fact>,
    /// Longer texts of others, each under a heading.
    pub(crate) notes: Vec<Note>,
    /// What to do now, as links; the first is the button.
    pub(crate) actions: Vec<Action>,
    /// What it says last.
    pub(crate) end: Vec<String>,
    /// Why the reader gets it.
    pub(crate) footer: String,
}

/// A fact: what it is called, and what it is, in one line or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) lines: Vec<String>,
}

/// A text somebody wrote, under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) heading: String,
    pub(crate) lines: Vec<String>,
}

/// A link with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Action {
    pub(crate) label: String,
    pub(crate) url: String,
}

/// The HTML form; every value is escaped by the name of the template.
#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    page: &'a Page,
}

/// The plain form; nothing is escaped, because nothing in it is markup.
#[derive(Template)]
#[template(path = "mail.txt")]
struct Plain<'a> {
    page: &'a Page,
}

impl Page {
    /// The HTML form.
    pub(crate) fn html(&self) -> Result<String, askama::Error> {
        Html { page: self }.render()
    }

    /// The plain form.
    pub(crate) fn text(&self) -> Result<String, askama::Error> {
        Plain { page: self }.render()
    }
}
