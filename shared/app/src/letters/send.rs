//! The sweep of the lane that talks to people: at least once, and each time the same message.
//!
//! A letter is claimed before it is sent: its attempts count up and its next try is put off, on
//! condition that what it speaks of is as it was read. So a process that dies while it sends is
//! followed by another try, not by none and not by many, and nothing is told that was over before
//! the claim.

use interlock_policy::CheckoutScope;
use jiff::{SignedDuration, Timestamp};

use super::Post;
use super::ahead::Course;
use super::facts::{Found, Tellable, find};
use super::fan_out::{of_checkout, to_deciders};
use crate::model::{
    Addressee, Channel, CheckoutEvent, Failure, FollowUp, Lane, Letter, LetterState,
};
use crate::ports::PostError;
use crate::ports::store::{Document, Index, Query, Record, Stored, Transaction};
use crate::sync::SweepReport;
use crate::{App, AppError};

/// Most letters looked at before the time is looked at again.
const AT_ONCE: u32 = 50;
/// How long a sweep begins new work, so that the last letter is handed over before the function's
/// 15 seconds are over.
const LONGEST: SignedDuration = SignedDuration::from_secs(7);
/// How often a letter is begun to be sent.
const MOST_ATTEMPTS: u32 = 8;

/// What became of one piece of work.
enum Outcome {
    /// It needs nobody any more.
    Done,
    /// It could not be handed over, and is due again later.
    PutOff,
    /// It is due at a better hour of its reader.
    Waits,
    /// It left letters that are due now.
    Wrote,
    /// Another process was faster.
    Lost,
}

/// Sends what is due (promise R5): what was committed is told, and nothing else.
pub async fn send_due(app: &App, post: &Post) -> Result<SweepReport, AppError> {
    let (began, mut report) = (app.now(), SweepReport::default());
    let mut oldest = began;
    loop {
        let query = Query {
            until: Some(FollowUp::sort_until(app.now())),
            ..Query::partition(Some(Index::One), Lane::Notify.partition(), AT_ONCE)
        };
        let page = app.store.query(&query).await?;
        let mut goes_on = false;
        for record in &page.records {
            report.due += 1;
            oldest = oldest.min(due_at(record)?);
            match one(app, post, record).await {
                Ok(Outcome::Done) => {
                    report.done += 1;
                    goes_on |= page.next.is_some();
                }
                Ok(Outcome::Wrote) => {
                    report.done += 1;
                    goes_on = true;
                }
                Ok(Outcome::PutOff) => report.failed += 1,
                Ok(Outcome::Waits) => {
                    report.failed += 1;
                    goes_on |= page.next.is_some();
                }
                Ok(Outcome::Lost) => {}
                Err(error) => {
                    report.failed += 1;
                    tracing::warn!(%error, "a letter is left to the next sweep");
                }
            }
        }
        let spent = app.now().duration_since(began) >= LONGEST;
        if !goes_on || spent {
            break;
        }
    }
    let late = began.duration_since(oldest).as_secs().max(0);
    tracing::info!(target: "metric", OldestLetterSeconds = late, "a sweep of letters ended");
    Ok(report)
}

fn due_at(record: &Record) -> Result<Timestamp, AppError> {
    if record.kind == CheckoutEvent::KIND {
        return Ok(record.decode::<CheckoutEvent>()?.value.at);
    }
    Ok(record.decode::<Letter>()?.value.due_at)
}

async fn one(app: &App, post: &Post, record: &Record) -> Result<Outcome, AppError> {
    let wrote = |won: bool| if won { Outcome::Wrote } else { Outcome::Lost };
    if record.kind == CheckoutEvent::KIND {
        return of_checkout(app, record.decode()?).await.map(wrote);
    }
    let letter: Stored<Letter> = record.decode()?;
    match letter.value.to.clone() {
        Addressee::Deciders { scope, category } => {
            let to: (&CheckoutScope, &str) = (&scope, &category);
            to_deciders(app, letter, to).await.map(wrote)
        }
        Addressee::User { .. } | Addressee::Host | Addressee::Decider { .. } => {
            send(app, post, letter).await
        }
    }
}

async fn send(app: &App, post: &Post, letter: Stored<Letter>) -> Result<Outcome, AppError> {
    let now = app.now();
    let tellable = match find(app, &letter.value).await? {
        Found::Tellable(tellable) => tellable,
        Found::Needless(why) => {
            return ended(app, letter, LetterState::Dropped { at: now, why }, None).await;
        }
    };
    if letter.value.attempts >= MOST_ATTEMPTS {
        return ended(app, letter, given_up(now), None).await;
    }
    match tellable.course(now) {
        Course::Goes => goes(app, post, letter, &tellable).await,
        Course::Ends(state) => ended(app, letter, state, tellable.beside(now)).await,
        Course::Waits(due_at) => {
            let later = Letter { due_at, ..letter.value };
            let transaction = Transaction::new().replace(&later, letter.version)?;
            let won = app.commits(&transaction).await?;
            Ok(if won { Outcome::Waits } else { Outcome::Lost })
        }
    }
}

