//! Everything we hold of a person, in one answer.

use std::collections::BTreeSet;

use interlock_policy::{CheckoutScope, ResourceKind, UserId};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::model::{
    Account, CheckoutEvent, CheckoutRecord, Credential, Delivery, HistoryEvent, OpenReservations,
    PendingCheckout, Reservation, ReservationView, Resource, Session, Standing, WatchBudget,
    WatchState,
};
use crate::ports::store::{Document, Index, Query, Record};
use crate::{Act, App, AppError, Snapshot};

/// Records asked for at once.
const PAGE: u32 = 200;

/// What is held of a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonalData {
    /// When it was put together.
    pub exported_at: Timestamp,
    /// Account, proofs, sessions and whatever else is kept by person, each with its kind.
    pub records: Vec<Value>,
    /// What was watched, by module.
    pub watched: Vec<Value>,
    /// Every reservation, with its history and what Cal.com said of it.
    pub reservations: Vec<Value>,
    /// What is not in this answer and where it is.
    pub elsewhere: Vec<Elsewhere>,
}

/// Data that another place holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Elsewhere {
    /// Where.
    pub place: &'static str,
    /// What.
    pub what: &'static str,
}

/// Kinds of records whose every field may be seen.
const OPEN: [&str; 8] = [
    Account::KIND,
    Standing::KIND,
    OpenReservations::KIND,
    WatchState::KIND,
    WatchBudget::KIND,
    CheckoutRecord::KIND,
    PendingCheckout::KIND,
    CheckoutEvent::KIND,
];

const ELSEWHERE: [Elsewhere; 3] = [
    Elsewhere {
        place: "Cal.com",
        what: "each booking with the attendee's name, e-mail address and time zone; the \
               organisation's own Cal.com keeps it, and an operator gives it out",
    },
    Elsewhere {
        place: "audit",
        what: "who did what, by opaque ids and without names, addresses or texts; an admin lists \
               it with the filters `actor` and `object`",
    },
    Elsewhere {
        place: "logs",
        what: "opaque ids with times and routes, kept for the days the deployment sets",
    },
];

/// Everything of a person (RELIABILITY D3). Secrets are not data about a person: the password's
/// hash and the hashes of session tokens are left out, and that there are some is told.
/// Errors: `NotFound`.
pub async fn export_user(app: &App, id: &UserId, act: &Act) -> Result<PersonalData, AppError> {
    let key = Account::key_of(id);
    let snapshot = Snapshot::read(app.store.as_ref(), std::slice::from_ref(&key)).await?;
    snapshot.get::<Account>(&key)?.ok_or(AppError::NotFound { what: "person" })?;
    let mut own = every(app, None, &key.partition).await?;
    own.extend(steps(app, id).await?);
    let watched = every(app, None, &WatchState::partition_of(id)).await?;
    let mut reservations = Vec::new();
    for record in every(app, Some(Index::One), &Reservation::partition_of_user(id)).await? {
        reservations.push(reservation(app, &record).await?);
    }
    let data = PersonalData {
        exported_at: app.now(),
        records: own.iter().map(shown).collect(),
        watched: watched.iter().map(shown).collect(),
        reservations,
        elsewhere: ELSEWHERE.to_vec(),
    };
    noted(app, id, act).await?;
    Ok(data)
}

async fn reservation(app: &App, record: &Record) -> Result<Value, AppError> {
    let reservation = record.decode::<Reservation>()?.value;
    let events = every(app, None, &HistoryEvent::partition_of(&reservation.id)).await?;
    let history = events.iter().filter(|record| record.kind == HistoryEvent::KIND);
    let partition = Delivery::partition_of_reservation(&reservation.id);
    let mut deliveries = Vec::new();
    for record in every(app, Some(Index::Two), &partition).await? {
        let delivery = record.decode::<Delivery>()?.value;
        let body = delivery.body.as_deref().map(|body| app.deliveries.shown(body));
        deliveries.push(json!({
            "trigger": delivery.trigger,
            "receivedAt": delivery.received_at,
            "body": body,
        }));
    }
    Ok(json!({
        "reservation": ReservationView::from(&reservation),
        "history": history.map(|record| (*record.body).clone()).collect::<Vec<_>>(),
        "deliveries": deliveries,
    }))
}

/// A record with its kind, and without what is a secret.
fn shown(record: &Record) -> Value {
    let data = if record.kind == Credential::KIND {
        json!({ "password": "a hash is kept" })
    } else if record.kind == Session::KIND {
        let at = |name: &str| record.body.get(name).cloned();
        json!({ "createdAt": at("createdAt"), "expiresAt": at("expiresAt") })
    } else {
        known(record)
    };
    json!({ "kind": record.kind, "data": data })
}

/// Only kinds whose every field may be seen are given out whole; of another one its existence.
fn known(record: &Record) -> Value {
    if OPEN.contains(&record.kind.as_str()) {
        (*record.body).clone()
    } else {
        json!("kept, and not shown because it is a secret or says nothing about the person")
    }
}

/// Every step of the person's approvals; each scope has a partition of its own, so every machine
/// and category is asked for.
pub(super) async fn steps(app: &App, id: &UserId) -> Result<Vec<Record>, AppError> {
    let mut scopes = BTreeSet::new();
    for kind in [ResourceKind::Machine, ResourceKind::Host] {
        for record in every(app, Some(Index::One), Resource::partition_of(kind)).await? {
            let resource = record.decode::<Resource>()?.value;
            scopes.insert(CheckoutScope::Category(resource.category));
            scopes.insert(CheckoutScope::Machine(resource.id));
        }
    }
    let mut steps = Vec::new();
    for scope in scopes {
        steps.extend(every(app, None, &CheckoutEvent::partition_of(id, &scope)).await?);
    }
    Ok(steps)
}

/// Every record of a partition.
pub(super) async fn every(
    app: &App,
    index: Option<Index>,
    partition: &str,
) -> Result<Vec<Record>, AppError> {
    let mut query = Query::partition(index, partition, PAGE);
    let mut all = Vec::new();
    loop {
        let page = app.store.query(&query).await?;
        all.extend(page.records);
        if page.next.is_none() {
            return Ok(all);
        }
        query.after = page.next;
    }
}

async fn noted(app: &App, id: &UserId, act: &Act) -> Result<(), AppError> {
    let audit = act.audit(app.now(), "user.export", &id, json!({}));
    let transaction = crate::ports::store::Transaction::new().put(&audit)?;
    Ok(app.store.commit(&transaction).await?)
}
