//! Both sides by start, side by side: a page of Cal.com's and ours of the same time, and never
//! more than that in memory.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::compare::{agree, check, compare};
use super::incremental::PAGE;
use super::pass::{Flow, Pace, earliest};
use crate::external::rematch;
use crate::model::{Place, Reservation, Resource};
use crate::ports::scheduler::{
    Booking, BookingFilter, CalAccount, CalUid, CredentialMode, Failure,
};
use crate::ports::store::{Index, Query, Stored};
use crate::{Act, App, AppError};

/// The comparison of all accounts by start.
pub(super) struct Times<'a> {
    pub(super) resources: &'a [Resource],
    pub(super) act: &'a Act,
}

/// Bookings and reservations that begin in one stretch of time.
struct Stretch {
    theirs: Vec<Booking>,
    ours: Vec<Stored<Reservation>>,
    /// Where the next one begins; `None` after the last.
    next: Option<(Timestamp, u32)>,
}

impl Times<'_> {
    /// Goes on from the place of the checkpoint to the last account.
    pub(super) async fn run(&self, app: &App, pace: &mut Pace) -> Result<Flow, AppError> {
        for account in self.accounts() {
            if place(pace).0.is_some_and(|place| account.id < place) {
                continue;
            }
            match self.account(app, pace, &account).await {
                Ok(Flow::Done) => {}
                Ok(flow) => return Ok(flow),
                Err(error) if out_of_calls(&error) => return Ok(Flow::Later),
                Err(error) => {
                    pace.tally.go_on(Err(error));
                }
            }
            let begin = earliest(&pace.run);
            let next = self.accounts().into_iter().find(|other| other.id > account.id);
            let Some(next) = next else { break };
            pace.checkpoint.place =
                Some(Place::Times { account: Some(next.id), from: begin, skip: 0 });
            if !pace.save(app).await? {
                return Ok(Flow::Overtaken);
            }
        }
        Ok(Flow::Done)
    }

    /// Every account, those without a list too, because their reservations are read by uid.
    fn accounts(&self) -> Vec<CalAccount> {
        let mut accounts: Vec<CalAccount> =
            self.resources.iter().filter_map(|resource| resource.cal_account.clone()).collect();
        accounts.sort_by(|one, other| one.id.cmp(&other.id));
        accounts.dedup_by(|one, other| one.id == other.id);
        accounts
    }

    async fn account(
        &self,
        app: &App,
        pace: &mut Pace,
        account: &CalAccount,
    ) -> Result<Flow, AppError> {
        loop {
            if !pace.has_time(app) {
                return Ok(Flow::Later);
            }
            let (_, from, skip) = place(pace);
            let stretch = self.stretch(app, account, (from, skip)).await?;
            if !self.both(app, pace, &stretch).await? {
                return Ok(Flow::Later);
            }
            let Some((from, skip)) = stretch.next else { return Ok(Flow::Done) };
            pace.checkpoint.place =
                Some(Place::Times { account: Some(account.id.clone()), from, skip });
            if !pace.save(app).await? {
                return Ok(Flow::Overtaken);
            }
        }
    }

    /// Reads both sides. A full page is complete up to the start of its last booking; what begins
    /// there comes again with the next page, so nothing that shifts is lost (CONTRACT 5.5).
    async fn stretch(
        &self,
        app: &App,
        account: &CalAccount,
        (from, skip): (Timestamp, u32),
    ) -> Result<Stretch, AppError> {
        let mut theirs = self.listed(app, account, (from, skip)).await?;
        let full = theirs.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX);
        let last = theirs.last().map(|booking| booking.interval.start()).filter(|_| full);
        if last == Some(from) {
            let next = Some((from, skip.saturating_add(PAGE).saturating_sub(1)));
            return Ok(Stretch { theirs, ours: Vec::new(), next });
        }
        let (ours, until) = self.ours(app, account, (from, last)).await?;
        if let Some(until) = until {
            theirs.retain(|booking| booking.interval.start() < until);
        }
        Ok(Stretch { theirs, ours, next: until.map(|until| (until, 0)) })
    }

    async fn listed(
        &self,
        app: &App,
        account: &CalAccount,
        (from, skip): (Timestamp, u32),
    ) -> Result<Vec<Booking>, AppError> {
        if account.mode == CredentialMode::None {
            return Ok(Vec::new());
        }
        let filter =
            BookingFilter { after_start: Some(from), skip, take: PAGE, ..BookingFilter::default() };
        Ok(app.scheduler.bookings(account, &filter).await?)
    }

    /// Our open reservations from an instant on, and up to where they are complete: one page of
    /// each resource.
    async fn ours(
        &self,
        app: &App,
        account: &CalAccount,
        (from, until): (Timestamp, Option<Timestamp>),
    ) -> Result<(Vec<Stored<Reservation>>, Option<Timestamp>), AppError> {
        let (mut found, mut until) = (Vec::new(), until);
        let own = |resource: &&Resource| {
            resource.cal_account.as_ref().is_some_and(|own| own.id == account.id)
        };
        for resource in self.resources.iter().filter(own) {
            let partition = Reservation::partition_of_resource(&resource.id);
            let mut query = Query {
                from: Some(Reservation::sort_from(from)),
                until: until.map(Reservation::sort_from),
                ..Query::partition(Some(Index::Two), partition, PAGE)
            };
            loop {
                let page = app.store.query(&query).await?;
                let mut last = None;
                for record in &page.records {
                    let reservation = record.decode::<Reservation>()?;
                    last = Some(reservation.value.interval.start());
                    if !reservation.value.state.is_final() {
                        found.push(reservation);
                    }
                }
                match page.next {
                    None => break,
                    Some(next) if last.is_none_or(|last| last <= from) => query.after = Some(next),
                    Some(_) => {
                        until = last;
                        break;
                    }
                }
            }
        }
        found.retain(|one| until.is_none_or(|until| one.value.interval.start() < until));
        Ok((found, until))
    }

    /// Compares Cal.com's side, then reads by uid what of ours no list confirmed; `false` if
    /// there are no calls left and the stretch must come again.
    async fn both(&self, app: &App, pace: &mut Pace, stretch: &Stretch) -> Result<bool, AppError> {
        for booking in &stretch.theirs {
            let part = compare(app, &mut pace.tally, self.act, (self.resources, booking)).await;
            if part.as_ref().is_err_and(out_of_calls) {
                return Ok(false);
            }
            pace.tally.go_on(part);
        }
        let listed: BTreeMap<&CalUid, &Booking> =
            stretch.theirs.iter().map(|booking| (&booking.uid, booking)).collect();
        for stored in &stretch.ours {
            // Whoever has an account by now is given what was booked for his e-mail.
            let matched = rematch(app, stored, self.act).await.map(|_| ());
            pace.tally.go_on(matched);
            let reservation = &stored.value;
            let booking = reservation.state.cal_uid().and_then(|uid| listed.get(uid));
            if booking.is_some_and(|booking| agree(reservation, booking)) {
                continue;
            }
            let part = check(app, &mut pace.tally, self.act, &reservation.id).await;
            if part.as_ref().is_err_and(out_of_calls) {
                return Ok(false);
            }
            pace.tally.go_on(part);
        }
        Ok(true)
    }
}

fn place(pace: &Pace) -> (Option<interlock_policy::CalAccountId>, Timestamp, u32) {
    match &pace.checkpoint.place {
        Some(Place::Times { account, from, skip }) => (account.clone(), *from, *skip),
        Some(Place::Kinds { .. }) | None => (None, earliest(&pace.run), 0),
    }
}

/// Whether it was the budget of calls that ended it, and not Cal.com (promise R18).
fn out_of_calls(error: &AppError) -> bool {
    error.scheduler_failure() == Some(Failure::RateLimited)
}
