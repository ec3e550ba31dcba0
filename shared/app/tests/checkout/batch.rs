//! Several people answered at once: each by himself, or all or none.

use interlock_app::{
    Answered, AppError, AskCheckout, Decision, Terms, answer_all, answer_each, ask_checkout,
};
use interlock_policy::UserId;

use crate::desk::Desk;

fn yes(desk: &Desk) -> interlock_app::CheckoutAnswer {
    desk.answer(&desk.boss, Decision::Approve(Terms::default()))
}

async fn class(desk: &Desk, size: usize) -> Vec<UserId> {
    let mut people = Vec::new();
    for number in 0..size {
        people.push(desk.world.person(&format!("pupil{number}")).await);
    }
    people
}

#[tokio::test]
async fn each_has_a_result_of_his_own() {
    let desk = Desk::new().await;
    let nobody: UserId = "usr_nobody".parse().unwrap();
    let people = [desk.ada.clone(), nobody, desk.boss.clone(), desk.chief.clone()];
    let answers = answer_each(&desk.world.app, &yes(&desk), &people).await.unwrap();
    let words: Vec<_> = answers
        .iter()
        .map(|answer| match answer {
            Ok(Answered::Granted { .. }) => "granted",
            Ok(_) => "otherwise",
            Err(error) => error.fault_code(),
        })
        .collect();
    assert_eq!(words, ["granted", "not_found", "self_approval", "granted"]);
}

#[tokio::test]
async fn together_one_who_cannot_be_answered_keeps_all_from_it() {
    let desk = Desk::new().await;
    let before = desk.world.store.dump();
    let people = [desk.ada.clone(), desk.boss.clone(), "usr_nobody".parse().unwrap()];
    let refused = answer_all(&desk.world.app, &yes(&desk), &people).await;
    let Err(AppError::BatchRefused(faults)) = refused else { panic!("{refused:?}") };
    let told: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
    assert_eq!(told, [("/userIds/1", "self_approval"), ("/userIds/2", "not_found")]);
    assert_eq!(desk.world.store.dump(), before);
}

async fn ask_for(desk: &Desk, people: &[UserId], level: u8) {
    for user_id in people {
        let act = desk.world.act(user_id);
        let request =
            AskCheckout { user_id: user_id.clone(), level: Some(level), act, ..desk.request() };
        ask_checkout(&desk.world.app, &request).await.unwrap();
    }
}

/// Held, asked for higher and given for less: the most a person takes of a transaction.
#[tokio::test]
async fn a_class_of_twelve_fits_into_one_transaction_whatever_each_takes() {
    let desk = Desk::new().await;
    let people = class(&desk, 12).await;
    answer_all(&desk.world.app, &yes(&desk), &people).await.unwrap();
    ask_for(&desk, &people, 2).await;
    let terms = Terms { valid_for_days: Some(1), ..Terms::default() };
    let answer = desk.answer(&desk.boss, Decision::Approve(terms));
    assert_eq!(answer_all(&desk.world.app, &answer, &people).await.unwrap().len(), 12);
}

#[tokio::test]
async fn one_manager_may_have_said_the_first_yes_to_all_and_be_among_them() {
    let desk = Desk::dangerous().await;
    let mut people = class(&desk, 3).await;
    answer_all(&desk.world.app, &yes(&desk), &people).await.unwrap();
    people.push(desk.boss.clone());
    let second = desk.answer(&desk.chief, Decision::Approve(Terms::default()));
    let answers = answer_all(&desk.world.app, &second, &people).await.unwrap();
    let granted = answers.iter().filter(|one| matches!(one, Answered::Granted { .. }));
    assert_eq!(granted.count(), 3);
}

#[tokio::test]
async fn two_batches_at_once_answer_everybody_once() {
    let desk = Desk::new().await;
    let people = class(&desk, 3).await;
    let other = desk.answer(&desk.chief, Decision::Approve(Terms::default()));
    let yes = yes(&desk);
    let (one, two) = tokio::join!(
        answer_all(&desk.world.app, &yes, &people),
        answer_all(&desk.world.app, &other, &people)
    );
    assert_eq!((one.unwrap().len(), two.unwrap().len()), (3, 3));
    assert_eq!(desk.steps().len(), 6);
}

#[tokio::test]
async fn a_list_that_is_no_list_of_people_is_refused() {
    let desk = Desk::new().await;
    let (ada, many) = (desk.ada.clone(), class(&desk, 51).await);
    for (people, place) in [
        (Vec::new(), "/userIds"),
        (vec![ada.clone(), ada], "/userIds/1"),
        (many.clone(), "/userIds"),
    ] {
        let refused = answer_each(&desk.world.app, &yes(&desk), &people).await;
        let Err(AppError::Invalid(faults)) = refused else { panic!("{refused:?}") };
        assert_eq!(faults[0].pointer, place);
    }
    let refused = answer_all(&desk.world.app, &yes(&desk), &many[..13]).await;
    assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
}
