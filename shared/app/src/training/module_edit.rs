//! Making and changing modules.

use std::collections::BTreeSet;

use interlock_policy::ModuleId;
use interlock_watch::{BasisPoints, Change, Coverage, Interval, Millis, Rate, Rules};
use jiff::{SignedDuration, Timestamp};

use super::module_faults::{change_faults, faults};
use crate::model::{AuditEntry, Cascade, Module, ModuleTerms, Subject};
use crate::ports::store::{CommitError, Document, Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, Said, Snapshot};

/// What is said of a module; absent values stay, or are what a module has when nothing is said.
#[derive(Debug, Clone, Default)]
pub struct ModuleEdit {
    /// Shown title.
    pub title: Option<String>,
    /// Length of the video.
    pub duration_seconds: Option<u32>,
    /// Where the video is, if at YouTube.
    pub youtube_video_id: Said<String>,
    /// Whether it can be watched.
    pub active: Option<bool>,
    /// Credits at the end that nobody has to watch, in seconds.
    pub ignored_tail_seconds: Option<u32>,
    /// Parts that have to be seen wholly, from and to.
    pub must_see: Option<Vec<(Millis, Millis)>>,
    /// Modules to be completed before it.
    pub prerequisites: Option<Vec<ModuleId>>,
    /// When watching suffices.
    pub rules: RulesEdit,
}

/// What is said of the rules of a module; absent values stay.
#[derive(Debug, Clone, Default)]
pub struct RulesEdit {
    /// The share that has to be covered.
    pub completion: Option<BasisPoints>,
    /// The longest stretch that may stay unwatched.
    pub longest_gap: Option<Millis>,
    /// The fastest playback credited in full.
    pub max_rate: Option<Rate>,
    /// Covered time that is needed whatever the share says.
    pub minimum_watched: Said<Millis>,
    /// How many days a proof of the version before stays good where a change does not say.
    pub version_grace_days: Option<u16>,
}

/// A module to be made.
#[derive(Debug, Clone)]
pub struct CreateModule {
    /// Its id, as chosen by the admin; drawn where absent.
    pub id: Option<ModuleId>,
    /// What it is.
    pub edit: ModuleEdit,
    /// Who asks, in which request.
    pub act: Act,
}

/// A change of a module.
#[derive(Debug, Clone)]
pub struct UpdateModule {
    /// Which.
    pub id: ModuleId,
    /// Version of the record the caller saw, from `If-Match`; absent is refused.
    pub version: Option<u64>,
    /// What is to be different.
    pub edit: ModuleEdit,
    /// What of the video changed, which makes a new version; needed with another video or length.
    pub changed: Option<Changed>,
    /// How many days a proof of the version before stays good.
    pub grace_days: Option<u16>,
    /// Who asks, in which request.
    pub act: Act,
}

/// What of a video changed.
#[derive(Debug, Clone)]
pub enum Changed {
    /// All of it.
    Everything,
    /// These parts, from and to, in the new video.
    Parts(Vec<(Millis, Millis)>),
}

/// Makes a module (S0-037). Errors: `StateConflict` if the id is taken, `Invalid`.
pub async fn create_module(app: &App, request: &CreateModule) -> Result<Stored<Module>, AppError> {
    let id = match &request.id {
        Some(id) => id.clone(),
        None => app.id()?,
    };
    for _ in 0..MOST_RACES {
        let blank = Module::first(id.clone(), "", 0, app.now());
        let module = edited(blank, &request.edit);
        let terms = Catalogue::read(app, &module).await?;
        refuse(faults(&module, &request.edit, &terms.terms.value, &terms.missing))?;
        let transaction = Transaction::new().create(&module)?;
        let transaction = terms.noted(transaction, &module)?;
        let audit = audit("module.create", app.now(), (None, &module), &request.act);
        let transaction = transaction.put(&audit)?;
        let taken = AppError::StateConflict { detail: "the id is taken".to_owned() };
        if commit(app, &transaction, &module, taken).await? {
            return Ok(Stored { value: module, version: 1 });
        }
    }
    Err(AppError::contended())
}

/// Changes a module. Another video, another length or declared changes make a new version: what
/// was watched of the rest stays, and proofs of the version before count until their term ends
/// (FEATURES 5.4 rule 10). What they let in is judged again (promise R3).
///
/// Errors: `PreconditionRequired`, `PreconditionFailed`, `NotFound`, `Invalid`.
pub async fn update_module(app: &App, request: &UpdateModule) -> Result<Stored<Module>, AppError> {
    let expected = request.version.ok_or(AppError::PreconditionRequired)?;
    for _ in 0..MOST_RACES {
        let key = Module::key_of(&request.id);
        let found = app.find::<Module>(&key).await?.ok_or(AppError::NotFound { what: "module" })?;
        if found.version != expected {
            return Err(AppError::PreconditionFailed);
        }
        let before = found.value;
        let mut module = edited(before.clone(), &request.edit);
        let terms = Catalogue::read(app, &module).await?;
        let mut found = faults(&module, &request.edit, &terms.terms.value, &terms.missing);
        found.extend(change_faults(&before, &module, request));
        refuse(found)?;
        revise(&before, &mut module, request, app.now());
        let transaction = Transaction::new().replace(&module, expected)?;
        let transaction = terms.noted(transaction, &module)?;
        let audit = audit("module.update", app.now(), (Some(&before), &module), &request.act);
        let transaction = transaction.put(&audit)?;
        let transaction = if module.version == before.version {
            transaction
        } else {
            let subject = Subject::Module { module_id: module.id.clone() };
            Cascade::of(subject, app.now()).write(transaction, app.now())?
        };
        if commit(app, &transaction, &module, AppError::PreconditionFailed).await? {
            return Ok(Stored { value: module, version: expected.saturating_add(1) });
        }
    }
    Err(AppError::contended())
}

