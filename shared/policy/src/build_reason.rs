//! Putting a reason together, value by value, in its place among the others: a reason is large, and
//! is not moved about.

use jiff::Timestamp;

use crate::{
    Evidence, Few, Href, NextStep, OpenReservation, Parameters, Reason, ReasonCode, Role, Severity,
    Value,
};

/// As many as hardly any refusal has, so that they are not moved when one more comes.
const MANY: usize = 24;

impl Reason {
    /// One more reason that refuses, after those that are as grave and before those that are less.
    pub(crate) fn block(reasons: &mut Vec<Self>, code: ReasonCode) -> &mut Self {
        if reasons.is_empty() {
            reasons.reserve(MANY);
        }
        let graver = reasons.iter().rposition(|reason| reason.code <= code);
        let at = graver.map_or(0, |last| last.saturating_add(1));
        reasons.insert_mut(
            at,
            Self {
                code,
                severity: Severity::Block,
                parameters: Parameters::NONE,
                evidence: Vec::new(),
                overridable_by: code.overridable_by().into(),
                next_steps: Few::new_const(),
                true_from: None,
                one_of: None,
                sentence: None,
                waived_by: None,
            },
        )
    }

    /// With a value a sentence needs.
    pub(crate) fn with(&mut self, name: &'static str, value: impl Into<Value>) -> &mut Self {
        self.parameters.insert(name, value);
        self
    }

    /// With something that was looked at.
    pub(crate) fn seen(&mut self, evidence: Evidence) -> &mut Self {
        // Few reasons have more than one.
        if self.evidence.is_empty() {
            self.evidence = vec![evidence];
        } else {
            self.evidence.push(evidence);
        }
        self
    }

    /// With a reservation of the person's own that stands in the way, and the two ways out.
    pub(crate) fn in_the_way(&mut self, held: &OpenReservation) -> &mut Self {
        let page = Href::of("/reservations/", held.reservation_id.text());
        self.with("reservationId", &held.reservation_id)
            .seen(Evidence::Reservation {
                reservation_id: held.reservation_id.clone(),
                start: held.interval.start(),
                end: held.interval.end(),
            })
            .step("choose_other_time", None)
            .step("cancel_reservation", Some(page))
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
