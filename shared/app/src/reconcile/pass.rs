//! A run as it goes: its slice, its checkpoint, its record.

use interlock_policy::RunId;
use jiff::{SignedDuration, Timestamp};

use super::tally::Tally;
use super::{Pass, Report, checkpoint};
use crate::model::{AuditEntry, Checkpoint, Place, Run, RunState};
use crate::ports::store::{CommitError, Transaction};
use crate::{Act, App, AppError};

/// How long a run is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How far back of now a booking may begin and still be compared.
const BEHIND: SignedDuration = SignedDuration::from_hours(48);

/// How a slice came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// The pass is through.
    Done,
    /// The slice is over; another goes on from the checkpoint.
    Later,
    /// A younger run has the checkpoint.
    Overtaken,
}

/// A run at work.
pub(super) struct Pace {
    pub(super) pass: Pass,
    pub(super) checkpoint: Checkpoint,
    pub(super) run: Run,
    pub(super) tally: Tally,
    read: Option<u64>,
    until: Timestamp,
}

impl Pace {
    /// A new run; what was unfinished is given up. `by` is the person who asked for it.
    pub(super) async fn begin(
        app: &App,
        pass: Pass,
        until: Timestamp,
        by: Option<&Act>,
    ) -> Result<Self, AppError> {
        let (mut checkpoint, read) = checkpoint(app, pass).await?;
        let run = new_run(app, pass)?;
        let before = checkpoint.run_id.replace(run.id.clone());
        checkpoint.place = first_place(pass);
        if let Some(before) = before {
            give_up(app, &before, "overtaken").await?;
        }
        let tally = Tally::new(run.id.clone());
        let mut pace = Self { pass, checkpoint, run, tally, read, until };
        let asked = by.map(|act| asked(app, &pace.run, act));
        if pace.save_with(app, asked.as_ref()).await? {
            Ok(pace)
        } else {
            Err(AppError::contended())
        }
    }

    /// The next slice of an unfinished full run, if there is one.
    pub(super) async fn go_on(app: &App, until: Timestamp) -> Result<Option<Self>, AppError> {
        let pass = Pass::Full;
        let (checkpoint, read) = checkpoint(app, pass).await?;
        let Some(run_id) = checkpoint.run_id.clone().filter(|_| checkpoint.place.is_some()) else {
            return Ok(None);
        };
        let key = Run::key_of(&run_id);
        let Some(run) = app.find::<Run>(&key).await? else { return Ok(None) };
        let mut run = run.value;
        run.slices = run.slices.saturating_add(1);
        let tally = Tally::new(run_id);
        let mut pace = Self { pass, checkpoint, run, tally, read, until };
        Ok(pace.save(app).await?.then_some(pace))
    }

    /// Whether a page may still be begun.
    pub(super) fn has_time(&self, app: &App) -> bool {
        app.now() < self.until
    }

    /// Writes how far it came; `false` if a younger run was first.
    pub(super) async fn save(&mut self, app: &App) -> Result<bool, AppError> {
        self.save_with(app, None).await
    }

