//! The pass of every five minutes: what changed at Cal.com since the last one.

use std::collections::BTreeSet;

use interlock_policy::CalAccountId;
use jiff::{SignedDuration, Timestamp};

use super::compare::compare;
use super::pass::{Flow, Pace};
use crate::model::Resource;
use crate::ports::scheduler::{Booking, BookingFilter, CalAccount, CalUid, CredentialMode};
use crate::resources::all_resources;
use crate::{Act, App, AppError};

/// How far back of the last run is looked at again: Cal.com's clock and ours differ, and a page
/// may have shifted under us.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);
/// How far back the first run looks.
const FIRST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Largest page Cal.com gives.
pub(super) const PAGE: u32 = 250;

/// Runs the pass over every account. Each has its own place, so one that fails neither blocks nor
/// rewinds the others.
pub(super) async fn run(app: &App, pace: &mut Pace, act: &Act) -> Result<Flow, AppError> {
    let resources = all_resources(app).await?;
    for account in accounts(&resources) {
        let changed = Changed { resources: &resources, account: &account, act };
        match changed.run(app, pace).await {
            Ok(Flow::Done) => {}
            Ok(flow) => return Ok(flow),
            Err(error) => {
                pace.tally.go_on(Err(error));
            }
        }
    }
    Ok(Flow::Done)
}

/// The accounts of all resources, each once; one without a credential has no list.
pub(super) fn accounts(resources: &[Resource]) -> Vec<CalAccount> {
    let mut accounts: Vec<CalAccount> =
        resources.iter().filter_map(|resource| resource.cal_account.clone()).collect();
    accounts.sort_by(|one, other| one.id.cmp(&other.id));
    accounts.dedup_by(|one, other| one.id == other.id);
    accounts.retain(|account| account.mode != CredentialMode::None);
    accounts
}

/// What changed on one account.
struct Changed<'a> {
    resources: &'a [Resource],
    account: &'a CalAccount,
    act: &'a Act,
}

impl Changed<'_> {
    async fn run(&self, app: &App, pace: &mut Pace) -> Result<Flow, AppError> {
        let started = app.now();
        let seen_until = pace.checkpoint.seen_until.get(&self.account.id);
        let since = match seen_until {
            Some(seen_until) => seen_until.saturating_sub(OVERLAP),
            None => started.saturating_sub(FIRST),
        };
        let mut filter = BookingFilter {
            after_updated: Some(since.unwrap_or(Timestamp::MIN)),
            by_update: true,
            take: PAGE,
            ..BookingFilter::default()
        };
        let (mut known, mut whole) = (BTreeSet::<Sight>::new(), true);
        loop {
            if !pace.has_time(app) {
                return Ok(Flow::Later);
            }
            let listed = app.scheduler.bookings(self.account, &filter).await?;
            let fresh = listed.iter().filter(|booking| !known.contains(&sight(booking)));
            for booking in fresh {
                let part = compare(app, &mut pace.tally, self.act, (self.resources, booking)).await;
                whole &= pace.tally.go_on(part);
            }
            // Cal.com's own counters are wrong under this filter; a short page is the last
            // (CONTRACT 5.5).
            let last = listed.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
            let reached = if last { Some(started) } else { next_page(&mut filter, &listed) };
            let seen = whole.then_some(reached).flatten();
            if !self.reached(app, pace, seen).await? {
                return Ok(Flow::Overtaken);
            }
            if last {
                return Ok(Flow::Done);
            }
            known = listed.iter().map(sight).collect();
        }
    }

    /// Notes how far the account is through; what a failed booking must be looked at again for
    /// is not.
    async fn reached(
        &self,
        app: &App,
        pace: &mut Pace,
        seen: Option<Timestamp>,
    ) -> Result<bool, AppError> {
        let Some(seen) = seen else { return Ok(true) };
        let id: CalAccountId = self.account.id.clone();
        let places = &mut pace.checkpoint.seen_until;
        let before = places.get(&id).copied().unwrap_or(Timestamp::MIN);
        places.insert(id, before.max(seen));
        pace.save(app).await
    }
}

/// A booking as it was seen; one that changed since is seen anew.
type Sight = (CalUid, Option<Timestamp>);

fn sight(booking: &Booking) -> Sight {
    (booking.uid.clone(), booking.updated_at)
}

/// Turns the filter to the next page, and says up to when everything was seen. Bookings that
/// change while we read leave their place and shift the rest, so the next page begins at the last
/// change seen and not at a count; only a page of one instant goes on by count, one booking back.
fn next_page(filter: &mut BookingFilter, page: &[Booking]) -> Option<Timestamp> {
    let last = page.last().and_then(|booking| booking.updated_at);
    let from = last.and_then(|last| last.saturating_sub(SignedDuration::from_millis(1)).ok());
    if from.is_some() && filter.after_updated < from {
        filter.after_updated = from;
        filter.skip = 0;
    } else {
        filter.skip = filter.skip.saturating_add(PAGE).saturating_sub(1);
    }
    from
}
