//! What letters tell, by which ways they go, and what a person may choose about them.

use serde::{Deserialize, Serialize};

/// What a letter tells; the words are those of the messages (`shared/notify`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// A link with which to choose a new password.
    PasswordReset,
    /// A link with which a new person chooses the first password.
    Invitation,
    /// The password is another one now.
    PasswordChanged,
    /// The roles are other ones now.
    RolesChanged,
    /// The second factor, or the recovery codes for it, are other ones now, or there is none.
    FactorChanged,
    /// A recovery code was used to log in.
    RecoveryCodeUsed,
    /// A reservation is confirmed, after a yes or without one.
    Confirmed,
    /// It has another time now.
    Changed,
    /// It has ended.
    Cancelled,
    /// It begins in 24 hours.
    #[serde(rename = "reminder_24h")]
    ReminderDay,
    /// It begins in one hour.
    #[serde(rename = "reminder_1h")]
    ReminderHour,
    /// It waits for a yes; to the holder, and to whoever may say it.
    AwaitingApproval,
    /// Somebody said no.
    Declined,
    /// Nobody said yes in time.
    Unanswered,
    /// It was being made, and nothing came of it.
    NotMade,
    /// The holder no longer meets what the resource asks for.
    EligibilityLost,
    /// Somebody asks to be approved; to those who may.
    CheckoutRequested,
    /// An approval was given, or given again.
    CheckoutGranted,
    /// It was taken back, or lowered.
    CheckoutRevoked,
    /// It was asked for and refused.
    CheckoutDeclined,
    /// It runs out soon.
    CheckoutExpiring,
}

/// What a person may have or not have; account and cancellation letters belong to none and are
/// always sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// What becomes of one's own reservations, ends apart.
    Reservations,
    /// The reminder a day before.
    #[serde(rename = "reminder_24h")]
    ReminderDay,
    /// The reminder an hour before.
    #[serde(rename = "reminder_1h")]
    ReminderHour,
    /// What becomes of one's own approvals.
    Checkouts,
    /// What waits for one's own yes.
    Requests,
}

/// By which way a letter goes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Mail.
    #[default]
    Email,
    /// A short message to a telephone.
    Sms,
}

impl Channel {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    pub(super) fn is_email(&self) -> bool {
        *self == Self::Email
    }
}

impl LetterKind {
    /// The stable word, as in the record.
    pub fn word(self) -> &'static str {
        match self {
            Self::PasswordReset => "password_reset",
            Self::Invitation => "invitation",
            Self::PasswordChanged => "password_changed",
            Self::RolesChanged => "roles_changed",
            Self::FactorChanged => "factor_changed",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::Confirmed => "confirmed",
            Self::Changed => "changed",
            Self::Cancelled => "cancelled",
            Self::ReminderDay => "reminder_24h",
            Self::ReminderHour => "reminder_1h",
            Self::AwaitingApproval => "awaiting_approval",
            Self::Declined => "declined",
            Self::Unanswered => "unanswered",
            Self::NotMade => "not_made",
            Self::EligibilityLost => "eligibility_lost",
            Self::CheckoutRequested => "checkout_requested",
            Self::CheckoutGranted => "checkout_granted",
            Self::CheckoutRevoked => "checkout_revoked",
            Self::CheckoutDeclined => "checkout_declined",
            Self::CheckoutExpiring => "checkout_expiring",
        }
    }

    /// What a person may choose about it; nothing for what is always sent, at any hour.
    pub fn topic(self, to_decider: bool) -> Option<Topic> {
        match self {
            Self::PasswordReset
            | Self::Invitation
            | Self::PasswordChanged
            | Self::RolesChanged
            | Self::FactorChanged
            | Self::RecoveryCodeUsed
            | Self::Cancelled
            | Self::Unanswered
            | Self::NotMade
            | Self::EligibilityLost => None,
            Self::AwaitingApproval if to_decider => Some(Topic::Requests),
            Self::Confirmed | Self::Changed | Self::AwaitingApproval | Self::Declined => {
                Some(Topic::Reservations)
            }
            Self::ReminderDay => Some(Topic::ReminderDay),
            Self::ReminderHour => Some(Topic::ReminderHour),
            Self::CheckoutRequested => Some(Topic::Requests),
            Self::CheckoutGranted
            | Self::CheckoutRevoked
            | Self::CheckoutDeclined
            | Self::CheckoutExpiring => Some(Topic::Checkouts),
        }
    }
}
