//! The part of the tour up to a permit: refusal, watching, checkout.
//! Heartbeats follow the rules of watching: no more than the clock has moved.

use serde_json::json;

use super::walk::{Guest, Step, Walk, items, surprise, text};
use crate::LocalError;

const ELIGIBILITY: &str = "/api/machines/mch_laser/eligibility";
/// Longest segment one heartbeat is credited with: three cadences of five seconds.
const BEAT_SECONDS: u32 = 15;

/// The laser is refused for exactly so many reasons.
pub(super) async fn refused(walk: &Walk, guest: &Guest, reasons: usize) -> Result<(), LocalError> {
    let step = Step::get(ELIGIBILITY).by(guest);
    let answer = walk
        .step(step, 200, |answer| {
            let reasons = items(&answer.body, "reasons");
            let codes: Vec<String> = reasons.iter().map(|one| text(one, "/code")).collect();
            format!("{}: {}", text(&answer.body, "/verdict"), codes.join(", "))
        })
        .await?;
    let count = items(&answer.body, "reasons").len();
    if text(&answer.body, "/verdict") != "refuse" || count != reasons {
        return Err(surprise(format!("expected a refusal with {reasons} reasons")));
    }
    Ok(())
}

/// Watches a module from start to end and completes it.
pub(super) async fn watch(
    walk: &Walk,
    guest: &Guest,
    module: &str,
    length_seconds: u32,
) -> Result<(), LocalError> {
    let path = "/api/training/progress";
    let opening = json!({
        "moduleId": module, "sequence": 1, "segments": [], "position": 0, "visible": true,
    });
    let opened = walk
        .step(Step::post(path, opening).by(guest), 200, |answer| {
            format!("{module}: watch {} opened", text(&answer.body, "/watchId"))
        })
        .await?;
    let watch = text(&opened.body, "/watchId");
    let mut from = 0;
    for sequence in 2_u32.. {
        let to = (from + BEAT_SECONDS).min(length_seconds);
        walk.advance(to - from).await?;
        let body = json!({
            "moduleId": module, "watchId": watch, "sequence": sequence, "position": to,
            "visible": true,
            "segments": [{"from": from, "to": to, "rate": 1, "wallMs": (to - from) * 1000}],
        });
        let step = Step::post(path, body).by(guest);
        if to == length_seconds {
            walk.step(step, 200, |answer| {
                let covered = text(&answer.body, "/coveragePercent");
                format!("{module}: {} heartbeats, {covered} % covered", sequence - 1)
            })
            .await?;
            break;
        }
        let answer = walk.send(&step).await?;
        if answer.status != 200 {
            let detail = format!("a heartbeat answered {}: {}", answer.status, answer.body);
            return Err(surprise(detail));
        }
        from = to;
    }
    let step = Step::post("/api/training/complete", json!({"moduleId": module})).by(guest);
    walk.step(step, 200, |_| format!("{module}: completed")).await.map(drop)
}

/// A manager checks the member out, and the laser is permitted.
pub(super) async fn check_out(
    walk: &Walk,
    manager: &Guest,
    member: &Guest,
) -> Result<(), LocalError> {
    let body = json!({"userId": member.id, "notes": "tour"});
    let step = Step::post("/api/machines/mch_laser/checkout", body).by(manager);
    walk.step(step, 201, |answer| format!("checkout {}", text(&answer.body, "/checkout/id")))
        .await?;
    let step = Step::get(ELIGIBILITY).by(member);
    let answer = walk.step(step, 200, |answer| text(&answer.body, "/verdict")).await?;
    if text(&answer.body, "/verdict") != "permit" {
        return Err(surprise("expected a permit"));
    }
    Ok(())
}
