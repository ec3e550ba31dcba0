//! Seeded defects: each sabotages a port or takes the place of a use case, and only in here.
//!
//! A harness that no longer catches one of them fails the build (RELIABILITY 5.2).

pub(crate) mod blind;
pub(crate) mod calendar;
pub(crate) mod letters;
mod raw;
pub(crate) mod table;

use interlock_app::Timing;
use jiff::SignedDuration;

use crate::faults::Fault;
use crate::plan::{Plan, Race};

macro_rules! defects {
    ($($name:ident $word:literal,)*) => {
        /// A seeded defect.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Defect {
            $(#[doc = concat!("`", $word, "`")] $name,)*
        }

        impl Defect {
            /// The whole bank, those of RELIABILITY 5.2 first.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name on the command line.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

defects! {
    SlotUnconditioned "slot_checked_then_written",
    AccountUnchecked "ban_checked_outside_the_transaction",
    PayloadTrusted "webhook_payload_applied_blindly",
    ConfirmUnchecked "no_eligibility_check_at_confirm",
    TimeoutIsFailure "timeout_treated_as_failure",
    VersionUnconditioned "sync_without_version_condition",
    NoOrphanRule "no_orphan_rule",
    SaysOkOnConflict "created_although_the_version_race_was_lost",
    MoveUnchecked "moving_confirmed_without_eligibility_check",
    CompensationUnfollowed "compensation_without_follow_up",
    NoQuietNoOrphanRule "no_quiet_period_and_no_orphan_rule",
    StandingUnchecked "proofs_checked_outside_the_transaction",
    ResourceUnchecked "machine_checked_outside_the_transaction",
    HoldUnfollowed "hold_without_follow_up",
    RequestForgotten "request_not_recorded",
    OpenListUnconditioned "open_list_without_version_condition",
    HistoryMissing "history_row_missing",
    AuditMissing "audit_row_missing",
    ReleasedEarly "time_given_back_while_cancelling",
    NeverReleased "time_never_given_back",
    TargetNotHeld "new_time_not_held_while_moving",
    MoveTimeoutIsFailure "timeout_of_a_move_treated_as_failure",
    CancelSwallowed "cancel_never_sent",
    CancelledUnasked "cancelled_without_asking_calcom",
    MarkDropped "booking_made_without_our_mark",
    WindowUnsearched "window_look_up_finds_nothing",
    ReadsFromBefore "calcom_read_from_before",
    FirstRowOnly "only_the_first_page_is_read",
    AbsenceIsEnd "absence_treated_as_an_end",
    AcksBeforeApplying "message_acknowledged_before_applied",
    ForgeryTaken "signature_not_checked",
    NeverSweeps "never_sweeps",
    SweepSkipsCancelling "sweep_skips_cancelling",
    CascadeForgotten "loss_without_its_cascade",
    CascadeSkipsOne "cascade_skips_one",
    WordUnchecked "approval_ignores_a_ban",
    LossEndsAll "every_loss_taken_for_a_cancel",
    LaneIgnored "reconciliation_calls_as_a_person",
    BucketRefilledTwice "bucket_refilled_twice",
    LossMarkedByMachine "lost_checkout_marked_by_the_machines_cascade",
    EndUntold "end_without_its_letter",
    ToldApart "letters_written_apart_from_their_change",
    SentUnlooked "letters_sent_without_another_look",
    NotedBefore "letter_noted_as_sent_before_it_is",
}

impl Defect {
    /// The defect of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.name() == name)
    }

    /// A plan in which what reveals it happens often.
    pub(crate) fn biased(self, plan: Plan) -> Plan {
        let plan = self.revealed_by().iter().fold(plan, |plan, fault| plan.with(*fault));
        match self.races() {
            Some(race) => plan.racing(race),
            None => plan,
        }
    }

    /// What must come within milliseconds of a request to reveal it.
    fn races(self) -> Option<Race> {
        let bans = [
            Self::AccountUnchecked,
            Self::ConfirmUnchecked,
            Self::MoveUnchecked,
            Self::CascadeForgotten,
        ];
        if bans.contains(&self) {
            Some(Race::Ban)
        } else if [Self::StandingUnchecked, Self::LossEndsAll].contains(&self) {
            Some(Race::Checkout)
        } else if self.is_of_the_budget() {
            Some(Race::Calls)
        } else if self == Self::LossMarkedByMachine {
            Some(Race::Losses)
        } else if [Self::ResourceUnchecked, Self::CascadeSkipsOne].contains(&self) {
            Some(Race::Machine)
        } else if self == Self::VersionUnconditioned {
            Some(Race::Cancel)
        } else if self == Self::WordUnchecked {
            Some(Race::Word)
        } else {
            None
        }
    }

    /// Whether it is about what people are told.
    pub(crate) fn is_of_letters(self) -> bool {
        [Self::EndUntold, Self::ToldApart, Self::SentUnlooked, Self::NotedBefore].contains(&self)
    }

    fn is_of_the_budget(self) -> bool {
        [Self::LaneIgnored, Self::BucketRefilledTwice].contains(&self)
    }

    fn revealed_by(self) -> &'static [Fault] {
        match self {
            Self::TimeoutIsFailure
            | Self::MoveTimeoutIsFailure
            | Self::WindowUnsearched
            | Self::CompensationUnfollowed => {
                &[Fault::LostAfter, Fault::TroubleAfter, Fault::HookLost]
            }
            Self::NoOrphanRule | Self::NoQuietNoOrphanRule => {
                &[Fault::LateCommit, Fault::Hang, Fault::ClockSkew, Fault::HookLost]
            }
            Self::PayloadTrusted => &[Fault::HookReordered, Fault::HookDoubled],
            Self::AbsenceIsEnd => &[Fault::PageShift],
            Self::FirstRowOnly => &[Fault::HookLost, Fault::LateCommit],
            Self::AcksBeforeApplying => &[Fault::Crash, Fault::Throttled, Fault::TableConflict],
            Self::ForgeryTaken => &[Fault::HookForged],
            Self::SaysOkOnConflict => &[Fault::TableConflict, Fault::Doubled],
            Self::NeverSweeps | Self::SweepSkipsCancelling => {
                &[Fault::Crash, Fault::Refused, Fault::Error500, Fault::NudgeLost]
            }
            Self::LaneIgnored | Self::BucketRefilledTwice => &[Fault::BudgetScarce],
            Self::NotedBefore => &[Fault::MailRefused, Fault::Crash],
            Self::SlotUnconditioned
            | Self::AccountUnchecked
            | Self::ConfirmUnchecked
            | Self::VersionUnconditioned
            | Self::MoveUnchecked
            | Self::StandingUnchecked
            | Self::ResourceUnchecked
            | Self::HoldUnfollowed
            | Self::RequestForgotten
            | Self::OpenListUnconditioned
            | Self::HistoryMissing
            | Self::AuditMissing
            | Self::ReleasedEarly
            | Self::NeverReleased
            | Self::TargetNotHeld
            | Self::CancelSwallowed
            | Self::CancelledUnasked
            | Self::MarkDropped
            | Self::CascadeForgotten
            | Self::CascadeSkipsOne
            | Self::WordUnchecked
            | Self::LossEndsAll
            | Self::LossMarkedByMachine
            | Self::EndUntold
            | Self::ToldApart
            | Self::SentUnlooked
            | Self::ReadsFromBefore => &[Fault::RaceWindow, Fault::LostAfter, Fault::HookDoubled],
        }
    }
}

/// The times of the protocol, unless the defect takes them away.
pub(crate) fn timing(defect: Option<Defect>) -> Timing {
    let usual = Timing::default();
    if defect == Some(Defect::NoQuietNoOrphanRule) {
        Timing { lease: SignedDuration::ZERO, quiet: SignedDuration::ZERO, ..usual }
    } else {
        usual
    }
}
