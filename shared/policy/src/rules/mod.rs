//! The rules, one family per file; each adds its reasons and knows nothing of the others.

mod account;
mod approval;
mod area;
mod closure;
mod duration;
mod first_time;
mod gap;
mod grid;
mod hours;
mod limits;
mod presence;
mod proof;
mod question;
mod quota;
mod resource;
mod shown;
mod strikes;
mod terms;
mod time;
mod uses;

pub(crate) use account::account;
pub(crate) use approval::approval;
pub(crate) use area::{area, contents};
pub(crate) use closure::closure;
pub(crate) use duration::duration;
pub(crate) use first_time::first_time;
pub(crate) use gap::{chaining, gap};
pub(crate) use grid::grid;
pub(crate) use hours::hours;
pub(crate) use limits::{open_cap, parallel};
pub(crate) use presence::{presence, reserved};
pub(crate) use proof::{proofs, proven};
pub(crate) use question::{Asked, Question, time_asked};
pub(crate) use quota::quotas;
pub(crate) use resource::resource;
pub use shown::{ShownDuration, ShownNotice, ShownOverlay, ShownPolicy, ShownQuota, ShownRules};
pub(crate) use strikes::{reached as reached_strikes, strikes};
pub use terms::HolderTerms;
pub(crate) use time::{horizon, notice, start_in_past};

pub(crate) use crate::interval::{earlier, later};

use jiff::SignedDuration;

/// Writes a number out; several times as fast as formatting.
pub(crate) fn push_number(text: &mut String, number: usize) {
    if let Some(rest) = number.checked_div(10).filter(|rest| *rest > 0) {
        push_number(text, rest);
    }
    let digit = number.checked_rem(10).and_then(|digit| u32::try_from(digit).ok());
    text.extend(digit.and_then(|digit| char::from_digit(digit, 10)));
}

/// So many days of 24 hours.
pub(crate) fn days(count: u32) -> SignedDuration {
    SignedDuration::from_hours(i64::from(count).saturating_mul(24))
}

/// So many minutes.
pub(crate) fn minutes(count: u32) -> SignedDuration {
    SignedDuration::from_secs(i64::from(count).saturating_mul(60))
}
