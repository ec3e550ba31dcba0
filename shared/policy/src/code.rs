//! What every reason code means; docs/REASONS.md is made from here.

use std::fmt::Write;

use crate::{ReasonClass, ReasonCode};

impl ReasonCode {
    /// Every code, gravest first.
    pub const ALL: &'static [Self] = &[
        Self::AccountBanned,
        Self::AccountSuspended,
        Self::TrainingIncomplete,
        Self::TrainingExpired,
        Self::CheckoutMissing,
        Self::CheckoutExpired,
        Self::MachineInactive,
        Self::MachineMappingBroken,
        Self::StartInPast,
        Self::HoursClosed,
        Self::GridOff,
        Self::DurationNotOffered,
        Self::DurationTooShort,
        Self::DurationTooLong,
        Self::DurationOffStep,
        Self::NoticeCreate,
        Self::NoticeChange,
        Self::NoticeCancel,
        Self::HorizonExceeded,
        Self::QuotaOpenReservations,
        Self::ReservationParallel,
        Self::ApprovalNeeded,
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// One English sentence.
    pub fn title(self) -> &'static str {
        self.row().1
    }

    /// How a refusal for it is answered (PRODUCT 8).
    pub fn class(self) -> ReasonClass {
        match self {
            Self::AccountBanned
            | Self::AccountSuspended
            | Self::TrainingIncomplete
            | Self::TrainingExpired
            | Self::CheckoutMissing
            | Self::CheckoutExpired => ReasonClass::Person,
            Self::MachineInactive
            | Self::MachineMappingBroken
            | Self::HoursClosed
            | Self::GridOff
            | Self::DurationNotOffered
            | Self::DurationTooShort
            | Self::DurationTooLong
            | Self::DurationOffStep
            | Self::StartInPast
            | Self::NoticeCreate
            | Self::NoticeChange
            | Self::NoticeCancel
            | Self::HorizonExceeded
            | Self::QuotaOpenReservations
            | Self::ApprovalNeeded => ReasonClass::Request,
            Self::ReservationParallel => ReasonClass::Time,
        }
    }

    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::AccountBanned => ("account_banned", "The account is banned."),
            Self::AccountSuspended => ("account_suspended", "The account is suspended."),
            Self::TrainingIncomplete => {
                ("training_incomplete", "A required training is not completed.")
            }
            Self::TrainingExpired => (
                "training_expired",
                "A required training lapses before the end of the time asked for.",
            ),
            Self::CheckoutMissing => ("checkout_missing", "No manager has checked the person out."),
            Self::CheckoutExpired => {
                ("checkout_expired", "The checkout lapses before the end of the time asked for.")
            }
            Self::MachineInactive => ("machine_inactive", "The machine takes no reservations."),
            Self::MachineMappingBroken => (
                "machine_mapping_broken",
                "The machine is closed until its event types at Cal.com are set right.",
            ),
            Self::HoursClosed => ("hours_closed", "The time leaves the opening hours."),
            Self::GridOff => ("grid_off", "The start is not on the grid."),
            Self::DurationNotOffered => ("duration_not_offered", "The length is not offered."),
            Self::DurationTooShort => {
                ("duration_too_short", "The time is shorter than the shortest reservation.")
            }
            Self::DurationTooLong => {
                ("duration_too_long", "The time is longer than the longest reservation.")
            }
            Self::DurationOffStep => {
                ("duration_off_step", "The length is not a multiple of the step.")
            }
            Self::StartInPast => ("start_in_past", "The start lies in the past."),
            Self::NoticeCreate => ("notice_create", "It is too late to reserve this time."),
            Self::NoticeChange => ("notice_change", "It is too late to move to this time."),
            Self::NoticeCancel => ("notice_cancel", "It is too late to cancel."),
            Self::HorizonExceeded => ("horizon_exceeded", "The start is too far ahead."),
            Self::QuotaOpenReservations => {
                ("quota_open_reservations", "The person has as many open reservations as allowed.")
            }
            Self::ReservationParallel => {
                ("reservation_parallel", "The person has another reservation at that time.")
            }
            Self::ApprovalNeeded => {
                ("approval_needed", "A manager or the host must say yes; asking holds the time.")
            }
        }
    }
}

/// The table of codes as docs/REASONS.md holds it.
pub fn reasons_markdown() -> String {
    let mut text = String::from(
        "# Reasons\n\n\
        Made from `shared/policy`; a test compares.\n\
        A code never changes meaning and is never used again.\n\
        A verdict gives all that apply, in this order.\n\n\
        | Code | Answer | Meaning |\n|---|---|---|\n",
    );
    for code in ReasonCode::ALL {
        let answer = match code.class() {
            ReasonClass::Person => "403 `not_eligible`",
            ReasonClass::Request => "422 with the code",
            ReasonClass::Time => "409 with the code",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| `{}` | {answer} | {} |", code.as_str(), code.title());
    }
    text
}
