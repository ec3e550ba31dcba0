//! What a policy must be before it is saved; all faults at once.
//!
//! A policy that passes can be met: no rule refuses everybody by being badly written. And in a
//! policy that passes more proof never hurts: no level is treated worse than a lower one.

mod by_who;
mod hours;
mod quota;
mod requirement;
mod rules;

use std::collections::BTreeSet;

use crate::{LossRule, Overlay, Policy};

/// Most overlays of a policy.
const MOST_OVERLAYS: usize = 32;

/// One thing that is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {detail}")]
pub struct PolicyFault {
    /// Where in the policy's JSON (RFC 6901).
    pub pointer: String,
    /// What would be right, in lower case and without a full stop.
    pub detail: String,
}

/// Faults found so far.
#[derive(Default)]
struct Faults(Vec<PolicyFault>);

impl Faults {
    fn add(&mut self, pointer: impl Into<String>, detail: &str) {
        self.0.push(PolicyFault { pointer: pointer.into(), detail: detail.to_owned() });
    }

    fn unless(&mut self, right: bool, pointer: impl Into<String>, detail: &str) {
        if !right {
            self.add(pointer, detail);
        }
    }

    /// A list that may only be so long.
    fn at_most(&mut self, count: usize, most: usize, pointer: &str) {
        if count > most {
            self.add(pointer, &format!("at most {most} entries"));
        }
    }
}

impl Policy {
    /// Checks what the types cannot. Errors: every fault, with where it is.
    pub fn validate(&self) -> Result<(), Vec<PolicyFault>> {
        let mut faults = Faults::default();
        requirement::check(&self.requirements, "/requirements", &mut faults);
        rules::check(&self.rules, "/rules", &mut faults);
        faults.at_most(self.overlays.len(), MOST_OVERLAYS, "/overlays");
        let mut kinds = BTreeSet::new();
        for (index, overlay) in self.overlays.iter().enumerate() {
            let at = format!("/overlays/{index}");
            let new = kinds.insert(overlay.event_type_id);
            faults.unless(new, format!("{at}/eventTypeId"), "each event type at most once");
            check_overlay(overlay, &at, &mut faults);
        }
        if faults.0.is_empty() { Ok(()) } else { Err(faults.0) }
    }
}

fn check_overlay(overlay: &Overlay, at: &str, faults: &mut Faults) {
    requirement::check(&overlay.requirements, &format!("{at}/requirements"), faults);
    rules::check(&overlay.rules, &format!("{at}/rules"), faults);
    let detail = "only on the policy itself";
    let rules = &overlay.rules;
    let usual = [
        ("onLostEligibility", rules.on_lost_eligibility == LossRule::default()),
        ("startGraceMinutes", rules.start_grace_minutes == 0),
        ("walkIn", !rules.walk_in),
    ];
    for (name, usual) in usual {
        faults.unless(usual, format!("{at}/rules/{name}"), detail);
    }
}
