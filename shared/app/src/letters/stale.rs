//! Whether what a letter speaks of is still so; pure, so that every row is a test.

use interlock_policy::UserId;
use jiff::Timestamp;

use crate::model::{
    CheckoutEvent, HistoryEvent, Letter, LetterKind, Needless, Reservation, Standing, Status,
};

/// Why a letter about a reservation is not sent any more, if so. What has ended stays ended, so
/// letters about ends never grow stale.
pub(super) fn reservation(
    (letter, holder): (&Letter, Option<&UserId>),
    (now_is, event): (&Reservation, &HistoryEvent),
    now: Timestamp,
) -> Option<Needless> {
    let same_holder = holder.is_none_or(|holder| now_is.user_id() == Some(holder));
    let stands = match now_is.status() {
        Status::Confirmed | Status::Moving | Status::Completed => {
            same_holder && now_is.interval == event.interval
        }
        Status::Awaiting
        | Status::Pending
        | Status::Cancelling
        | Status::Cancelled
        | Status::Failed => false,
    };
    let over = match letter.kind {
        LetterKind::ReminderDay | LetterKind::ReminderHour => event.interval.start() <= now,
        LetterKind::Confirmed | LetterKind::Changed => event.interval.end() <= now,
        LetterKind::EligibilityLost if event.to == Status::Confirmed => event.interval.end() <= now,
        LetterKind::AwaitingApproval => {
            return (now_is.status() != Status::Awaiting).then_some(Needless::Superseded);
        }
        LetterKind::EligibilityLost
        | LetterKind::Cancelled
        | LetterKind::Declined
        | LetterKind::Unanswered
        | LetterKind::NotMade
        | LetterKind::CheckoutRequested
        | LetterKind::CheckoutGranted
        | LetterKind::CheckoutRevoked
        | LetterKind::CheckoutDeclined
        | LetterKind::CheckoutExpiring
        | LetterKind::PasswordReset
        | LetterKind::Invitation
        | LetterKind::PasswordChanged
        | LetterKind::RolesChanged
        | LetterKind::FactorChanged
        | LetterKind::RecoveryCodeUsed => return None,
    };
    let unmarked = letter.kind == LetterKind::EligibilityLost
        && !now_is.flags.iter().any(|flag| event.flags.contains(&flag.code));
    match (stands && !unmarked, over) {
        (false, _) => Some(Needless::Superseded),
        (true, true) => Some(Needless::Late),
        (true, false) => None,
    }
}

/// The same of a letter about an approval.
pub(super) fn checkout(
    letter: &Letter,
    (standing, event): (&Standing, &CheckoutEvent),
    now: Timestamp,
) -> Option<Needless> {
    let held = standing.checkout(&event.scope).is_some_and(|held| {
        held.id == event.checkout_id
            && held.level == event.level
            && (event.expires_at.is_none() || held.expires_at == event.expires_at)
    });
    let waits = standing.wish(&event.scope).is_some_and(|wish| wish.id == event.checkout_id);
    let still = match letter.kind {
        LetterKind::CheckoutRequested => waits,
        LetterKind::CheckoutExpiring if letter.until.is_some_and(|until| until <= now) => {
            return Some(Needless::Late);
        }
        LetterKind::CheckoutGranted | LetterKind::CheckoutExpiring => held,
        LetterKind::CheckoutRevoked
        | LetterKind::CheckoutDeclined
        | LetterKind::PasswordReset
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
        | LetterKind::EligibilityLost => true,
    };
    (!still).then_some(Needless::Superseded)
}
