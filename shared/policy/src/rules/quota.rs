//! Quotas: so many reservations or minutes in a stretch of the resource's calendar.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::uses::{Use, uses};
use super::{Asked, Question};
use crate::civil::{counted, date_of, day_start, later_date, next_day, period_of, stretch};
use crate::{
    Evidence, Interval, OffPeak, Quota, QuotaMeasure, QuotaPeriod, QuotaScope, Reason, ReasonCode,
};

/// Nanoseconds of a minute.
const MINUTE: i128 = 60_000_000_000;

/// One reason for each quota that the interval would exceed in some stretch it lies in.
pub(crate) fn quotas(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(time) = question.time() else { return };
    for rules in question.peak_rules() {
        for quota in &rules.quotas {
            let tally = Tally { question, time, quota, quiet: rules.off_peak.as_ref() };
            if let Some(over) = tally.first_exceeded() {
                tally.explain(&over, reasons);
            }
        }
    }
}

/// A stretch in which it would be too much.
struct Over {
    days: (Date, Date),
    limit: u32,
    /// What the person has there already, in the measure's own unit.
    used: i128,
}

/// One quota and what is counted against it. Looks at borders only, and allocates nothing.
struct Tally<'a> {
    question: &'a Question<'a>,
    time: &'a Asked<'a>,
    quota: &'a Quota,
    quiet: Option<&'a OffPeak>,
}

