//! Answers: safe headers on all of them, problems in one form, panics without detail.

mod support;

use interlock_app::{App, AppError, Gap, InputFault};
use interlock_http::{Call, Panicked, Problem, Reply, Route, caught, problems};
use interlock_policy::{
    Decision, Interval, Parameters, PolicyVersion, Reason, ReasonCode, Severity, Verdict,
};
use serde_json::{Value, json};
use support::{Answer, World, request};

const ROUTE: Route = Route::get("things.get", "/api/things").public();

async fn told(error: impl Into<Problem>) -> Answer {
    let problem = error.into();
    let handler = |_: App, _: Call| async move { Err(problem) };
    World::new().send(&ROUTE, handler, request("GET", "/api/things")).await
}

fn safe(answer: &Answer) {
    let expected = [
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("cache-control", "no-store"),
    ];
    for (name, value) in expected {
        assert_eq!(answer.header(name), value);
    }
}

#[tokio::test]
async fn every_kind_of_answer_carries_the_headers_of_safety() {
    let world = World::new();
    let send = |reply: fn() -> Reply| {
        let handler = move |_: App, _: Call| async move { Ok(reply()) };
        world.send(&ROUTE, handler, request("GET", "/api/things"))
    };
    for answer in [
        send(|| Reply::ok(&1)).await,
        send(|| Reply::created("/api/things/1", &1)).await,
        send(Reply::no_content).await,
        send(|| Reply::raw(200, "{}").replayed(true)).await,
        send(|| Reply::ok(&1).logged_out()).await,
        told(Problem::not_found()).await,
        told(Problem::internal("secret")).await,
    ] {
        safe(&answer);
    }
}

#[tokio::test]
async fn a_problem_has_the_form_of_rfc_9457() {
    let answer = told(AppError::NotFound { what: "machine" }).await;
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let expected = json!({
        "type": "urn:interlock:problem:not_found",
        "title": "There is no such thing",
        "status": 404,
        "detail": "there is no such thing, or it is not yours to see",
        "instance": "urn:interlock:request:req_1",
        "code": "not_found",
    });
    assert_eq!(answer.body, expected);
}

#[tokio::test]
async fn every_error_of_a_use_case_has_its_status_and_code() {
    let interval: Interval = serde_json::from_value(
        json!({"start": "2026-06-01T10:00:00Z", "end": "2026-06-01T11:00:00Z"}),
    )
    .unwrap();
    let unavailable =
        AppError::Unavailable { system: "the table", retry_after_seconds: 7, source: None };
    let cases: Vec<(AppError, (u16, &str))> = vec![
        (AppError::SlotTaken { interval }, (409, "slot_taken")),
        (AppError::NotFound { what: "x" }, (404, "not_found")),
        (AppError::StateConflict { detail: "x".into() }, (409, "state_conflict")),
        (AppError::IdempotencyMismatch, (422, "idempotency_mismatch")),
        (AppError::IdempotencyInProgress, (409, "idempotency_in_progress")),
        (AppError::invalid("/name", "empty", "x"), (400, "invalid_body")),
        (AppError::invalid("start", "missing", "x"), (400, "invalid_parameter")),
        (AppError::EventTypeUnknown, (422, "event_type_unknown")),
        (AppError::DurationNotOffered { offered: vec![30] }, (422, "duration_not_offered")),
        (AppError::MappingRefused(vec![]), (422, "mapping_refused")),
        (AppError::InvalidCredentials, (401, "invalid_credentials")),
        (AppError::InvalidCode, (401, "invalid_code")),
        (AppError::Unauthenticated, (401, "unauthenticated")),
        (AppError::RoleRequired, (403, "role_required")),
        (AppError::SelfApproval, (403, "self_approval")),
        (
            AppError::TrainingIncomplete { gaps: vec![], prerequisites: vec![] },
            (409, "training_incomplete"),
        ),
        (AppError::PreconditionRequired, (428, "precondition_required")),
        (AppError::PreconditionFailed, (412, "precondition_failed")),
        (AppError::SignatureInvalid, (401, "signature_invalid")),
        (unavailable, (503, "upstream_unavailable")),
        (AppError::internal("x"), (500, "internal")),
    ];
    for (error, expected) in cases {
        let shown = format!("{error:?}");
        assert_eq!(told(error).await.told(), expected, "{shown}");
    }
}

#[tokio::test]
async fn waiting_times_stand_in_header_and_body() {
    let answer = told(AppError::IdempotencyInProgress).await;
    assert_eq!((answer.header("retry-after"), &answer.body["retryAfterSeconds"]), ("2", &json!(2)));
    let error = AppError::Unavailable { system: "x", retry_after_seconds: 60, source: None };
    let answer = told(error).await;
    assert_eq!(
        (answer.header("retry-after"), &answer.body["retryAfterSeconds"]),
        ("60", &json!(60))
    );
}

