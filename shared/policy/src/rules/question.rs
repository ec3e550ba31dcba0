//! What every rule is given.

use std::cell::OnceCell;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};

use super::proof;
use crate::civil::{DAY, counted, date_after, date_of, nanos_of_day, next_day};
use crate::wall::Wall;
use crate::{
    ByWho, ExemptionFact, Facts, Interval, Level, OpenReservation, Overlay, Policy, Purpose,
    ReasonCode, Request, Requirement, ReservationId, Rules, Who,
};

/// Facts, policy and request, with what is looked up once for all rules.
pub(crate) struct Question<'a> {
    pub(crate) facts: &'a Facts<'a>,
    pub(crate) policy: &'a Policy,
    pub(crate) request: &'a Request,
    pub(crate) purpose: &'a Purpose,
    pub(crate) overlay: Option<&'a Overlay>,
    /// The person's level, once something has asked for it.
    level: OnceCell<Level>,
    time: Option<Asked<'a>>,
    /// Whether it is known already that no proof is missing.
    pub(crate) proven: bool,
}

/// The time asked about, as clock and calendar of the resource have it.
pub(crate) struct Asked<'a> {
    pub(crate) interval: Interval,
    pub(crate) length: SignedDuration,
    pub(crate) wall: Wall<'a>,
    /// The first day on which an instant of it lies, and the day after the last one.
    pub(crate) days: (Date, Date),
    /// What the clock shows at its start.
    pub(crate) shown: DateTime,
    /// Both its ends as nanoseconds after the midnight before it, where it is no longer than a day
    /// and no change of clocks is near.
    pub(crate) clock: Option<(i64, i64)>,
}

impl<'a> Asked<'a> {
    /// Looks up its days; the clock must be the one around it.
    pub(crate) fn new(interval: Interval, wall: Wall<'a>) -> Self {
        let length = interval.length();
        let shown = wall.shown(interval.start());
        let short = i64::try_from(length.as_nanos()).ok().filter(|length| *length <= DAY);
        let clock = short.filter(|_| wall.is_clear(interval.start())).map(|length| {
            let from = nanos_of_day(shown.time());
            (from, from.saturating_add(length))
        });
        let days = match clock {
            Some((_, to)) => {
                let next = next_day(shown.date());
                (shown.date(), if to <= DAY { next } else { next_day(next) })
            }
            None => (date_of(&wall, interval.start()), date_after(&wall, &interval)),
        };
        Self { interval, length, wall, days, shown, clock }
    }
}

/// The interval asked for, or this moment for a use that names none.
pub(crate) fn time_asked(now: Timestamp, request: &Request, purpose: &Purpose) -> Option<Interval> {
    let moment = match purpose {
        Purpose::Use => Interval::lasting(now, SignedDuration::from_nanos(1)).ok(),
        Purpose::View
        | Purpose::Create
        | Purpose::Change(_)
        | Purpose::Cancel(_)
        | Purpose::Keep => None,
    };
    request.interval.or(moment)
}

impl<'a> Question<'a> {
    /// Looks up the overlay of the event type asked for.
    pub(crate) fn new(
        facts: &'a Facts<'a>,
        policy: &'a Policy,
        request: &'a Request,
        purpose: &'a Purpose,
        time: Option<Asked<'a>>,
    ) -> Self {
        let overlay = request.event_type_id.and_then(|id| policy.overlay(id));
        let level = OnceCell::new();
        Self { facts, policy, request, purpose, overlay, level, time, proven: false }
    }

