//! Exemptions: granted, used, counted and taken back (FEATURES 5.3 rule 7).
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{Cause, ExemptionGrant, Reservation, Resource, Standing, Status};
use interlock_app::{
    AppError, GrantExemption, Snapshot, eligibility, grant_exemption, list_exemptions,
    own_exemptions, reserve, revoke_exemption, settle_due,
};
use interlock_policy::{Decision, ReasonCode, Request, Role, UserId, Verdict};
use interlock_testkit::World;
use jiff::SignedDuration;

use support::{ask, change_laser, read, reservation};

const TRAINING: ReasonCode = ReasonCode::TrainingIncomplete;
const CHECKOUT: ReasonCode = ReasonCode::CheckoutMissing;

struct Cast {
    world: World,
    mia: UserId,
    eve: UserId,
}

impl Cast {
    async fn new() -> Self {
        let world = World::unlisted().await;
        let mia = world.person_with("mia", &[Role::Manager]).await;
        let eve = world.person("eve").await;
        Self { world, mia, eve }
    }

    fn wish(&self, codes: &[ReasonCode], days: i64) -> GrantExemption {
        GrantExemption {
            resource_id: self.world.laser(),
            user_id: self.eve.clone(),
            codes: codes.to_vec(),
            starts_at: None,
            ends_at: self.world.after(days * 24 * 60),
            reason: "she built it".to_owned(),
            granter: self.mia.clone(),
            roles: vec![Role::Manager],
            act: self.world.act(&self.mia),
        }
    }

    async fn grant(&self, codes: &[ReasonCode], days: i64) -> (ExemptionGrant, Verdict) {
        grant_exemption(&self.world.app, &self.wish(codes, days)).await.unwrap()
    }

    async fn judge(&self) -> Verdict {
        let request = Request { interval: None, event_type_id: None };
        let laser = self.world.laser();
        let (app, snapshot) = (&self.world.app, Snapshot::default());
        eligibility(app, snapshot, &self.eve, &laser, &request).await.unwrap()
    }

    async fn revoke(&self, grant: &ExemptionGrant) -> Result<u32, AppError> {
        let (laser, act) = (self.world.laser(), self.world.act(&self.mia));
        let which = (&laser, &grant.exemption.id);
        revoke_exemption(&self.world.app, which, &act).await.map(|counted| counted.used)
    }

    async fn used(&self) -> Vec<u32> {
        let laser = self.world.laser();
        let page = list_exemptions(&self.world.app, Snapshot::default(), &laser, (10, None)).await;
        page.unwrap().0.iter().map(|counted| counted.used).collect()
    }
}

#[tokio::test]
async fn what_is_exempted_becomes_a_condition_that_names_the_exemption() {
    let cast = Cast::new().await;
    assert_eq!(cast.judge().await.decision, Decision::Refuse);
    let (grant, after) = cast.grant(&[TRAINING, CHECKOUT], 7).await;
    assert_eq!(after.decision, Decision::PermitWithConditions);
    let verdict = cast.judge().await;
    assert_eq!(verdict.decision, Decision::PermitWithConditions);
    let id = Some(grant.exemption.id.clone());
    assert!(verdict.reasons.iter().all(|reason| reason.waived_by == id));
    cast.world.advance(7 * 24 * 3600);
    assert_eq!(cast.judge().await.decision, Decision::Refuse, "its end is no longer in it");
}

#[tokio::test]
async fn an_exemption_is_for_one_resource_and_for_the_whole_time_asked_about() {
    let cast = Cast::new().await;
    cast.grant(&[TRAINING, CHECKOUT], 2).await;
    let late = ask(&cast.world, &cast.eve, cast.world.after(3 * 24 * 60), "late").await;
    assert!(matches!(late, Err(AppError::NotEligible(_))));
    let laser = read::<Resource>(&cast.world, Resource::key_of(&cast.world.laser())).await;
    let saw = Resource { id: "mch_saw".parse().unwrap(), ..laser.unwrap() };
    cast.world.put(&saw).await;
    let mut wish = cast.world.wish(&cast.eve, cast.world.after(600), "saw");
    wish.resource_id = saw.id;
    let told = reserve(&cast.world.app, Snapshot::default(), &cast.eve, &wish).await;
    assert!(matches!(told, Err(AppError::NotEligible(_))));
}

#[tokio::test]
async fn each_reservation_it_lets_through_is_counted_once_and_others_are_not() {
    let cast = Cast::new().await;
    let (grant, _) = cast.grant(&[TRAINING, CHECKOUT], 7).await;
    assert_eq!(cast.used().await, [0]);
    ask(&cast.world, &cast.eve, cast.world.after(600), "a").await.unwrap();
    ask(&cast.world, &cast.eve, cast.world.after(900), "b").await.unwrap();
    let ada = cast.world.eligible("ada").await;
    ask(&cast.world, &ada, cast.world.after(1200), "c").await.unwrap();
    assert_eq!(cast.used().await, [2]);
    // A sweep judges them again and must not count them again.
    cast.revoke(&grant).await.unwrap();
    settle_due(&cast.world.app, &cast.world.job()).await.unwrap();
    assert_eq!(cast.used().await, [2]);
}

