//! Everything the words of a letter are made from, as it is when the letter is sent.

use interlock_notify::{Language, Side};
use interlock_policy::{Role, UserId, ZoneName};

use crate::model::{CheckoutEvent, HistoryEvent, Letter, Reservation, Resource};

/// What one reader is told.
#[derive(Debug, Clone)]
pub struct Told {
    /// The letter.
    pub letter: Letter,
    /// To whom.
    pub reader: Reader,
    /// Of what.
    pub of: ToldOf,
}

/// To whom a letter goes.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Who.
    pub user_id: UserId,
    /// Shown name.
    pub name: String,
    /// Address of e-mail.
    pub email: String,
    /// In which language.
    pub language: Language,
    /// Zone for times.
    pub time_zone: ZoneName,
    /// On which side of what it speaks of.
    pub side: Side,
}

/// Of what a letter speaks.
#[derive(Debug, Clone)]
pub enum ToldOf {
    /// An account.
    Account {
        /// The roles now.
        roles: Vec<Role>,
        /// The secret of the link, for a letter with one.
        token: Option<String>,
    },
    /// A reservation.
    Reservation(Box<ToldReservation>),
    /// An approval.
    Checkout(Box<ToldCheckout>),
}

/// A reservation as a letter speaks of it.
#[derive(Debug, Clone)]
pub struct ToldReservation {
    /// As it is now.
    pub reservation: Reservation,
    /// What was done in the version the letter speaks of.
    pub event: HistoryEvent,
    /// Whether somebody had to say yes to it.
    pub was_asked_for: bool,
    /// Of what.
    pub resource: Resource,
    /// Shown name of who has it.
    pub holder_name: String,
}

/// An approval as a letter speaks of it.
#[derive(Debug, Clone)]
pub struct ToldCheckout {
    /// What was done.
    pub event: CheckoutEvent,
    /// Shown name of what it is for.
    pub scope_name: String,
    /// Shown name of whose it is.
    pub member_name: String,
}