#[tokio::test]
async fn details_of_a_refusal_come_along() {
    let gaps = vec![Gap { from: 0, to: 1500 }, Gap { from: 60_000, to: 90_000 }];
    let answer = told(AppError::TrainingIncomplete {
        gaps,
        prerequisites: vec!["mod_basics".parse().unwrap()],
    })
    .await;
    assert_eq!(answer.body["prerequisites"], json!(["mod_basics"]));
    assert_eq!(answer.body["gaps"], json!([{"from": 0, "to": 1.5}, {"from": 60, "to": 90}]));
    let answer = told(AppError::DurationNotOffered { offered: vec![30, 60] }).await;
    assert_eq!(answer.body["offeredMinutes"], json!([30, 60]));
    let faults = vec![InputFault::at("/eventTypeId", "seats", "has seats")];
    let answer = told(AppError::MappingRefused(faults)).await;
    let expected = json!([{"pointer": "/eventTypeId", "code": "seats", "detail": "has seats"}]);
    assert_eq!(answer.body["errors"], expected);
}

fn verdict(codes: &[ReasonCode]) -> AppError {
    let reason = |code: &ReasonCode| Reason {
        code: *code,
        severity: Severity::Block,
        parameters: Parameters::NONE,
        evidence: vec![],
        overridable_by: vec![].into(),
        next_steps: vec![].into(),
        true_from: None,
        one_of: None,
        sentence: None,
        waived_by: None,
    };
    AppError::NotEligible(Box::new(Verdict {
        decision: Decision::Refuse,
        reasons: codes.iter().map(reason).collect(),
        policy_version: PolicyVersion(3),
    }))
}

#[tokio::test]
async fn what_the_person_lacks_goes_before_the_request_and_the_time() {
    use ReasonCode::{CheckoutMissing, GridOff, HoursClosed, ReservationParallel};
    let cases: [(&[ReasonCode], (u16, &str)); 5] = [
        (&[GridOff, CheckoutMissing], (403, "not_eligible")),
        (&[ReservationParallel, HoursClosed, GridOff], (422, "hours_closed")),
        (&[GridOff], (422, "grid_off")),
        (&[ReservationParallel], (409, "reservation_parallel")),
        (&[], (403, "not_eligible")),
    ];
    for (codes, expected) in cases {
        let answer = told(verdict(codes)).await;
        assert_eq!(answer.told(), expected, "{codes:?}");
        let told: Vec<&Value> = answer.body["reasons"]
            .as_array()
            .unwrap()
            .iter()
            .map(|reason| &reason["code"])
            .collect();
        assert_eq!(json!(told), json!(codes));
        assert_eq!(answer.body["policyVersion"], 3);
    }
}

#[tokio::test]
async fn an_inner_fault_says_nothing_of_itself() {
    let source = Some("hunter2".into());
    let answer = told(AppError::Internal { detail: "hunter2".into(), source }).await;
    assert_eq!(answer.told(), (500, "internal"));
    assert!(!answer.text.contains("hunter2"));
    let source = Some("hunter2".into());
    let error = AppError::Unavailable { system: "x", retry_after_seconds: 1, source };
    assert!(!told(error).await.text.contains("hunter2"));
}

#[tokio::test]
async fn a_panic_is_an_inner_fault() {
    async fn broken(_: App, _: Call) -> Result<Reply, Problem> {
        tokio::task::yield_now().await;
        panic!("hunter2")
    }
    let answer = World::new().send(&ROUTE, broken, request("GET", "/api/things")).await;
    assert_eq!(answer.told(), (500, "internal"));
    assert!(!answer.text.contains("hunter2"));
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(caught(async { 1 }).await, Ok(1));
    assert_eq!(caught(async { panic!("at once") }).await, Err::<(), _>(Panicked));
}

#[tokio::test]
async fn a_body_that_cannot_be_written_is_an_inner_fault() {
    async fn broken(_: App, _: Call) -> Result<Reply, Problem> {
        Ok(Reply::ok(&std::collections::BTreeMap::from([((1, 2), 3)])))
    }
    let answer = World::new().send(&ROUTE, broken, request("GET", "/api/things")).await;
    assert_eq!(answer.told(), (500, "internal"));
}

#[tokio::test]
async fn a_replay_is_byte_for_byte_and_says_so() {
    async fn replay(_: App, _: Call) -> Result<Reply, Problem> {
        Ok(Reply::raw(201, "{\"b\": 1,\n \"a\":2}").location("/api/x/1").replayed(true))
    }
    let answer = World::new().send(&ROUTE, replay, request("GET", "/api/things")).await;
    assert_eq!((answer.status, answer.text.as_str()), (201, "{\"b\": 1,\n \"a\":2}"));
    assert_eq!(answer.header("idempotency-replayed"), "true");
    assert_eq!(answer.header("location"), "/api/x/1");
}

#[test]
fn codes_are_unique_and_of_one_form() {
    let codes: std::collections::BTreeSet<_> = problems::ALL.iter().map(|kind| kind.code).collect();
    assert_eq!(codes.len(), problems::ALL.len());
    let snake = |code: &str| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    assert!(codes.into_iter().all(snake));
    assert!(problems::ALL.windows(2).all(|two| two[0].status <= two[1].status));
    assert!(problems::ALL.iter().all(|kind| (400..600).contains(&kind.status)));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "asked by hand to write the page anew")]
fn the_document_about_problems_is_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/PROBLEMS.md");
    if std::env::var("INTERLOCK_BLESS").is_ok() {
        std::fs::write(path, problems::page()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), problems::page());
}
