//! Completing a module: the server decides by what it counted (S0-060), or a manager says so.

use interlock_policy::{ModuleId, UserId};
use interlock_watch::{
    Completion, Ground, Interval, Watch, carry_over, completion, integrity, progress, settle,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::active;
use crate::checkout::open_wishes;
use crate::eligibility::Member;
use crate::model::{
    Alternative, AlternativeKind, AuditEntry, Module, ModuleTerms, Standing, Training, WatchState,
};
use crate::ports::store::{Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, Gap, Snapshot};

/// Longest note of a manager, in characters.
const LONGEST_NOTE: usize = 2000;

/// What asking for completion led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completed {
    /// It is in the person's standing, now or before.
    Entered(Training),
    /// It is watched enough, but the record looks unusual and a manager has to look at it.
    AwaitsConfirmation {
        /// Since when.
        since: Timestamp,
    },
}

/// Enters a completed module into the person's standing; entering it again changes nothing. Where
/// it was the last proof but the checkout, that is asked for in the same transaction.
///
/// A low integrity score asks for a manager and denies nothing (FEATURES 5.4 rule 9).
/// Errors: `TrainingIncomplete` with what is missing, `NotFound`.
pub async fn complete_training(
    app: &App,
    user_id: &UserId,
    module_id: &ModuleId,
    act: &Act,
) -> Result<Completed, AppError> {
    until_settled(app, (user_id, module_id), None, act).await
}

/// Enters a module on a manager's word, as proof equal to watching (FEATURES 5.4 rules 9 and 11).
///
/// Errors: `SelfApproval`, `Invalid` for the note, `NotFound` for person or module, `StateConflict`
/// for confirming what does not wait for it.
pub async fn record_alternative(
    app: &App,
    (user_id, module_id): (&UserId, &ModuleId),
    alternative: &Alternative,
    act: &Act,
) -> Result<Completed, AppError> {
    if alternative.recorded_by == *user_id {
        return Err(AppError::SelfApproval);
    }
    let length = alternative.note.trim().chars().count();
    if length == 0 || length > LONGEST_NOTE {
        let detail = "between 1 and 2000 characters";
        return Err(AppError::invalid("/alternative/note", "length", detail));
    }
    until_settled(app, (user_id, module_id), Some(alternative), act).await
}

async fn until_settled(
    app: &App,
    about: (&UserId, &ModuleId),
    alternative: Option<&Alternative>,
    act: &Act,
) -> Result<Completed, AppError> {
    for _ in 0..MOST_RACES {
        if let Some(completed) = try_complete(app, about, alternative, act).await? {
            return Ok(completed);
        }
    }
    Err(AppError::contended())
}

async fn try_complete(
    app: &App,
    (user_id, module_id): (&UserId, &ModuleId),
    alternative: Option<&Alternative>,
    act: &Act,
) -> Result<Option<Completed>, AppError> {
    let mut keys = super::progress::keys(user_id, module_id).to_vec();
    keys.extend(Member::keys(user_id));
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let module = active(&snapshot, module_id)?;
    let member = Member::from(&snapshot, user_id)?;
    let mut standing = member.standing.value.clone();
    let known = standing
        .trainings
        .iter()
        .find(|held| held.module_id == *module_id && held.module_version == module.version);
    if let Some(known) = known {
        return Ok(Some(Completed::Entered(known.clone())));
    }
    let mut watched = Watched::read(app, &snapshot, user_id, &module)?;
    let training = match alternative {
        Some(alternative) => by_word(&watched, alternative)?,
        None => match watched.judged(&member.terms, &standing)? {
            Judged::Proven(training) => training,
            Judged::Awaits => return watched.put_aside(app, act).await,
        },
    };
    standing.trainings.retain(|held| held.module_id != *module_id);
    standing.trainings.push(training.clone());
    let audit = watched.audit(act, "training.complete", &training);
    let transaction = Transaction::new().put(&audit)?;
    let transaction = watched.settled(transaction)?;
    let transaction = open_wishes(app, transaction, (&member, &mut standing), act).await?;
    let transaction = transaction.save(&standing, member.standing_version)?;
    Ok(app.commits(&transaction).await?.then_some(Completed::Entered(training)))
}

/// A manager's word; one about watching needs something that waits for it.
fn by_word(watched: &Watched<'_>, alternative: &Alternative) -> Result<Training, AppError> {
    let percent = match alternative.kind {
        AlternativeKind::Transcript | AlternativeKind::LiveSession => 100,
        AlternativeKind::WatchConfirmed => {
            let waits = watched.state.as_ref().is_some_and(|state| {
                state.value.awaiting_since.is_some() && state.value.watch.completed_at.is_some()
            });
            if !waits {
                let detail = "nothing watched waits for a confirmation".to_owned();
                return Err(AppError::StateConflict { detail });
            }
            watched.percent()
        }
    };
    Ok(Training { alternative: Some(alternative.clone()), ..watched.training(percent) })
}

enum Judged {
    Proven(Training),
    Awaits,
}

/// What a person watched of a module, brought to the version in force.
struct Watched<'a> {
    user_id: &'a UserId,
    module: &'a Module,
    state: Option<Stored<WatchState>>,
    now: Timestamp,
}