impl Tally<'_> {
    fn first_exceeded(&self) -> Option<Over> {
        if self.never_exceeded() {
            return None;
        }
        let (first, after) = self.time.days;
        let mut date = self.earliest_start(first);
        while date < after {
            let days = period_of(self.quota.per, date);
            let over = self.exceeded(days);
            if over.is_some() {
                return over;
            }
            date = self.next_start(date, days);
        }
        None
    }

    /// Whether all that counts and is near enough to lie in one stretch with the interval would fit
    /// in one; most have little.
    fn never_exceeded(&self) -> bool {
        let near = || {
            let longest = SignedDuration::from_hours(self.quota.longest_hours());
            self.counting(self.time.interval.reaching(longest))
        };
        self.fits(uses(self.question)) || self.fits(near())
    }

    /// Whether so much beside the interval fits in one stretch.
    fn fits<'b>(&self, held: impl Iterator<Item = Use<'b>>) -> bool {
        let whole = |held: &Interval| match self.quota.measure {
            QuotaMeasure::Count => 1,
            QuotaMeasure::Minutes => held.length().as_nanos(),
        };
        let all = held.map(|held| whole(&held.interval));
        all.fold(whole(&self.time.interval), i128::saturating_add) <= self.allowed()
    }

    fn limit(&self) -> u32 {
        self.quota.limit.least(self.question.who(&self.quota.limit))
    }

    /// The limit in what is measured.
    fn allowed(&self) -> i128 {
        let limit = self.limit();
        i128::from(limit).saturating_mul(self.unit())
    }

    /// A sliding stretch may begin before the interval as long as it reaches into it.
    fn earliest_start(&self, first: Date) -> Date {
        match self.quota.per {
            QuotaPeriod::SlidingDays(count) => {
                later_date(first, 1_i64.saturating_sub(i64::from(count)))
            }
            QuotaPeriod::Day | QuotaPeriod::Week | QuotaPeriod::Month | QuotaPeriod::Year => first,
        }
    }

    fn next_start(&self, date: Date, days: (Date, Date)) -> Date {
        match self.quota.per {
            QuotaPeriod::SlidingDays(_) => self.next_content(date),
            QuotaPeriod::Day | QuotaPeriod::Week | QuotaPeriod::Month | QuotaPeriod::Year => days.1,
        }
    }

    /// Moving a stretch up to the next day with something on it loses nothing, so that only those
    /// days are looked at.
    fn next_content(&self, date: Date) -> Date {
        let next = next_day(date);
        let border = day_start(&self.time.wall, next);
        let Ok(ahead) = Interval::new(border, Timestamp::MAX) else { return Date::MAX };
        let own = std::iter::once(self.time.interval).filter(|own| own.overlaps(&ahead));
        let others = self.counting(ahead).map(|held| held.interval);
        own.chain(others)
            .map(|held| date_of(&self.time.wall, held.start()).max(next))
            .min()
            .unwrap_or(Date::MAX)
    }

    fn exceeded(&self, days: (Date, Date)) -> Option<Over> {
        let stretch = stretch(&self.time.wall, days)?;
        let wanted = self.measure(&self.time.interval, &stretch);
        if wanted == 0 {
            return None;
        }
        let used = self.counting(stretch).map(|held| self.measure(&held.interval, &stretch));
        let used = used.fold(0, i128::saturating_add);
        let limit = self.limit();
        (used.saturating_add(wanted) > self.allowed()).then_some(Over { days, limit, used })
    }

    fn unit(&self) -> i128 {
        match self.quota.measure {
            QuotaMeasure::Count => 1,
            QuotaMeasure::Minutes => MINUTE,
        }
    }

    /// What of a reservation counts in a stretch: nanoseconds, or whether anything does.
    fn measure(&self, held: &Interval, stretch: &Interval) -> i128 {
        let Some(part) = held.common(stretch) else { return 0 };
        let time =
            counted(&self.time.wall, &part, self.quota.hours.as_ref(), self.quiet).as_nanos();
        match self.quota.measure {
            QuotaMeasure::Count => i128::from(time > 0),
            QuotaMeasure::Minutes => time,
        }
    }

    /// What counts of a stretch of time.
    fn counting(&self, near: Interval) -> impl Iterator<Item = Use<'_>> {
        let now = self.question.facts.now;
        uses(self.question).filter(move |held| {
            held.interval.overlaps(&near)
                && held.is_in(self.quota.scope, self.question)
                && if held.is_cancelled() {
                    self.quota.late_cancels_count
                } else {
                    self.quota.completed_count || !held.is_past(now)
                }
        })
    }

    fn explain(&self, over: &Over, reasons: &mut Vec<Reason>) {
        let (from, until) =
            (day_start(&self.time.wall, over.days.0), day_start(&self.time.wall, over.days.1));
        let used = over.used.checked_div(self.unit()).unwrap_or(0);
        let used = u64::try_from(used).unwrap_or(u64::MAX);
        Reason::block(reasons, ReasonCode::QuotaExceeded)
            .with("limit", over.limit)
            .with("used", used)
            .with("measure", measure_word(self.quota.measure))
            .with("period", period_word(self.quota.per))
            .with("periodDays", period_days(over))
            .with("scope", scope_word(self.quota.scope))
            .seen(Evidence::Usage { from, until, used })
            .step_at("choose_other_time", until)
            .step("cancel_reservation", Some("/reservations".into()));
    }
}

fn period_days(over: &Over) -> u32 {
    let days = over.days.0.until(over.days.1).map(|span| span.get_days()).unwrap_or_default();
    days.unsigned_abs()
}

fn measure_word(measure: QuotaMeasure) -> &'static str {
    match measure {
        QuotaMeasure::Count => "count",
        QuotaMeasure::Minutes => "minutes",
    }
}

fn period_word(per: QuotaPeriod) -> &'static str {
    match per {
        QuotaPeriod::Day => "day",
        QuotaPeriod::Week => "week",
        QuotaPeriod::Month => "month",
        QuotaPeriod::Year => "year",
        QuotaPeriod::SlidingDays(_) => "sliding_days",
    }
}

fn scope_word(scope: QuotaScope) -> &'static str {
    match scope {
        QuotaScope::Resource => "resource",
        QuotaScope::Category => "category",
        QuotaScope::All => "all",
        QuotaScope::EventType => "event_type",
    }
}
