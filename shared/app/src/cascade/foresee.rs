//! What a change of a resource would do to reservations ahead: the judgement that will be made of
//! each, made now and written nowhere.

use interlock_policy::{Interval, Purpose, ReasonCode, Request, ReservationId, UserId};
use jiff::Timestamp;
use serde::Serialize;

use super::fate::{Fate, Trigger, fate, missing, new};
use super::judge::concerned;
use crate::eligibility::Member;
use crate::model::{Flag, Reservation, Resource};
use crate::ports::store::{Index, MAX_READ, Query};
use crate::{App, AppError, Snapshot};

/// Most reservations looked at; beyond them the answer says that it is not complete.
const MOST: usize = 500;
/// Reservations read in one request.
const PAGE: u32 = 100;

/// What a change does to the reservations ahead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// How many reservations ahead were looked at.
    pub considered: usize,
    /// Whether these are all.
    pub complete: bool,
    /// Those that something becomes of, by start.
    pub affected: Vec<Affected>,
}

/// A reservation that something becomes of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Affected {
    /// Which.
    pub reservation_id: ReservationId,
    /// Whose.
    pub user_id: UserId,
    /// When it begins and ends.
    #[serde(flatten)]
    pub interval: Interval,
    /// What becomes of it.
    pub becomes: Becomes,
    /// When it ends if what is missing still is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What its holder or its resource would lack.
    pub reasons: Vec<ReasonCode>,
}

/// What becomes of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Becomes {
    /// It stands, and nobody is told.
    Keep,
    /// It stands with a mark.
    Flag,
    /// It stands with a mark until a term.
    RenewBy,
    /// It is cancelled.
    Cancel,
    /// A mark goes, because what was missing no longer is.
    Cleared,
}

/// What would become of what is held ahead if the resource, or its rules, were so. Found through
/// an index that may lag by seconds; what is pending is judged when it is confirmed and not told
/// here.
pub(crate) async fn foresee(
    app: &App,
    resource: &Resource,
    trigger: Trigger,
) -> Result<Impact, AppError> {
    let mut query = Query {
        from: Some(Reservation::sort_from(app.now())),
        ..Query::partition(Some(Index::Two), Reservation::partition_of_resource(&resource.id), PAGE)
    };
    let mut impact = Impact { considered: 0, complete: true, affected: Vec::new() };
    loop {
        let page = app.store.query(&query).await?;
        let ahead = page.records.iter().map(|record| Ok(record.decode::<Reservation>()?.value));
        let mut ahead = ahead.collect::<Result<Vec<_>, AppError>>()?;
        ahead.retain(|reservation| concerned(app, reservation));
        impact.considered = impact.considered.saturating_add(ahead.len());
        impact.affected.extend(affected(app, (resource, trigger), &ahead).await?);
        match page.next {
            Some(_) if impact.considered >= MOST => {
                impact.complete = false;
                return Ok(impact);
            }
            Some(next) => query.after = Some(next),
            None => return Ok(impact),
        }
    }
}

async fn affected(
    app: &App,
    changed: (&Resource, Trigger),
    ahead: &[Reservation],
) -> Result<Vec<Affected>, AppError> {
    let snapshot = members(app, ahead.iter().filter_map(Reservation::user_id)).await?;
    let mut found = Vec::new();
    for reservation in ahead {
        let Some(user_id) = reservation.user_id() else { continue };
        let member = Member::from(&snapshot, user_id)?;
        found.extend(of_one(app, changed, reservation, &member));
    }
    Ok(found)
}

/// Everything the gate looks at of these people, in as few requests as the table allows.
pub(crate) async fn members<'a>(
    app: &App,
    people: impl Iterator<Item = &'a UserId>,
) -> Result<Snapshot, AppError> {
    let mut keys: Vec<_> = people.flat_map(Member::keys).collect();
    keys.sort();
    keys.dedup();
    let mut snapshot = Snapshot::default();
    for some in keys.chunks(MAX_READ) {
        snapshot = snapshot.with(app.store.as_ref(), some).await?;
    }
    Ok(snapshot)
}

fn of_one(
    app: &App,
    (resource, trigger): (&Resource, Trigger),
    reservation: &Reservation,
    member: &Member,
) -> Option<Affected> {
    let now = app.now();
    let asked = Request {
        interval: Some(reservation.interval),
        event_type_id: Some(reservation.event_type_id),
    };
    let verdict = member.judge(resource, &asked, &Purpose::Keep, now);
    let declared = resource.in_force(now).rules.on_lost_eligibility;
    let lacks = missing(&verdict);
    let new = new(reservation, &lacks, (trigger, declared));
    let new: Vec<ReasonCode> = new.into_iter().map(|(code, _)| code).collect();
    let (becomes, until) = match fate(reservation, &verdict, (trigger, declared), now) {
        Fate::Ends => (Becomes::Cancel, None),
        Fate::Stands(flags) if flags == reservation.flags && new.is_empty() => return None,
        Fate::Stands(flags) if flags == reservation.flags => (Becomes::Keep, None),
        Fate::Stands(_) if new.is_empty() => (Becomes::Cleared, None),
        Fate::Stands(flags) => marked(&flags, &new),
    };
    Some(Affected {
        reservation_id: reservation.id.clone(),
        user_id: reservation.user_id()?.clone(),
        interval: reservation.interval,
        becomes,
        until,
        reasons: lacks,
    })
}

/// A mark with a term or without one.
fn marked(flags: &[Flag], new: &[ReasonCode]) -> (Becomes, Option<Timestamp>) {
    let own = flags.iter().filter(|flag| flag.reason().is_some_and(|code| new.contains(&code)));
    match own.filter_map(|flag| flag.until).min() {
        Some(until) => (Becomes::RenewBy, Some(until)),
        None => (Becomes::Flag, None),
    }
}
