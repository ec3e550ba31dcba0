//! What people are told: the catalogue of messages, their words in three languages, the mails they
//! become, and documents for calendars. Pure: no clock, no I/O, no randomness; the same values
//! give the same bytes, so a second try is the same mail.
//!
//! # For whoever sends
//!
//! What is kept while a message is due is a letter of `shared/app`. When it is due, the
//! facts are read, a [`Message`] is made of what is true then, and [`render`] writes it out:
//!
//! ```text
//! let mail = render(&message, &recipient, &site)?;
//! mail.to, mail.to_name          the address, validated, and the shown name
//! mail.subject                   a `Line`: plain Unicode without line breaks (RFC 2047 is yours)
//! mail.language                  for `Content-Language`
//! mail.text, mail.html           the two forms of one page
//! mail.invite                    `Some` for confirmed, changed, approved (REQUEST), cancelled and
//!                                eligibility lost with `Choice::Cancel` (CANCEL); one part
//!                                `invite.content_type()`, and an attachment `invite.file_name`
//! mail.seed.message_id(&sender)  the `Message-ID`: the same for each try of a message
//! ```
//!
//! - [`Recipient`]: user id, [`Address`], name, [`Language`], zone.
//! - [`Message::Reservation`] with [`Reserved`] and [`ReservationNews`]; [`Side`] says whether the
//!   holder, the host or somebody who may decide reads it. [`Message::Checkout`] with [`Checkout`]
//!   and [`CheckoutNews`]. [`Message::Account`] with the letter's name and [`AccountNews`].
//! - `Reserved::version` is the `SEQUENCE` of the invite: give the reservation's own version, which
//!   rises with each write. `Reserved::written_at` is its `DTSTAMP`.
//! - Text of people comes in as [`Line::of`] and [`Text::of`], which never fail and never let a
//!   line break into a header. An address comes in as `Address::from_str`, which may fail.
//!
//! What is not here: who is told what and when, what a person has switched off, MIME, and the wire.

// The samples that previews are made of speak of this crate by its name.
#[cfg(test)]
extern crate self as interlock_notify;

mod calendar;
mod compose;
mod kind;
mod mail;
mod message;
mod page;
mod recipient;
mod text;
mod when;
pub mod words;

pub use calendar::{CalendarError, CalendarLinks, Entry, Standing, calendar_links, feed};
pub use compose::{RenderError, render};
pub use kind::Kind;
pub use mail::{Invite, Mail, Method, Seed, Site};
pub use message::{
    AccountNews, CancelledBy, Checkout, CheckoutNews, Choice, Message, ReservationNews, Reserved,
    Side,
};
pub use recipient::{Language, Recipient};
pub use text::{Address, AddressError, Line, Text, Token, TokenError};
