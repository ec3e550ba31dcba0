//! Calendar, shape and limits, as the naive evaluator sees them.

use std::collections::{BTreeMap, BTreeSet};

use interlock_policy::{
    ByWho, Closure, Purpose, Quota, QuotaMeasure, QuotaPeriod, ReasonCode, Rules, StrikeCause,
    StrikeLimit, StrikeRule, UseOutcome,
};
use jiff::SignedDuration;

use crate::naive::{Held, Naive, Said, minutes_before};
use crate::proofs::days;
use crate::wall::{day_number, minutes_of};

impl Naive<'_> {
    /// Opening hours and closures.
    pub(crate) fn calendar(&self, said: &mut Said) {
        let minutes = self.minutes.clone().unwrap();
        for rules in self.rules() {
            for hours in self.mine(&rules.opening_hours).into_iter().flatten() {
                if minutes.clone().any(|minute| !self.wall.is_open(&hours, minute)) {
                    self.block(said, ReasonCode::HoursClosed);
                }
            }
            for closure in &rules.closures {
                let closed = |minute: i64| match closure {
                    Closure::Days { from, to, .. } => {
                        (day_number(*from)..=day_number(*to)).contains(&self.wall.day(minute))
                    }
                    Closure::Time { start, end, .. } => {
                        let at = minute * 60;
                        start.as_second() <= at && at < end.as_second()
                    }
                };
                if minutes.clone().any(closed) {
                    self.block(said, ReasonCode::HoursClosure);
                }
            }
        }
    }

    /// Start and length.
    pub(crate) fn shape(&self, said: &mut Said) {
        let minutes = self.minutes.clone().unwrap();
        let length = minutes.end - minutes.start;
        let grace = self.policy.rules.start_grace_minutes;
        let start = self.request.interval.unwrap().start();
        if start < minutes_before(self.facts.now, grace) {
            self.block(said, ReasonCode::StartInPast);
        }
        let kinds = self.facts.resource.event_types.iter();
        let mut kinds = kinds.filter(|(id, _)| self.request.event_type_id.is_none_or(|w| w == *id));
        if !kinds.any(|(_, offered)| i64::from(*offered) == length) {
            self.block(said, ReasonCode::DurationNotOffered);
        }
        for rules in self.rules() {
            let grid = rules.grid_minutes.map(i64::from);
            if grid.is_some_and(|grid| self.wall.clock(minutes.start) % grid != 0) {
                self.block(said, ReasonCode::GridOff);
            }
            let awake =
                minutes.clone().filter(|m| !self.wall.is_quiet(rules.off_peak.as_ref(), *m));
            let awake = i64::try_from(awake.count()).unwrap();
            let mut most = self.mine(&rules.duration.maximum_minutes).into_iter().flatten();
            if most.any(|most| awake > i64::from(most)) {
                self.block(said, ReasonCode::DurationTooLong);
            }
        }
        for rules in self.awake() {
            if rules.duration.minimum_minutes.is_some_and(|least| length < i64::from(least)) {
                self.block(said, ReasonCode::DurationTooShort);
            }
            if rules.duration.step_minutes.is_some_and(|step| length % i64::from(step) != 0) {
                self.block(said, ReasonCode::DurationOffStep);
            }
        }
    }

    pub(crate) fn notice(&self, said: &mut Said) {
        let Some(interval) = self.request.interval else { return };
        let (code, of): (_, fn(&Rules) -> &ByWho<u32>) = match self.purpose {
            Purpose::View | Purpose::Create => {
                (ReasonCode::NoticeCreate, |rules| &rules.notice.create_minutes)
            }
            Purpose::Change(_) => (ReasonCode::NoticeChange, |rules| &rules.notice.change_minutes),
            Purpose::Cancel(_) => (ReasonCode::NoticeCancel, |rules| &rules.notice.cancel_minutes),
            Purpose::Use | Purpose::Keep => return,
        };
        let asking: Vec<&Rules> =
            self.rules().into_iter().filter(|rules| !self.is_just_made(rules)).collect();
        let wanted = self.greatest(&asking, of);
        let Some(wanted) = wanted else { return };
        let early_enough = self.facts.now <= minutes_before(interval.start(), wanted);
        let grace = self.policy.rules.start_grace_minutes;
        let graced = wanted == 0 && interval.start() >= minutes_before(self.facts.now, grace);
        if !early_enough && !graced {
            self.block(said, code);
        }
    }

    /// Whether what is changed or cancelled was made a moment ago and has not begun.
    fn is_just_made(&self, rules: &Rules) -> bool {
        let (Purpose::Change(id) | Purpose::Cancel(id)) = self.purpose else { return false };
        let now = self.facts.now;
        self.facts.member.open_reservations.iter().any(|held| {
            held.reservation_id == *id
                && held.interval.start() > now
                && held
                    .made_at
                    .is_some_and(|made| made > minutes_before(now, rules.free_edit_minutes))
        })
    }

    /// Horizon, cap, quotas, strikes and the yes.
    pub(crate) fn limits(&self, said: &mut Said) {
        let rules = self.rules();
        let start = self.request.interval.unwrap().start();
        let too_far = |count: u32| start > self.facts.now + days(count);
        if self.smallest(&rules, |rules| &rules.horizon_days).is_some_and(too_far) {
            self.block(said, ReasonCode::HorizonExceeded);
        }
        let awake = self.awake();
        let open = self.open_count();
        if self.smallest(&awake, |rules| &rules.open_cap).is_some_and(|cap| open >= cap) {
            self.block(said, ReasonCode::QuotaOpenReservations);
        }
        for rules in &awake {
            if rules.quotas.iter().any(|quota| self.is_over(quota, rules)) {
                self.block(said, ReasonCode::QuotaExceeded);
            }
        }
        for rules in &rules {
            if let Some(rule) = &rules.strikes {
                self.strikes(rule, said);
            }
            if self.mine(&rules.needs_approval).iter().any(Option::is_some) {
                self.say(said, ReasonCode::ApprovalNeeded, 2);
            }
        }
    }

    fn open_count(&self) -> u32 {
        let now = self.facts.now;
        let open = self.others().into_iter().filter(|held| held.interval.end() > now);
        u32::try_from(open.count()).unwrap()
    }

    fn strikes(&self, rule: &StrikeRule, said: &mut Said) {
        let mut points = 0;
        for strike in &self.facts.member.strikes {
            if strike.at + days(rule.decay_days) > self.facts.now {
                points += match strike.cause {
                    StrikeCause::NoShow => rule.no_show_points,
                    StrikeCause::LateCancel => rule.late_cancel_points,
                };
            }
        }
        for limit in rule.limits.iter().filter(|limit| limit.from_points <= points) {
            if self.breaks(limit) {
                self.block(said, ReasonCode::StrikesLimit);
            }
            if limit.needs_approval {
                self.say(said, ReasonCode::StrikesLimit, 2);
            }
        }
    }

    fn breaks(&self, limit: &StrikeLimit) -> bool {
        let asked = self.request.interval.unwrap();
        let minutes = self.minutes.clone().unwrap();
        let length = u32::try_from(minutes.count()).unwrap();
        limit.horizon_days.is_some_and(|count| asked.start() > self.facts.now + days(count))
            || limit.open_cap.is_some_and(|cap| self.open_count() >= cap)
            || limit.maximum_minutes.is_some_and(|most| length > most)
    }

    /// The minutes of something by day, as far as a quota counts them.
    fn by_day(&self, minutes: std::ops::Range<i64>, quota: &Quota, rules: &Rules) -> ByDay {
        let mut by_day = ByDay::new();
        for minute in minutes {
            let inside = quota.hours.as_ref().is_none_or(|hours| self.wall.is_open(hours, minute));
            if inside && !self.wall.is_quiet(rules.off_peak.as_ref(), minute) {
                *by_day.entry(self.wall.day(minute)).or_default() += 1;
            }
        }
        by_day
    }

    fn is_over(&self, quota: &Quota, rules: &Rules) -> bool {
        let own = self.by_day(self.minutes.clone().unwrap(), quota, rules);
        let counted = self.all().into_iter().filter(|held| self.is_counted(held, quota));
        let others: Vec<ByDay> =
            counted.map(|held| self.by_day(minutes_of(&held.interval), quota, rules)).collect();
        let limit = i64::from(self.mine(&quota.limit).into_iter().min().unwrap());
        let stretches: BTreeSet<(i64, i64)> =
            own.keys().flat_map(|day| stretches(quota.per, *day)).collect();
        stretches.into_iter().any(|(first, after)| {
            let all = others.iter().chain([&own]);
            let inside = all.map(|by_day| {
                let minutes: i64 = by_day.range(first..after).map(|(_, minutes)| minutes).sum();
                match quota.measure {
                    QuotaMeasure::Minutes => minutes,
                    QuotaMeasure::Count => i64::from(minutes > 0),
                }
            });
            inside.sum::<i64>() > limit
        })
    }

    fn is_counted(&self, held: &Held<'_>, quota: &Quota) -> bool {
        let wanted = match held.outcome {
            Some(UseOutcome::CancelledLate) => quota.late_cancels_count,
            Some(UseOutcome::Completed | UseOutcome::NoShow) => quota.completed_count,
            None => quota.completed_count || held.interval.end() > self.facts.now,
        };
        wanted && self.is_in(held, quota.scope)
    }

    /// Gap, chaining and two places at once.
    pub(crate) fn neighbours(&self, said: &mut Said) {
        let asked = self.request.interval.unwrap();
        let (start, end) = (asked.start(), asked.end());
        let distances: Vec<SignedDuration> = self
            .all()
            .into_iter()
            .filter(|held| held.outcome != Some(UseOutcome::CancelledLate))
            .filter(|held| *held.resource == self.facts.resource.id)
            .filter_map(|held| {
                let (from, to) = (held.interval.start(), held.interval.end());
                if to <= start {
                    Some(start.duration_since(to))
                } else if end <= from {
                    Some(from.duration_since(end))
                } else {
                    None
                }
            })
            .collect();
        let awake = self.awake();
        let gap = self.greatest(&awake, |rules| &rules.minimum_gap_minutes).unwrap_or(0);
        if distances.iter().any(|far| *far < SignedDuration::from_mins(gap.into())) {
            self.block(said, ReasonCode::ReservationGapShort);
        }
        if awake.iter().any(|rules| rules.no_chaining) && distances.contains(&SignedDuration::ZERO)
        {
            self.block(said, ReasonCode::ReservationChained);
        }
        let over = self.overlay().and_then(|overlay| overlay.rules.allow_parallel);
        let allowed = self.policy.rules.allow_parallel == Some(true) && over != Some(false);
        let elsewhere = self.others().into_iter().any(|held| {
            held.interval.end() > self.facts.now
                && held.interval.start() < end
                && start < held.interval.end()
        });
        if elsewhere && !allowed {
            self.block(said, ReasonCode::ReservationParallel);
        }
    }
}

type ByDay = BTreeMap<i64, i64>;

/// Every stretch of a kind that contains a day, as its first day and the day after it.
fn stretches(per: QuotaPeriod, day: i64) -> Vec<(i64, i64)> {
    let date = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(day);
    let of_year = |year: i16| day_number(jiff::civil::date(year, 1, 1));
    match per {
        QuotaPeriod::Day => vec![(day, day + 1)],
        QuotaPeriod::Week => {
            // The fifth of January 1970 was a Monday.
            let monday = day - (day - 4).rem_euclid(7);
            vec![(monday, monday + 7)]
        }
        QuotaPeriod::Month => {
            let (year, month) = (date.year(), date.month());
            let next = if month == 12 {
                jiff::civil::date(year + 1, 1, 1)
            } else {
                jiff::civil::date(year, month + 1, 1)
            };
            vec![(day_number(jiff::civil::date(year, month, 1)), day_number(next))]
        }
        QuotaPeriod::Year => vec![(of_year(date.year()), of_year(date.year() + 1))],
        QuotaPeriod::SlidingDays(count) => {
            let count = i64::from(count);
            (day - count + 1..=day).map(|first| (first, first + count)).collect()
        }
    }
}
