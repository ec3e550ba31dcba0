//! What may go wrong, and how often: each seed switches kinds on and off and sets their rates.

use crate::dice::Dice;

macro_rules! faults {
    ($($name:ident $word:literal $rate:literal,)*) => {
        /// A kind of fault, or of an edit by somebody else.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault {
            $(#[doc = concat!("`", $word, "`")] $name,)*
        }

        /// Every kind with its word and its usual rate in 10,000 chances; 0 for what a plan draws.
        pub const FAULTS: &[(Fault, &str, u16)] = &[$((Fault::$name, $word, $rate),)*];
    };
}

faults! {
    Crash "crash_between_port_calls" 150,
    ClientRetry "client_repeats_its_key" 5000,
    Doubled "request_doubled" 1000,
    FunctionTimeout "function_runs_out_of_time" 50,
    Throttled "table_throttled" 150,
    CommitLost "table_answer_lost_after_commit" 250,
    TableConflict "table_conflict" 300,
    StaleIndex "table_index_stale" 2000,
    Refused "calcom_refuses_connection" 250,
    Outage "calcom_down_for_minutes" 0,
    LostBefore "calcom_call_lost" 250,
    LostAfter "calcom_answer_lost" 400,
    LateCommit "calcom_late_commit" 400,
    Hang "calcom_hangs" 150,
    Error500 "calcom_500_enveloped" 250,
    Error500Plain "calcom_500_plain" 250,
    Html502 "calcom_502_html" 250,
    TroubleAfter "calcom_error_after_commit" 250,
    Block429 "calcom_429_block" 80,
    KeySpell "calcom_401_spell" 0,
    RaceWindow "calcom_race_window" 1500,
    CancelFails "calcom_cancel_fails_after_webhook" 1500,
    StaleRead "calcom_read_before_cancel_commits" 2500,
    PageShift "calcom_page_shifted" 1500,
    DuplicateRows "calcom_rows_repeated" 1500,
    HookLost "webhook_lost" 2500,
    HookDoubled "webhook_doubled" 2000,
    HookReordered "webhook_reordered" 2500,
    HookLate "webhook_late" 1000,
    HookForged "webhook_forged" 1000,
    QueueRefuses "queue_refuses" 600,
    QueueDuplicate "queue_duplicates" 1500,
    QueueDelay "queue_delays" 1500,
    DeadLetter "queue_dead_letter" 0,
    NudgeLost "nudge_lost" 5000,
    MailRefused "mail_refused" 3000,
    MailAnswerLost "mail_answer_lost" 3000,
    ClockSkew "clock_skew" 4000,
    AdminCreatesFree "admin_books_free_time" 0,
    AdminCreatesTaken "admin_books_taken_time" 0,
    AdminCancels "admin_cancels" 0,
    AdminMovesFree "admin_moves_to_free_time" 0,
    AdminMovesTaken "admin_moves_to_taken_time" 0,
    TypeEdited "event_type_edited" 0,
    TypeDeleted "event_type_deleted" 0,
    Banned "banned" 0,
    Unbanned "unbanned" 0,
    CheckoutLost "checkout_lost" 0,
    CheckoutGranted "checkout_granted" 0,
    Deactivated "machine_deactivated" 0,
    Activated "machine_activated" 0,
    Approved "approved" 0,
    Declined "declined" 0,
    BudgetScarce "calcom_budget_scarce" 2000,
}

impl Fault {
    /// Its place in [`FAULTS`].
    pub(crate) fn place(self) -> usize {
        self as usize
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        FAULTS.get(self.place()).map_or("", |(_, word, _)| word)
    }
}

/// Rates in 10,000 of one seed.
#[derive(Debug, Clone)]
pub(crate) struct Mix(Vec<u16>);

impl Mix {
    /// Draws which kinds are on and how hard; rare mixes appear because each is drawn by itself.
    pub(crate) fn drawn(dice: &mut Dice) -> Self {
        let wildness = [20, 45, 70].get(usize::try_from(dice.roll(3)).unwrap_or(0)).copied();
        let wildness = wildness.unwrap_or(45);
        let rate = |usual: u16| {
            if !dice.happens(wildness) {
                return 0;
            }
            match dice.roll(4) {
                0 => usual / 2,
                1 | 2 => usual,
                _ => usual.saturating_mul(3).min(9000),
            }
        };
        Self(FAULTS.iter().map(|(_, _, usual)| *usual).map(rate).collect())
    }

    pub(crate) fn rate(&self, fault: Fault) -> u16 {
        self.0.get(fault.place()).copied().unwrap_or(0)
    }

    /// With one kind at least at its usual rate.
    pub(crate) fn with(mut self, fault: Fault) -> Self {
        let usual = FAULTS.get(fault.place()).map_or(0, |(_, _, usual)| *usual);
        if let Some(rate) = self.0.get_mut(fault.place()) {
            *rate = (*rate).max(usual);
        }
        self
    }
}
