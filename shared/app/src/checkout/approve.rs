//! A yes: by one manager, or by two where the machine is dangerous.

use interlock_policy::{Purpose, Request, UserId};
use jiff::{SignedDuration, Timestamp};

use super::answer::{Answered, Part, Terms};
use super::bench::Bench;
use super::write::Change;
use crate::eligibility::Member;
use crate::model::{
    Account, Checkout, CheckoutRecord, CheckoutStep, CheckoutWish, FirstYes, Standing, WishOrigin,
};
use crate::ports::store::{Stored, Transaction};
use crate::{Act, App, AppError, Snapshot};

/// What is written for one person who is approved.
pub(super) fn part(
    app: &App,
    (bench, snapshot): (&Bench, &Snapshot),
    member: Member,
    (terms, act): (&Terms, &Act),
) -> Result<Part, AppError> {
    let by = &bench.decider.value.id;
    let wish = member.standing.value.wish(&bench.scope).cloned();
    let first = first_yes(app, bench, snapshot, wish.as_ref())?;
    match (bench.four_eyes, first) {
        (true, Some((yes, _))) if yes.by == *by => still_waits(app, bench, &member, wish),
        (true, None) => begin(app, bench, member, (terms, act)),
        (_, first) => grant(app, bench, member, (&agreed(terms, first.as_ref()), act, first)),
    }
}

type Said = (FirstYes, Stored<Account>);

/// The first yes, if whoever said it might still say it.
fn first_yes(
    app: &App,
    bench: &Bench,
    snapshot: &Snapshot,
    wish: Option<&CheckoutWish>,
) -> Result<Option<Said>, AppError> {
    let Some(yes) = wish.and_then(|wish| wish.first_yes.clone()).filter(|_| bench.four_eyes) else {
        return Ok(None);
    };
    let category = &bench.resource.value.category;
    let account = snapshot.get::<Account>(&Account::key_of(&yes.by))?;
    let account =
        account.filter(|stored| stored.value.decides_on(&bench.scope, category, app.now()));
    Ok(account.map(|account| (yes, account)))
}

/// The same manager twice is one manager: nothing changes.
fn still_waits(
    app: &App,
    bench: &Bench,
    member: &Member,
    wish: Option<CheckoutWish>,
) -> Result<Part, AppError> {
    let wish = wish.ok_or_else(|| AppError::internal("a first yes belongs to a wish"))?;
    let verdict = member.judge(&bench.resource.value, &asked(), &Purpose::View, app.now());
    let answered = Answered::AwaitsSecond { wish, verdict };
    Ok(Part { transaction: Transaction::new(), answered })
}

/// The first of two yeses; the person may not do more than before.
fn begin(
    app: &App,
    bench: &Bench,
    mut member: Member,
    (terms, act): (&Terms, &Act),
) -> Result<Part, AppError> {
    let now = app.now();
    let standing = &mut member.standing.value;
    let mut wish = match standing.wish(&bench.scope) {
        Some(wish) => wish.clone(),
        None => unasked(app, bench)?,
    };
    wish.first_yes = Some(FirstYes {
        by: bench.decider.value.id.clone(),
        at: now,
        level: level(terms, standing, bench),
        valid_for_days: terms.valid_for_days,
        notes: terms.notes.clone(),
    });
    standing.wishes.retain(|held| held.scope != wish.scope);
    standing.wishes.push(wish.clone());
    let change = Change { standing, read: member.standing_version, act, now };
    let transaction = change.save(Transaction::new())?;
    let step = (&wish, CheckoutStep::FirstApproved);
    let transaction = change.wished(transaction, step, terms.notes.clone())?;
    let detail = serde_json::json!({ "userId": standing.user_id, "scope": wish.scope });
    let audit = ("checkout.first_yes", wish.id.as_str());
    let transaction = same_person(change.audited(transaction, audit, detail)?, &member);
    let verdict = member.judge(&bench.resource.value, &asked(), &Purpose::View, now);
    Ok(Part { transaction, answered: Answered::AwaitsSecond { wish, verdict } })
}

fn unasked(app: &App, bench: &Bench) -> Result<CheckoutWish, AppError> {
    Ok(CheckoutWish {
        id: app.id()?,
        scope: bench.scope.clone(),
        category: bench.resource.value.category.clone(),
        since: app.now(),
        level: bench.level,
        origin: WishOrigin::Manager,
        note: None,
        first_yes: None,
    })
}

