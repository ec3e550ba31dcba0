//! The acts of a plan, carried out on the world as it is when their time comes.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use interlock_app::model::{Account, Resource, Standing};
use interlock_app::ports::store::{Document, Key, Transaction};
use interlock_policy::{AccountStatus, CheckoutScope, EventTypeId, UserId};

use crate::client::{self, Want, Wish};
use crate::context::Ctx;
use crate::dice::{join, nth};
use crate::faults::Fault;
use crate::fixture::{KINDS, Kind, PEOPLE, RESOURCES, checkout, id, resource_id, wished_start};
use crate::hub::{Hub, lock};
use crate::plan::{Act, Planned};
use crate::{calendar, workers};

/// Carries out an act.
pub(crate) fn begin(hub: &Arc<Hub>, planned: &Planned) {
    let ctx = Ctx::new(hub, planned.lineage);
    hub.note(|| format!("> {:?}", planned.act));
    match &planned.act {
        Act::Reserve(who, kind, start, key) => {
            reserve(&ctx, *who, nth(&KINDS, *kind), *start, *key);
        }
        Act::Burst(who, start) => {
            // One of each calendar, and all at one time.
            for kind in KINDS.iter().filter(|kind| [11, 21, 31].contains(&kind.id)) {
                reserve(&ctx, *who, Some(kind), *start, kind.id);
            }
        }
        Act::Cancel(which, key) => change(&ctx, *which, *key, None, false),
        Act::Move(which, start, key) => change(&ctx, *which, *key, Some(*start), false),
        Act::Staff(which, start) => {
            change(&ctx, *which, 7, start.is_multiple_of(3).then_some(*start), true);
        }
        Act::Read(which) => look(&ctx, *which),
        Act::Sweep => workers::sweep(hub, planned.lineage),
        Act::Reconcile(full) => workers::run_reconcile(hub, planned.lineage, *full),
        Act::AdminCreates(kind, start, taken, whose) => {
            calendar::creates(&ctx, (*kind, *start), *taken, *whose);
        }
        Act::AdminCancels(which) => calendar::cancels(&ctx, *which),
        Act::AdminMoves(which, start, taken) => calendar::moves(&ctx, *which, *start, *taken),
        Act::EditType(kind, what) => calendar::edits_type(&ctx, *kind, *what),
        Act::DeleteType(kind) => calendar::deletes_type(&ctx, *kind),
        Act::Ban(who, out) => ban(&ctx, *who, *out),
        Act::Checkout(who, machine, lost) => set_checkout(&ctx, *who, *machine, *lost),
        Act::Machine(which, off) => set_machine(&ctx, *which, *off),
        Act::Outage(micros) => {
            hub.down_until.store(hub.micros() + micros, Ordering::Relaxed);
            hub.hit(planned.lineage, Fault::Outage);
        }
        Act::KeySpell(which, micros) => key_spell(&ctx, *which, *micros),
    }
}

fn user(name: &str) -> UserId {
    id(name)
}

fn reserve(ctx: &Arc<Ctx>, who: u64, kind: Option<&Kind>, start: u64, key: u64) {
    let (Some(name), Some(kind)) = (nth(&PEOPLE, who), kind) else { return };
    let what = Want::Time(resource_id(kind.resource), EventTypeId(kind.id), wished_start(start));
    let key = format!("{name}-{key}");
    let wish = Wish { user: user(name), staff: false, what, key, patience: 3 };
    client::ask(&ctx.hub, wish, ctx.number());
}

fn change(ctx: &Arc<Ctx>, which: u64, key: u64, start: Option<u64>, staff: bool) {
    let picked = lock(&ctx.hub.checker).nth_open(which);
    let Some((reservation, holder)) = picked else { return };
    let asks = if staff { Some(user("manager")) } else { holder };
    let Some(asks) = asks else { return };
    let key = format!("{asks}-{reservation}-{key}-{}", start.is_some());
    let what = match start {
        Some(start) => Want::Other(reservation, wished_start(start)),
        None => Want::End(reservation),
    };
    client::ask(&ctx.hub, Wish { user: asks, staff, what, key, patience: 3 }, ctx.number());
}

fn look(ctx: &Arc<Ctx>, which: u64) {
    let picked = lock(&ctx.hub.checker).nth_open(which);
    let Some((reservation, Some(holder))) = picked else { return };
    let what = Want::Look(reservation);
    let wish = Wish { user: holder, staff: false, what, key: String::new(), patience: 0 };
    client::ask(&ctx.hub, wish, ctx.number());
}

/// Changes a document as an administrator's request would: on condition of what was read.
fn edit<T: Document>(ctx: &Ctx, key: &Key, fault: Fault, change: impl FnOnce(&mut T) -> bool) {
    let Some(stored) = ctx.hub.store.peek(key).and_then(|record| record.decode::<T>().ok()) else {
        return;
    };
    let mut value = stored.value;
    if !change(&mut value) {
        return;
    }
    let transaction = Transaction::new().replace(&value, stored.version);
    if let Ok(transaction) = transaction
        && ctx.hub.commit(&transaction).is_ok()
    {
        ctx.hub.hit(ctx.number(), fault);
    }
}

fn ban(ctx: &Ctx, who: u64, out: bool) {
    let Some(name) = nth(&PEOPLE, who) else { return };
    let status = if out { AccountStatus::Banned } else { AccountStatus::Active };
    let fault = if out { Fault::Banned } else { Fault::Unbanned };
    edit::<Account>(ctx, &Account::key_of(&user(name)), fault, |account| {
        let changes = account.status != status;
        account.status = status;
        changes
    });
}

fn set_checkout(ctx: &Ctx, who: u64, machine: u64, lost: bool) {
    let machines: Vec<&str> = RESOURCES.into_iter().filter(|one| one.starts_with("mch")).collect();
    let (Some(name), Some(machine)) = (nth(&PEOPLE, who), nth(&machines, machine)) else { return };
    let fault = if lost { Fault::CheckoutLost } else { Fault::CheckoutGranted };
    let scope = CheckoutScope::Machine(resource_id(machine));
    edit::<Standing>(ctx, &Standing::key_of(&user(name)), fault, |standing| {
        let had = standing.checkouts.iter().any(|one| one.scope == scope);
        standing.checkouts.retain(|one| one.scope != scope);
        if !lost {
            standing.checkouts.push(checkout(machine));
        }
        had == lost
    });
}

fn set_machine(ctx: &Ctx, which: u64, off: bool) {
    let Some(name) = nth(&RESOURCES, which) else { return };
    let fault = if off { Fault::Deactivated } else { Fault::Activated };
    edit::<Resource>(ctx, &Resource::key_of(&resource_id(name)), fault, |resource| {
        let changes = resource.active == off;
        resource.active = !off;
        changes
    });
}

fn key_spell(ctx: &Arc<Ctx>, which: u64, micros: i64) {
    let account = i64::try_from(which % 3).unwrap_or(0) + 1;
    let (hub, own) = (ctx.hub.clone(), ctx.clone());
    hub.hit(join(ctx.lineage, 401), Fault::KeySpell);
    lock(&hub.desk).set_key_expired(account, true);
    let work = Box::pin(async move {
        own.sleep(micros).await;
        lock(&own.hub.desk).set_key_expired(account, false);
    });
    hub.spawn(ctx.clone(), crate::hub::Life::Immortal, work);
}