#[tokio::test]
async fn taken_back_it_takes_with_it_what_it_let_through() {
    let cast = Cast::new().await;
    let (grant, _) = cast.grant(&[TRAINING, CHECKOUT], 7).await;
    let id = ask(&cast.world, &cast.eve, cast.world.after(600), "a").await.unwrap();
    let id = id.reservation.id;
    assert_eq!(cast.revoke(&grant).await.unwrap(), 1);
    settle_due(&cast.world.app, &cast.world.job()).await.unwrap();
    let ended: Reservation = reservation(&cast.world, &id).await;
    assert_eq!(
        (ended.status(), ended.state.cause()),
        (Status::Cancelled, Some(&Cause::Eligibility))
    );
    let again = cast.revoke(&grant).await;
    assert!(matches!(again, Err(AppError::StateConflict { .. })));
}

#[tokio::test]
async fn a_grant_takes_the_mark_from_what_it_is_for() {
    let cast = Cast::new().await;
    let ada = cast.world.eligible("ada").await;
    let id = ask(&cast.world, &ada, cast.world.after(600), "a").await.unwrap().reservation.id;
    change_laser(&cast.world, |laser| {
        laser.policy.rules.on_lost_eligibility.person = interlock_policy::LossOutcome::Flag;
    })
    .await;
    cast.world.put(&Standing::empty(ada.clone())).await;
    let lose = interlock_app::UpdateUser {
        user_id: ada.clone(),
        status: interlock_policy::AccountStatus::Suspended,
        suspension: None,
        act: cast.world.act(&cast.mia),
    };
    let root = cast.world.person_with("root", &[Role::Admin]).await;
    interlock_app::update_user(&cast.world.app, &root, &lose).await.unwrap();
    let back =
        interlock_app::UpdateUser { status: interlock_policy::AccountStatus::Active, ..lose };
    interlock_app::update_user(&cast.world.app, &root, &back).await.unwrap();
    settle_due(&cast.world.app, &cast.world.job()).await.unwrap();
    assert_eq!(reservation(&cast.world, &id).await.flags.len(), 2);
    let wish = GrantExemption { user_id: ada, ..cast.wish(&[TRAINING, CHECKOUT], 7) };
    grant_exemption(&cast.world.app, &wish).await.unwrap();
    settle_due(&cast.world.app, &cast.world.job()).await.unwrap();
    assert!(reservation(&cast.world, &id).await.flags.is_empty());
}

#[tokio::test]
async fn nobody_is_exempt_from_what_nobody_may_override() {
    let cast = Cast::new().await;
    let before = cast.world.store.dump();
    for code in [
        ReasonCode::AccountBanned,
        ReasonCode::AccountSuspended,
        ReasonCode::MachineInactive,
        ReasonCode::MachineOutage,
        ReasonCode::ReservationParallel,
    ] {
        let told = grant_exemption(&cast.world.app, &cast.wish(&[TRAINING, code], 7)).await;
        let Err(AppError::Invalid(faults)) = told else { panic!("{code:?}") };
        assert_eq!((faults[0].pointer.as_str(), faults[0].code), ("/codes/1", "not_overridable"));
    }
    assert_eq!(cast.world.store.dump(), before);
}

#[tokio::test]
async fn a_grant_is_bounded_and_never_to_oneself() {
    let cast = Cast::new().await;
    let own = GrantExemption { user_id: cast.mia.clone(), ..cast.wish(&[TRAINING], 7) };
    let told = grant_exemption(&cast.world.app, &own).await;
    assert!(matches!(told, Err(AppError::SelfApproval)));
    let past = cast.world.clock_now() - SignedDuration::from_secs(1);
    for (wish, place) in [
        (cast.wish(&[], 7), "/codes"),
        (cast.wish(&[TRAINING, TRAINING], 7), "/codes/1"),
        (cast.wish(&[TRAINING], 367), "/endsAt"),
        (cast.wish(&[TRAINING], 0), "/endsAt"),
        (GrantExemption { starts_at: Some(past), ..cast.wish(&[TRAINING], 7) }, "/startsAt"),
        (GrantExemption { reason: " ".to_owned(), ..cast.wish(&[TRAINING], 7) }, "/reason"),
    ] {
        let told = grant_exemption(&cast.world.app, &wish).await;
        let Err(AppError::Invalid(faults)) = told else { panic!("{place}") };
        assert_eq!(faults[0].pointer, place);
    }
    let low = GrantExemption { roles: vec![Role::Member], ..cast.wish(&[TRAINING], 7) };
    let told = grant_exemption(&cast.world.app, &low).await;
    assert!(matches!(told, Err(AppError::RoleRequired)));
    let nobody =
        GrantExemption { user_id: "usr_nobody".parse().unwrap(), ..cast.wish(&[TRAINING], 7) };
    let told = grant_exemption(&cast.world.app, &nobody).await;
    assert!(matches!(told, Err(AppError::NotFound { .. })));
}

#[tokio::test]
async fn whoever_is_exempted_reads_from_what_why_and_until_when() {
    let cast = Cast::new().await;
    let own =
        async || own_exemptions(&cast.world.app, Snapshot::default(), &cast.eve).await.unwrap();
    assert!(own().await.is_empty());
    let (long, _) = cast.grant(&[CHECKOUT], 9).await;
    let (short, _) = cast.grant(&[TRAINING], 2).await;
    assert_eq!(own().await, [short.clone(), long.clone()], "what ends first comes first");
    cast.world.advance(2 * 24 * 3600);
    assert_eq!(own().await, std::slice::from_ref(&long), "what is over is not told");
    let ids = (&long.exemption.resource_id, &long.exemption.id);
    revoke_exemption(&cast.world.app, ids, &cast.world.act(&cast.mia)).await.unwrap();
    assert!(own().await.is_empty());
}
