//! What managers read: oldest first, by state, person and place, with the figures of the wait.

use interlock_app::model::{CheckoutState, CheckoutStep, ManagerScope};
use interlock_app::{
    AskCheckout, CheckoutList, CheckoutQuery, Terms, Wanted, ask_checkout, list_checkouts,
};
use interlock_policy::UserId;

use crate::desk::Desk;
use crate::support::read;

fn of(state: CheckoutState) -> CheckoutQuery {
    CheckoutQuery { state, on: None, user_id: None, limit: 50, after: None }
}

async fn list(desk: &Desk, wanted: &CheckoutQuery) -> CheckoutList {
    let key = interlock_app::model::Account::key_of(&desk.boss);
    let boss = read(&desk.world, key).await.unwrap();
    list_checkouts(&desk.world.app, &boss, wanted).await.unwrap()
}

fn names(list: &CheckoutList) -> Vec<&str> {
    list.items.iter().map(|(_, name)| name.as_deref().unwrap()).collect()
}

/// Three who ask, a minute after each other.
async fn queue(desk: &Desk) -> Vec<UserId> {
    let mut people = Vec::new();
    for name in ["zoe", "yan", "xia"] {
        let user_id = desk.world.person(name).await;
        let act = desk.world.act(&user_id);
        let request = AskCheckout { user_id: user_id.clone(), act, ..desk.request() };
        ask_checkout(&desk.world.app, &request).await.unwrap();
        desk.world.advance(60);
        people.push(user_id);
    }
    people
}

#[tokio::test]
async fn those_who_wait_come_oldest_first_with_the_figures() {
    let desk = Desk::new().await;
    queue(&desk).await;
    let found = list(&desk, &of(CheckoutState::Pending)).await;
    assert_eq!(names(&found), ["zoe", "yan", "xia"]);
    let waiting = found.waiting.unwrap();
    assert_eq!((waiting.count, waiting.more), (3, false));
    assert_eq!((waiting.median_seconds, waiting.oldest_seconds), (Some(120), Some(180)));
}

#[tokio::test]
async fn pages_go_on_where_they_ended_and_only_the_first_has_figures() {
    let desk = Desk::new().await;
    queue(&desk).await;
    let first = list(&desk, &CheckoutQuery { limit: 2, ..of(CheckoutState::Pending) }).await;
    assert_eq!(names(&first), ["zoe", "yan"]);
    let rest = CheckoutQuery { after: first.next, limit: 2, ..of(CheckoutState::Pending) };
    let rest = list(&desk, &rest).await;
    assert_eq!(names(&rest), ["xia"]);
    assert_eq!((rest.next, rest.waiting), (None, None));
}

#[tokio::test]
async fn a_person_or_a_place_narrows_it_and_both_bring_the_history() {
    let desk = Desk::new().await;
    let people = queue(&desk).await;
    let laser = Some(Wanted::Machine(desk.world.laser()));
    let one = CheckoutQuery { user_id: people.get(1).cloned(), ..of(CheckoutState::Pending) };
    let found = list(&desk, &one).await;
    assert_eq!((names(&found), found.history.is_none()), (vec!["yan"], true));
    let here = CheckoutQuery { on: laser.clone(), ..of(CheckoutState::Pending) };
    assert_eq!(names(&list(&desk, &here).await).len(), 3);
    let elsewhere = Some(Wanted::Category("mills".to_owned()));
    let elsewhere = CheckoutQuery { on: elsewhere, ..of(CheckoutState::Pending) };
    let elsewhere = list(&desk, &elsewhere).await;
    assert!(elsewhere.items.is_empty());
    assert_eq!(elsewhere.waiting.unwrap().count, 0);
    let both = list(&desk, &CheckoutQuery { on: laser, ..one }).await;
    let steps: Vec<_> = both.history.unwrap().into_iter().map(|event| event.step).collect();
    assert_eq!((both.items.len(), steps), (1, vec![CheckoutStep::Requested]));
}

#[tokio::test]
async fn what_was_given_is_granted_then_expired_and_what_was_taken_back_revoked() {
    let desk = Desk::new().await;
    let day = Terms { valid_for_days: Some(1), ..Terms::default() };
    desk.approve(&desk.boss, day).await.unwrap();
    let count = async |state| list(&desk, &of(state)).await.items.len();
    let counts = async || {
        use CheckoutState::{Expired, Granted, Pending, Revoked};
        [count(Pending).await, count(Granted).await, count(Expired).await, count(Revoked).await]
    };
    assert_eq!(counts().await, [0, 1, 0, 0]);
    desk.world.advance(24 * 3600);
    assert_eq!(counts().await, [0, 0, 1, 0]);
    desk.revoke().await;
    assert_eq!(counts().await, [0, 0, 0, 1]);
    desk.ask().await.unwrap();
    assert_eq!(counts().await, [1, 0, 0, 1]);
}

#[tokio::test]
async fn a_manager_with_a_scope_sees_what_lies_within_it() {
    let desk = Desk::new().await;
    queue(&desk).await;
    let lasers = ManagerScope { machines: Vec::new(), categories: vec!["lasers".to_owned()] };
    desk.confine(&desk.boss, lasers).await;
    assert_eq!(list(&desk, &of(CheckoutState::Pending)).await.items.len(), 3);
    desk.confine(&desk.boss, ManagerScope::default()).await;
    let found = list(&desk, &of(CheckoutState::Pending)).await;
    assert_eq!((found.items.len(), found.waiting.unwrap().count), (0, 0));
}
