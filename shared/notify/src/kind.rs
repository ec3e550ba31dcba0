//! The words of messages.

/// The word of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the message of the same name")]
pub enum Kind {
    Confirmed,
    Changed,
    Cancelled,
    ReminderDay,
    ReminderHour,
    AwaitingApproval,
    Approved,
    Declined,
    Unanswered,
    NotMade,
    EligibilityLost,
    CheckoutRequested,
    CheckoutGranted,
    CheckoutRevoked,
    CheckoutDeclined,
    CheckoutExpiring,
    Invitation,
    PasswordReset,
    PasswordChanged,
    RolesChanged,
    FactorChanged,
    RecoveryCodeUsed,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::Confirmed,
        Self::Changed,
        Self::Cancelled,
        Self::ReminderDay,
        Self::ReminderHour,
        Self::AwaitingApproval,
        Self::Approved,
        Self::Declined,
        Self::Unanswered,
        Self::NotMade,
        Self::EligibilityLost,
        Self::CheckoutRequested,
        Self::CheckoutGranted,
        Self::CheckoutRevoked,
        Self::CheckoutDeclined,
        Self::CheckoutExpiring,
        Self::Invitation,
        Self::PasswordReset,
        Self::PasswordChanged,
        Self::RolesChanged,
        Self::FactorChanged,
        Self::RecoveryCodeUsed,
    ];

    /// The stable word, as it is kept and shown to staff.
    pub fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Changed => "changed",
            Self::Cancelled => "cancelled",
            Self::ReminderDay => "reminder_24h",
            Self::ReminderHour => "reminder_1h",
            Self::AwaitingApproval => "awaiting_approval",
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Unanswered => "unanswered",
            Self::NotMade => "not_made",
            Self::EligibilityLost => "eligibility_lost",
            Self::CheckoutRequested => "checkout_requested",
            Self::CheckoutGranted => "checkout_granted",
            Self::CheckoutRevoked => "checkout_revoked",
            Self::CheckoutDeclined => "checkout_declined",
            Self::CheckoutExpiring => "checkout_expiring",
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
            Self::PasswordChanged => "password_changed",
            Self::RolesChanged => "roles_changed",
            Self::FactorChanged => "factor_changed",
            Self::RecoveryCodeUsed => "recovery_code_used",
        }
    }
}