/// What both agree on: the lower level, the shorter term.
fn agreed(terms: &Terms, first: Option<&Said>) -> Terms {
    let Some((yes, _)) = first else { return terms.clone() };
    let days = match (yes.valid_for_days, terms.valid_for_days) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    Terms {
        level: Some(terms.level.map_or(yes.level, |level| level.min(yes.level))),
        valid_for_days: days,
        notes: terms.notes.clone().or_else(|| yes.notes.clone()),
    }
}

fn grant(
    app: &App,
    bench: &Bench,
    mut member: Member,
    (terms, act, first): (&Terms, &Act, Option<Said>),
) -> Result<Part, AppError> {
    let now = app.now();
    let first_by = first.as_ref().map(|(yes, _)| yes.by.clone());
    let checkout = granted(app, bench, &member.standing.value, (terms, first_by))?;
    let standing = &mut member.standing.value;
    let held = standing.checkout(&bench.scope).cloned();
    let wished = standing.wish(&bench.scope).is_some();
    standing.checkouts.retain(|held| held.scope != checkout.scope);
    standing.checkouts.push(checkout.clone());
    standing.wishes.retain(|wish| wish.scope != checkout.scope);
    let change = Change { standing, read: member.standing_version, act, now };
    let record = CheckoutRecord {
        user_id: standing.user_id.clone(),
        category: bench.resource.value.category.clone(),
        checkout: checkout.clone(),
        ended: None,
    };
    let step = step(&checkout, held.as_ref(), now);
    let mut transaction = change.save(Transaction::new())?;
    transaction = change.recorded(transaction, (&record, step), terms.notes.clone())?;
    if wished {
        transaction = transaction
            .remove(crate::model::PendingCheckout::key_of(&standing.user_id, &checkout.scope));
    }
    let detail = serde_json::json!({
        "userId": standing.user_id,
        "scope": checkout.scope,
        "level": checkout.level,
        "firstApprovedBy": checkout.first_approved_by,
        "expiresAt": checkout.expires_at,
    });
    transaction = change.audited(transaction, ("checkout.grant", checkout.id.as_str()), detail)?;
    if held.as_ref().is_some_and(|held| lesser(&checkout, held)) {
        transaction = change.cascade(transaction)?;
    }
    if let Some((yes, account)) = first {
        transaction = transaction.unchanged(Account::key_of(&yes.by), Some(account.version));
    }
    let transaction = same_person(transaction, &member);
    let verdict = member.judge(&bench.resource.value, &asked(), &Purpose::View, now);
    Ok(Part { transaction, answered: Answered::Granted { checkout, verdict } })
}

fn granted(
    app: &App,
    bench: &Bench,
    standing: &Standing,
    (terms, first_approved_by): (&Terms, Option<UserId>),
) -> Result<Checkout, AppError> {
    let now = app.now();
    let expires_at = terms
        .valid_for_days
        .map(|days| now.saturating_add(SignedDuration::from_hours(i64::from(days) * 24)))
        .transpose()
        .map_err(|_| AppError::invalid("/validForDays", "out_of_range", "too far ahead"))?;
    let id = match standing.wish(&bench.scope) {
        Some(wish) => wish.id.clone(),
        None => app.id()?,
    };
    Ok(Checkout {
        id,
        scope: bench.scope.clone(),
        level: level(terms, standing, bench),
        approved_by: bench.decider.value.id.clone(),
        first_approved_by,
        granted_at: now,
        expires_at,
        notes: terms.notes.clone(),
    })
}

/// As said, or what is held or was asked for, whichever is higher, or what opens the machine.
fn level(terms: &Terms, standing: &Standing, bench: &Bench) -> u8 {
    let held = standing.checkout(&bench.scope).map(|held| held.level);
    let wished = standing.wish(&bench.scope).map(|wish| wish.level);
    terms.level.or(held.max(wished)).unwrap_or(bench.level)
}

fn step(new: &Checkout, held: Option<&Checkout>, now: Timestamp) -> CheckoutStep {
    match held {
        Some(held) if held.lapsed(now) => CheckoutStep::Granted,
        Some(held) if new.level < held.level => CheckoutStep::Demoted,
        Some(_) => CheckoutStep::Renewed,
        None => CheckoutStep::Granted,
    }
}

/// Whether something is lost by an approval that replaces another.
fn lesser(new: &Checkout, held: &Checkout) -> bool {
    let end = |checkout: &Checkout| checkout.expires_at.unwrap_or(Timestamp::MAX);
    end(new) < end(held) || new.level < held.level
}

fn same_person(transaction: Transaction, member: &Member) -> Transaction {
    let account = &member.account;
    transaction.unchanged(Account::key_of(&account.value.id), Some(account.version))
}

fn asked() -> Request {
    Request { interval: None, event_type_id: None }
}
