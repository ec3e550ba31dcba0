//! `rate(…)` and `cron(…)` expressions and when they are next due.
//! A rate counts from the start of the runner; a cron expression follows its zone's civil time.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::cron::Cron;

/// Furthest look ahead for a cron expression: more than a leap cycle of minutes is pointless here.
const HORIZON_MINUTES: i64 = 366 * 24 * 60;

/// A parsed schedule.
#[derive(Debug, Clone)]
pub enum Expression {
    /// Every so often.
    Rate(SignedDuration),
    /// At the minutes that match, in a zone.
    Cron(Box<CronInZone>),
}

/// A cron expression with its zone.
#[derive(Debug, Clone)]
pub struct CronInZone {
    cron: Cron,
    zone: TimeZone,
}

impl Expression {
    /// Reads an expression; `time_zone` is an IANA name and matters to `cron` only.
    pub fn parse(text: &str, time_zone: &str) -> Result<Self, String> {
        let fail = || format!("schedule expression `{text}` is not understood");
        let inner = |name: &str| {
            text.trim().strip_prefix(name)?.trim().strip_prefix('(')?.strip_suffix(')')
        };
        if let Some(rate) = inner("rate") {
            return parse_rate(rate).map(Self::Rate).ok_or_else(fail);
        }
        let cron = inner("cron").and_then(Cron::parse).ok_or_else(fail)?;
        let zone = TimeZone::get(time_zone)
            .map_err(|_| format!("time zone `{time_zone}` of a schedule is unknown"))?;
        Ok(Self::Cron(Box::new(CronInZone { cron, zone })))
    }

    /// The first due instant after `last`; nothing when there is none within a year.
    pub fn next(&self, last: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Rate(every) => last.checked_add(*every).ok(),
            Self::Cron(cron) => cron.next(last),
        }
    }
}

impl CronInZone {
    fn next(&self, last: Timestamp) -> Option<Timestamp> {
        let minute = last.as_second().div_euclid(60);
        (1..=HORIZON_MINUTES)
            .filter_map(|ahead| Timestamp::from_second((minute + ahead) * 60).ok())
            .find(|candidate| self.cron.admits(self.zone.to_datetime(*candidate)))
    }
}

fn parse_rate(text: &str) -> Option<SignedDuration> {
    let (number, unit) = text.trim().split_once(' ')?;
    let number: i64 = number.parse().ok().filter(|number| *number > 0)?;
    let seconds = match unit.trim() {
        "minute" | "minutes" => 60,
        "hour" | "hours" => 3_600,
        "day" | "days" => 86_400,
        _ => return None,
    };
    Some(SignedDuration::from_secs(number.checked_mul(seconds)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_rate_counts_from_the_last_run() {
        let rate = Expression::parse("rate(5 minutes)", "UTC").unwrap();
        let next = rate.next(instant("2026-11-20T10:00:30Z")).unwrap();
        assert_eq!(next, instant("2026-11-20T10:05:30Z"));
    }

    #[test]
    fn a_cron_expression_follows_the_zone() {
        let cron = Expression::parse("cron(30 2 * * ? *)", "Europe/Berlin").unwrap();
        let next = cron.next(instant("2026-11-20T10:00:00Z")).unwrap();
        assert_eq!(next, instant("2026-11-21T01:30:00Z"));
    }

    #[test]
    fn other_expressions_are_refused_by_name() {
        for text in ["at(2026-01-01T00:00:00)", "rate(0 minutes)", "rate(1 week)", "cron(x)"] {
            let error = Expression::parse(text, "UTC").unwrap_err();
            assert!(error.contains(text), "{error}");
        }
    }
}
