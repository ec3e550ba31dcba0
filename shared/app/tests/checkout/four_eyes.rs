//! Dangerous machines: two different managers must say yes, and only then does it count.

use interlock_app::model::{Account, CheckoutStep, WishOrigin};
use interlock_app::{Answered, AppError, Terms};
use interlock_policy::{AccountStatus, Role};

use crate::desk::{Desk, granted};
use crate::support::{read, set_status};

fn awaits(answered: &Answered) -> bool {
    matches!(answered, Answered::AwaitsSecond { .. })
}

#[tokio::test]
async fn the_first_yes_counts_for_nothing_and_the_second_grants() {
    let desk = Desk::dangerous().await;
    assert!(awaits(&desk.plainly(&desk.boss).await.unwrap()));
    assert!(desk.standing().await.checkouts.is_empty());
    let wish = desk.wishes().await.pop().unwrap();
    assert_eq!((wish.origin, &wish.first_yes.unwrap().by), (WishOrigin::Manager, &desk.boss));
    let answered = desk.plainly(&desk.chief).await.unwrap();
    let checkout = granted(&answered);
    assert_eq!(checkout.first_approved_by.as_ref(), Some(&desk.boss));
    assert_eq!(checkout.approved_by, desk.chief);
    assert!(desk.wishes().await.is_empty());
    assert_eq!(desk.steps(), [CheckoutStep::FirstApproved, CheckoutStep::Granted]);
}

#[tokio::test]
async fn the_same_manager_twice_is_one() {
    let desk = Desk::dangerous().await;
    desk.plainly(&desk.boss).await.unwrap();
    let before = desk.world.store.dump();
    assert!(awaits(&desk.plainly(&desk.boss).await.unwrap()));
    assert_eq!(desk.world.store.dump(), before);
}

#[tokio::test]
async fn of_two_managers_at_once_one_is_first_and_the_other_grants() {
    let desk = Desk::dangerous().await;
    let (one, two) = tokio::join!(desk.plainly(&desk.boss), desk.plainly(&desk.chief));
    let answers = [one.unwrap(), two.unwrap()];
    assert_eq!(answers.iter().filter(|answer| awaits(answer)).count(), 1);
    assert_eq!(desk.standing().await.checkouts.len(), 1);
}

#[tokio::test]
async fn the_same_manager_at_once_twice_is_one() {
    let desk = Desk::dangerous().await;
    let (one, two) = tokio::join!(desk.plainly(&desk.boss), desk.plainly(&desk.boss));
    assert!(awaits(&one.unwrap()) && awaits(&two.unwrap()));
    assert!(desk.standing().await.checkouts.is_empty());
}

#[tokio::test]
async fn they_agree_on_the_lower_level_and_the_shorter_term() {
    let desk = Desk::dangerous().await;
    let terms = |level, days| Terms { level: Some(level), valid_for_days: days, notes: None };
    desk.approve(&desk.boss, terms(2, Some(30))).await.unwrap();
    let answered = desk.approve(&desk.chief, terms(3, None)).await.unwrap();
    let checkout = granted(&answered);
    let days = checkout.expires_at.unwrap().duration_since(checkout.granted_at).as_hours() / 24;
    assert_eq!((checkout.level, days), (2, 30));
}

#[tokio::test]
async fn a_first_yes_of_somebody_who_may_no_longer_say_it_is_none() {
    for lost in [AccountStatus::Suspended, AccountStatus::Banned] {
        let desk = Desk::dangerous().await;
        desk.plainly(&desk.boss).await.unwrap();
        set_status(&desk.world, &desk.boss, lost).await;
        assert!(awaits(&desk.plainly(&desk.chief).await.unwrap()), "{lost:?}");
        assert!(desk.standing().await.checkouts.is_empty());
    }
    let desk = Desk::dangerous().await;
    desk.plainly(&desk.boss).await.unwrap();
    let boss = read::<Account>(&desk.world, Account::key_of(&desk.boss)).await.unwrap();
    desk.world.put(&Account { roles: vec![Role::Member], ..boss }).await;
    assert!(awaits(&desk.plainly(&desk.chief).await.unwrap()));
}

#[tokio::test]
async fn a_no_after_the_first_yes_ends_it() {
    let desk = Desk::dangerous().await;
    desk.plainly(&desk.boss).await.unwrap();
    desk.decline(&desk.chief, "not steady enough").await.unwrap();
    assert!(awaits(&desk.plainly(&desk.chief).await.unwrap()), "it starts anew");
}

#[tokio::test]
async fn one_dangerous_machine_makes_its_category_dangerous() {
    let desk = Desk::new().await;
    desk.laser_by_category().await;
    let mut other = read::<interlock_app::model::Resource>(
        &desk.world,
        interlock_app::model::Resource::key_of(&desk.world.laser()),
    )
    .await
    .unwrap();
    other.id = "mch_welder".parse().unwrap();
    other.four_eyes = true;
    desk.world.put(&other).await;
    assert!(awaits(&desk.plainly(&desk.boss).await.unwrap()));
}

#[tokio::test]
async fn nobody_is_the_first_of_two_on_himself() {
    let desk = Desk::dangerous().await;
    let answer = desk.answer(&desk.boss, interlock_app::Decision::Approve(Terms::default()));
    let refused = interlock_app::check_out(&desk.world.app, &answer, &desk.boss).await;
    assert!(matches!(refused, Err(AppError::SelfApproval)), "{refused:?}");
}
