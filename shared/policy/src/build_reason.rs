//! Putting a reason together, value by value, in its place among the others: a reason is large, and
//! is not moved about.

use jiff::Timestamp;

use crate::{Evidence, Few, Href, NextStep, Parameters, Reason, ReasonCode, Role, Severity, Value};

impl Reason {
    /// One more reason that refuses.
    pub(crate) fn block(reasons: &mut Vec<Self>, code: ReasonCode) -> &mut Self {
        reasons.push_mut(Self {
            code,
            severity: Severity::Block,
            parameters: Parameters::NONE,
            evidence: Few::new_const(),
            overridable_by: code.overridable_by().into(),
            next_steps: Few::new_const(),
            true_from: None,
            one_of: None,
            sentence: None,
            waived_by: None,
        })
    }

    /// With a value a sentence needs.
    pub(crate) fn with(&mut self, name: &'static str, value: impl Into<Value>) -> &mut Self {
        self.parameters.insert(name, value);
        self
    }

    /// With something that was looked at.
    pub(crate) fn seen(&mut self, evidence: Evidence) -> &mut Self {
        self.evidence.push(evidence);
        self
    }

    /// With a step, and where in the application it is taken.
    pub(crate) fn step(&mut self, action: &'static str, href: Option<Href>) -> &mut Self {
        self.next(action, |step| step.href = href)
    }

    /// With a step that somebody else takes.
    pub(crate) fn step_by(&mut self, action: &'static str, by: Role) -> &mut Self {
        self.next(action, |step| step.by = Some(by))
    }

    /// With a step that starts to make sense at an instant.
    pub(crate) fn step_at(&mut self, action: &'static str, at: Timestamp) -> &mut Self {
        self.next(action, |step| step.at = Some(at))
    }

    /// With a step and what is known of it.
    pub(crate) fn next(
        &mut self,
        action: &'static str,
        with: impl FnOnce(&mut NextStep),
    ) -> &mut Self {
        self.next_steps.push(NextStep {
            action: action.into(),
            by: None,
            href: None,
            at: None,
            estimated_seconds: None,
        });
        if let Some(step) = self.next_steps.last_mut() {
            with(step);
        }
        self
    }

    /// With the first instant from which it would no longer hold.
    pub(crate) fn from(&mut self, at: Timestamp) -> &mut Self {
        self.true_from = Some(at);
        self
    }
}
