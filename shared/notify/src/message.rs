//! Everything that is ever told to a person, and what each message needs for it.
//!
//! A message is made when it is sent, from what is true then.

use interlock_policy::{
    CheckoutId, Interval, ReasonCode, ReservationId, ResourceId, Role, ZoneName,
};
use jiff::Timestamp;

use crate::{Kind, Line, Text, Token};

/// Everything that is ever told to a person: of what, and what is new of it.
#[expect(clippy::large_enum_variant, reason = "made, written out and dropped, one at a time")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// News of a reservation.
    Reservation {
        /// As it is now, or was if it has ended.
        reserved: Reserved,
        /// What is new.
        news: ReservationNews,
    },
    /// News of a checkout.
    Checkout {
        /// Which.
        checkout: Checkout,
        /// What is new.
        news: CheckoutNews,
    },
    /// News of the reader's own account.
    Account {
        /// Name of the letter that keeps it due; names the message.
        letter: Line,
        /// What is new.
        news: AccountNews,
    },
}

/// What can be new of a reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReservationNews {
    /// It is confirmed; carries an invite.
    Confirmed,
    /// It has another time now; carries the invite anew.
    Changed {
        /// The time it had.
        before: Interval,
    },
    /// It was confirmed and has ended; takes the invite back.
    Cancelled {
        /// By whom.
        by: CancelledBy,
        /// In that person's words; empty for none.
        reason: Text,
    },
    /// It begins in 24 hours.
    ReminderDay,
    /// It begins in one hour.
    ReminderHour,
    /// It waits for a yes. To the holder, and to those who may say it.
    AwaitingApproval {
        /// Until when the time is held.
        until: Timestamp,
    },
    /// Somebody said yes and it is confirmed; carries an invite.
    Approved,
    /// Somebody said no.
    Declined {
        /// In that person's words; empty for none.
        reason: Text,
    },
    /// Nobody said yes in time.
    Unanswered,
    /// It was being made, and nothing came of it.
    NotMade,
    /// The holder no longer meets what the resource asks for, and this is what becomes of it.
    EligibilityLost {
        /// What is lacking, gravest first.
        reasons: Vec<ReasonCode>,
        /// What becomes of it.
        choice: Choice,
    },
}

/// What can be new of a checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckoutNews {
    /// Somebody asks for it. To those who may give it.
    Requested {
        /// Shown name of who asks.
        member: Line,
        /// In that person's words; empty for none.
        note: Text,
    },
    /// It was given or given again.
    Granted {
        /// Until when; `None` for good.
        expires_at: Option<Timestamp>,
    },
    /// It was taken back.
    Revoked {
        /// In the manager's words; empty for none.
        reason: Text,
    },
    /// It was asked for and refused.
    Declined {
        /// In the manager's words; empty for none.
        reason: Text,
    },
    /// It runs out soon.
    Expiring {
        /// When.
        expires_at: Timestamp,
    },
}

/// What can be new of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountNews {
    /// It is new; its first password is chosen with a link.
    Invitation {
        /// The secret of the link.
        token: Token,
        /// First instant at which the link no longer works.
        until: Timestamp,
    },
    /// Another password is chosen with a link.
    PasswordReset {
        /// The secret of the link.
        token: Token,
        /// First instant at which the link no longer works.
        until: Timestamp,
    },
    /// The password is another one now.
    PasswordChanged {
        /// Since when.
        at: Timestamp,
    },
    /// The roles are other ones now.
    RolesChanged {
        /// The roles now.
        roles: Vec<Role>,
    },
    /// The second factor, or the recovery codes for it, are other ones now, or there is none.
    FactorChanged {
        /// Since when.
        at: Timestamp,
    },
    /// A recovery code was used to log in.
    RecoveryCodeUsed {
        /// When.
        at: Timestamp,
    },
}

impl Message {
    /// Its word.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Reservation { news, .. } => news.kind(),
            Self::Checkout { news, .. } => news.kind(),
            Self::Account { news, .. } => news.kind(),
        }
    }

    /// On which side its reader stands; approvals and accounts have one reader a kind.
    pub(crate) fn side(&self) -> Side {
        match self {
            Self::Reservation { reserved, .. } => reserved.side,
            Self::Checkout { .. } | Self::Account { .. } => Side::Holder,
        }
    }

    /// Id of what it speaks of, and the version; with kind and reader they name the message.
    pub(crate) fn occasion(&self) -> (&str, u64) {
        match self {
            Self::Reservation { reserved, .. } => (reserved.id.as_str(), reserved.version),
            Self::Checkout { checkout, .. } => (checkout.id.as_str(), checkout.version),
            Self::Account { letter, .. } => (letter.as_str(), 0),
        }
    }
}

