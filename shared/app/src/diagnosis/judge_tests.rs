//! Recorded answers of a real server, and answers nobody recorded.

use super::*;

/// A recorded answer of a real server; nothing where the recordings are not at hand.
fn recorded(name: &str) -> Option<Seen> {
    #[expect(clippy::disallowed_methods, reason = "a test has no configuration")]
    let given = std::env::var_os("CALCOM_CAPTURES").map(std::path::PathBuf::from);
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/calcom/captures").into();
    let folder = given.unwrap_or(beside);
    let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).ok()?;
    let value: Value = serde_json::from_str(&text).unwrap();
    let response = &value["response"];
    let Some(status) = response["status"].as_u64() else { return Some(Seen::Silent) };
    let body = &response["body"];
    let body = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
    Some(Seen::Answer { status: u16::try_from(status).unwrap(), body })
}

fn seens(health: &str, slots: &str, me: &str) -> Option<Seens> {
    let me = Some(recorded(me)?);
    Some(Seens { health: recorded(health)?, slots: recorded(slots)?, me })
}

#[test]
fn recordings_of_a_real_server_lead_to_the_fault_it_had() {
    for (health, slots, me, expected) in [
        ("health", "slots-range", "auth-apikey-me", None),
        ("health", "slots-no-identifier", "auth-apikey-me", None),
        ("health", "slots-range", "auth-apikey-unknown", Some(Fault::KeyUnknown)),
        ("health", "slots-range", "auth-apikey-expired", Some(Fault::KeyExpired)),
        ("health", "slots-range", "auth-none", Some(Fault::KeyRefused)),
        ("health", "lic-nokey-slots-noauth", "lic-nokey-apikey-me", Some(Fault::LicenceMissing)),
        ("health", "lic-nokey-slots-noauth", "lic-nokey-badkey-me", Some(Fault::KeyUnknown)),
        ("health", "slots-range", "lic-key-server-unreachable", Some(Fault::LicenceService)),
        ("health", "slots-noversion", "auth-apikey-me", Some(Fault::Version)),
        ("health", "slots-range", "ratelimit-default-429", Some(Fault::Throttled)),
        ("ratelimit-default-429-health", "slots-range", "auth-apikey-me", Some(Fault::Throttled)),
        (
            "outage-redis-down-health",
            "outage-redis-down-slots",
            "outage-redis-down-me",
            Some(Fault::Redis),
        ),
        (
            "outage-postgres-down-health",
            "outage-postgres-down-slots",
            "outage-postgres-down-me",
            Some(Fault::Database),
        ),
        ("health-v2-404", "slots-range", "auth-apikey-me", Some(Fault::Foreign)),
    ] {
        let Some(seens) = seens(health, slots, me) else { return };
        assert_eq!(fault(&seens), expected, "{health}, {slots}, {me}");
    }
}

fn answer(status: u16, body: &str) -> Seen {
    Seen::Answer { status, body: body.to_owned() }
}

#[test]
fn what_never_answered_is_told_by_how_far_the_call_came() {
    for (seen, expected) in [
        (Seen::Unnamed, Fault::Name),
        (Seen::Closed, Fault::Network),
        (Seen::Untrusted, Fault::Certificate),
        (Seen::Silent, Fault::Silence),
        (answer(200, "<html>"), Fault::Foreign),
        (answer(502, "<html>"), Fault::Foreign),
    ] {
        let seens = Seens { health: seen, slots: answer(200, "{}"), me: None };
        assert_eq!(fault(&seens), Some(expected));
    }
}

#[test]
fn without_a_key_nothing_is_said_of_keys_or_licences() {
    let seens = Seens { health: answer(200, "OK"), slots: answer(400, "{}"), me: None };
    assert_eq!(fault(&seens), None);
}

#[test]
fn an_answer_that_nobody_expects_is_told_with_its_status() {
    let seens = |slots, me| Seens { health: answer(200, "OK"), slots, me: Some(me) };
    let fine = || answer(200, "{}");
    assert_eq!(fault(&seens(answer(418, ""), fine())), Some(Fault::Other(418)));
    assert_eq!(fault(&seens(fine(), answer(302, ""))), Some(Fault::Other(302)));
}
