//! What people do inside Cal.com.

use std::sync::Arc;

use serde_json::json;

use crate::context::Ctx;
use crate::dice::nth;
use crate::faults::Fault;
use crate::fixture::{KINDS, PEOPLE, wished_start};
use crate::hub::lock;
use crate::ports::ship;
use interlock_app::ports::scheduler::METADATA_RESERVATION;
use interlock_calcom_sim::embed::{Row, Sent};
use interlock_policy::EventTypeId;

type Told = Result<(String, Vec<Sent>), String>;

fn standing_row(ctx: &Ctx, number: u64) -> Option<Row> {
    let now = ctx.hub.now();
    let rows = lock(&ctx.hub.desk).rows(METADATA_RESERVATION);
    let standing: Vec<Row> = rows.into_iter().filter(|row| row.accepted && row.end > now).collect();
    nth(&standing, number).cloned()
}

fn tell(ctx: &Arc<Ctx>, fault: Fault, about: Option<&Row>, told: Told) {
    ctx.hub.note(|| format!("inside cal.com: {} {told:?}", fault.word()));
    let Ok((uid, sent)) = told else { return };
    ctx.hub.hit(ctx.number(), fault);
    lock(&ctx.hub.checker).touched_inside(&uid, about);
    for one in sent {
        ship(ctx, one);
    }
}

/// Books a free or a taken time.
pub(crate) fn creates(ctx: &Arc<Ctx>, (kind, start): (u64, u64), taken: bool, whose: u64) {
    let Some(kind) = nth(&KINDS, kind) else { return };
    let email = match nth(&PEOPLE, whose) {
        Some(name) if whose.is_multiple_of(5) => format!("{name}@people.test"),
        _ => "stranger@else.test".to_owned(),
    };
    let id = i64::try_from(kind.id).unwrap_or(0);
    let hub = &ctx.hub;
    let told = lock(&hub.desk).person_creates(id, &email, (wished_start(start), taken), hub.now());
    let fault = if taken { Fault::AdminCreatesTaken } else { Fault::AdminCreatesFree };
    tell(ctx, fault, None, told);
}

/// Cancels a booking.
pub(crate) fn cancels(ctx: &Arc<Ctx>, which: u64) {
    let Some(row) = standing_row(ctx, which) else { return };
    let hub = &ctx.hub;
    let told = lock(&hub.desk).person_cancels(&row.uid, hub.now());
    tell(ctx, Fault::AdminCancels, Some(&row), told);
}

/// Moves a booking to a free or onto a taken time.
pub(crate) fn moves(ctx: &Arc<Ctx>, which: u64, start: u64, taken: bool) {
    let Some(row) = standing_row(ctx, which) else { return };
    let start = wished_start(start);
    if start == row.start {
        return;
    }
    let hub = &ctx.hub;
    let told = lock(&hub.desk).person_moves(&row.uid, start, taken, hub.now());
    let fault = if taken { Fault::AdminMovesTaken } else { Fault::AdminMovesFree };
    tell(ctx, fault, Some(&row), told);
}

/// Edits the kind: length, buffer or title.
pub(crate) fn edits_type(ctx: &Arc<Ctx>, kind: u64, what: u64) {
    let Some(kind) = nth(&KINDS, kind) else { return };
    let fields = match what % 3 {
        0 => json!({ "lengthInMinutes": kind.minutes + 30 }),
        1 => json!({ "afterEventBuffer": 30 }),
        _ => json!({ "minimumBookingNotice": 600 }),
    };
    let id = i64::try_from(kind.id).unwrap_or(0);
    if lock(&ctx.hub.desk).person_edits_event_type(id, fields).is_ok() {
        ctx.hub.hit(ctx.number(), Fault::TypeEdited);
        lock(&ctx.hub.checker).kind_edited_inside(EventTypeId(kind.id));
    }
}

/// Deletes the kind.
pub(crate) fn deletes_type(ctx: &Arc<Ctx>, kind: u64) {
    let Some(kind) = nth(&KINDS, kind) else { return };
    let id = i64::try_from(kind.id).unwrap_or(0);
    if lock(&ctx.hub.desk).person_deletes_event_type(id).is_ok() {
        ctx.hub.hit(ctx.number(), Fault::TypeDeleted);
    }
}