impl<'a> Watched<'a> {
    fn read(
        app: &App,
        snapshot: &Snapshot,
        user_id: &'a UserId,
        module: &'a Module,
    ) -> Result<Self, AppError> {
        let mut state = snapshot.get::<WatchState>(&WatchState::key_of(user_id, &module.id))?;
        if let Some(state) = &mut state {
            let now = app.now();
            let engine = module.engine();
            let ground = Ground { module: &engine, rules: &module.rules, now };
            let watch = state.value.watch.clone();
            (state.value.watch, _) = settle(carry_over(watch, &engine), ground);
        }
        Ok(Self { user_id, module, state, now: app.now() })
    }

    fn watch(&self) -> Option<&Watch> {
        self.state.as_ref().map(|state| &state.value.watch)
    }

    fn judged(&self, terms: &ModuleTerms, standing: &Standing) -> Result<Judged, AppError> {
        let engine = self.module.engine();
        let prerequisites = self.prerequisites(terms, standing);
        let Some(watch) = self.watch() else {
            let gaps = vec![gap(&engine.required_range())];
            return Err(AppError::TrainingIncomplete { gaps, prerequisites });
        };
        let ground = Ground { module: &engine, rules: &self.module.rules, now: self.now };
        let seen = progress(watch, &engine, &self.module.rules);
        let enough = match completion(watch, ground) {
            Completion::Complete { .. } => true,
            Completion::Incomplete { .. } => false,
        };
        if !enough || !prerequisites.is_empty() {
            let gaps = if enough { Vec::new() } else { seen.gaps.iter().map(gap).collect() };
            return Err(AppError::TrainingIncomplete { gaps, prerequisites });
        }
        if integrity(&watch.tallies).needs_a_look() {
            return Ok(Judged::Awaits);
        }
        Ok(Judged::Proven(self.training(self.percent())))
    }

    /// Modules to be completed before this one, of which no proof counts now.
    fn prerequisites(&self, terms: &ModuleTerms, standing: &Standing) -> Vec<ModuleId> {
        let counts = |held: &&Training| {
            let lapse = terms.lapse_of(&held.module_id, held.module_version);
            lapse.is_none_or(|at| self.now < at)
        };
        let held = |id: &ModuleId| {
            standing.trainings.iter().filter(counts).any(|held| held.module_id == *id)
        };
        self.module.prerequisites.iter().filter(|id| !held(id)).cloned().collect()
    }

    /// Coverage in whole per cent, rounded down.
    fn percent(&self) -> u8 {
        let Some(watch) = self.watch() else { return 0 };
        let share = progress(watch, &self.module.engine(), &self.module.rules).share;
        u8::try_from(share.get() / 100).unwrap_or(100)
    }

    fn training(&self, percent: u8) -> Training {
        let credited = self.watch().map_or(0, |watch| watch.tallies.accepted.get() / 1000);
        Training {
            module_id: self.module.id.clone(),
            module_version: self.module.version,
            completed_at: self.now,
            percent,
            watched_seconds: u32::try_from(credited).unwrap_or(u32::MAX),
            alternative: None,
        }
    }

    /// Keeps it for a manager to look at; asking again changes nothing.
    async fn put_aside(&mut self, app: &App, act: &Act) -> Result<Option<Completed>, AppError> {
        let (training, now) = (self.training(self.percent()), self.now);
        let audit = self.audit(act, "training.await_confirmation", &training);
        let Some(Stored { value, version }) = &mut self.state else { return Ok(None) };
        if let Some(since) = value.awaiting_since {
            return Ok(Some(Completed::AwaitsConfirmation { since }));
        }
        value.awaiting_since = Some(now);
        let transaction = Transaction::new().replace(value, *version)?.put(&audit)?;
        Ok(app.commits(&transaction).await?.then_some(Completed::AwaitsConfirmation { since: now }))
    }

    /// Adds the watch as it was judged, so that a later version knows what was completed.
    fn settled(&self, transaction: Transaction) -> Result<Transaction, AppError> {
        match &self.state {
            Some(Stored { value, version }) => {
                let state = WatchState { awaiting_since: None, declined: None, ..value.clone() };
                Ok(transaction.replace(&state, *version)?)
            }
            None => Ok(transaction),
        }
    }

    fn audit(&self, act: &Act, action: &str, training: &Training) -> AuditEntry {
        let seen = self.watch().map(|watch| integrity(&watch.tallies));
        let detail = json!({
            "userId": self.user_id,
            "moduleVersion": training.module_version,
            "percent": training.percent,
            "alternative": training.alternative.as_ref().map(unsaid),
            "integrity": seen,
        });
        act.audit(self.now, action, &training.module_id, detail)
    }
}

/// A manager's word without the words: the audit is never erased (RELIABILITY D1), the proof is.
fn unsaid(alternative: &Alternative) -> Value {
    json!({ "kind": alternative.kind, "recordedBy": alternative.recorded_by })
}

fn gap(gap: &Interval) -> Gap {
    Gap { from: gap.from().get(), to: gap.to().get() }
}
