//! What the provider tells later: that a mail arrived, came back, or was unwanted.

use jiff::Timestamp;

use super::list::by_id;
use crate::model::{DeadAddress, Death, Letter, LetterId, LetterState};
use crate::ports::store::{Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{App, AppError};

/// What became of a mail after it was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The reader's side took it.
    Delivered,
    /// The reader's side refused it for now; the provider gave it up.
    BouncedForNow,
    /// The reader's side refused it for good.
    BouncedForGood,
    /// The reader called it unwanted.
    Complained,
}

/// What a provider tells of one letter.
#[derive(Debug, Clone)]
pub struct Feedback {
    /// Which.
    pub letter_id: LetterId,
    /// What became of it.
    pub fate: Fate,
    /// When, as the provider says.
    pub at: Timestamp,
    /// The addresses it speaks of.
    pub emails: Vec<String>,
}

/// Notes it on the letter, and stops all mail to an address that is dead. Told twice it changes
/// nothing, and in whatever order it is told the gravest stays. Answers whether the letter is
/// known.
pub async fn take_feedback(app: &App, feedback: &Feedback) -> Result<bool, AppError> {
    for _ in 0..MOST_RACES {
        let Some(letter) = by_id(app, &feedback.letter_id).await? else { return Ok(false) };
        // Why a letter was given up stays; that its address is dead is news all the same.
        let news = gravity(&letter.value.state) == GIVEN_UP && death(feedback.fate).is_some();
        let noted = noted(letter, feedback)?.or_else(|| news.then(Transaction::new));
        let Some(transaction) = noted else { return Ok(true) };
        if app.commits(&buried(transaction, feedback)?).await? {
            count(feedback.fate);
            return Ok(true);
        }
    }
    Err(AppError::contended())
}

fn count(fate: Fate) {
    match fate {
        Fate::Delivered => {}
        Fate::BouncedForNow | Fate::BouncedForGood => {
            tracing::info!(target: "metric", LettersBounced = 1, "a letter came back");
        }
        Fate::Complained => {
            tracing::info!(target: "metric", LettersComplained = 1, "a letter was unwanted");
        }
    }
}

/// The letter in its new state; `None` if it is in a graver one or in this.
fn noted(letter: Stored<Letter>, feedback: &Feedback) -> Result<Option<Transaction>, AppError> {
    let at = feedback.at;
    let state = match feedback.fate {
        Fate::Delivered => LetterState::Delivered { at },
        Fate::BouncedForNow => LetterState::Bounced { at, permanent: false },
        Fate::BouncedForGood => LetterState::Bounced { at, permanent: true },
        Fate::Complained => LetterState::Complained { at },
    };
    let Stored { value: letter, version } = letter;
    if gravity(&state) <= gravity(&letter.state) {
        return Ok(None);
    }
    Ok(Some(Transaction::new().replace(&Letter { state, ..letter }, version)?))
}

/// Graver than whatever a provider tells.
const GIVEN_UP: u8 = 6;

/// A letter that is due was handed over by a process that died before it could say so.
fn gravity(state: &LetterState) -> u8 {
    match state {
        LetterState::Due => 0,
        LetterState::Sent { .. } => 1,
        LetterState::Delivered { .. } => 2,
        LetterState::Bounced { permanent: false, .. } => 3,
        LetterState::Complained { .. } => 4,
        LetterState::Bounced { permanent: true, .. } => 5,
        LetterState::Failed { .. } | LetterState::Dropped { .. } => GIVEN_UP,
    }
}

fn buried(transaction: Transaction, feedback: &Feedback) -> Result<Transaction, AppError> {
    let Some(why) = death(feedback.fate) else { return Ok(transaction) };
    feedback.emails.iter().try_fold(transaction, |transaction, email| {
        let dead = DeadAddress {
            email: email.to_lowercase(),
            why,
            since: feedback.at,
            letter_id: feedback.letter_id.clone(),
        };
        Ok(transaction.put(&dead)?)
    })
}

/// What stops all mail to an address.
fn death(fate: Fate) -> Option<Death> {
    match fate {
        Fate::BouncedForGood => Some(Death::Bounced),
        Fate::Complained => Some(Death::Complained),
        Fate::Delivered | Fate::BouncedForNow => None,
    }
}
