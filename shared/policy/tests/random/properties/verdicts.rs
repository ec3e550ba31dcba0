//! What a verdict is, and what the purposes have to do with each other.

use std::collections::BTreeSet;

use interlock_policy::{
    AccountStatus, ExemptionFact, Gate, Interval, OutageFact, Purpose, Reason, ReasonCode, Request,
    Severity, evaluate,
};
use jiff::{SignedDuration, Timestamp};

use super::{codes, decision, play, rank, said, verdict};
use crate::cases::Case;

fn asking(case: &Case, purpose: Purpose) -> Case {
    Case { purpose, ..case.clone() }
}

/// As a property: holds or not, and whether the case was of interest.
fn holds(right: bool, interesting: bool) -> Result<bool, String> {
    if right { Ok(interesting) } else { Err("does not hold".to_owned()) }
}

#[test]
fn whoever_is_banned_is_refused() {
    play("banned", |case, _| {
        let mut banned = case.clone();
        banned.member.status = AccountStatus::Banned;
        holds(verdict(&banned).refuses(), !verdict(case).refuses())
    });
}

#[test]
fn the_same_question_has_the_same_answer() {
    play("same", |case, _| holds(verdict(case) == verdict(&case.clone()), !said(case).is_empty()));
}

#[test]
fn a_decision_is_the_gravest_of_its_reasons() {
    play("gravest", |case, _| {
        let found = said(case);
        holds(verdict(case).decision == decision(rank(&found)), found.len() > 1)
    });
}

#[test]
fn reasons_come_gravest_first() {
    play("sorted", |case, _| {
        let reasons = verdict(case).reasons;
        holds(reasons.is_sorted_by_key(|reason| reason.code), reasons.len() > 2)
    });
}

#[test]
fn every_reason_is_written_and_read_back() {
    play("written", |case, _| {
        let reasons = verdict(case).reasons;
        let read: Vec<Reason> =
            serde_json::from_str(&serde_json::to_string(&reasons).unwrap()).unwrap();
        holds(read == reasons, !reasons.is_empty())
    });
}

#[test]
fn every_reason_has_the_values_of_its_sentence() {
    play("values", |case, _| {
        let reasons = verdict(case).reasons;
        let whole = |reason: &Reason| {
            reason.code.parameters().iter().all(|name| reason.parameters.get(name).is_some())
        };
        holds(reasons.iter().all(whole), !reasons.is_empty())
    });
}

#[test]
fn every_reason_that_blocks_has_a_next_step() {
    play("steps", |case, _| {
        let reasons = verdict(case).reasons;
        // Nothing makes anybody new again.
        let stuck = |reason: &&Reason| {
            reason.next_steps.is_empty() && reason.code != ReasonCode::FirstTimeOnly
        };
        match reasons.iter().find(stuck) {
            Some(reason) => Err(format!("{reason:?}")),
            None => Ok(!reasons.is_empty()),
        }
    });
}

#[test]
fn an_alternative_is_told_with_where_it_stands() {
    play("alternatives", |case, _| {
        let policy = serde_json::to_value(&case.policy).unwrap();
        let overlay = case
            .policy
            .overlays
            .iter()
            .find(|overlay| Some(overlay.event_type_id) == case.request.event_type_id);
        let overlay = serde_json::json!({ "overlay": overlay });
        let reasons = verdict(case).reasons;
        let places: Vec<_> = reasons.iter().filter_map(|reason| reason.one_of.as_deref()).collect();
        let there = |at: &&str| policy.pointer(at).or_else(|| overlay.pointer(at)).is_some();
        holds(places.iter().all(there), !places.is_empty())
    });
}

#[test]
fn looking_at_a_time_says_what_taking_it_says() {
    play("view", |case, _| {
        let look = said(&asking(case, Purpose::View));
        let take = said(&asking(case, Purpose::Create));
        holds(look == take, case.request.interval.is_some() && !take.is_empty())
    });
}

/// What is said but for what making anew knows nothing of: the notices to move and to give back,
/// and other machines that may be used only in the time that is given back.
fn but_of_giving_back(case: &Case) -> BTreeSet<&'static str> {
    let mut found = codes(&verdict(case));
    found.retain(|code| !code.starts_with("notice") && *code != "reservation_needed");
    found
}

