//! What every reason code means; docs/REASONS.md is made from here.

use std::fmt::Write;

use crate::{ReasonClass, ReasonCode, Role};

/// A proof that does not suffice, and the reasons that its absence would give.
const MILDER: &[(ReasonCode, &[ReasonCode])] = &[
    (ReasonCode::MembershipExpired, &[ReasonCode::MembershipMissing]),
    (ReasonCode::TrainingExpired, &[ReasonCode::TrainingIncomplete]),
    (ReasonCode::CheckoutLevel, &[ReasonCode::CheckoutMissing]),
    (ReasonCode::CheckoutExpired, &[ReasonCode::CheckoutMissing, ReasonCode::CheckoutLevel]),
];

impl ReasonCode {
    /// Every code, gravest first.
    pub const ALL: &'static [Self] = &[
        Self::AccountBanned,
        Self::AccountSuspended,
        Self::MembershipMissing,
        Self::MembershipExpired,
        Self::DocumentMissing,
        Self::TrainingIncomplete,
        Self::TrainingExpired,
        Self::CheckoutMissing,
        Self::CheckoutLevel,
        Self::CheckoutExpired,
        Self::FirstTimeOnly,
        Self::MachineInactive,
        Self::MachineMappingBroken,
        Self::MachineOutage,
        Self::StartInPast,
        Self::HoursClosed,
        Self::HoursClosure,
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
        Self::QuotaExceeded,
        Self::StrikesLimit,
        Self::ReservationGapShort,
        Self::ReservationChained,
        Self::ReservationMissing,
        Self::ReservationUncovered,
        Self::ReservationNeeded,
        Self::ReservationParallel,
        Self::PresenceMissing,
        Self::ApprovalNeeded,
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountBanned => "account_banned",
            Self::AccountSuspended => "account_suspended",
            Self::MembershipMissing => "membership_missing",
            Self::MembershipExpired => "membership_expired",
            Self::DocumentMissing => "document_missing",
            Self::TrainingIncomplete => "training_incomplete",
            Self::TrainingExpired => "training_expired",
            Self::CheckoutMissing => "checkout_missing",
            Self::CheckoutLevel => "checkout_level",
            Self::CheckoutExpired => "checkout_expired",
            Self::FirstTimeOnly => "first_time_only",
            Self::MachineInactive => "machine_inactive",
            Self::MachineMappingBroken => "machine_mapping_broken",
            Self::MachineOutage => "machine_outage",
            Self::StartInPast => "start_in_past",
            Self::HoursClosed => "hours_closed",
            Self::HoursClosure => "hours_closure",
            Self::GridOff => "grid_off",
            Self::DurationNotOffered => "duration_not_offered",
            Self::DurationTooShort => "duration_too_short",
            Self::DurationTooLong => "duration_too_long",
            Self::DurationOffStep => "duration_off_step",
            Self::NoticeCreate => "notice_create",
            Self::NoticeChange => "notice_change",
            Self::NoticeCancel => "notice_cancel",
            Self::HorizonExceeded => "horizon_exceeded",
            Self::QuotaOpenReservations => "quota_open_reservations",
            Self::QuotaExceeded => "quota_exceeded",
            Self::StrikesLimit => "strikes_limit",
            Self::ReservationGapShort => "reservation_gap_short",
            Self::ReservationChained => "reservation_chained",
            Self::ReservationMissing => "reservation_missing",
            Self::ReservationUncovered => "reservation_uncovered",
            Self::ReservationNeeded => "reservation_needed",
            Self::ReservationParallel => "reservation_parallel",
            Self::PresenceMissing => "presence_missing",
            Self::ApprovalNeeded => "approval_needed",
        }
    }

    /// One English sentence.
    pub fn title(self) -> &'static str {
        match self {
            Self::AccountBanned => "The account is banned.",
            Self::AccountSuspended => "The account is suspended.",
            Self::MembershipMissing => "The person has no membership.",
            Self::MembershipExpired => "The membership ends before the time asked for does.",
            Self::DocumentMissing => "A document is not accepted in the version that is wanted.",
            Self::TrainingIncomplete => "A required training is not completed.",
            Self::TrainingExpired => {
                "A required training lapses before the end of the time asked for."
            }
            Self::CheckoutMissing => "No manager has checked the person out.",
            Self::CheckoutLevel => "The checkout does not go far enough.",
            Self::CheckoutExpired => "The checkout lapses before the end of the time asked for.",
            Self::FirstTimeOnly => "Only somebody who is new to it may have it.",
            Self::MachineInactive => "The machine takes no reservations.",
            Self::MachineMappingBroken => {
                "The machine is closed until its event types at Cal.com are set right."
            }
            Self::MachineOutage => "The machine is out of order at that time.",
            Self::StartInPast => "The start lies in the past.",
            Self::HoursClosed => "The time leaves the opening hours.",
            Self::HoursClosure => "The machine is closed at that time.",
            Self::GridOff => "The start is not on the grid.",
            Self::DurationNotOffered => "The length is not offered.",
            Self::DurationTooShort => "The time is shorter than the shortest reservation.",
            Self::DurationTooLong => "The time is longer than the longest reservation.",
            Self::DurationOffStep => "The length is not a multiple of the step.",
            Self::NoticeCreate => "It is too late to reserve this time.",
            Self::NoticeChange => "It is too late to move to this time.",
            Self::NoticeCancel => "It is too late to cancel.",
            Self::HorizonExceeded => "The start is too far ahead.",
            Self::QuotaOpenReservations => "The person has as many open reservations as allowed.",
            Self::QuotaExceeded => {
                "The person would have more than is allowed in a stretch of time."
            }
            Self::StrikesLimit => {
                "Missed or late-cancelled reservations limit what the person may have."
            }
            Self::ReservationGapShort => {
                "The time is too close to another reservation of the person."
            }
            Self::ReservationChained => "The time touches another reservation of the person.",
            Self::ReservationMissing => "The person has no reservation for now.",
            Self::ReservationUncovered => {
                "The person has not reserved what it is used in for that time."
            }
            Self::ReservationNeeded => "Another reservation of the person needs this one.",
            Self::ReservationParallel => "The person has another reservation at that time.",
            Self::PresenceMissing => "Too few people are present to begin.",
            Self::ApprovalNeeded => "A manager or the host must say yes; asking holds the time.",
        }
    }

    /// How a refusal for it is answered (PRODUCT 8).
    pub fn class(self) -> ReasonClass {
        match self {
            Self::AccountBanned
            | Self::AccountSuspended
            | Self::MembershipMissing
            | Self::MembershipExpired
            | Self::DocumentMissing
            | Self::TrainingIncomplete
            | Self::TrainingExpired
            | Self::CheckoutMissing
            | Self::CheckoutLevel
            | Self::CheckoutExpired
            | Self::FirstTimeOnly => ReasonClass::Person,
            Self::MachineInactive
            | Self::MachineMappingBroken
            | Self::MachineOutage
            | Self::StartInPast
            | Self::HoursClosed
            | Self::HoursClosure
            | Self::GridOff
            | Self::DurationNotOffered
            | Self::DurationTooShort
            | Self::DurationTooLong
            | Self::DurationOffStep
            | Self::NoticeCreate
            | Self::NoticeChange
            | Self::NoticeCancel
            | Self::HorizonExceeded
            | Self::QuotaOpenReservations
            | Self::QuotaExceeded
            | Self::StrikesLimit
            | Self::ReservationGapShort
            | Self::ReservationChained
            | Self::ReservationMissing
            | Self::ReservationUncovered
            | Self::ReservationNeeded
            | Self::PresenceMissing
            | Self::ApprovalNeeded => ReasonClass::Request,
            Self::ReservationParallel => ReasonClass::Time,
        }
    }

    /// Who may exempt a person from it: nobody from identity and standing, from the state of the
    /// machine, from safety or from double booking (FEATURES 5.3 rule 7).
    pub fn overridable_by(self) -> &'static [Role] {
        match self {
            Self::MembershipMissing
            | Self::MembershipExpired
            | Self::TrainingIncomplete
            | Self::TrainingExpired
            | Self::CheckoutMissing
            | Self::CheckoutLevel
            | Self::CheckoutExpired
            | Self::FirstTimeOnly
            | Self::HoursClosed
            | Self::HoursClosure
            | Self::DurationTooShort
            | Self::DurationTooLong
            | Self::NoticeCreate
            | Self::NoticeChange
            | Self::NoticeCancel
            | Self::HorizonExceeded
            | Self::QuotaOpenReservations
            | Self::QuotaExceeded
            | Self::StrikesLimit
            | Self::ReservationGapShort
            | Self::ReservationChained
            | Self::ReservationUncovered
            | Self::ReservationNeeded
            | Self::ApprovalNeeded => &[Role::Manager, Role::Admin],
            Self::AccountBanned
            | Self::AccountSuspended
            | Self::DocumentMissing
            | Self::MachineInactive
            | Self::MachineMappingBroken
            | Self::MachineOutage
            | Self::StartInPast
            | Self::GridOff
            | Self::DurationNotOffered
            | Self::DurationOffStep
            | Self::ReservationMissing
            | Self::ReservationParallel
            | Self::PresenceMissing => &[],
        }
    }

    /// Reasons of which it is the milder form: who is exempt from one of them is exempt from it, so
    /// that a proof that does not suffice never makes anything worse.
    pub(crate) fn milder_than(self) -> &'static [Self] {
        MILDER.iter().find(|(code, _)| *code == self).map_or(&[], |(_, graver)| graver)
    }

    /// Names of the values that its sentence needs; every reason of the code has them.
    pub fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::AccountBanned
            | Self::AccountSuspended
            | Self::MembershipMissing
            | Self::MembershipExpired
            | Self::TrainingExpired
            | Self::CheckoutMissing
            | Self::CheckoutExpired
            | Self::MachineInactive
            | Self::MachineMappingBroken
            | Self::MachineOutage
            | Self::StartInPast
            | Self::HoursClosed
            | Self::HoursClosure
            | Self::ReservationChained
            | Self::ReservationMissing
            | Self::ReservationUncovered
            | Self::ReservationNeeded
            | Self::ReservationParallel => &[],
            Self::DocumentMissing => &["document", "version"],
            Self::TrainingIncomplete => &["minimumPercent"],
            Self::CheckoutLevel => &["minimumLevel"],
            Self::FirstTimeOnly => &["newTo"],
            Self::GridOff => &["gridMinutes"],
            Self::DurationNotOffered => &["offeredMinutes"],
            Self::DurationTooShort => &["minimumMinutes"],
            Self::DurationTooLong => &["maximumMinutes"],
            Self::DurationOffStep => &["stepMinutes"],
            Self::NoticeCreate | Self::NoticeChange | Self::NoticeCancel => &["noticeMinutes"],
            Self::HorizonExceeded => &["horizonDays"],
            Self::QuotaOpenReservations => &["openCount", "cap"],
            Self::QuotaExceeded => &["used", "limit", "measure", "period"],
            Self::StrikesLimit => &["points", "limit"],
            Self::ReservationGapShort => &["gapMinutes"],
            Self::PresenceMissing => &["minimumPresent"],
            Self::ApprovalNeeded => &["holdHours"],
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
