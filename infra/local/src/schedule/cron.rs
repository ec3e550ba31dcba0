//! The six fields of a `cron(…)` expression: minute, hour, day, month, weekday, year.
//! Numbers, `*`, `?`, lists, ranges, steps and names; `L`, `W` and `#` are refused.

use jiff::civil::{DateTime, Weekday};

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// Which values of one field match.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Field {
    Any,
    Values(Vec<i64>),
}

impl Field {
    fn admits(&self, value: i64) -> bool {
        match self {
            Self::Any => true,
            Self::Values(values) => values.contains(&value),
        }
    }
}

/// A parsed expression; the zone is the caller's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cron {
    minute: Field,
    hour: Field,
    day: Field,
    month: Field,
    weekday: Field,
    year: Field,
}

impl Cron {
    pub(super) fn parse(fields: &str) -> Option<Self> {
        let parts: Vec<&str> = fields.split_whitespace().collect();
        let [minute, hour, day, month, weekday, year] = parts.as_slice() else { return None };
        Some(Self {
            minute: field(minute, 0, 59, &[], 0)?,
            hour: field(hour, 0, 23, &[], 0)?,
            day: field(day, 1, 31, &[], 0)?,
            month: field(month, 1, 12, &MONTHS, 1)?,
            weekday: field(weekday, 1, 7, &DAYS, 1)?,
            year: field(year, 1970, 2199, &[], 0)?,
        })
    }

    /// Whether the minute of this civil time matches.
    pub(super) fn admits(&self, time: DateTime) -> bool {
        self.minute.admits(i64::from(time.minute()))
            && self.hour.admits(i64::from(time.hour()))
            && self.day.admits(i64::from(time.day()))
            && self.month.admits(i64::from(time.month()))
            && self.weekday.admits(weekday_number(time.weekday()))
            && self.year.admits(i64::from(time.year()))
    }
}

fn weekday_number(day: Weekday) -> i64 {
    i64::from(day.to_sunday_one_offset())
}

fn field(text: &str, least: i64, most: i64, names: &[&str], first: i64) -> Option<Field> {
    if matches!(text, "*" | "?") {
        return Some(Field::Any);
    }
    let number = |word: &str| {
        let position = names.iter().position(|name| name.eq_ignore_ascii_case(word));
        let value = match position {
            Some(at) => i64::try_from(at).ok()? + first,
            None => word.parse().ok()?,
        };
        (least..=most).contains(&value).then_some(value)
    };
    let mut values = Vec::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<usize>().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (number(from)?, number(to)?),
            None if range == "*" => (least, most),
            None if step > 1 => (number(range)?, most),
            None => (number(range)?, number(range)?),
        };
        if from > to {
            return None;
        }
        values.extend((from..=to).step_by(step));
    }
    Some(Field::Values(values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_nightly_expression_matches_one_minute_of_the_day() {
        let cron = Cron::parse("30 2 * * ? *").unwrap();
        assert!(cron.admits(date(2026, 11, 20).at(2, 30, 59, 0)));
        assert!(!cron.admits(date(2026, 11, 20).at(2, 31, 0, 0)));
    }

    #[test]
    fn names_ranges_and_steps_are_read() {
        let cron = Cron::parse("0/15 9-17 ? JAN,NOV MON-FRI *").unwrap();
        assert!(cron.admits(date(2026, 11, 20).at(9, 45, 0, 0)));
        assert!(!cron.admits(date(2026, 11, 21).at(9, 45, 0, 0)));
        assert!(!cron.admits(date(2026, 11, 20).at(9, 50, 0, 0)));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for text in ["0 0 L * ? *", "0 0 * * MON#1 *", "60 0 * * ? *", "0 0 * *", "5-1 * * * ? *"] {
            assert_eq!(Cron::parse(text), None, "{text}");
        }
    }
}