#[test]
fn moving_is_making_anew_without_the_old_one() {
    play("move", |case, _| {
        let Some(own) = case.member.open_reservations.first().cloned() else { return Ok(false) };
        let change = asking(case, Purpose::Change(own.reservation_id.clone()));
        let mut create = asking(case, Purpose::Create);
        create.member.open_reservations.remove(0);
        let shrinks = case.request.interval.is_some_and(|new| own.interval.covers(&new));
        if shrinks {
            return Ok(false);
        }
        let with_it = but_of_giving_back(&asking(case, Purpose::Create));
        let anew = but_of_giving_back(&create);
        holds(but_of_giving_back(&change) == anew, anew != with_it)
    });
}

#[test]
fn moving_asks_for_the_notice_to_move_and_giving_back_for_the_one_to_cancel() {
    play("notices", |case, _| {
        let id = || "rsv_0".parse().unwrap();
        let of = |purpose, own: &str| {
            let found = codes(&verdict(&asking(case, purpose)));
            found.iter().all(|code| !code.starts_with("notice") || *code == own)
        };
        let right = of(Purpose::Change(id()), "notice_change")
            && of(Purpose::Cancel(id()), "notice_cancel")
            && of(Purpose::Create, "notice_create");
        holds(right, said(case).iter().any(|(code, _)| code.as_str().starts_with("notice")))
    });
}

/// A case that changes its first reservation on a machine that is broken, to a new time.
fn on_a_broken_machine(case: &Case, new: Interval) -> Option<BTreeSet<&'static str>> {
    let mut broken = case.clone();
    let own = broken.member.open_reservations.first_mut()?;
    own.resource_id = "mch_laser".parse().unwrap();
    broken.purpose = Purpose::Change(own.reservation_id.clone());
    broken.request.interval = Some(new);
    broken.resource.active = false;
    let id = "otg_always".parse().unwrap();
    let (starts_at, ends_at) = (case.now - SignedDuration::from_hours(5000), None);
    broken.resource.outages = vec![OutageFact { id, starts_at, ends_at }];
    let mut found = codes(&verdict(&broken));
    found.retain(|code| ["machine_inactive", "machine_outage"].contains(code));
    Some(found)
}

#[test]
fn shrinking_stays_possible_on_a_broken_machine() {
    play("shrink", |case, dice| {
        let Some(own) = case.member.open_reservations.first() else { return Ok(false) };
        let minutes = own.interval.length().as_mins().unsigned_abs();
        let off = SignedDuration::from_mins(dice.between(0, minutes).cast_signed());
        let fewer = [
            Interval::new(own.interval.start() + off, own.interval.end()),
            Interval::new(own.interval.start(), own.interval.end() - off),
        ];
        let found = fewer.map(|new| on_a_broken_machine(case, new.unwrap()).unwrap());
        holds(found.iter().all(BTreeSet::is_empty), off > SignedDuration::ZERO)
    });
}

#[test]
fn growing_and_moving_on_a_broken_machine_are_refused() {
    play("grow", |case, dice| {
        let Some(own) = case.member.open_reservations.first() else { return Ok(false) };
        let by = SignedDuration::from_mins(dice.between(1, 300).cast_signed());
        let (start, end) = (own.interval.start(), own.interval.end());
        let more = [
            Interval::new(start - by, end),
            Interval::new(start, end + by),
            Interval::new(start + by, end + by),
        ];
        let found = more.map(|new| on_a_broken_machine(case, new.unwrap()).unwrap());
        holds(found.iter().all(|codes| codes.len() == 2), true)
    });
}

#[test]
fn keeping_asks_for_a_part_of_what_taking_asks_for() {
    play("keep", |case, _| {
        let keep = said(&asking(case, Purpose::Keep));
        let take = said(&asking(case, Purpose::Create));
        holds(keep.is_subset(&take), !keep.is_empty() && keep != take)
    });
}

#[test]
fn giving_back_asks_for_standing_and_notice_only() {
    play("cancel", |case, _| {
        let found = codes(&verdict(&asking(case, Purpose::Cancel("rsv_0".parse().unwrap()))));
        let right = found.iter().all(|code| ["account_banned", "notice_cancel"].contains(code));
        holds(right, !found.is_empty())
    });
}