    /// For whom a value is looked up; nobody in particular where it is the same for all.
    pub(crate) fn who<T>(&self, value: &ByWho<T>) -> Who<'a> {
        if value.is_plain() {
            return Who { groups: &[], level: Level::NONE };
        }
        self.person()
    }

    /// Groups and level of the person.
    pub(crate) fn person(&self) -> Who<'a> {
        let level = *self.level.get_or_init(|| proof::level(self.facts, self.request));
        Who { groups: self.facts.member.groups.as_slice(), level }
    }

    /// The time asked about on the calendar of the resource, if any is.
    pub(crate) fn time(&self) -> Option<&Asked<'a>> {
        self.time.as_ref()
    }

    /// The rules of the policy and of the overlay; both apply, so that the stricter wins.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &'a Rules> {
        std::iter::once(&self.policy.rules).chain(self.overlay.map(|overlay| &overlay.rules))
    }

    /// Those of the rules that are not relaxed because all of the interval lies in quiet time.
    pub(crate) fn peak_rules(&self) -> impl Iterator<Item = &'a Rules> {
        let always = |rules: &Rules| rules.off_peak.is_none() && self.time.is_some();
        self.rules()
            .filter(move |rules| always(rules) || self.peak_length(rules) > SignedDuration::ZERO)
    }

    /// How much of the interval lies outside the quiet time of these rules.
    pub(crate) fn peak_length(&self, rules: &Rules) -> SignedDuration {
        match (self.time(), &rules.off_peak) {
            (None, _) => SignedDuration::ZERO,
            (Some(time), None) => time.length,
            (Some(time), quiet) => counted(&time.wall, &time.interval, None, quiet.as_ref()),
        }
    }

    /// The requirements of the policy and of the overlay, with where they stand.
    pub(crate) fn requirements(&self) -> impl Iterator<Item = (&'static str, &'a [Requirement])> {
        let overlay = self.overlay.map(|overlay| ("/overlay", overlay.requirements.as_slice()));
        std::iter::once(("", self.policy.requirements.as_slice())).chain(overlay)
    }

    /// The strictest limit from above that concerns the person; `None` where there is none.
    pub(crate) fn least_limit(
        &self,
        limit: impl Fn(&'a Rules) -> &'a ByWho<Option<u32>>,
    ) -> Option<u32> {
        let limits = self.rules().map(limit);
        limits.filter_map(|limit| limit.least_limit(self.who(limit))).min()
    }

    /// The strictest limit from below that concerns the person.
    pub(crate) fn greatest(&self, limit: impl Fn(&'a Rules) -> &'a ByWho<u32>) -> u32 {
        let limits = self.rules().map(limit);
        limits.map(|limit| limit.greatest(self.who(limit))).max().unwrap_or(0)
    }

    /// The time asked about, if any is.
    pub(crate) fn interval(&self) -> Option<&Interval> {
        self.time.as_ref().map(|time| &time.interval)
    }

    /// The reservation that is changed or cancelled.
    pub(crate) fn changing(&self) -> Option<&'a ReservationId> {
        match self.purpose {
            Purpose::Change(id) | Purpose::Cancel(id) => Some(id),
            Purpose::View | Purpose::Create | Purpose::Use | Purpose::Keep => None,
        }
    }

    /// Reservations that hold time and are not the one being changed.
    pub(crate) fn others(&self) -> impl Iterator<Item = &'a OpenReservation> + use<'a> {
        let changing = self.changing();
        let open = self.facts.member.open_reservations.iter();
        open.filter(move |held| Some(&held.reservation_id) != changing)
    }

    /// Whether a proof gained at `at` holds from the first instant asked about. Asked about now,
    /// a proof that is on record is held, even if the writer's clock ran ahead of ours.
    pub(crate) fn begins_in_time(&self, at: Timestamp) -> bool {
        begins_in_time(self.request, at)
    }

    /// Whether a proof that lapses at `expires_at` holds to the last instant asked about; the
    /// instant of expiry is invalid already, and so is the end of the interval no longer asked
    /// about (FEATURES 5.3 rules 2 and 4).
    pub(crate) fn outlasts(&self, expires_at: Option<Timestamp>) -> bool {
        outlasts(self.request, self.facts.now, expires_at)
    }

    /// The exemption from a reason, if the person has one for all of the time asked about; of
    /// several always the same, whatever their order.
    pub(crate) fn waiver(&self, code: ReasonCode) -> Option<&'a ExemptionFact> {
        if code.overridable_by().is_empty() {
            return None;
        }
        let covers = |fact: &&ExemptionFact| match &self.request.interval {
            Some(interval) => fact.valid.covers(interval),
            None => fact.valid.contains(self.facts.now),
        };
        let exemptions = self.facts.member.exemptions.iter();
        let from_it = |fact: &&ExemptionFact| {
            fact.codes.contains(&code) || code.milder_than().iter().any(|c| fact.codes.contains(c))
        };
        exemptions.filter(from_it).filter(covers).min_by_key(|fact| (&fact.id, fact.valid))
    }
}

pub(super) fn begins_in_time(request: &Request, at: Timestamp) -> bool {
    request.interval.as_ref().is_none_or(|interval| at <= interval.start())
}

pub(super) fn outlasts(request: &Request, now: Timestamp, expires_at: Option<Timestamp>) -> bool {
    match (expires_at, &request.interval) {
        (None, _) => true,
        (Some(expiry), Some(interval)) => expiry >= interval.end(),
        (Some(expiry), None) => expiry > now,
    }
}