fn edited(mut module: Module, edit: &ModuleEdit) -> Module {
    let trimmed = edit.title.as_ref().map(|title| title.trim().to_owned());
    module.title = trimmed.unwrap_or(module.title);
    module.duration_seconds = edit.duration_seconds.unwrap_or(module.duration_seconds);
    module.youtube_video_id = edit.youtube_video_id.over(module.youtube_video_id);
    module.active = edit.active.unwrap_or(module.active);
    module.ignored_tail_seconds = edit.ignored_tail_seconds.unwrap_or(module.ignored_tail_seconds);
    module.must_see = edit.must_see.as_deref().map_or(module.must_see, coverage);
    module.prerequisites = edit.prerequisites.clone().unwrap_or(module.prerequisites);
    let (rules, said) = (module.rules, &edit.rules);
    module.rules = Rules {
        completion: said.completion.unwrap_or(rules.completion),
        longest_gap: said.longest_gap.unwrap_or(rules.longest_gap),
        max_rate: said.max_rate.unwrap_or(rules.max_rate),
        minimum_watched: said.minimum_watched.over(rules.minimum_watched),
        version_grace_days: said.version_grace_days.unwrap_or(rules.version_grace_days),
        ..rules
    };
    module
}

fn coverage(parts: &[(Millis, Millis)]) -> Coverage {
    parts.iter().map(|(from, to)| Interval::new(*from, *to)).collect()
}

/// Counts the version up where the video is another one.
fn revise(before: &Module, module: &mut Module, request: &UpdateModule, now: Timestamp) {
    let Some(changed) = &request.changed else { return };
    let change = match changed {
        Changed::Everything => Change::Everything,
        Changed::Parts(parts) => Change::Segments(coverage(parts)),
    };
    let days = request.grace_days.unwrap_or(module.rules.version_grace_days);
    let term = SignedDuration::from_hours(i64::from(days).saturating_mul(24));
    let lapses_at = now.saturating_add(term).unwrap_or(Timestamp::MAX);
    let duration = module.engine().duration;
    module.replaced = before.engine().replaced_by(duration, change, lapses_at);
    module.version = before.version.saturating_add(1);
}

fn refuse(faults: Vec<crate::InputFault>) -> Result<(), AppError> {
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// What the gate knows of all modules, and which of a module's prerequisites there are not.
struct Catalogue {
    terms: Stored<ModuleTerms>,
    read: Option<u64>,
    missing: BTreeSet<ModuleId>,
}

impl Catalogue {
    async fn read(app: &App, module: &Module) -> Result<Self, AppError> {
        let mut keys: Vec<_> = module.prerequisites.iter().take(90).map(Module::key_of).collect();
        keys.push(ModuleTerms::the_key());
        keys.sort();
        keys.dedup();
        let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
        let mut missing = BTreeSet::new();
        for id in module.prerequisites.iter().take(90) {
            if snapshot.get::<Module>(&Module::key_of(id))?.is_none() {
                missing.insert(id.clone());
            }
        }
        let terms = snapshot.get::<ModuleTerms>(&ModuleTerms::the_key())?;
        let read = terms.as_ref().map(|terms| terms.version);
        let terms = terms.unwrap_or(Stored { value: ModuleTerms::default(), version: 0 });
        Ok(Self { terms, read, missing })
    }

    /// Adds the record to the transaction where it says anything new.
    fn noted(self, transaction: Transaction, module: &Module) -> Result<Transaction, AppError> {
        let mut terms = self.terms.value.clone();
        terms.note(module);
        if terms == self.terms.value {
            return Ok(transaction);
        }
        Ok(transaction.save(&terms, self.read)?)
    }
}

/// Commits; false if a race for anything else but the module was lost.
async fn commit(
    app: &App,
    transaction: &Transaction,
    module: &Module,
    lost: AppError,
) -> Result<bool, AppError> {
    match app.store.commit(transaction).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict(keys)) if keys.contains(&module.key()) => Err(lost),
        Err(CommitError::Conflict(_)) => Ok(false),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

fn audit(
    action: &str,
    at: Timestamp,
    (before, module): (Option<&Module>, &Module),
    act: &Act,
) -> AuditEntry {
    act.audit(at, action, &module.id, serde_json::json!({ "before": before, "after": module }))
}
