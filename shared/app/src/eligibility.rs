//! The gate's question for one person and one resource, from what one read returned.
//!
//! This is the only place that turns documents into facts; the gate itself is `interlock_policy`.

use interlock_policy::{
    CheckoutFact, CheckoutScope, Evidence, Facts, MemberFacts, Policy, ProgressFact, Purpose,
    Request, ResourceFacts, ResourceId, UserId, Verdict, evaluate,
};
use jiff::Timestamp;

use crate::model::{
    Account, DecisionInput, ModuleTerms, OpenReservations, Question, Resource, Standing,
};
use crate::ports::store::{Key, Stored};
use crate::training::{so_far, untrained};
use crate::{App, AppError, Snapshot};

/// A person as the gate sees it, with the versions a hold must name.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) account: Stored<Account>,
    pub(crate) standing: Stored<Standing>,
    /// `None` while the person never proved anything, so that the hold demands absence.
    pub(crate) standing_version: Option<u64>,
    pub(crate) open: OpenReservations,
    pub(crate) terms: ModuleTerms,
    /// How far what is lacking was watched; read for a person who is told of it, and judged by
    /// nobody.
    pub(crate) progress: Vec<ProgressFact>,
}

impl Member {
    /// Keys of everything about a person that the gate looks at.
    pub(crate) fn keys(user_id: &UserId) -> [Key; 4] {
        [
            Account::key_of(user_id),
            Standing::key_of(user_id),
            OpenReservations::key_of(user_id),
            ModuleTerms::the_key(),
        ]
    }

    /// From what was read.
    pub(crate) fn from(snapshot: &Snapshot, user_id: &UserId) -> Result<Self, AppError> {
        let account = snapshot
            .get::<Account>(&Account::key_of(user_id))?
            .ok_or(AppError::NotFound { what: "person" })?;
        let standing = snapshot.get::<Standing>(&Standing::key_of(user_id))?;
        let open = snapshot.get::<OpenReservations>(&OpenReservations::key_of(user_id))?;
        let terms = snapshot.get::<ModuleTerms>(&ModuleTerms::the_key())?;
        let standing_version = standing.as_ref().map(|stored| stored.version);
        Ok(Self {
            account,
            standing: standing
                .unwrap_or_else(|| Stored { value: Standing::empty(user_id.clone()), version: 0 }),
            standing_version,
            open: open.map_or_else(|| OpenReservations::empty(user_id.clone()), |open| open.value),
            terms: terms.map(|terms| terms.value).unwrap_or_default(),
            progress: Vec::new(),
        })
    }

    /// As facts for a resource; of the past only what its policy looks back to.
    pub(crate) fn facts(&self, resource: &Resource, now: Timestamp) -> MemberFacts {
        let account = &self.account.value;
        let looked_back = resource.in_force(now).looks_back();
        let since = now.saturating_sub(looked_back).unwrap_or(Timestamp::MIN);
        MemberFacts {
            groups: account.membership.groups.clone(),
            membership_until: account.membership.until,
            documents: account.membership.document_facts(),
            trainings: self.standing.value.training_facts(&self.terms),
            progress: self.progress.clone(),
            checkouts: self.checkouts(),
            open_reservations: self.open.facts(),
            exemptions: self.standing.value.exemption_facts(&resource.id),
            past_uses: self.open.past.uses(since),
            completed: self.open.past.summaries(),
            strikes: self.open.past.strikes(),
            suspended_until: account.suspended_until(),
            ..MemberFacts::of(account.status)
        }
    }

    /// Checkouts with when what they count for was last used.
    fn checkouts(&self) -> Vec<CheckoutFact> {
        let mut facts = self.standing.value.checkout_facts();
        for fact in &mut facts {
            fact.last_used_at = self.open.past.last_use(|total| match &fact.scope {
                CheckoutScope::Machine(id) => total.resource_id == *id,
                CheckoutScope::Category(category) => total.category == *category,
            });
        }
        facts
    }

    /// Everything the gate looks at for these questions, to be kept with what they lead to.
    pub(crate) fn input(
        &self,
        resource: &Resource,
        questions: Vec<Question>,
        now: Timestamp,
    ) -> Box<DecisionInput> {
        Box::new(DecisionInput {
            now,
            member: self.facts(resource, now),
            resource: resource.facts(),
            policy: resource.in_force(now).clone(),
            questions,
        })
    }

    /// The verdict for this person, on more than a resource says of itself.
    pub(crate) fn judge_on(
        &self,
        facts: &ResourceFacts,
        policy: &Policy,
        (request, purpose): (&Request, &Purpose),
        (resource, now): (&Resource, Timestamp),
    ) -> Verdict {
        let member = self.facts(resource, now);
        evaluate(&Facts { now, member: &member, resource: facts }, policy, request, purpose)
    }

    /// The verdict for this person.
    pub(crate) fn judge(
        &self,
        resource: &Resource,
        request: &Request,
        purpose: &Purpose,
        now: Timestamp,
    ) -> Verdict {
        let policy = resource.in_force(now);
        self.judge_on(&resource.facts(), policy, (request, purpose), (resource, now))
    }
}

/// Keys that `eligibility` reads, for the request's one read.
pub fn eligibility_keys(user_id: &UserId, resource_id: &ResourceId) -> Vec<Key> {
    let mut keys = Member::keys(user_id).to_vec();
    keys.push(Resource::key_of(resource_id));
    keys
}

/// What stands in the way of a person on a resource, now or for an interval (S0-063).
///
/// Whoever lacks a training is told how much of it is left, which takes a second read. Never reads
/// a calendar. Errors: `NotFound` for an unknown resource.
pub async fn eligibility(
    app: &App,
    snapshot: Snapshot,
    user_id: &UserId,
    resource_id: &ResourceId,
    request: &Request,
) -> Result<Verdict, AppError> {
    let keys = eligibility_keys(user_id, resource_id);
    let snapshot = snapshot.with(app.store.as_ref(), &keys).await?;
    let resource = snapshot
        .get::<Resource>(&Resource::key_of(resource_id))?
        .ok_or(AppError::NotFound { what: "resource" })?;
    let mut member = Member::from(&snapshot, user_id)?;
    let now = app.now();
    let mut verdict = member.judge(&resource.value, request, &Purpose::View, now);
    let untrained = untrained(&verdict);
    if !untrained.is_empty() {
        member.progress = so_far(app, user_id, &untrained).await?;
        verdict = member.judge(&resource.value, request, &Purpose::View, now);
    }
    explain_outages(&resource.value, &mut verdict);
    Ok(verdict)
}

/// Tells members why a resource is out of order, in the words of whoever announced it; the gate
/// itself does not know them.
fn explain_outages(resource: &Resource, verdict: &mut Verdict) {
    for reason in &mut verdict.reasons {
        let outages = reason.evidence.iter().filter_map(|seen| match seen {
            Evidence::Outage { outage_id, .. } => Some(outage_id),
            Evidence::Training { .. }
            | Evidence::Progress { .. }
            | Evidence::Checkout { .. }
            | Evidence::Membership { .. }
            | Evidence::Document { .. }
            | Evidence::Reservation { .. }
            | Evidence::Usage { .. }
            | Evidence::Strikes { .. }
            | Evidence::Exemption { .. } => None,
        });
        let mut said = outages.filter_map(|id| resource.outages.iter().find(|own| own.id == *id));
        if let Some(outage) = said.next() {
            reason.parameters.insert("reason", outage.reason.clone());
        }
    }
}
