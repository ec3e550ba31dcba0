//! More proof never hurts, and a longer record of trouble never helps.

use interlock_policy::{
    AccountStatus, CheckoutFact, CheckoutScope, DocumentFact, EventTypeId, ExemptionFact, Interval,
    Level, OpenReservation, OutageFact, PastUse, Purpose, ReasonCode, StrikeCause, StrikeFact,
    TrainingFact, UseOutcome, UseSummary,
};
use jiff::{SignedDuration, Timestamp};

use super::each;
use crate::cases::Case;
use crate::dice::Dice;

/// So many hours from now.
fn hours(case: &Case, count: i64) -> Timestamp {
    case.now + SignedDuration::from_hours(count)
}

fn long_ago(case: &Case) -> Timestamp {
    hours(case, -24)
}

fn near(case: &Case, dice: &mut Dice) -> Interval {
    let start = hours(case, i64::try_from(dice.between(0, 60)).unwrap());
    Interval::lasting(start, SignedDuration::from_hours(2)).unwrap()
}

fn somewhere_else(case: &Case, dice: &mut Dice) -> OpenReservation {
    OpenReservation {
        reservation_id: "rsv_another".parse().unwrap(),
        resource_id: "mch_laser".parse().unwrap(),
        category: "lasers".to_owned(),
        event_type_id: Some(EventTypeId(1)),
        interval: near(case, dice),
        made_at: None,
    }
}

fn whole_year(case: &Case) -> Interval {
    Interval::new(hours(case, -4000), hours(case, 4000)).unwrap()
}

/// Whether somebody asks for a time and does not begin with one that is held.
fn reserves(case: &Case) -> bool {
    matches!(case.purpose, Purpose::View | Purpose::Create | Purpose::Change(_))
}

fn has_area(case: &Case) -> bool {
    let overlays = case.policy.overlays.iter().map(|overlay| &overlay.rules);
    overlays.chain([&case.policy.rules]).any(|rules| rules.area.is_some())
}

each! { milder:
    another_training ["training"] |case, _| {
        let completed_at = long_ago(case);
        case.member.trainings.push(TrainingFact {
            module_id: "mod_a".parse().unwrap(),
            completed_at,
            percent: 100,
            watched_seconds: 100,
            lapses_at: None,
        });
    };
    better_trainings ["training"] |case, _| {
        case.member.trainings.iter_mut().for_each(|fact| fact.percent = 100);
    };
    longer_watched_trainings ["training"] |case, _| {
        case.member.trainings.iter_mut().for_each(|fact| fact.watched_seconds += 100);
    };
    trainings_whose_version_stays ["training"] |case, _| {
        case.member.trainings.iter_mut().for_each(|fact| fact.lapses_at = None);
    };
    another_checkout [""] |case, dice| {
        let granted_at = long_ago(case);
        case.member.checkouts.push(CheckoutFact {
            scope: CheckoutScope::Machine("mch_laser".parse().unwrap()),
            level: Level(dice.pick(&[1, 2, 3])),
            granted_at,
            expires_at: None,
            last_used_at: None,
        });
    };
    higher_levels [""] |case, _| {
        case.member.checkouts.iter_mut().for_each(|fact| fact.level = Level(fact.level.0 + 1));
    };
    checkouts_without_an_end [""] |case, _| {
        case.member.checkouts.iter_mut().for_each(|fact| fact.expires_at = None);
    };
    checkouts_used_later ["checkout"] |case, _| {
        let now = case.now;
        case.member.checkouts.iter_mut().for_each(|fact| fact.last_used_at = Some(now));
    };
    a_longer_membership ["membership"] |case, _| {
        let later = hours(case, 400);
        let until = &mut case.member.membership_until;
        *until = (*until).max(Some(later));
    };
    another_document ["document"] |case, _| {
        let accepted_at = long_ago(case);
        let document = "rules".to_owned();
        case.member.documents.push(DocumentFact { document, version: 3, accepted_at });
    };
    later_documents ["document"] |case, _| {
        case.member.documents.iter_mut().for_each(|fact| fact.version += 1);
    };
    another_exemption [""] |case, dice| {
        let valid = whole_year(case);
        let codes = vec![dice.pick(ReasonCode::ALL), dice.pick(ReasonCode::ALL)];
        let id = "exm_another".parse().unwrap();
        case.member.exemptions.push(ExemptionFact { id, codes, valid });
    };
    longer_exemptions [""] |case, _| {
        let valid = whole_year(case);
        case.member.exemptions.iter_mut().for_each(|fact| fact.valid = valid);
    };
    exemptions_from_more [""] |case, _| {
        let all = || ReasonCode::ALL.to_vec();
        case.member.exemptions.iter_mut().for_each(|fact| fact.codes = all());
    };
    one_open_reservation_fewer ["quota", "strikes", "reservation", "first"] |case, _| {
        if reserves(case) && case.member.open_reservations.len() > 1 {
            case.member.open_reservations.pop();
        }
    };
    one_past_use_fewer ["quota", "first", "reservation"] |case, _| {
        case.member.past_uses.pop();
    };
    one_completion_fewer ["first"] |case, _| {
        case.member.completed.pop();
    };
    one_strike_fewer ["strikes"] |case, _| {
        case.member.strikes.pop();
    };
    older_strikes ["strikes"] |case, _| {
        let earlier = SignedDuration::from_hours(24 * 30);
        case.member.strikes.iter_mut().for_each(|fact| fact.at -= earlier);
    };
    one_outage_fewer ["machine_outage"] |case, _| {
        case.resource.outages.pop();
    };
    a_shorter_outage ["machine_outage"] |case, _| {
        for outage in &mut case.resource.outages {
            let soon = outage.starts_at + SignedDuration::from_mins(30);
            outage.ends_at = Some(outage.ends_at.map_or(soon, |ends| ends.min(soon)));
        }
    };
    a_resource_that_is_active ["machine_inactive"] |case, _| case.resource.active = true;
    a_mapping_that_is_mended ["machine_mapping"] |case, _| case.resource.mapping_broken = false;
    more_people ["presence"] |case, _| {
        case.resource.people_present = Some(case.resource.people_present.unwrap_or(0).max(3));
    };
    a_standing_that_is_good ["account"] |case, _| case.member.status = AccountStatus::Active;
    another_length_on_offer ["duration_not"] |case, dice| {
        let kind = case.request.event_type_id.unwrap_or(EventTypeId(9));
        case.resource.event_types.push((kind, dice.pick(&[15, 30, 60, 90, 240, 1500])));
    };
}

