//! A manager's answer to people, asked or unasked: one, several each by himself, or all or none.

use interlock_policy::{ResourceId, UserId, Verdict};

use super::bench::Bench;
use super::{approve, decline, leveled, reasoned, short};
use crate::eligibility::Member;
use crate::model::{Account, Checkout, CheckoutWish};
use crate::ports::store::{Action, Key, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, InputFault, Snapshot};

/// Longest validity, in days.
const LONGEST_VALIDITY: u32 = 3660;
/// Most people answered each by himself.
const MOST_EACH: usize = 50;
/// Most people answered together; each takes up to eight parts of a transaction of a hundred.
const MOST_TOGETHER: usize = 12;

/// An answer to be given.
#[derive(Debug, Clone)]
pub struct CheckoutAnswer {
    /// On what.
    pub resource_id: ResourceId,
    /// By whom.
    pub by: UserId,
    /// Yes or no.
    pub decision: Decision,
    /// Who asks, in which request.
    pub act: Act,
}

/// Yes or no.
#[derive(Debug, Clone)]
pub enum Decision {
    /// Yes, on these terms; a wish that waits is answered by it.
    Approve(Terms),
    /// No to a wish that waits.
    Decline {
        /// Why.
        reason: String,
    },
}

/// Terms of an approval.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// To which level; absent means what is held or was asked for, whichever is higher, or what
    /// opens the machine.
    pub level: Option<u8>,
    /// Days after which it lapses; absent means never.
    pub valid_for_days: Option<u32>,
    /// What the manager wrote.
    pub notes: Option<String>,
}

/// What came of it for one person.
#[derive(Debug, Clone)]
pub enum Answered {
    /// Approved.
    Granted {
        /// The approval.
        checkout: Checkout,
        /// The verdict after it.
        verdict: Verdict,
    },
    /// Approved by the first of two; counts for nothing yet.
    AwaitsSecond {
        /// What waits.
        wish: CheckoutWish,
        /// The verdict as it stays.
        verdict: Verdict,
    },
    /// Declined.
    Declined {
        /// What was asked for.
        wish: CheckoutWish,
    },
}

/// What is written for one person, and what he is told.
pub(super) struct Part {
    pub(super) transaction: Transaction,
    pub(super) answered: Answered,
}

/// Answers one person. Missing training does not refuse an approval; the verdict still wants both.
///
/// Errors: `SelfApproval`, `RoleRequired` beyond the manager's scope, `NotFound` for person or
/// machine, `Invalid` for the values, `StateConflict` for a no to nothing.
pub async fn check_out(
    app: &App,
    answer: &CheckoutAnswer,
    user_id: &UserId,
) -> Result<Answered, AppError> {
    let mut answers = settle(app, answer, std::slice::from_ref(user_id)).await?;
    answers.pop().ok_or_else(|| AppError::internal("an answer to one person is one"))
}

/// Answers each by himself; who cannot be answered holds up nobody else.
///
/// Errors: `Invalid`, `NotFound` and `RoleRequired` for what concerns them all.
pub async fn answer_each(
    app: &App,
    answer: &CheckoutAnswer,
    users: &[UserId],
) -> Result<Vec<Result<Answered, AppError>>, AppError> {
    counted(users, MOST_EACH)?;
    validate(&answer.decision)?;
    let keys = Bench::keys(&answer.resource_id, &answer.by);
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    Bench::set_up(app, &snapshot, (&answer.resource_id, &answer.by)).await?;
    let mut answers = Vec::with_capacity(users.len());
    for user_id in users {
        answers.push(check_out(app, answer, user_id).await);
    }
    Ok(answers)
}

/// Answers all in one transaction, or nobody.
///
/// Errors: `BatchRefused` with everybody who cannot be answered, and those of [`answer_each`].
pub async fn answer_all(
    app: &App,
    answer: &CheckoutAnswer,
    users: &[UserId],
) -> Result<Vec<Answered>, AppError> {
    counted(users, MOST_TOGETHER)?;
    settle(app, answer, users).await
}

fn counted(users: &[UserId], most: usize) -> Result<(), AppError> {
    if users.is_empty() || users.len() > most {
        return Err(AppError::invalid(
            "/userIds",
            "length",
            format!("between 1 and {most} people"),
        ));
    }
    let repeated = |(place, user_id): &(usize, &UserId)| {
        users.iter().take(*place).any(|other| other == *user_id)
    };
    match users.iter().enumerate().find(repeated) {
        Some((place, _)) => {
            Err(AppError::invalid(&format!("/userIds/{place}"), "repeated", "it comes twice"))
        }
        None => Ok(()),
    }
}

