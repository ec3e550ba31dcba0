//! Slots out of free starts: less what is held, with the gate's word on each.

use interlock_policy::{
    CalAccountId, Facts, Gate, Interval, Policy, Purpose, Reason, ReasonClass, ReasonCode, Request,
    Severity, ledger,
};
use jiff::Timestamp;
use serde::Serialize;

use crate::model::{EventTypeEntry, LedgerDay};
use crate::reserve::with_buffers;
use crate::{AppError, Snapshot};

/// A slot.
#[derive(Debug, Clone, Serialize)]
pub struct Slot {
    /// Start, UTC.
    pub start: Timestamp,
    /// End, UTC, excluded.
    pub end: Timestamp,
    /// Whether this member may book it now.
    pub bookable: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// The ledger days around a range, as they were read.
pub(super) fn ledger(
    snapshot: &Snapshot,
    account: &CalAccountId,
    range: &Interval,
) -> Result<Vec<LedgerDay>, AppError> {
    let mut days = Vec::new();
    for date in ledger::days_of(range) {
        let key = LedgerDay::key_of(account, date);
        days.extend(snapshot.get::<LedgerDay>(&key)?.map(|stored| stored.value));
    }
    Ok(days)
}

/// What slots are judged by.
pub(super) struct Judge<'a> {
    pub(super) facts: Facts<'a>,
    pub(super) policy: &'a Policy,
    pub(super) entry: &'a EventTypeEntry,
}

impl Judge<'_> {
    /// The slots among the free starts that lie in the range.
    pub(super) fn slots(
        &self,
        starts: &[Timestamp],
        ledger: &[LedgerDay],
        range: &Interval,
    ) -> Vec<Slot> {
        let ahead = |start: &Timestamp| range.contains(*start) && *start > self.facts.now;
        let mut starts: Vec<Timestamp> = starts.iter().copied().filter(ahead).collect();
        starts.sort_unstable();
        starts.dedup();
        let mut gate = self.gate(&starts);
        starts.into_iter().filter_map(|start| self.slot(&mut gate, start, ledger)).collect()
    }

    /// One for all slots, which asks for the proofs over all of their time at once.
    fn gate(&self, starts: &[Timestamp]) -> Gate<'_> {
        let gate = Gate::new(&self.facts, self.policy);
        let last =
            starts.last().and_then(|last| Interval::lasting(*last, self.entry.length()).ok());
        let whole = starts.first().zip(last);
        match whole.and_then(|(first, last)| Interval::new(*first, last.end()).ok()) {
            Some(whole) => gate.over(whole, Some(self.entry.id)),
            None => gate,
        }
    }

    fn slot(&self, gate: &mut Gate<'_>, start: Timestamp, ledger: &[LedgerDay]) -> Option<Slot> {
        let interval = Interval::lasting(start, self.entry.length()).ok()?;
        let held = with_buffers(self.entry, interval);
        if ledger.iter().any(|day| day.day.conflicts(&held, None).is_some()) {
            return None;
        }
        let asked = Request { interval: Some(interval), event_type_id: Some(self.entry.id) };
        let verdict = gate.judge(&asked, &Purpose::Create);
        if verdict.reasons.iter().any(hides) {
            return None;
        }
        let bookable = !verdict.refuses();
        Some(Slot { start, end: interval.end(), bookable, reasons: verdict.reasons })
    }
}

/// A slot that nobody could book is none; only what this member lacks or holds is told
/// (PRODUCT 8).
fn hides(reason: &Reason) -> bool {
    reason.severity == Severity::Block
        && reason.code.class() == ReasonClass::Request
        && !is_of_the_member(reason.code)
}

/// Whether another person might have the time for all that this reason says.
fn is_of_the_member(code: ReasonCode) -> bool {
    [
        ReasonCode::QuotaOpenReservations,
        ReasonCode::QuotaExceeded,
        ReasonCode::StrikesLimit,
        ReasonCode::ReservationGapShort,
        ReasonCode::ReservationChained,
    ]
    .contains(&code)
}