each! { stricter:
    a_ban ["account"] |case, _| case.member.status = AccountStatus::Banned;
    a_suspension ["account"] |case, _| {
        if case.member.status == AccountStatus::Active {
            case.member.status = AccountStatus::Suspended;
        }
    };
    an_outage ["machine_outage"] |case, dice| {
        let lasts = near(case, dice);
        case.resource.outages.push(OutageFact {
            id: "otg_another".parse().unwrap(),
            starts_at: lasts.start(),
            ends_at: None,
        });
    };
    a_resource_out_of_service ["machine_inactive"] |case, _| case.resource.active = false;
    a_broken_mapping ["machine_mapping"] |case, _| case.resource.mapping_broken = true;
    another_open_reservation ["quota", "strikes", "reservation", "first"] |case, dice| {
        // One that covers the time may be just what an area asks for.
        if reserves(case) && !has_area(case) {
            let more = somewhere_else(case, dice);
            case.member.open_reservations.push(more);
        }
    };
    another_past_use ["quota", "first", "reservation"] |case, dice| {
        let interval = near(case, dice);
        case.member.past_uses.push(PastUse {
            resource_id: "mch_laser".parse().unwrap(),
            category: "lasers".to_owned(),
            event_type_id: Some(EventTypeId(1)),
            interval,
            outcome: dice.pick(&[UseOutcome::NoShow, UseOutcome::CancelledLate]),
        });
    };
    another_completion ["first"] |case, _| {
        let last_ended_at = long_ago(case);
        case.member.completed.push(UseSummary {
            resource_id: "mch_laser".parse().unwrap(),
            event_type_id: Some(EventTypeId(1)),
            count: 1,
            last_ended_at,
        });
    };
    another_strike ["strikes"] |case, dice| {
        let at = long_ago(case);
        let cause = dice.pick(&[StrikeCause::NoShow, StrikeCause::LateCancel]);
        case.member.strikes.push(StrikeFact { at, cause });
    };
    fewer_people ["presence"] |case, _| case.resource.people_present = Some(0);
    a_training_lost ["training"] |case, _| case.member.trainings.clear();
    a_checkout_lost [""] |case, _| case.member.checkouts.clear();
    a_membership_lost ["membership"] |case, _| case.member.membership_until = None;
    a_document_lost ["document"] |case, _| case.member.documents.clear();
    an_exemption_taken_back [""] |case, _| case.member.exemptions.clear();
    fewer_lengths_on_offer ["duration_not"] |case, _| case.resource.event_types.truncate(1);
}
