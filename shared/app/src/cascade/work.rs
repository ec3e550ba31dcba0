//! Working off what a loss left: every reservation it may concern, each by itself.
//!
//! May stop anywhere: what was judged is not changed by being judged again, and the record goes
//! only when all of it was done.

use std::collections::BTreeSet;

use interlock_policy::{ModuleId, ReservationId, ResourceId, ResourceKind, UserId};
use jiff::{SignedDuration, Timestamp};

use super::fate::Trigger;
use super::judge::{Again, judge_again};
use crate::checkout::refile_wishes;
use crate::model::{Cascade, OpenReservations, Reservation, Resource, Subject};
use crate::ports::store::{CommitError, Document, Index, Page, Query, Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::sync::sync;
use crate::{Act, App, AppError};

/// Reservations of a resource judged in one go; the rest waits for the next sweep.
const PAGE: u32 = 100;
/// How long after the first pass over a resource the second is made; an index lags seconds.
const SECOND_PASS: SignedDuration = SignedDuration::from_mins(2);

/// Judges what the loss may concern, and removes or moves on the record. An error leaves it as it
/// is; whoever sweeps puts it off.
pub(crate) async fn work_off(app: &App, work: Stored<Cascade>, act: &Act) -> Result<(), AppError> {
    match work.value.subject.clone() {
        Subject::User { user_id } => {
            let ids = held_by(app, &user_id).await?;
            judge_all(app, ids, Trigger::Person, act).await?;
            finish(app, work, None).await
        }
        Subject::Resource { resource_id } => {
            if work.value.planned_for.is_some() {
                settle_policy(app, &resource_id).await?;
            }
            go_through(app, work, (&resource_id, Trigger::Rules), act).await
        }
        Subject::Use { resource_id } => {
            go_through(app, work, (&resource_id, Trigger::Use), act).await
        }
        Subject::Module { module_id } => {
            for kind in [ResourceKind::Machine, ResourceKind::Host] {
                pass_on(app, kind, &module_id).await?;
            }
            finish(app, work, None).await
        }
        Subject::Left { resource_id, category } => {
            refile_wishes(app, (&resource_id, &category), act).await?;
            finish(app, work, None).await
        }
    }
}

/// One page of what is held ahead on a resource.
async fn go_through(
    app: &App,
    work: Stored<Cascade>,
    (resource_id, trigger): (&ResourceId, Trigger),
    act: &Act,
) -> Result<(), AppError> {
    let page = page_of(app, resource_id, &work.value).await?;
    let mut ids = BTreeSet::new();
    for record in &page.records {
        ids.insert(record.decode::<Reservation>()?.value.id);
    }
    judge_all(app, ids, trigger, act).await?;
    finish(app, work, Some(page)).await
}

/// Has every resource of a kind that asks for the module gone through. One that begins to ask for
/// it meanwhile is gone through for its own change.
async fn pass_on(app: &App, kind: ResourceKind, module_id: &ModuleId) -> Result<(), AppError> {
    let mut query = Query::partition(Some(Index::One), Resource::partition_of(kind), PAGE);
    loop {
        let page = app.store.query(&query).await?;
        for record in &page.records {
            let resource = record.decode::<Resource>()?.value;
            if resource.asks_for(module_id) {
                let subject = Subject::Resource { resource_id: resource.id };
                let now = app.now();
                let transaction = Cascade::of(subject, now).write(Transaction::new(), now)?;
                app.store.commit(&transaction).await?;
            }
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(()),
        }
    }
}

/// Writes down the policy whose turn has come. What was held by the one before and is not
/// confirmed yet finds the resource changed then, and is judged again (promise R3).
async fn settle_policy(app: &App, id: &ResourceId) -> Result<(), AppError> {
    let key = Resource::key_of(id);
    for _ in 0..MOST_RACES {
        let Some(Stored { mut value, version }) = app.find::<Resource>(&key).await? else {
            return Ok(());
        };
        let now = app.now();
        if value.in_force(now).version == value.policy.version {
            return Ok(());
        }
        value.settle_policy(now);
        value.updated_at = now;
        match app.store.commit(&Transaction::new().replace(&value, version)?).await {
            Ok(()) => return Ok(()),
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
    }
    Err(AppError::contended())
}

/// A person's open list is read consistently and written with every hold, so none is overlooked.
async fn held_by(app: &App, user_id: &UserId) -> Result<BTreeSet<ReservationId>, AppError> {
    let key = OpenReservations::key_of(user_id);
    let open = app.find::<OpenReservations>(&key).await?;
    let holds = open.map(|stored| stored.value.holds).unwrap_or_default();
    Ok(holds.into_iter().map(|hold| hold.reservation_id).collect())
}

async fn page_of(app: &App, id: &ResourceId, work: &Cascade) -> Result<Page, AppError> {
    let query = Query {
        from: Some(Reservation::sort_from(app.now())),
        after: work.after.clone(),
        ..Query::partition(Some(Index::Two), Reservation::partition_of_resource(id), PAGE)
    };
    Ok(app.store.query(&query).await?)
}

/// Each by itself: one that fails holds up no other. What ended here is told to Cal.com at once,
/// and if that fails its own follow-up does it later (promise R7).
async fn judge_all(
    app: &App,
    ids: BTreeSet<ReservationId>,
    trigger: Trigger,
    act: &Act,
) -> Result<(), AppError> {
    let mut failed = None;
    for id in ids {
        match judge_again(app, &id, trigger, act).await {
            Ok(Again::Stands) => {}
            Ok(Again::Ended) => {
                if let Err(error) = sync(app, &id, &[], act).await {
                    tracing::warn!(reservation.id = %id, %error, "the end is left to the resolver");
                }
            }
            Err(error) => {
                tracing::warn!(reservation.id = %id, %error, "it could not be judged again");
                failed.get_or_insert(error);
            }
        }
    }
    failed.map_or(Ok(()), Err)
}

/// On to the next page or pass, or done; a newer loss has written a newer record, which stands.
async fn finish(app: &App, work: Stored<Cascade>, page: Option<Page>) -> Result<(), AppError> {
    let Stored { value, version } = work;
    let now = app.now();
    let next = page.and_then(|page| page.next);
    let passes = if next.is_some() { value.passes } else { value.passes.saturating_sub(1) };
    let transaction = if passes == 0 {
        Transaction::new().remove_at(value.key(), version)
    } else {
        let pause = if next.is_some() { SignedDuration::ZERO } else { SECOND_PASS };
        let due_at = now.saturating_add(pause).unwrap_or(Timestamp::MAX);
        let rest = Cascade { due_at, attempts: 0, passes, after: next, ..value };
        Transaction::new().replace(&rest, version)?
    };
    match app.store.commit(&transaction).await {
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}
