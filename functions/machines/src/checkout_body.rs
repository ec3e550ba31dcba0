//! What a manager says about people at a machine, and what he is told.

use interlock_app::model::{CheckoutView, WishView};
use interlock_app::{Act, Answered, AppError, CheckoutAnswer, Decision, Terms};
use interlock_http::{Problem, Reply};
use interlock_policy::{ResourceId, UserId, Verdict};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The body.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CheckOut {
    user_id: Option<UserId>,
    user_ids: Option<Vec<UserId>>,
    #[serde(default)]
    together: bool,
    #[serde(default)]
    decision: Word,
    level: Option<u8>,
    notes: Option<String>,
    valid_for_days: Option<u32>,
    reason: Option<String>,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Word {
    #[default]
    Approve,
    Decline,
}

/// Whom it is about.
pub(crate) enum Whom {
    One(UserId),
    Each(Vec<UserId>),
    Together(Vec<UserId>),
}

impl CheckOut {
    /// Who is answered, and how.
    pub(crate) fn answer(
        self,
        resource_id: ResourceId,
        by: UserId,
        act: Act,
    ) -> Result<(Whom, CheckoutAnswer), Problem> {
        let decision = self.decision()?;
        let whom = match (self.user_id, self.user_ids) {
            (Some(user_id), None) => Whom::One(user_id),
            (None, Some(users)) if self.together => Whom::Together(users),
            (None, Some(users)) => Whom::Each(users),
            (None, None) => {
                return Err(Problem::fault("/userId", "missing_field", "whom it is about"));
            }
            (Some(_), Some(_)) => {
                let detail = "one person or several, not both";
                return Err(Problem::fault("/userIds", "not_both", detail));
            }
        };
        Ok((whom, CheckoutAnswer { resource_id, by, decision, act }))
    }

    fn decision(&self) -> Result<Decision, Problem> {
        let stray = |pointer| Problem::fault(pointer, "not_wanted", "not with this decision");
        match (self.decision, self.reason.clone()) {
            (Word::Approve, Some(_)) => Err(stray("/reason")),
            (Word::Approve, None) => Ok(Decision::Approve(Terms {
                level: self.level,
                valid_for_days: self.valid_for_days,
                notes: self.notes.clone(),
            })),
            (Word::Decline, None) => Err(Problem::fault("/reason", "missing_field", "say why")),
            (Word::Decline, Some(_)) if self.level.is_some() => Err(stray("/level")),
            (Word::Decline, Some(_)) if self.notes.is_some() => Err(stray("/notes")),
            (Word::Decline, Some(_)) if self.valid_for_days.is_some() => {
                Err(stray("/validForDays"))
            }
            (Word::Decline, Some(reason)) => Ok(Decision::Decline { reason }),
        }
    }
}

/// What became of one person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Told<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    checkout: Option<CheckoutView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<WishView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    eligibility: Option<&'a Verdict>,
    #[serde(skip)]
    outcome: &'static str,
}

impl<'a> Told<'a> {
    pub(crate) fn of(user_id: &'a UserId, answered: &'a Answered, now: Timestamp) -> Self {
        let (checkout, request) = match answered {
            Answered::Granted { checkout, .. } => (Some(CheckoutView::of(user_id, checkout)), None),
            Answered::AwaitsSecond { wish, .. } | Answered::Declined { wish } => {
                (None, Some(WishView::of(user_id, wish, now)))
            }
        };
        let (outcome, eligibility) = match answered {
            Answered::Granted { verdict, .. } => ("granted", Some(verdict)),
            Answered::AwaitsSecond { verdict, .. } => ("awaits_second", Some(verdict)),
            Answered::Declined { .. } => ("declined", None),
        };
        Self { checkout, request, eligibility, outcome }
    }

    pub(crate) fn reply(&self, resource_id: &ResourceId) -> Reply {
        let location = format!("/api/machines/{resource_id}/eligibility");
        match (&self.checkout, self.eligibility) {
            (Some(_), _) => Reply::created(location, self),
            (None, Some(_)) => Reply::accepted(location, self),
            (None, None) => Reply::ok(self),
        }
    }
}

/// What became of several, in the order they were named.
#[derive(Serialize)]
pub(crate) struct Batch<'a> {
    results: Vec<Item<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    user_id: &'a UserId,
    outcome: &'static str,
    #[serde(flatten)]
    told: Option<Told<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl<'a> Batch<'a> {
    pub(crate) fn of(
        users: &'a [UserId],
        answers: &'a [Result<Answered, AppError>],
        now: Timestamp,
    ) -> Self {
        let item = |(user_id, answer): (&'a UserId, &'a Result<Answered, AppError>)| match answer {
            Ok(answered) => {
                let told = Told::of(user_id, answered, now);
                Item { user_id, outcome: told.outcome, told: Some(told), code: None, detail: None }
            }
            Err(error) => Item {
                user_id,
                outcome: "refused",
                told: None,
                code: Some(error.fault_code()),
                detail: Some(error.to_string()),
            },
        };
        Self { results: users.iter().zip(answers).map(item).collect() }
    }
}
