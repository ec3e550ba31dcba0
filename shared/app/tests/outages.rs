//! Outages: foreseen, announced and ended, and what becomes of what is held (FEATURES 4 item 3).
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{Outage, Resource, Status};
use interlock_app::{
    AppError, Becomes, CreateOutage, EndOutage, Impact, OutageEffect, create_outage, end_outage,
    settle_due,
};
use interlock_policy::{LossOutcome, ReasonCode, ReservationId, Role, UserId};
use interlock_testkit::World;

use support::{ask, books_agree, change_laser, read, reservation};

struct Cast {
    world: World,
    mia: UserId,
    ada: UserId,
    id: ReservationId,
}

const START: i64 = 3 * 24 * 60;

impl Cast {
    /// A member with an hour in three days.
    async fn new(outcome: LossOutcome) -> Self {
        let world = World::unlisted().await;
        change_laser(&world, |laser| {
            laser.policy.rules.on_lost_eligibility.resource = outcome;
        })
        .await;
        let mia = world.person_with("mia", &[Role::Manager]).await;
        let ada = world.eligible("ada").await;
        let id = ask(&world, &ada, world.after(START), "k").await.unwrap().reservation.id;
        Self { world, mia, ada, id }
    }

    fn wish(&self, from: Option<i64>, until: Option<i64>) -> CreateOutage {
        CreateOutage {
            resource_id: self.world.laser(),
            starts_at: from.map(|minutes| self.world.after(minutes)),
            ends_at: until.map(|minutes| self.world.after(minutes)),
            reason: "the tube is broken".to_owned(),
            dry_run: false,
            act: self.world.act(&self.mia),
        }
    }

    async fn announce(&self, from: Option<i64>, until: Option<i64>) -> OutageEffect {
        create_outage(&self.world.app, &self.wish(from, until)).await.unwrap()
    }

    async fn end(&self, outage: &Outage, dry_run: bool) -> Result<OutageEffect, AppError> {
        let request = EndOutage {
            resource_id: self.world.laser(),
            outage_id: outage.id.clone(),
            dry_run,
            act: self.world.act(&self.mia),
        };
        end_outage(&self.world.app, &request).await
    }

    async fn sweep(&self) {
        settle_due(&self.world.app, &self.world.job()).await.unwrap();
    }

    async fn flags(&self) -> usize {
        reservation(&self.world, &self.id).await.flags.len()
    }
}

fn told(impact: &Impact) -> Vec<(Becomes, Vec<ReasonCode>)> {
    impact.affected.iter().map(|one| (one.becomes, one.reasons.clone())).collect()
}

#[tokio::test]
async fn what_is_foreseen_is_what_becomes_of_it() {
    for (outcome, becomes, status, flags) in [
        (LossOutcome::Keep, Becomes::Keep, Status::Confirmed, 0),
        (LossOutcome::Flag, Becomes::Flag, Status::Confirmed, 1),
        (LossOutcome::RenewBy { days: 1 }, Becomes::RenewBy, Status::Confirmed, 1),
        (LossOutcome::Cancel, Becomes::Cancel, Status::Cancelled, 0),
    ] {
        let cast = Cast::new(outcome).await;
        let before = cast.world.store.dump();
        let wish = cast.wish(Some(START - 60), Some(START + 30));
        let tried = CreateOutage { dry_run: true, ..wish.clone() };
        let foreseen = create_outage(&cast.world.app, &tried).await.unwrap();
        assert_eq!(cast.world.store.dump(), before, "a trial writes nothing");
        let expected = vec![(becomes, vec![ReasonCode::MachineOutage])];
        assert_eq!(told(&foreseen.impact), expected, "{outcome:?}");
        assert!(foreseen.impact.complete);
        let done = create_outage(&cast.world.app, &wish).await.unwrap();
        assert_eq!(done.impact, foreseen.impact);
        cast.sweep().await;
        let found = reservation(&cast.world, &cast.id).await;
        assert_eq!((found.status(), found.flags.len()), (status, flags), "{outcome:?}");
        let until = foreseen.impact.affected[0].until;
        assert_eq!(found.flags.first().and_then(|flag| flag.until), until);
        books_agree(&cast.world);
    }
}