#[test]
fn whoever_begins_is_asked_nothing_about_limits() {
    play("use", |case, _| {
        let found = codes(&verdict(&asking(case, Purpose::Use)));
        let limits =
            ["quota", "horizon", "notice", "duration", "grid", "strikes", "start", "first"];
        let right = found.iter().all(|code| !limits.iter().any(|begin| code.starts_with(begin)));
        holds(right, !found.is_empty())
    });
}

/// With an exemption from everything for a year.
fn exempt(case: &Case) -> Case {
    let year = SignedDuration::from_hours(9000);
    let valid = Interval::new(case.now - year, case.now + year).unwrap();
    let id = "exm_all".parse().unwrap();
    let mut exempt = case.clone();
    exempt.member.exemptions = vec![ExemptionFact { id, codes: ReasonCode::ALL.to_vec(), valid }];
    exempt
}

#[test]
fn an_exemption_from_everything_leaves_what_nobody_may_override() {
    play("exempt", |case, _| {
        let reasons = verdict(&exempt(case)).reasons;
        let right = reasons.iter().all(|reason| {
            reason.severity == Severity::Condition || reason.overridable_by.is_empty()
        });
        holds(right, rank(&said(case)) > rank(&said(&exempt(case))))
    });
}

#[test]
fn a_reason_that_is_waived_names_an_exemption_the_person_has() {
    play("waived", |case, _| {
        let reasons = verdict(case).reasons;
        let waived = reasons.iter().filter_map(|reason| reason.waived_by.as_ref());
        let known = |id: &&interlock_policy::ExemptionId| {
            case.member.exemptions.iter().any(|fact| fact.id == **id)
        };
        holds(waived.clone().all(|id| known(&id)), waived.count() > 0)
    });
}

#[test]
fn an_exemption_hides_nothing_that_is_a_rule() {
    play("visible", |case, _| {
        let of_proof = ["training", "checkout", "membership", "document"];
        let rules = |case: &Case| {
            let mut found = codes(&verdict(case));
            found.retain(|code| !of_proof.iter().any(|begin| code.starts_with(begin)));
            found
        };
        holds(rules(case) == rules(&exempt(case)), !rules(case).is_empty())
    });
}

/// At the instant a reason names as the first at which it no longer holds, it does not.
fn lifts(name: &str, code: ReasonCode) {
    play(name, |case, _| {
        let at: Option<Timestamp> = verdict(case)
            .reasons
            .into_iter()
            .filter(|reason| reason.code == code)
            .filter_map(|reason| reason.true_from)
            .max();
        let Some(at) = at else { return Ok(false) };
        let then = Case { now: at, ..case.clone() };
        holds(!codes(&verdict(&then)).contains(code.as_str()), true)
    });
}

#[test]
fn at_the_instant_named_the_horizon_is_reached() {
    lifts("horizon", ReasonCode::HorizonExceeded);
}

#[test]
fn at_the_instant_named_the_cap_has_room() {
    lifts("cap", ReasonCode::QuotaOpenReservations);
}

#[test]
fn a_gate_says_the_same_whatever_it_was_asked_before() {
    play("gate", |case, dice| {
        let Some(interval) = case.request.interval else { return Ok(false) };
        let facts = case.facts();
        let day = SignedDuration::from_hours(24);
        let mut gate = Gate::new(&facts, &case.policy)
            .over(interval.widened(day, day * 3), case.request.event_type_id);
        let mut any = false;
        for _ in 0..12 {
            let by = SignedDuration::from_mins(30) * i32::try_from(dice.between(0, 300)).unwrap();
            let start = interval.start().saturating_add(by - day).unwrap();
            let asked = Request {
                interval: Interval::lasting(start, interval.length()).ok(),
                event_type_id: case.request.event_type_id.filter(|_| !dice.one_in(4)),
            };
            let said = gate.judge(&asked, &case.purpose);
            if said != evaluate(&facts, &case.policy, &asked, &case.purpose) {
                return Err(format!("{asked:?}: {said:?}"));
            }
            any |= !said.reasons.is_empty();
        }
        Ok(any)
    });
}