    async fn save_with(&mut self, app: &App, audit: Option<&AuditEntry>) -> Result<bool, AppError> {
        self.tally.record(&mut self.run);
        let transaction = Transaction::new().save(&self.checkpoint, self.read)?.put(&self.run)?;
        let transaction = match audit {
            Some(audit) => transaction.put(audit)?,
            None => transaction,
        };
        match app.store.commit(&transaction).await {
            Ok(()) => {
                self.read = Some(self.read.map_or(1, |read| read.saturating_add(1)));
                Ok(true)
            }
            Err(CommitError::Conflict(_)) => {
                tracing::warn!(run.id = %self.run.id, "another run has taken over");
                Ok(false)
            }
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }

    /// Ends it as finished, or as failed if a part of it failed.
    pub(super) async fn finish(mut self, app: &App) -> Result<Report, AppError> {
        self.tally.record(&mut self.run);
        if self.run.failed > 0 {
            self.end(app, RunState::Abandoned, Some("unavailable"));
            self.save(app).await?;
            return Err(self.tally.failure().unwrap_or_else(AppError::contended));
        }
        self.end(app, RunState::Finished, None);
        if self.save(app).await? {
            self.tell();
        }
        Ok(self.tally.report())
    }

    /// Leaves a full run for the next slice; an incremental one is begun anew from where each
    /// account was left.
    pub(super) async fn put_by(mut self, app: &App) -> Result<Report, AppError> {
        let failure = self.tally.failure();
        if self.pass == Pass::Incremental {
            self.end(app, RunState::Abandoned, Some("out_of_time"));
        }
        self.save(app).await?;
        tracing::info!(run.id = %self.run.id, slices = self.run.slices, "the slice is over");
        match failure {
            Some(error) => Err(error),
            None => Ok(self.tally.report()),
        }
    }

    /// Writes down that a slice broke off; a full run keeps its place for the next one.
    pub(super) async fn broke_off(&mut self, app: &App, error: &AppError) {
        match self.pass {
            Pass::Incremental => self.end(app, RunState::Abandoned, Some(word(error))),
            Pass::Full => self.run.failure = Some(word(error).to_owned()),
        }
        if let Err(error) = self.save(app).await {
            tracing::error!(%error, "the end of a slice could not be written");
        }
    }

    fn end(&mut self, app: &App, state: RunState, failure: Option<&str>) {
        self.run.state = state;
        self.run.failure = failure.map(str::to_owned);
        self.run.ended_at = Some(app.now());
        self.checkpoint.run_id = None;
        self.checkpoint.place = None;
    }

    /// The signs of life that the alarms listen for (RELIABILITY 5.4).
    fn tell(&self) {
        let (lost, conflicts) = (self.found("missing"), self.found("conflict"));
        match self.pass {
            Pass::Incremental => tracing::info!(
                target: "metric", ReconcileIncrementalFinished = 1, "a pass is through"
            ),
            Pass::Full => tracing::info!(
                target: "metric", ReconcileFullFinished = 1, "a pass is through"
            ),
        }
        tracing::info!(
            target: "metric",
            DriftLostConfirmed = lost,
            DriftConflicts = conflicts,
            DriftRepaired = self.run.repaired,
            "what a pass found"
        );
    }

    fn found(&self, class: &str) -> u32 {
        self.run.found.get(class).copied().unwrap_or(0)
    }
}

fn word(error: &AppError) -> &'static str {
    if error.retryable() { "unavailable" } else { "fault" }
}

fn first_place(pass: Pass) -> Option<Place> {
    match pass {
        Pass::Incremental => None,
        Pass::Full => Some(Place::Kinds { after: None }),
    }
}

/// Where the comparison by start begins, for a run that began then.
pub(super) fn earliest(run: &Run) -> Timestamp {
    run.started_at.saturating_sub(BEHIND).unwrap_or(Timestamp::MIN)
}

fn new_run(app: &App, pass: Pass) -> Result<Run, AppError> {
    let now = app.now();
    Ok(Run {
        id: app.id()?,
        pass: pass.word().to_owned(),
        state: RunState::Running,
        slices: 1,
        started_at: now,
        ended_at: None,
        checked: 0,
        repaired: 0,
        found: std::collections::BTreeMap::new(),
        failed: 0,
        failure: None,
        expires_at: now.saturating_add(KEPT).unwrap_or(Timestamp::MAX),
    })
}

/// Marks a run that will not be gone on with.
async fn give_up(app: &App, id: &RunId, failure: &str) -> Result<(), AppError> {
    let key = Run::key_of(id);
    let Some(stored) = app.find::<Run>(&key).await? else { return Ok(()) };
    if stored.value.state != RunState::Running {
        return Ok(());
    }
    let run = Run {
        state: RunState::Abandoned,
        failure: Some(failure.to_owned()),
        ended_at: Some(app.now()),
        ..stored.value
    };
    app.store.commit(&Transaction::new().put(&run)?).await?;
    Ok(())
}

fn asked(app: &App, run: &Run, act: &Act) -> AuditEntry {
    act.audit(app.now(), "reconciliation.start", &run.id, serde_json::json!({ "pass": run.pass }))
}
