//! Everything we hold of a person, in one answer or, where that would be too much for one, several.

use interlock_policy::UserId;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::kept::{every, kept};
use crate::model::{
    Account, CalendarFeed, CheckoutEvent, CheckoutRecord, Credential, DecisionRecord, Delivery,
    Device, ExemptionGrant, HistoryEvent, LegalHold, Letter, OpenReservations, PendingCheckout,
    Preferences, Reservation, ReservationView, ResetGrant, Session, SessionUse, Standing,
    WatchBudget, WatchState,
};
use crate::ports::store::{Document, Index, Position, Query, Record};
use crate::{Act, App, AppError};

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
    /// Every reservation, with its history, what the gate knew and said, and what Cal.com said.
    pub reservations: Vec<Value>,
    /// What is not in this answer and where it is.
    pub elsewhere: Vec<Elsewhere>,
}

/// Most bytes of reservations in one part; the rest of the 6 MB that a function may answer is left
/// for everything else.
const MOST_BYTES: usize = 3_000_000;
/// Most reservations in one part: each costs two requests, and a part must be done in time.
const MOST_RESERVATIONS: usize = 200;
/// Reservations asked for at once, and so how far a part may pass its bounds.
const PAGE: u32 = 10;

/// Data that another place holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Elsewhere {
    /// Where.
    pub place: &'static str,
    /// What.
    pub what: &'static str,
}

/// Kinds of records whose every field may be seen.
const OPEN: [&str; 12] = [
    Account::KIND,
    Standing::KIND,
    OpenReservations::KIND,
    WatchState::KIND,
    WatchBudget::KIND,
    CheckoutRecord::KIND,
    PendingCheckout::KIND,
    CheckoutEvent::KIND,
    ExemptionGrant::KIND,
    Letter::KIND,
    LegalHold::KIND,
    Preferences::KIND,
];

/// Kinds named by the hash of a token, each with the fields that may be seen.
const NAMED_BY_HASH: [(&str, &[&str]); 5] = [
    (Session::KIND, &["createdAt", "expiresAt", "device"]),
    (SessionUse::KIND, &["usedAt", "expiresAt"]),
    (Device::KIND, &["until"]),
    (ResetGrant::KIND, &["expiresAt"]),
    (CalendarFeed::KIND, &["madeAt"]),
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
/// hash and the hashes of tokens are left out, and that there are some is told.
///
/// A part that begins after a position holds further reservations and nothing else; the position
/// answered is where the next part begins. Errors: `NotFound`.
pub async fn export_user(
    app: &App,
    id: &UserId,
    after: Option<Position>,
    act: &Act,
) -> Result<(PersonalData, Option<Position>), AppError> {
    let key = Account::key_of(id);
    app.find::<Account>(&key).await?.ok_or(AppError::NotFound { what: "person" })?;
    let first = after.is_none();
    let nothing = (Vec::new(), Vec::new());
    let (own, watched) = if first { apart_from_reservations(app, id).await? } else { nothing };
    let (reservations, next) = reservations(app, id, after).await?;
    let data = PersonalData {
        exported_at: app.now(),
        records: own.iter().map(shown).collect(),
        watched: watched.iter().map(shown).collect(),
        reservations,
        elsewhere: ELSEWHERE.to_vec(),
    };
    if first {
        noted(app, id, act).await?;
    }
    Ok((data, next))
}

type Records = Vec<Record>;

async fn apart_from_reservations(app: &App, id: &UserId) -> Result<(Records, Records), AppError> {
    let own = kept(app, id).await?;
    Ok((own, every(app, None, &WatchState::partition_of(id)).await?))
}

/// Reservations up to the bounds of a part, and where the next part begins.
async fn reservations(
    app: &App,
    id: &UserId,
    after: Option<Position>,
) -> Result<(Vec<Value>, Option<Position>), AppError> {
    let partition = Reservation::partition_of_user(id);
    let mut query = Query { after, ..Query::partition(Some(Index::One), partition, PAGE) };
    let (mut found, mut bytes) = (Vec::new(), 0_usize);
    loop {
        let page = app.store.query(&query).await?;
        for record in &page.records {
            let told = reservation(app, record).await?;
            bytes = bytes.saturating_add(told.to_string().len());
            found.push(told);
        }
        let full = bytes >= MOST_BYTES || found.len() >= MOST_RESERVATIONS;
        match page.next {
            Some(next) if !full => query.after = Some(next),
            next => return Ok((found, next)),
        }
    }
}

async fn reservation(app: &App, record: &Record) -> Result<Value, AppError> {
    let reservation = record.decode::<Reservation>()?.value;
    let events = every(app, None, &HistoryEvent::partition_of(&reservation.id)).await?;
    let history = events.iter().filter(|record| record.kind == HistoryEvent::KIND);
    let decisions = events.iter().filter(|record| record.kind == DecisionRecord::KIND);
    let decisions = decisions.map(decision).collect::<Result<Vec<_>, _>>()?;
    let letters = events.iter().filter(|record| record.kind == Letter::KIND);
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
        "decisions": decisions,
        "letters": letters.map(|record| (*record.body).clone()).collect::<Vec<_>>(),
        "deliveries": deliveries,
    }))
}

/// What the gate knew of the person and what it said; the rules are the house's, not his.
fn decision(record: &Record) -> Result<Value, AppError> {
    let DecisionRecord { policy_version, input, verdicts, .. } = record.decode()?.value;
    Ok(json!({
        "at": input.now,
        "policyVersion": policy_version,
        "member": input.member,
        "verdicts": verdicts,
    }))
}

/// A record with its kind, and without what is a secret.
fn shown(record: &Record) -> Value {
    let named = NAMED_BY_HASH.iter().find(|(kind, _)| *kind == record.kind);
    let data = match named {
        Some((_, fields)) => some_of(record, fields),
        None if record.kind == Credential::KIND => json!({ "password": "a hash is kept" }),
        None => known(record),
    };
    json!({ "kind": record.kind, "data": data })
}

fn some_of(record: &Record, fields: &[&str]) -> Value {
    let field = |name: &&str| Some(((*name).to_owned(), record.body.get(*name)?.clone()));
    Value::Object(fields.iter().filter_map(field).collect())
}

/// Only kinds whose every field may be seen are given out whole; of another one its existence.
fn known(record: &Record) -> Value {
    if OPEN.contains(&record.kind.as_str()) {
        (*record.body).clone()
    } else {
        json!("kept, and not shown because it is a secret or says nothing about the person")
    }
}

async fn noted(app: &App, id: &UserId, act: &Act) -> Result<(), AppError> {
    let audit = act.audit(app.now(), "user.export", &id, json!({}));
    let transaction = crate::ports::store::Transaction::new().put(&audit)?;
    Ok(app.store.commit(&transaction).await?)
}
