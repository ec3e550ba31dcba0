//! From the facts of a letter to a message of the catalogue; total, so that no letter is wordless
//! for want of a row.

use interlock_app::model::{Cause, FlagCode, Letter, LetterKind, State, Status};
use interlock_app::{Told, ToldCheckout, ToldOf, ToldReservation};
use interlock_notify::{
    AccountNews, CancelledBy, Checkout, CheckoutNews, Choice, Line, Message, ReservationNews,
    Reserved, Text, Token, TokenError,
};
use interlock_policy::{CheckoutScope, ReasonCode};
use jiff::Timestamp;

/// A letter that speaks of something its kind has nothing to say about.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Mismatch {
    /// Kind and facts do not go together.
    #[error("a letter `{0}` does not speak of this")]
    Kind(&'static str),
    /// The secret of the link is missing or none.
    #[error("the link has no secret")]
    Link(#[from] TokenError),
}

/// The message of a letter.
pub(crate) fn message(told: &Told) -> Result<Message, Mismatch> {
    match &told.of {
        ToldOf::Reservation(of) => Ok(Message::Reservation {
            reserved: reserved(told, of),
            news: reservation_news(&told.letter, of)?,
        }),
        ToldOf::Checkout(of) => {
            Ok(Message::Checkout { checkout: checkout(of), news: checkout_news(told, of)? })
        }
        ToldOf::Account { roles, token } => {
            let letter = &told.letter;
            let until = letter.until.unwrap_or(letter.due_at);
            let secret = || Token::new(token.as_deref().unwrap_or_default());
            let news = match letter.kind {
                LetterKind::Invitation => AccountNews::Invitation { token: secret()?, until },
                LetterKind::PasswordReset => AccountNews::PasswordReset { token: secret()?, until },
                LetterKind::PasswordChanged => AccountNews::PasswordChanged { at: letter.made_at },
                LetterKind::RolesChanged => AccountNews::RolesChanged { roles: roles.clone() },
                LetterKind::FactorChanged => AccountNews::FactorChanged { at: letter.made_at },
                LetterKind::RecoveryCodeUsed => {
                    AccountNews::RecoveryCodeUsed { at: letter.made_at }
                }
                LetterKind::Confirmed
                | LetterKind::Changed
                | LetterKind::Cancelled
                | LetterKind::ReminderDay
                | LetterKind::ReminderHour
                | LetterKind::AwaitingApproval
                | LetterKind::Declined
                | LetterKind::Unanswered
                | LetterKind::NotMade
                | LetterKind::EligibilityLost
                | LetterKind::CheckoutRequested
                | LetterKind::CheckoutGranted
                | LetterKind::CheckoutRevoked
                | LetterKind::CheckoutDeclined
                | LetterKind::CheckoutExpiring => return Err(Mismatch::Kind(letter.kind.word())),
            };
            Ok(Message::Account { letter: Line::of(letter.id.as_str()), news })
        }
    }
}

fn reserved(told: &Told, of: &ToldReservation) -> Reserved {
    let entry = of.resource.event_type(of.reservation.event_type_id);
    Reserved {
        id: of.reservation.id.clone(),
        version: of.event.version,
        written_at: of.event.at,
        side: told.reader.side,
        resource_id: of.resource.id.clone(),
        resource: Line::of(&of.resource.name),
        resource_zone: of.resource.policy.time_zone.clone(),
        title: entry.map(|entry| Line::of(&entry.title)).unwrap_or_default(),
        holder: Line::of(&of.holder_name),
        interval: of.event.interval,
        description: Text::of(&of.resource.guide.description),
        bring: Text::of(&of.resource.guide.bring),
        place: Line::of(&of.resource.guide.place),
    }
}

fn reservation_news(letter: &Letter, of: &ToldReservation) -> Result<ReservationNews, Mismatch> {
    let cause = of.event.cause.as_ref();
    let reason = || Text::of(cause.and_then(Cause::reason).unwrap_or_default());
    Ok(match letter.kind {
        LetterKind::Confirmed if of.was_asked_for => ReservationNews::Approved,
        LetterKind::Confirmed => ReservationNews::Confirmed,
        LetterKind::Changed => ReservationNews::Changed {
            before: of.event.interval_before.unwrap_or(of.event.interval),
        },
        LetterKind::Cancelled => {
            ReservationNews::Cancelled { by: cancelled_by(cause), reason: reason() }
        }
        LetterKind::ReminderDay => ReservationNews::ReminderDay,
        LetterKind::ReminderHour => ReservationNews::ReminderHour,
        LetterKind::AwaitingApproval => ReservationNews::AwaitingApproval { until: held_until(of) },
        LetterKind::Declined => ReservationNews::Declined { reason: reason() },
        LetterKind::Unanswered => ReservationNews::Unanswered,
        LetterKind::NotMade => ReservationNews::NotMade,
        LetterKind::EligibilityLost => {
            ReservationNews::EligibilityLost { reasons: lacking(of), choice: choice(of) }
        }
        LetterKind::CheckoutRequested
        | LetterKind::CheckoutGranted
        | LetterKind::CheckoutRevoked
        | LetterKind::CheckoutDeclined
        | LetterKind::CheckoutExpiring
        | LetterKind::PasswordReset
        | LetterKind::Invitation
        | LetterKind::PasswordChanged
        | LetterKind::RolesChanged
        | LetterKind::FactorChanged
        | LetterKind::RecoveryCodeUsed => return Err(Mismatch::Kind(letter.kind.word())),
    })
}

fn held_until(of: &ToldReservation) -> Timestamp {
    match &of.reservation.state {
        State::Awaiting { hold_until, .. } => *hold_until,
        State::Pending { .. }
        | State::Confirmed { .. }
        | State::Moving { .. }
        | State::Cancelling { .. }
        | State::Cancelled { .. }
        | State::Failed { .. }
        | State::Completed => of.event.interval.start(),
    }
}

fn cancelled_by(cause: Option<&Cause>) -> CancelledBy {
    match cause {
        Some(Cause::Holder { .. }) => CancelledBy::Holder,
        Some(Cause::Staff { .. } | Cause::Declined { .. } | Cause::Eligibility) => {
            CancelledBy::Staff
        }
        Some(
            Cause::External
            | Cause::Conflict
            | Cause::SlotTaken
            | Cause::Refused
            | Cause::Unreachable
            | Cause::NeverMade
            | Cause::Expired
            | Cause::NotAccepted,
        )
        | None => CancelledBy::Calendar,
    }
}

/// What it lacked in the version the letter speaks of.
fn lacking(of: &ToldReservation) -> Vec<ReasonCode> {
    let codes = of.event.flags.iter().filter_map(|code| match code {
        FlagCode::Reason(code) => Some(*code),
        FlagCode::Other(_) => None,
    });
    codes.collect()
}

fn choice(of: &ToldReservation) -> Choice {
    if of.event.to != Status::Confirmed {
        return Choice::Cancel;
    }
    let marks = of.reservation.flags.iter().filter(|flag| of.event.flags.contains(&flag.code));
    marks.filter_map(|flag| flag.until).min().map_or(Choice::Flag, Choice::RenewBy)
}

fn checkout(of: &ToldCheckout) -> Checkout {
    Checkout {
        id: of.event.checkout_id.clone(),
        version: of.event.version,
        scope: Line::of(&of.scope_name),
        machine: match &of.event.scope {
            CheckoutScope::Machine(id) => Some(id.clone()),
            CheckoutScope::Category(_) => None,
        },
        level: of.event.level,
    }
}

fn checkout_news(told: &Told, of: &ToldCheckout) -> Result<CheckoutNews, Mismatch> {
    let reason = || Text::of(of.event.reason.as_deref().unwrap_or_default());
    let letter = &told.letter;
    Ok(match letter.kind {
        LetterKind::CheckoutRequested => {
            CheckoutNews::Requested { member: Line::of(&of.member_name), note: reason() }
        }
        LetterKind::CheckoutGranted => CheckoutNews::Granted { expires_at: of.event.expires_at },
        LetterKind::CheckoutRevoked => CheckoutNews::Revoked { reason: reason() },
        LetterKind::CheckoutDeclined => CheckoutNews::Declined { reason: reason() },
        LetterKind::CheckoutExpiring => {
            let ends = of.event.expires_at.or(letter.until).unwrap_or(letter.due_at);
            CheckoutNews::Expiring { expires_at: ends }
        }
        LetterKind::PasswordReset
        | LetterKind::Invitation
        | LetterKind::PasswordChanged
        | LetterKind::RolesChanged
        | LetterKind::FactorChanged
        | LetterKind::RecoveryCodeUsed
        | LetterKind::Confirmed
        | LetterKind::Changed
        | LetterKind::Cancelled
        | LetterKind::ReminderDay
        | LetterKind::ReminderHour
        | LetterKind::AwaitingApproval
        | LetterKind::Declined
        | LetterKind::Unanswered
        | LetterKind::NotMade
        | LetterKind::EligibilityLost => return Err(Mismatch::Kind(letter.kind.word())),
    })
}
