//! The resource takes reservations.

use super::Question;
use crate::{Reason, ReasonCode};

/// An inactive resource refuses whatever is asked of it.
pub(crate) fn resource(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let resource = question.facts.resource;
    if !resource.active {
        let reason = Reason::block(ReasonCode::MachineInactive).with("machineId", &resource.id);
        reasons.push(reason.step("choose_other_machine", Some("/machines".to_owned())));
    }
}