fn validate(decision: &Decision) -> Result<(), AppError> {
    match decision {
        Decision::Decline { reason } => reasoned("/reason", reason),
        Decision::Approve(terms) => {
            short("/notes", terms.notes.as_ref())?;
            leveled("/level", terms.level)?;
            match terms.valid_for_days {
                Some(days) if days == 0 || days > LONGEST_VALIDITY => {
                    let detail = "between 1 and 3660 days";
                    Err(AppError::invalid("/validForDays", "out_of_range", detail))
                }
                Some(_) | None => Ok(()),
            }
        }
    }
}

async fn settle(
    app: &App,
    answer: &CheckoutAnswer,
    users: &[UserId],
) -> Result<Vec<Answered>, AppError> {
    validate(&answer.decision)?;
    for _ in 0..MOST_RACES {
        if let Some(answers) = try_settle(app, answer, users).await? {
            return Ok(answers);
        }
    }
    Err(AppError::contended())
}

async fn try_settle(
    app: &App,
    answer: &CheckoutAnswer,
    users: &[UserId],
) -> Result<Option<Vec<Answered>>, AppError> {
    let mut keys = Bench::keys(&answer.resource_id, &answer.by).to_vec();
    keys.extend(users.iter().flat_map(Member::keys));
    keys.sort();
    keys.dedup();
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let bench = Bench::set_up(app, &snapshot, (&answer.resource_id, &answer.by)).await?;
    let snapshot = with_first_deciders(app, snapshot, &bench, users).await?;
    let mut parts = vec![bench.transaction()];
    let (mut answers, mut refused) = (Vec::new(), Vec::new());
    for user_id in users {
        match part(app, (&bench, &snapshot), answer, user_id) {
            Ok(Part { transaction, answered }) => {
                parts.push(transaction);
                answers.push(answered);
                refused.push(None);
            }
            Err(error) => refused.push(Some(error)),
        }
    }
    refusal(refused)?;
    Ok(app.commits(&together(&parts)).await?.then_some(answers))
}

/// The parts as one. What two of them demand of the same record is demanded once: a manager may
/// have said the first yes to several, or be one of those who are answered.
fn together(parts: &[Transaction]) -> Transaction {
    let mut actions: Vec<Action> = Vec::new();
    for action in parts.iter().flat_map(Transaction::actions) {
        if !actions.contains(action) {
            actions.push(action.clone());
        }
    }
    actions.into_iter().collect()
}

/// Also those who said the first of two yeses: whether it still counts, their accounts tell.
async fn with_first_deciders(
    app: &App,
    snapshot: Snapshot,
    bench: &Bench,
    users: &[UserId],
) -> Result<Snapshot, AppError> {
    if !bench.four_eyes {
        return Ok(snapshot);
    }
    let mut keys: Vec<Key> = Vec::new();
    for user_id in users {
        let Ok(member) = Member::from(&snapshot, user_id) else { continue };
        let wish = member.standing.value.wish(&bench.scope);
        let first = wish.and_then(|wish| wish.first_yes.as_ref());
        keys.extend(first.map(|yes| Account::key_of(&yes.by)));
    }
    keys.sort();
    keys.dedup();
    snapshot.with(app.store.as_ref(), &keys).await
}

fn part(
    app: &App,
    (bench, snapshot): (&Bench, &Snapshot),
    answer: &CheckoutAnswer,
    user_id: &UserId,
) -> Result<Part, AppError> {
    if *user_id == answer.by {
        return Err(AppError::SelfApproval);
    }
    let member = Member::from(snapshot, user_id)?;
    match &answer.decision {
        Decision::Approve(terms) => {
            approve::part(app, (bench, snapshot), member, (terms, &answer.act))
        }
        Decision::Decline { reason } => decline::part(app, bench, member, (reason, &answer.act)),
    }
}

/// One person's fault is told as it is, several people's with the place of each.
fn refusal(refused: Vec<Option<AppError>>) -> Result<(), AppError> {
    let alone = refused.len() == 1;
    let mut faults = Vec::new();
    for (place, error) in refused.into_iter().enumerate() {
        match error {
            Some(error) if alone => return Err(error),
            Some(AppError::Internal { detail, source }) => {
                return Err(AppError::Internal { detail, source });
            }
            Some(error) => {
                let code = error.fault_code();
                faults.push(InputFault::at(format!("/userIds/{place}"), code, error.to_string()));
            }
            None => {}
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::BatchRefused(faults)) }
}