#[tokio::test]
async fn only_what_shares_an_instant_with_it_is_touched() {
    let cast = Cast::new(LossOutcome::Flag).await;
    for (from, until) in [(START - 60, START), (START + 60, START + 120)] {
        let effect = cast.announce(Some(from), Some(until)).await;
        assert!(told(&effect.impact).is_empty(), "{from} to {until}");
    }
    let effect = cast.announce(Some(START + 59), None).await;
    assert_eq!(told(&effect.impact).len(), 1);
}

#[tokio::test]
async fn nobody_reserves_into_an_outage_and_everybody_after_it() {
    let cast = Cast::new(LossOutcome::Flag).await;
    cast.announce(Some(600), Some(720)).await;
    let inside = ask(&cast.world, &cast.ada, cast.world.after(660), "in").await;
    let Err(AppError::NotEligible(verdict)) = inside else { panic!("it must be refused") };
    assert_eq!(verdict.reasons[0].code, ReasonCode::MachineOutage);
    ask(&cast.world, &cast.ada, cast.world.after(720), "after").await.unwrap();
}

#[tokio::test]
async fn an_outage_that_ends_early_clears_the_marks_it_made() {
    let cast = Cast::new(LossOutcome::Flag).await;
    let outage = cast.announce(None, None).await.outage;
    cast.sweep().await;
    assert_eq!(cast.flags().await, 1);
    cast.world.advance(3600);
    let tried = cast.end(&outage, true).await.unwrap();
    assert_eq!(told(&tried.impact)[0].0, Becomes::Cleared);
    cast.sweep().await;
    assert_eq!(cast.flags().await, 1, "a trial ends nothing");
    let ended = cast.end(&outage, false).await.unwrap();
    assert_eq!(ended.outage.ends_at, Some(cast.world.clock_now()));
    cast.sweep().await;
    assert_eq!(cast.flags().await, 0);
    let again = cast.end(&outage, false).await;
    assert!(matches!(again, Err(AppError::StateConflict { .. })));
}

#[tokio::test]
async fn one_that_is_ended_before_it_begins_is_as_if_it_had_not_been_announced() {
    let cast = Cast::new(LossOutcome::Flag).await;
    let outage = cast.announce(Some(START - 60), Some(START + 60)).await.outage;
    cast.sweep().await;
    cast.end(&outage, false).await.unwrap();
    cast.sweep().await;
    assert_eq!(cast.flags().await, 0);
    let laser = read::<Resource>(&cast.world, Resource::key_of(&cast.world.laser())).await;
    assert!(laser.unwrap().outages.is_empty());
    let unknown = cast.end(&outage, false).await;
    assert!(matches!(unknown, Err(AppError::NotFound { .. })));
}

#[tokio::test]
async fn the_times_and_the_reason_are_bounded() {
    let cast = Cast::new(LossOutcome::Flag).await;
    let before = cast.world.store.dump();
    for (from, until, place) in [
        (Some(-1), None, "/startsAt"),
        (Some(367 * 24 * 60), None, "/startsAt"),
        (Some(60), Some(60), "/endsAt"),
        (None, Some(367 * 24 * 60), "/endsAt"),
    ] {
        let refused = create_outage(&cast.world.app, &cast.wish(from, until)).await;
        let Err(AppError::Invalid(faults)) = refused else { panic!("{place}") };
        assert_eq!(faults[0].pointer, place);
    }
    let silent = CreateOutage { reason: String::new(), ..cast.wish(None, None) };
    let refused = create_outage(&cast.world.app, &silent).await;
    assert!(matches!(refused, Err(AppError::Invalid(_))));
    assert_eq!(cast.world.store.dump(), before);
}
