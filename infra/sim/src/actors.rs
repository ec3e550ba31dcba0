//! The acts of a plan, carried out on the world as it is when their time comes.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use interlock_policy::{EventTypeId, UserId};

use crate::client::{self, Want, Wish};
use crate::context::Ctx;
use crate::dice::{join, nth};
use crate::faults::Fault;
use crate::fixture::{KINDS, Kind, MANAGER, PEOPLE, id, resource_id, wished_start};
use crate::hub::{Hub, lock};
use crate::plan::{Act, Planned};
use crate::{calendar, staff, workers};

/// Carries out an act.
pub(crate) fn begin(hub: &Arc<Hub>, planned: &Planned) {
    let ctx = Ctx::new(hub, planned.lineage);
    hub.note(|| format!("> {:?}", planned.act));
    if hub.tells {
        workers::letters(hub, join(planned.lineage, 1));
    }
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
        Act::Decide(which, key) => staff::decide(&ctx, *which, *key),
        Act::Ban(who, out) => staff::ban(&ctx, *who, *out),
        Act::Checkout(who, machine, lost) => staff::set_checkout(&ctx, *who, *machine, *lost),
        Act::Machine(which, off) => staff::set_machine(&ctx, *which, *off),
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
    let asks = if staff { Some(user(MANAGER)) } else { holder };
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
