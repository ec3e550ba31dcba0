//! Putting a reason together, value by value.

use jiff::Timestamp;

use crate::{Evidence, Href, NextStep, Parameters, Reason, ReasonCode, Role, Severity, Value};

impl Reason {
    /// A reason that refuses.
    pub(crate) fn block(code: ReasonCode) -> Self {
        Self {
            code,
            severity: Severity::Block,
            parameters: Parameters::NONE,
            evidence: Vec::new(),
            overridable_by: code.overridable_by().into(),
            next_steps: Vec::new(),
            true_from: None,
            one_of: None,
            sentence: None,
            waived_by: None,
        }
    }

    /// With a value a sentence needs.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.parameters.insert(name, value);
        self
    }

    /// With something that was looked at.
    pub(crate) fn seen(mut self, evidence: Evidence) -> Self {
        // Few reasons have more than one.
        self.evidence.reserve_exact(1);
        self.evidence.push(evidence);
        self
    }

    /// With a step, and where in the application it is taken.
    pub(crate) fn step(self, action: &'static str, href: Option<Href>) -> Self {
        self.next(action, |step| step.href = href)
    }

    /// With a step that somebody else takes.
    pub(crate) fn step_by(self, action: &'static str, by: Role) -> Self {
        self.next(action, |step| step.by = Some(by))
    }

    /// With a step that starts to make sense at an instant.
    pub(crate) fn step_at(self, action: &'static str, at: Timestamp) -> Self {
        self.next(action, |step| step.at = Some(at))
    }

    /// With a step and what is known of it.
    pub(crate) fn next(mut self, action: &'static str, with: impl FnOnce(&mut NextStep)) -> Self {
        let mut step = NextStep {
            action: action.into(),
            by: None,
            href: None,
            at: None,
            estimated_seconds: None,
        };
        with(&mut step);
        self.next_steps.reserve_exact(1);
        self.next_steps.push(step);
        self
    }

    /// With the first instant from which it would no longer hold.
    pub(crate) fn from(mut self, at: Timestamp) -> Self {
        self.true_from = Some(at);
        self
    }
}
