//! What becomes of one reservation; pure, so that every row is a test.

use interlock_policy::{LossOutcome, LossRule, ReasonClass, ReasonCode, Severity, Verdict};
use jiff::{SignedDuration, Timestamp};

use crate::model::{Flag, FlagCode, Origin, Reservation};

/// Why it is judged again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trigger {
    /// The person lost or regained something.
    Person,
    /// The rules of the resource changed.
    Rules,
    /// Both, and neither was gone through yet: which of them a loss is due to cannot be told.
    Both,
    /// The resource can be used no longer, or again.
    Use,
    /// The term of a mark ran out.
    Term,
}

impl Trigger {
    /// What is declared for a loss found on this occasion; `None` for one that is due to another
    /// occasion, whose work is still to be done or has let it pass, so that the order in which
    /// they are worked off decides nothing.
    fn declared(self, code: ReasonCode, declared: LossRule) -> Option<LossOutcome> {
        if code.class() != ReasonClass::Person {
            return Some(declared.resource);
        }
        match self {
            Self::Person => Some(declared.person),
            Self::Rules => Some(declared.resource),
            Self::Both => Some(declared.person.stricter(declared.resource)),
            Self::Use | Self::Term => None,
        }
    }
}

/// What becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It stands with these marks.
    Stands(Vec<Flag>),
    /// It is cancelled.
    Ends,
}

/// Decides by the verdict and what the policy declares.
///
/// A ban always ends it. A loss that is marked already is not a new one, so that a rule change
/// that was let pass does not end it later on another occasion; and what the resource lacks is
/// never the person's loss, on whatever occasion it is found. What was made inside Cal.com was
/// not let in by the gate and is at most marked (PRODUCT D15).
pub(crate) fn fate(
    reservation: &Reservation,
    verdict: &Verdict,
    (trigger, declared): (Trigger, LossRule),
    now: Timestamp,
) -> Fate {
    let missing = missing(verdict);
    let mut flags = reservation.flags.clone();
    flags.retain(|flag| flag.reason().is_none_or(|code| missing.contains(&code)));
    let external = reservation.origin == Origin::External;
    let banned = missing.contains(&ReasonCode::AccountBanned);
    let over = flags.iter().any(|flag| flag.is_over(now));
    if !external && (banned || over) {
        return Fate::Ends;
    }
    for (code, outcome) in new(reservation, &missing, (trigger, declared)) {
        let until = match outcome {
            LossOutcome::Keep => continue,
            LossOutcome::Cancel => return Fate::Ends,
            LossOutcome::Flag => None,
            LossOutcome::RenewBy { days } => Some(term(reservation, days, now)),
        };
        flags.push(Flag { code: FlagCode::Reason(code), since: now, until });
    }
    Fate::Stands(flags)
}

/// Whether a loss that its holder is refused for takes it from him, by what the policy declares.
pub(crate) fn takes_it(
    reservation: &Reservation,
    verdict: &Verdict,
    declared: LossRule,
    now: Timestamp,
) -> bool {
    match fate(reservation, verdict, (Trigger::Person, declared), now) {
        Fate::Ends => true,
        Fate::Stands(_) => false,
    }
}

/// So many days from now, and a moment before the start at the latest: what has begun is not ended.
fn term(reservation: &Reservation, days: u32, now: Timestamp) -> Timestamp {
    let days = SignedDuration::from_hours(i64::from(days).saturating_mul(24));
    let latest = reservation.interval.start().saturating_sub(SignedDuration::from_hours(1));
    let until = now.saturating_add(days).unwrap_or(Timestamp::MAX);
    until.min(latest.unwrap_or(Timestamp::MIN)).max(now)
}

/// What is missing, is not marked yet and is judged on this occasion, each with its outcome.
pub(super) fn new(
    reservation: &Reservation,
    missing: &[ReasonCode],
    (trigger, declared): (Trigger, LossRule),
) -> Vec<(ReasonCode, LossOutcome)> {
    let external = reservation.origin == Origin::External;
    let marked =
        |code: ReasonCode| reservation.flags.iter().any(|flag| flag.reason() == Some(code));
    let outcome = |code: ReasonCode| {
        let declared = trigger.declared(code, declared);
        let outcome = if external { Some(LossOutcome::Flag) } else { declared };
        outcome.map(|outcome| (code, outcome))
    };
    let codes = missing.iter().copied().filter(|code| !marked(*code));
    codes.filter_map(outcome).collect()
}

/// Codes that block, each once.
pub(super) fn missing(verdict: &Verdict) -> Vec<ReasonCode> {
    let blocking = verdict.reasons.iter().filter(|reason| reason.severity == Severity::Block);
    let mut codes: Vec<ReasonCode> = blocking.map(|reason| reason.code).collect();
    codes.dedup();
    codes
}