/// Claims it, hands it over, and notes that.
async fn goes(
    app: &App,
    post: &Post,
    letter: Stored<Letter>,
    tellable: &Tellable,
) -> Result<Outcome, AppError> {
    let beside = tellable.beside(app.now());
    let wrote = beside.is_some();
    let claimed = claim(app, letter, (tellable, beside)).await?;
    let Some(claimed) = claimed else { return Ok(Outcome::Lost) };
    let sent = carry(post, tellable).await;
    let at = app.now();
    match sent {
        Ok(reference) => {
            tracing::info!(target: "metric", LettersSent = 1, "a letter was handed over");
            let noted = ended(app, claimed, LetterState::Sent { at, reference }, None).await?;
            Ok(if wrote { Outcome::Wrote } else { noted })
        }
        Err(PostError::Refused(error)) => {
            tracing::error!(letter.id = %claimed.value.id, %error, "a letter was refused");
            let why = Failure::Refused;
            ended(app, claimed, LetterState::Failed { at, why }, None).await
        }
        Err(PostError::Unavailable(error)) => {
            let Letter { id, attempts, .. } = &claimed.value;
            tracing::warn!(letter.id = %id, %error, attempts, "a letter could not be handed over");
            if *attempts >= MOST_ATTEMPTS {
                return ended(app, claimed, given_up(at), None).await;
            }
            Ok(Outcome::PutOff)
        }
    }
}

async fn claim(
    app: &App,
    letter: Stored<Letter>,
    (tellable, beside): (&Tellable, Option<Letter>),
) -> Result<Option<Stored<Letter>>, AppError> {
    let Stored { value: letter, version } = letter;
    let attempts = letter.attempts.saturating_add(1);
    let claimed = Letter { attempts, due_at: next_try(app.now(), attempts), ..letter };
    let mut transaction = Transaction::new().replace(&claimed, version)?;
    if let Some(beside) = beside {
        transaction = transaction.create(&beside)?;
    }
    for (key, read) in &tellable.unchanged {
        transaction = transaction.unchanged(key.clone(), *read);
    }
    let won = app.commits(&transaction).await?;
    Ok(won.then(|| Stored { value: claimed, version: version.saturating_add(1) }))
}

/// Two minutes after the first try, twice as long after each, an hour at most.
fn next_try(now: Timestamp, attempts: u32) -> Timestamp {
    let minutes = 1_i64 << attempts.min(6);
    now.saturating_add(SignedDuration::from_mins(minutes.min(60))).unwrap_or(Timestamp::MAX)
}

async fn carry(post: &Post, tellable: &Tellable) -> Result<Option<String>, PostError> {
    let told = &tellable.told;
    let wordless = |error| PostError::Refused(Box::new(error));
    match (told.letter.channel, &tellable.preferences.phone) {
        (Channel::Sms, Some(phone)) => {
            let line = post.composer.line(told).map_err(wordless)?;
            post.texter.send(&told.letter.id, phone, &line).await.map(|()| None)
        }
        (Channel::Sms, None) => Err(PostError::Refused("there is no number".into())),
        (Channel::Email, _) => {
            let mail = post.composer.mail(told).map_err(wordless)?;
            post.mailer.send(&mail).await
        }
    }
}

fn given_up(at: Timestamp) -> LetterState {
    LetterState::Failed { at, why: Failure::GivenUp }
}

/// Notes what became of it, with what goes beside it; a dead letter is counted.
async fn ended(
    app: &App,
    letter: Stored<Letter>,
    state: LetterState,
    beside: Option<Letter>,
) -> Result<Outcome, AppError> {
    let dead =
        matches!(state, LetterState::Failed { why: Failure::GivenUp | Failure::Refused, .. });
    let wrote = beside.is_some();
    let after = Letter { state, ..letter.value };
    let mut transaction = Transaction::new().replace(&after, letter.version)?;
    if let Some(beside) = beside {
        transaction = transaction.create(&beside)?;
    }
    if !app.commits(&transaction).await? {
        return Ok(Outcome::Lost);
    }
    if dead {
        tracing::error!(letter.id = %after.id, "a letter is dead");
        tracing::info!(target: "metric", DeadLetters = 1, "a letter was given up");
    }
    Ok(if wrote { Outcome::Wrote } else { Outcome::Done })
}
