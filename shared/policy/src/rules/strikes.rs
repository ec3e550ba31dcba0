//! Strikes: points that decay lead to graded limits (FEATURES 4.16).

use jiff::Timestamp;

use super::limits::open_count;
use super::{Question, days, later, minutes};
use crate::{
    Evidence, Interval, Reason, ReasonCode, Severity, StrikeCause, StrikeFact, StrikeLimit,
    StrikeRule,
};

/// One reason for each kind of limit that is reached and broken, with the strictest value.
pub(crate) fn strikes(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(interval) = question.interval() else { return };
    for rule in question.rules().filter_map(|rules| rules.strikes.as_ref()) {
        let now = question.facts.now;
        let points = points(question, rule, now);
        let reached = || rule.limits.iter().filter(|limit| u64::from(limit.from_points) <= points);
        let broken = || reached().filter(|limit| breaks(question, interval, limit));
        let Some(lowest) = broken().map(|limit| limit.from_points).min() else { continue };
        let clear = clear_at(question, rule, lowest);
        for kind in Kind::ALL {
            let values = broken().filter(|limit| kind.broken(question, interval, limit));
            if let Some(value) = values.map(|limit| kind.value(limit)).min() {
                let reason = Reason::block(reasons, ReasonCode::StrikesLimit);
                explain(reason, kind, value, points);
                if let Some(at) = clear {
                    reason.step_at("wait", at).from(at);
                }
            }
        }
    }
}

/// The limits that the person's points have reached by now.
pub(crate) fn reached<'a>(
    question: &Question<'_>,
    rule: &'a StrikeRule,
) -> impl Iterator<Item = &'a StrikeLimit> + use<'a> {
    let points = points(question, rule, question.facts.now);
    rule.limits.iter().filter(move |limit| u64::from(limit.from_points) <= points)
}

fn breaks(question: &Question<'_>, interval: &Interval, limit: &StrikeLimit) -> bool {
    Kind::ALL.iter().any(|kind| kind.broken(question, interval, limit))
}

/// What a limit bounds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Horizon,
    OpenCap,
    Length,
    Approval,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Horizon, Self::OpenCap, Self::Length, Self::Approval];

    fn broken(self, question: &Question<'_>, interval: &Interval, limit: &StrikeLimit) -> bool {
        match self {
            Self::Horizon => limit
                .horizon_days
                .is_some_and(|count| interval.start() > later(question.facts.now, days(count))),
            Self::OpenCap => limit.open_cap.is_some_and(|cap| open_count(question) >= cap),
            Self::Length => {
                limit.maximum_minutes.is_some_and(|most| interval.length() > minutes(most))
            }
            Self::Approval => limit.needs_approval,
        }
    }

    fn value(self, limit: &StrikeLimit) -> u32 {
        let value = match self {
            Self::Horizon => limit.horizon_days,
            Self::OpenCap => limit.open_cap,
            Self::Length => limit.maximum_minutes,
            Self::Approval => None,
        };
        value.unwrap_or(0)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Horizon => "horizon_days",
            Self::OpenCap => "open_cap",
            Self::Length => "maximum_minutes",
            Self::Approval => "needs_approval",
        }
    }
}

fn explain(reason: &mut Reason, kind: Kind, value: u32, points: u64) {
    reason
        .with("limit", kind.word())
        .with("value", value)
        .with("points", points)
        .seen(Evidence::Strikes { points });
    if kind == Kind::Approval {
        reason.severity = Severity::Approval;
    }
}

/// Points that are not forgotten at an instant.
fn points(question: &Question<'_>, rule: &StrikeRule, at: Timestamp) -> u64 {
    let facts = question.facts.member.strikes.iter();
    let counting = facts.filter(|fact| forgotten_at(rule, fact) > at);
    counting.map(|fact| worth(rule, fact)).fold(0, u64::saturating_add)
}

fn worth(rule: &StrikeRule, fact: &StrikeFact) -> u64 {
    u64::from(match fact.cause {
        StrikeCause::NoShow => rule.no_show_points,
        StrikeCause::LateCancel => rule.late_cancel_points,
    })
}

fn forgotten_at(rule: &StrikeRule, fact: &StrikeFact) -> Timestamp {
    later(fact.at, days(rule.decay_days))
}

/// The first instant at which fewer points than `below` are left.
fn clear_at(question: &Question<'_>, rule: &StrikeRule, below: u32) -> Option<Timestamp> {
    let facts = question.facts.member.strikes.iter();
    let ends = facts.map(|fact| forgotten_at(rule, fact));
    ends.filter(|at| points(question, rule, *at) < u64::from(below)).min()
}
