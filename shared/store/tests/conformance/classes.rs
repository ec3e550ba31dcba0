//! What each class of refusal means to the caller, on every call that may meet it.

use interlock_app::ports::Store;
use interlock_app::ports::store::{CommitError, Key, StoreError, Transaction};

use crate::support::scripted::{Answer, Scripted, broken, cancelled, done, refusal};
use crate::support::{ask, thing};

/// What the caller acts on.
#[derive(Debug, PartialEq)]
enum Class {
    Done,
    Conflict(Vec<String>),
    Unavailable,
    Defect,
}

fn class<T>(result: &Result<T, StoreError>) -> Class {
    match result {
        Ok(_) => Class::Done,
        Err(StoreError::Unavailable(_)) => Class::Unavailable,
        Err(StoreError::Corrupt { .. }) => Class::Defect,
    }
}

fn outcome(result: Result<(), CommitError>) -> Class {
    match result {
        Ok(()) => Class::Done,
        Err(CommitError::Conflict(keys)) => {
            Class::Conflict(keys.into_iter().map(|key| key.sort).collect())
        }
        Err(CommitError::Store(error)) => class::<()>(&Err(error)),
    }
}

#[derive(Debug, Clone, Copy)]
enum Call {
    Read,
    Query,
    One,
    Three,
}

const CALLS: [Call; 4] = [Call::Read, Call::Query, Call::One, Call::Three];

/// The class of a call that meets these answers, and how often it asked.
async fn meet(call: Call, answers: Vec<Answer>) -> (Class, usize) {
    let table = Scripted::answering(answers).await;
    let one = || Transaction::new().create(&thing("P", "1")).unwrap();
    let class = match call {
        Call::Read => class(&table.store.read(&[Key::new("P", "1")]).await),
        Call::Query => class(&table.store.query(&ask(None, "P")).await),
        Call::One => outcome(table.store.commit(&one()).await),
        Call::Three => {
            let two = one().remove_at(Key::new("P", "2"), 4);
            outcome(table.store.commit(&two.unchanged(Key::new("P", "3"), Some(1))).await)
        }
    };
    (class, table.asked().len())
}

fn always(answer: &Answer) -> Vec<Answer> {
    vec![answer.clone(); 9]
}

#[tokio::test]
async fn throttling_that_stays_is_unavailable_on_every_call() {
    for code in
        ["ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"]
    {
        for call in CALLS {
            let (class, asked) = meet(call, always(&refusal(code))).await;
            assert_eq!(class, Class::Unavailable, "{code} on {call:?}");
            assert!((2..=5).contains(&asked), "{code} on {call:?}: {asked} requests");
        }
    }
}

#[tokio::test]
async fn throttling_that_passes_is_never_seen() {
    for call in CALLS {
        let answers = vec![refusal("ThrottlingException"), done()];
        assert_eq!(meet(call, answers).await, (Class::Done, 2), "{call:?}");
    }
}

#[tokio::test]
async fn a_broken_table_is_asked_again_and_then_unavailable() {
    for call in CALLS {
        assert_eq!(meet(call, vec![broken(), done()]).await, (Class::Done, 2), "{call:?}");
        let (class, asked) = meet(call, always(&broken())).await;
        assert_eq!(class, Class::Unavailable, "{call:?}");
        assert!((2..=5).contains(&asked), "{call:?}: {asked} requests");
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_is_asked_for_again() {
    for call in CALLS {
        assert_eq!(meet(call, vec![Answer::Hang, done()]).await, (Class::Done, 2), "{call:?}");
    }
}

#[tokio::test]
async fn a_refusal_after_an_answer_that_never_came_is_unknown() {
    let answers = vec![Answer::Hang, refusal("ConditionalCheckFailedException")];
    assert_eq!(meet(Call::One, answers).await, (Class::Unavailable, 2));
}

#[tokio::test]
async fn a_wrong_request_is_a_defect_and_asked_once() {
    for code in ["ValidationException", "SerializationException"] {
        for call in CALLS {
            let answers = always(&refusal(code));
            assert_eq!(meet(call, answers).await, (Class::Defect, 1), "{code} on {call:?}");
        }
    }
}

#[tokio::test]
async fn a_transaction_still_at_work_or_confused_with_another_is_unavailable() {
    for code in ["TransactionInProgressException", "IdempotentParameterMismatchException"] {
        let (class, _) = meet(Call::Three, always(&refusal(code))).await;
        assert_eq!(class, Class::Unavailable, "{code}");
    }
}

#[tokio::test]
async fn each_reason_of_a_cancellation_has_its_class() {
    let conflict =
        |sorts: &[&str]| Class::Conflict(sorts.iter().map(|sort| (*sort).to_owned()).collect());
    let failed = "ConditionalCheckFailed";
    for (reasons, expected) in [
        ([failed, "None", "None"], conflict(&["1"])),
        (["None", "None", failed], conflict(&["3"])),
        ([failed, "None", failed], conflict(&["1", "3"])),
        (["TransactionConflict", failed, "None"], conflict(&["1", "2"])),
        (["None", "TransactionConflict", "None"], conflict(&["2"])),
        (["ValidationError", failed, "None"], conflict(&["2"])),
        (["ThrottlingError", "None", "None"], Class::Unavailable),
        (["None", "ProvisionedThroughputExceeded", "None"], Class::Unavailable),
        (["None", "None", "None"], Class::Unavailable),
        (["None", "None", "ValidationError"], Class::Defect),
        (["ItemCollectionSizeLimitExceeded", "None", "None"], Class::Defect),
    ] {
        let (class, _) = meet(Call::Three, always(&cancelled(&reasons))).await;
        assert_eq!(class, expected, "{reasons:?}");
    }
    let (class, _) = meet(Call::Three, always(&cancelled(&[]))).await;
    assert_eq!(class, Class::Unavailable, "no reasons");
}
