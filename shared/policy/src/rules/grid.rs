//! Starts lie on a grid counted from local midnight.

use super::Question;
use crate::{Reason, ReasonCode};

/// Read on the clock of the resource, so a start keeps its place through a change of clocks.
pub(crate) fn grid(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(time) = question.time() else { return };
    let local = time.shown.time();
    let minute = u32::from(local.hour().unsigned_abs())
        .saturating_mul(60)
        .saturating_add(u32::from(local.minute().unsigned_abs()));
    let whole = local.second() == 0 && local.subsec_nanosecond() == 0;
    let off = |step: &u32| !whole || minute.checked_rem(*step) != Some(0);
    for step in question.rules().filter_map(|rules| rules.grid_minutes).filter(off) {
        Reason::block(reasons, ReasonCode::GridOff)
            .with("gridMinutes", step)
            .with("timeZone", &question.policy.time_zone)
            .step("choose_other_time", None);
    }
}
