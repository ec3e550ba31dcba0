//! The resource takes reservations.

use super::Question;
use crate::{Purpose, Reason, ReasonCode};

/// An inactive resource refuses whatever is asked of it.
pub(crate) fn resource(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let resource = question.facts.resource;
    if !resource.active {
        let reason = Reason::block(ReasonCode::MachineInactive).with("machineId", &resource.id);
        reasons.push(reason.step("choose_other_machine", Some("/machines".to_owned())));
    }
    // What is confirmed stays: it was made while the kind was right, and Cal.com still has it.
    if resource.mapping_broken && *question.purpose != Purpose::Keep {
        let reason =
            Reason::block(ReasonCode::MachineMappingBroken).with("machineId", &resource.id);
        reasons.push(reason.step("ask_an_admin", None));
    }
}
