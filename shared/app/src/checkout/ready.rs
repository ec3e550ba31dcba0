//! Passing the last module that was missing asks for the checkout by itself (FEATURES 5.2).

use std::collections::BTreeSet;

use interlock_policy::{Purpose, ReasonClass, ReasonCode, Request, ResourceKind, Severity};

use super::ask::open;
use super::write::Change;
use super::{level_wanted, scope_of};
use crate::eligibility::Member;
use crate::model::{CheckoutWish, Resource, Standing, WishOrigin};
use crate::ports::store::Transaction;
use crate::resources::resources_of;
use crate::{Act, App, AppError};

/// Most wishes one training opens, because a transaction has a hundred parts and each takes three;
/// what is beyond can be asked for by hand.
const MOST_OPENED: usize = 30;

/// Adds to a training's transaction a wish for every machine whose proofs are now complete but for
/// the checkout, and to the standing. `member` bears the standing before, `after` the one to be
/// saved; saving it is the caller's.
pub(crate) async fn open_wishes(
    app: &App,
    transaction: Transaction,
    (member, after): (&Member, &mut Standing),
    act: &Act,
) -> Result<Transaction, AppError> {
    let wishes = newly_ready(app, member, after).await?;
    after.wishes.extend(wishes.iter().cloned());
    let change = Change { standing: after, read: member.standing_version, act, now: app.now() };
    wishes.iter().try_fold(transaction, |transaction, wish| open(&change, transaction, wish))
}

async fn newly_ready(
    app: &App,
    before: &Member,
    after: &Standing,
) -> Result<Vec<CheckoutWish>, AppError> {
    let mut now_trained = before.clone();
    now_trained.standing.value = after.clone();
    let mut scopes = BTreeSet::new();
    let mut wishes = Vec::new();
    for resource in resources_of(app, ResourceKind::Machine).await? {
        let scope = scope_of(&resource, app.now());
        let opens = lack(app, before, &resource) == Lack::More
            && lack(app, &now_trained, &resource) == Lack::Checkout
            && after.wish(&scope).is_none();
        if opens && wishes.len() < MOST_OPENED && scopes.insert(scope.clone()) {
            wishes.push(CheckoutWish {
                id: app.id()?,
                scope,
                category: resource.category.clone(),
                since: app.now(),
                level: level_wanted(&resource, app.now()),
                origin: WishOrigin::Training,
                note: None,
                first_yes: None,
            });
        }
    }
    Ok(wishes)
}

/// What a person lacks of what a policy asks of him; whether the machine is open does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lack {
    Nothing,
    Checkout,
    More,
}

fn lack(app: &App, member: &Member, resource: &Resource) -> Lack {
    let asked = Request { interval: None, event_type_id: None };
    let verdict = member.judge(resource, &asked, &Purpose::View, app.now());
    let checkout =
        [ReasonCode::CheckoutMissing, ReasonCode::CheckoutLevel, ReasonCode::CheckoutExpired];
    let mut lack = Lack::Nothing;
    for reason in &verdict.reasons {
        if reason.severity != Severity::Block || reason.code.class() != ReasonClass::Person {
            continue;
        }
        if !checkout.contains(&reason.code) {
            return Lack::More;
        }
        lack = Lack::Checkout;
    }
    lack
}
