//! The one question: may this person have this resource, and if not, everything that is missing.
//!
//! Every rule is asked; none hides another (FEATURES 5.3 rule 5).

use crate::rules;
use crate::wall::Wall;
use crate::{
    Decision, EventTypeId, Evidence, Facts, Interval, Policy, Purpose, Reason, Request, Severity,
    Verdict,
};

/// Judges a request. Pure: the same arguments give the same verdict, and a plain permit allocates
/// nothing.
///
/// Reasons come gravest first, in the order of [`ReasonCode`](crate::ReasonCode), and within a
/// code in the order of the policy. For
/// [`Purpose::Change`] the new time is judged without the old one; ask [`Purpose::Cancel`] of the
/// old time beside it (FEATURES 5.3 rule 8).
pub fn evaluate(
    facts: &Facts<'_>,
    policy: &Policy,
    request: &Request,
    purpose: &Purpose,
) -> Verdict {
    Gate::new(facts, policy).judge(request, purpose)
}

/// Facts and a policy, to judge many requests by, such as the slots of a week; what was looked up
/// for one serves the next.
#[derive(Debug)]
pub struct Gate<'a> {
    facts: &'a Facts<'a>,
    policy: &'a Policy,
    wall: Option<Wall<'a>>,
    /// Over all of which every proof holds.
    proven: Option<Request>,
}

impl<'a> Gate<'a> {
    /// Looks nothing up yet.
    pub fn new(facts: &'a Facts<'a>, policy: &'a Policy) -> Self {
        Self { facts, policy, wall: None, proven: None }
    }

    /// Asks for all proofs at once over a time in which most requests of one kind will lie.
    #[must_use]
    pub fn over(mut self, time: Interval, event_type_id: Option<EventTypeId>) -> Self {
        let request = Request { interval: Some(time), event_type_id };
        let question =
            rules::Question::new(self.facts, self.policy, &request, &Purpose::View, None);
        let proven = rules::proven(&question);
        self.proven = proven.then_some(request);
        self
    }

    /// What [`evaluate`] says, whatever was asked before.
    pub fn judge(&mut self, request: &Request, purpose: &Purpose) -> Verdict {
        let time = rules::time_asked(self.facts.now, request, purpose);
        let time = time.map(|time| rules::Asked::new(time, self.wall_around(&time)));
        let mut question = rules::Question::new(self.facts, self.policy, request, purpose, time);
        question.proven = self.is_proven(request);
        let mut reasons = Vec::new();
        for rule in rules_of(purpose) {
            rule(&question, &mut reasons);
        }
        waive(&question, &mut reasons);
        Verdict { decision: decision(&reasons), reasons, policy_version: self.policy.version }
    }

    fn is_proven(&self, request: &Request) -> bool {
        let of_kind =
            self.proven.as_ref().filter(|known| known.event_type_id == request.event_type_id);
        let known = of_kind.and_then(|known| known.interval);
        known.zip(request.interval).is_some_and(|(known, asked)| known.covers(&asked))
    }

    fn wall_around(&mut self, time: &Interval) -> Wall<'a> {
        let look_up = || Wall::around(&self.policy.time_zone, time.start());
        let known = self.wall.filter(|wall| wall.is_steady(time.start()));
        let wall = known.unwrap_or_else(look_up);
        self.wall = Some(wall);
        wall
    }
}

type Rule = fn(&rules::Question<'_>, &mut Vec<Reason>);

const PROOFS: [Rule; 3] = [rules::account, rules::proofs, rules::resource];
const ALL: [Rule; 21] = [
    rules::account,
    rules::proofs,
    rules::first_time,
    rules::resource,
    rules::start_in_past,
    rules::hours,
    rules::closure,
    rules::grid,
    rules::duration,
    rules::notice,
    rules::horizon,
    rules::open_cap,
    rules::quotas,
    rules::strikes,
    rules::gap,
    rules::chaining,
    rules::parallel,
    rules::area,
    rules::contents,
    rules::presence,
    rules::approval,
];
const BEGINNING: [Rule; 8] = [
    rules::account,
    rules::proofs,
    rules::resource,
    rules::hours,
    rules::closure,
    rules::reserved,
    rules::area,
    rules::presence,
];
const LEAVING: [Rule; 2] = [rules::account, rules::notice];

fn rules_of(purpose: &Purpose) -> &'static [Rule] {
    match purpose {
        Purpose::View | Purpose::Create | Purpose::Change(_) => &ALL,
        Purpose::Use => &BEGINNING,
        Purpose::Keep => &PROOFS,
        Purpose::Cancel(_) => &LEAVING,
    }
}

/// Makes conditions of what the person is exempt from; they stay visible and name the exemption.
fn waive(question: &rules::Question<'_>, reasons: &mut [Reason]) {
    for reason in reasons {
        let Some(exemption) = question.waiver(reason.code) else { continue };
        reason.severity = Severity::Condition;
        reason.waived_by = Some(exemption.id.clone());
        reason.evidence.push(Evidence::Exemption {
            exemption_id: exemption.id.clone(),
            until: exemption.valid.end(),
        });
    }
}

fn decision(reasons: &[Reason]) -> Decision {
    let any = |severity: Severity| reasons.iter().any(|reason| reason.severity == severity);
    if any(Severity::Block) {
        Decision::Refuse
    } else if any(Severity::Approval) {
        Decision::NeedsApproval
    } else if any(Severity::Condition) {
        Decision::PermitWithConditions
    } else {
        Decision::Permit
    }
}
