//! Instances that speak the Runtime API, without a built function.
//! Tasks stand in for processes.

#[cfg(test)]
mod support;

use std::time::Duration;

use interlock_local::runtime::InvokeError;
use serde_json::{Value, json};
use support::{Act, FakeLauncher, RuntimeRig, eventually};

const LONG: Duration = Duration::from_secs(20);

#[cfg(test)]
async fn invoke(rig: &RuntimeRig, event: Value) -> Result<Value, InvokeError> {
    let answer = rig.manager.invoke("echo", event.to_string().into_bytes()).await?;
    Ok(serde_json::from_slice(&answer).unwrap())
}

#[tokio::test]
async fn the_first_hit_starts_an_instance_and_the_next_ones_use_it() {
    let rig = RuntimeRig::new(&["echo"], LONG, FakeLauncher::new(|_, event| Act::Answer(event)));
    let rig = rig.await;
    assert_eq!(rig.manager.status()[0].instances, 0);
    for at in 0..20 {
        assert_eq!(invoke(&rig, json!({"at": at})).await.unwrap(), json!({"at": at}));
    }
    assert_eq!(rig.manager.status()[0].starts, 1);
    assert!(rig.manager.status()[0].last_init_milliseconds.is_some());
}

#[tokio::test]
async fn load_starts_more_instances_up_to_four() {
    let launcher = FakeLauncher::new(|_, event| {
        std::thread::sleep(Duration::from_millis(5));
        Act::Answer(event)
    });
    let rig = RuntimeRig::new(&["echo"], LONG, launcher).await;
    let mut calls = tokio::task::JoinSet::new();
    for at in 0..64 {
        let manager = rig.manager.clone();
        calls.spawn(async move { manager.invoke("echo", at.to_string().into_bytes()).await });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap().unwrap();
    }
    assert_eq!(rig.manager.status()[0].starts, 4);
}

#[tokio::test]
async fn a_crash_fails_its_own_call_and_the_next_one_gets_a_new_instance() {
    let launcher =
        FakeLauncher::new(
            |_, event| {
                if event["crash"] == true { Act::Crash } else { Act::Answer(event) }
            },
        );
    let rig = RuntimeRig::new(&["echo"], LONG, launcher).await;
    let crashed = invoke(&rig, json!({"crash": true})).await.unwrap_err();
    assert!(matches!(crashed, InvokeError::Crashed(..)), "{crashed}");
    assert_eq!(invoke(&rig, json!(1)).await.unwrap(), json!(1));
    assert_eq!((rig.manager.status()[0].crashes, rig.manager.status()[0].starts), (1, 2));
}

#[tokio::test]
async fn an_error_of_the_function_keeps_its_instance() {
    let launcher = FakeLauncher::new(|_, event| {
        if event == json!(0) { Act::Fail("bad day") } else { Act::Answer(event) }
    });
    let rig = RuntimeRig::new(&["echo"], LONG, launcher).await;
    let failed = invoke(&rig, json!(0)).await.unwrap_err();
    assert!(failed.to_string().contains("bad day"), "{failed}");
    invoke(&rig, json!(1)).await.unwrap();
    assert_eq!(rig.manager.status()[0].starts, 1);
}

#[tokio::test]
async fn a_function_past_its_time_out_is_ended_and_replaced() {
    let launcher =
        FakeLauncher::new(
            |_, event| {
                if event == json!(0) { Act::Hang } else { Act::Answer(event) }
            },
        );
    let rig = RuntimeRig::new(&["echo"], Duration::from_millis(200), launcher).await;
    let late = invoke(&rig, json!(0)).await.unwrap_err();
    assert_eq!(late, InvokeError::TimedOut("echo".to_owned()));
    assert_eq!(invoke(&rig, json!(1)).await.unwrap(), json!(1));
    assert_eq!(rig.manager.status()[0].crashes, 0);
}

#[tokio::test]
async fn a_function_that_cannot_start_says_why_and_is_not_started_over_and_over() {
    let mut launcher = FakeLauncher::new(|_, event| Act::Answer(event));
    launcher.starts_well = false;
    let rig = RuntimeRig::new(&["echo"], LONG, launcher).await;
    let error = invoke(&rig, json!(1)).await.unwrap_err();
    assert!(error.to_string().contains("no configuration"), "{error}");
    assert_eq!(rig.manager.status()[0].starts, 1);
}

#[tokio::test]
async fn idle_instances_are_reaped_and_that_is_no_crash() {
    let rig = RuntimeRig::new(&["echo"], LONG, FakeLauncher::new(|_, event| Act::Answer(event)));
    let rig = rig.await;
    invoke(&rig, json!(1)).await.unwrap();
    eventually("the idle instance is ended", || async {
        rig.manager.reap();
        rig.manager.status()[0].instances == 0
    })
    .await;
    assert_eq!(rig.manager.status()[0].crashes, 0);
    invoke(&rig, json!(2)).await.unwrap();
    assert_eq!(rig.manager.status()[0].starts, 2);
}

#[tokio::test]
async fn a_closed_manager_refuses_work_and_leaves_no_instance() {
    let rig = RuntimeRig::new(&["echo"], LONG, FakeLauncher::new(|_, event| Act::Answer(event)));
    let rig = rig.await;
    invoke(&rig, json!(1)).await.unwrap();
    rig.manager.shut_down().await;
    assert_eq!(rig.manager.status()[0].instances, 0);
    assert_eq!(invoke(&rig, json!(2)).await.unwrap_err(), InvokeError::Closing);
}

#[tokio::test]
async fn an_unknown_function_is_told_by_name() {
    let rig = RuntimeRig::new(&["echo"], LONG, FakeLauncher::new(|_, event| Act::Answer(event)));
    let error = rig.await.manager.invoke("none", Vec::new()).await.unwrap_err();
    assert_eq!(error, InvokeError::Unknown("none".to_owned()));
}
