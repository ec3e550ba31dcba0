//! Putting a reason together, value by value.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{NextStep, Reason, ReasonCode, Role, Severity};

impl Reason {
    /// A reason that refuses.
    pub(crate) fn block(code: ReasonCode) -> Self {
        Self {
            code,
            severity: Severity::Block,
            parameters: BTreeMap::new(),
            overridable_by: Vec::new(),
            next_steps: Vec::new(),
            true_from: None,
        }
    }

    /// With a value a sentence needs.
    pub(crate) fn with(mut self, name: &str, value: &(impl ToString + ?Sized)) -> Self {
        self.parameters.insert(name.to_owned(), value.to_string());
        self
    }

    /// With the roles that may grant an exemption (FEATURES 5.3 rule 7).
    pub(crate) fn overridable(mut self, roles: &[Role]) -> Self {
        self.overridable_by = roles.to_vec();
        self
    }

    /// With a step, and where in the application it is taken.
    pub(crate) fn step(mut self, action: &str, href: Option<String>) -> Self {
        self.next_steps.push(NextStep { action: action.to_owned(), href, at: None });
        self
    }

    /// With a step that starts to make sense at an instant.
    pub(crate) fn step_at(mut self, action: &str, at: Timestamp) -> Self {
        self.next_steps.push(NextStep { action: action.to_owned(), href: None, at: Some(at) });
        self
    }

    /// With the first instant from which it would no longer hold.
    pub(crate) fn from(mut self, at: Timestamp) -> Self {
        self.true_from = Some(at);
        self
    }
}