impl ReservationNews {
    fn kind(&self) -> Kind {
        match self {
            Self::Confirmed => Kind::Confirmed,
            Self::Changed { .. } => Kind::Changed,
            Self::Cancelled { .. } => Kind::Cancelled,
            Self::ReminderDay => Kind::ReminderDay,
            Self::ReminderHour => Kind::ReminderHour,
            Self::AwaitingApproval { .. } => Kind::AwaitingApproval,
            Self::Approved => Kind::Approved,
            Self::Declined { .. } => Kind::Declined,
            Self::Unanswered => Kind::Unanswered,
            Self::NotMade => Kind::NotMade,
            Self::EligibilityLost { .. } => Kind::EligibilityLost,
        }
    }

    /// Whether the reservation stands, or may come to stand, after this.
    pub(crate) fn stands(&self) -> bool {
        match self {
            Self::Confirmed
            | Self::Changed { .. }
            | Self::ReminderDay
            | Self::ReminderHour
            | Self::AwaitingApproval { .. }
            | Self::Approved => true,
            Self::EligibilityLost { choice, .. } => *choice != Choice::Cancel,
            Self::Cancelled { .. } | Self::Declined { .. } | Self::Unanswered | Self::NotMade => {
                false
            }
        }
    }
}

impl CheckoutNews {
    fn kind(&self) -> Kind {
        match self {
            Self::Requested { .. } => Kind::CheckoutRequested,
            Self::Granted { .. } => Kind::CheckoutGranted,
            Self::Revoked { .. } => Kind::CheckoutRevoked,
            Self::Declined { .. } => Kind::CheckoutDeclined,
            Self::Expiring { .. } => Kind::CheckoutExpiring,
        }
    }
}

impl AccountNews {
    fn kind(&self) -> Kind {
        match self {
            Self::Invitation { .. } => Kind::Invitation,
            Self::PasswordReset { .. } => Kind::PasswordReset,
            Self::PasswordChanged { .. } => Kind::PasswordChanged,
            Self::RolesChanged { .. } => Kind::RolesChanged,
            Self::FactorChanged { .. } => Kind::FactorChanged,
            Self::RecoveryCodeUsed { .. } => Kind::RecoveryCodeUsed,
        }
    }
}

/// A reservation as one reader is told of it.
///
/// Nothing in it names anybody but its holder, and no address, no `Cal.com` uid and no note of
/// staff has a place here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserved {
    /// Which; in the link and, with the host of the application, the `UID` of the invite.
    pub id: ReservationId,
    /// The version the message speaks of; rises with every change and is the invite's `SEQUENCE`.
    pub version: u64,
    /// When that version was written; the `DTSTAMP` of the invite.
    pub written_at: Timestamp,
    /// To whom this is told.
    pub side: Side,
    /// Of what.
    pub resource_id: ResourceId,
    /// Its shown name.
    pub resource: Line,
    /// Its zone.
    pub resource_zone: ZoneName,
    /// The kind of appointment, such as the title of the event type; empty for none.
    pub title: Line,
    /// Shown name of who has it; told to a host and to deciders only. Empty if not known.
    pub holder: Line,
    /// The time.
    pub interval: Interval,
    /// What the resource says of itself; empty for nothing.
    pub description: Text,
    /// What to bring along; empty for nothing.
    pub bring: Text,
    /// Where; empty if not said.
    pub place: Line,
}

/// On which side of a reservation the reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Has it.
    Holder,
    /// Is the person whose time it is.
    Host,
    /// May say yes to it.
    Decider,
}

impl Side {
    /// The stable word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Holder => "holder",
            Self::Host => "host",
            Self::Decider => "decider",
        }
    }
}

/// Who ended a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelledBy {
    /// Its holder.
    Holder,
    /// A manager or admin, or the host.
    Staff,
    /// It was ended in the calendar, or moved there to where it cannot stand.
    Calendar,
}

/// What becomes of a reservation whose holder lost what it needs (PRODUCT 6). Where the policy lets
/// it stand as if nothing were lost, there is nothing to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It stands with a mark.
    Flag,
    /// It stands until then, and is cancelled if it is still lacking.
    RenewBy(Timestamp),
    /// It is cancelled; takes the invite back.
    Cancel,
}

/// A checkout, or one that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// Which.
    pub id: CheckoutId,
    /// Version of the standing or of the request that this speaks of.
    pub version: u64,
    /// Shown name of the machine or category.
    pub scope: Line,
    /// The machine, if it is for one; for the link.
    pub machine: Option<ResourceId>,
    /// Level.
    pub level: u8,
}
