//! Tightening never admits.

use interlock_policy::{
    ApprovalRule, AreaRule, ByWho, CheckoutRequirement, ClockRange, Closure, Combined,
    DocumentRequirement, FirstTime, Level, MembershipRequirement, Overlay, Quota, QuotaMeasure,
    QuotaPeriod, QuotaScope, Requirement, Rules, StrikeLimit, StrikeRule, TrainingRequirement,
    Weekday,
};
use jiff::civil::Time;

use super::{each, each_rules};
use crate::cases::Case;
use crate::dice::Dice;

/// Changes every value of a field that may differ by who asks.
fn every<T: Clone>(by: &mut ByWho<T>, change: impl Fn(&mut T)) {
    match by {
        ByWho::Plain(value) => change(value),
        ByWho::Varied(varied) => {
            change(&mut varied.base);
            varied.groups.iter_mut().for_each(|entry| change(&mut entry.value));
            varied.levels.iter_mut().for_each(|entry| change(&mut entry.value));
        }
    }
}

fn less(by: &mut ByWho<Option<u32>>, most: u32) {
    every(by, |value| *value = Some(value.unwrap_or(most).min(most)));
}

fn more(by: &mut ByWho<u32>, least: u32) {
    every(by, |value| *value = (*value).max(least));
}

fn quotas(case: &mut Case, change: impl Fn(&mut Quota)) {
    each_rules(&mut case.policy, |rules| rules.quotas.iter_mut().for_each(&change));
}

fn strikes(case: &mut Case, change: impl Fn(&mut StrikeRule)) {
    each_rules(&mut case.policy, |rules| rules.strikes.iter_mut().for_each(&change));
}

fn rules(case: &mut Case, change: impl Fn(&mut Rules)) {
    each_rules(&mut case.policy, change);
}

fn ask(case: &mut Case, wanted: Requirement) {
    case.policy.requirements.push(wanted);
}

/// Changes every single requirement, however deep it stands.
fn singles(wanted: &mut [Requirement], change: &impl Fn(&mut Requirement)) {
    for one in wanted {
        match one {
            Requirement::All(parts) | Requirement::Any(parts) => singles(&mut parts.of, change),
            Requirement::Training(_)
            | Requirement::Checkout(_)
            | Requirement::Membership(_)
            | Requirement::Document(_) => change(one),
        }
    }
}

fn proofs(case: &mut Case, change: impl Fn(&mut Requirement)) {
    singles(&mut case.policy.requirements, &change);
    for overlay in &mut case.policy.overlays {
        singles(&mut overlay.requirements, &change);
    }
}

fn trainings(case: &mut Case, change: impl Fn(&mut TrainingRequirement)) {
    proofs(case, |one| {
        if let Requirement::Training(wanted) = one {
            change(wanted);
        }
    });
}

fn checkouts(case: &mut Case, change: impl Fn(&mut CheckoutRequirement)) {
    proofs(case, |one| {
        if let Requirement::Checkout(wanted) = one {
            change(wanted);
        }
    });
}

fn combined(case: &mut Case, any: bool, change: impl Fn(&mut Combined)) {
    for one in &mut case.policy.requirements {
        match (one, any) {
            (Requirement::Any(parts), true) | (Requirement::All(parts), false) => change(parts),
            (_, _) => {}
        }
    }
}

fn shorter(term: &mut Option<u32>, dice: u32) {
    *term = Some(term.map_or(dice, |days| days.min(dice)));
}

fn some_days(dice: &mut Dice) -> u32 {
    u32::try_from(dice.between(1, 20)).unwrap()
}

each! { stricter:
    a_shorter_horizon ["horizon"] |case, _| rules(case, |r| less(&mut r.horizon_days, 1));
    more_notice_to_create ["notice"] |case, _| {
        rules(case, |r| more(&mut r.notice.create_minutes, 900));
    };
    more_notice_to_change ["notice"] |case, _| {
        rules(case, |r| more(&mut r.notice.change_minutes, 900));
    };
    more_notice_to_cancel ["notice"] |case, _| {
        rules(case, |r| more(&mut r.notice.cancel_minutes, 900));
    };
    no_grace_for_a_start_just_past ["start", "notice"] |case, _| {
        case.policy.rules.start_grace_minutes = 0;
    };
    no_free_edit ["notice"] |case, _| rules(case, |r| r.free_edit_minutes = 0);
    a_longer_shortest_length ["duration"] |case, _| rules(case, |r| {
        r.duration.minimum_minutes = r.duration.minimum_minutes.max(Some(60));
    });
    a_shorter_longest_length ["duration"] |case, _| {
        rules(case, |r| less(&mut r.duration.maximum_minutes, 30));
    };
    a_coarser_step ["duration"] |case, _| rules(case, |r| {
        r.duration.step_minutes = Some(r.duration.step_minutes.unwrap_or(1) * 4);
    });
    a_coarser_grid ["grid"] |case, _| rules(case, |r| {
        r.grid_minutes = Some(r.grid_minutes.unwrap_or(1) * 4);
    });
    a_smaller_cap ["quota_open"] |case, _| rules(case, |r| less(&mut r.open_cap, 1));
    another_quota ["quota_exceeded"] |case, dice| {
        let per = [QuotaPeriod::Day, QuotaPeriod::Week, QuotaPeriod::SlidingDays(3)];
        case.policy.rules.quotas.push(Quota {
            measure: QuotaMeasure::Minutes,
            limit: 60.into(),
            per: dice.pick(&per),
            scope: QuotaScope::All,
            hours: None,
            completed_count: true,
            late_cancels_count: false,
        });
    };
    a_smaller_quota ["quota_exceeded"] |case, _| {
        quotas(case, |q| every(&mut q.limit, |limit| *limit /= 2));
    };
    a_quota_of_all_resources ["quota_exceeded"] |case, _| quotas(case, |q| {
        q.scope = QuotaScope::All;
    });
    a_quota_of_the_category_and_not_of_one ["quota_exceeded"] |case, _| quotas(case, |q| {
        if q.scope == QuotaScope::Resource {
            q.scope = QuotaScope::Category;
        }
    });
    a_quota_of_all_hours ["quota_exceeded"] |case, _| quotas(case, |q| q.hours = None);
    a_quota_of_completed_ones_too ["quota_exceeded"] |case, _| quotas(case, |q| {
        q.completed_count = true;
    });
    a_quota_of_late_cancels_too ["quota_exceeded"] |case, _| quotas(case, |q| {
        q.late_cancels_count = true;
    });
    a_quota_over_a_week_and_not_a_day ["quota_exceeded"] |case, _| quotas(case, |q| {
        if q.per == QuotaPeriod::Day {
            q.per = QuotaPeriod::Week;
        }
    });
    a_quota_over_a_year_and_not_a_month ["quota_exceeded"] |case, _| quotas(case, |q| {
        if q.per == QuotaPeriod::Month {
            q.per = QuotaPeriod::Year;
        }
    });
    a_quota_over_more_sliding_days ["quota_exceeded"] |case, _| quotas(case, |q| {
        if let QuotaPeriod::SlidingDays(days) = q.per {
            q.per = QuotaPeriod::SlidingDays(days + 2);
        }
    });
    a_quota_over_seven_sliding_days_and_not_a_week ["quota_exceeded"] |case, _| quotas(case, |q| {
        if q.per == QuotaPeriod::Week {
            q.per = QuotaPeriod::SlidingDays(7);
        }
    });
    a_wider_gap ["reservation_gap"] |case, _| {
        rules(case, |r| more(&mut r.minimum_gap_minutes, 300));
    };
    no_chaining ["reservation_chained"] |case, _| rules(case, |r| r.no_chaining = true);
    nobody_at_two_places ["reservation_parallel"] |case, _| {
        case.policy.rules.allow_parallel = None;
    };
    no_quiet_time ["duration", "quota", "reservation_gap", "reservation_chained"] |case, _| {
        rules(case, |r| r.off_peak = None);
    };
    no_quiet_weekend ["duration", "quota", "reservation_gap", "reservation_chained"] |case, _| {
        rules(case, |r| r.off_peak.iter_mut().for_each(|quiet| quiet.weekend = false));
    };
    more_company ["presence"] |case, _| rules(case, |r| more(&mut r.minimum_present, 4));
    no_walking_in ["reservation_missing"] |case, _| case.policy.rules.walk_in = false;
    an_area_around_it ["reservation_uncovered"] |case, _| {
        let resource_id = "mch_hall".parse().unwrap();
        case.policy.rules.area = Some(AreaRule { resource_id, start_only: true });
    };
    an_area_for_all_of_it ["reservation_uncovered"] |case, _| {
        rules(case, |r| r.area.iter_mut().for_each(|area| area.start_only = false));
    };
    only_who_is_new_to_the_resource ["first"] |case, _| {
        // Who is not new to a kind may be new to a resource that has the kind as well.
        case.policy.rules.first_time_only.get_or_insert(FirstTime::Resource);
    };
    a_yes_to_each ["approval"] |case, _| {
        case.policy.rules.needs_approval = Some(ApprovalRule::default()).into();
    };
    dearer_misses ["strikes"] |case, _| strikes(case, |s| s.no_show_points += 3);
    dearer_late_cancels ["strikes"] |case, _| strikes(case, |s| s.late_cancel_points += 3);
    slower_decay ["strikes"] |case, _| strikes(case, |s| s.decay_days += 60);
    limits_from_fewer_points ["strikes"] |case, _| strikes(case, |s| {
        s.limits.iter_mut().for_each(|limit| limit.from_points = 1);
    });
    another_limit_of_strikes ["strikes"] |case, _| strikes(case, |s| s.limits.push(StrikeLimit {
        from_points: 1,
        horizon_days: None,
        open_cap: Some(1),
        maximum_minutes: Some(30),
        needs_approval: true,
    }));
    hours_without_their_mornings ["hours_closed"] |case, _| rules(case, |r| {
        every(&mut r.opening_hours, |hours| {
            for ranges in hours.iter_mut().flat_map(|hours| hours.0.values_mut()) {
                ranges.retain(|range| range.opens != Time::midnight());
            }
        });
    });
    hours_without_a_day ["hours_closed"] |case, dice| {
        let day = dice.pick(&Weekday::ALL);
        rules(case, |r| every(&mut r.opening_hours, |hours| {
            hours.iter_mut().for_each(|hours| drop(hours.0.remove(&day)));
        }));
    };
    hours_where_there_were_none ["hours_closed"] |case, _| {
        let range = ClockRange { opens: Time::midnight(), closes: Time::constant(12, 0, 0, 0) };
        let mornings = Weekday::ALL.map(|day| (day, vec![range]));
        let mornings = interlock_policy::OpeningHours(mornings.into());
        rules(case, |r| every(&mut r.opening_hours, |hours| {
            hours.get_or_insert_with(|| mornings.clone());
        }));
    };
    another_closure ["hours_closure"] |case, _| {
        let zone = case.policy.time_zone.zone().clone();
        let today = zone.to_datetime(case.now).date();
        let to = today + jiff::Span::new().days(1);
        case.policy.rules.closures.push(Closure::Days { from: today, to, note: None });
    };
    another_training ["training"] |case, _| ask(case, Requirement::Training(TrainingRequirement {
        module_id: "mod_a".parse().unwrap(),
        minimum_percent: 90,
        watched_seconds: None,
        valid_for_days: None,
    }));
    another_checkout ["checkout"] |case, _| {
        ask(case, Requirement::Checkout(CheckoutRequirement::CATEGORY));
    };
    a_membership ["membership"] |case, _| {
        ask(case, Requirement::Membership(MembershipRequirement::default()));
    };
    another_document ["document"] |case, _| ask(case, Requirement::Document(DocumentRequirement {
        document: "waiver".to_owned(),
        version: 2,
    }));
    more_per_cent ["training"] |case, _| trainings(case, |wanted| wanted.minimum_percent = 100);
    more_watched ["training"] |case, _| trainings(case, |w| w.watched_seconds = Some(100));
    a_training_that_lapses_sooner ["training"] |case, dice| {
        let days = some_days(dice);
        trainings(case, |wanted| shorter(&mut wanted.valid_for_days, days));
    };
    a_higher_level ["checkout"] |case, _| checkouts(case, |wanted| {
        wanted.minimum_level = wanted.minimum_level.max(Some(Level(3)));
    });
    a_checkout_that_lapses_sooner ["checkout"] |case, dice| {
        let days = some_days(dice);
        checkouts(case, |wanted| shorter(&mut wanted.valid_for_days, days));
    };
    a_checkout_that_lapses_by_disuse ["checkout"] |case, dice| {
        let days = some_days(dice);
        checkouts(case, |wanted| shorter(&mut wanted.lapses_after_days_unused, days));
    };
    a_later_document ["document"] |case, _| proofs(case, |one| {
        if let Requirement::Document(wanted) = one {
            wanted.version += 2;
        }
    });
    no_grace_after_a_membership ["membership"] |case, _| proofs(case, |one| {
        if let Requirement::Membership(wanted) = one {
            wanted.grace_days = 0;
        }
    });
    one_alternative_fewer ["training", "checkout", "membership", "document"] |case, _| {
        combined(case, true, |parts| {
            if parts.of.len() > 1 {
                parts.of.pop();
            }
        });
    };
    one_part_more_of_all ["membership", "document", "training", "checkout"] |case, _| {
        combined(case, false, |parts| {
            parts.of.push(Requirement::Membership(MembershipRequirement::default()));
        });
    };
    an_overlay ["hours", "quota", "duration", "approval"] |case, _| {
        let approval: ByWho<_> = Some(ApprovalRule::default()).into();
        if let (Some(id), true) = (case.request.event_type_id, case.policy.overlays.is_empty()) {
            let rules = Rules {
                open_cap: Some(0).into(),
                needs_approval: approval,
                ..Rules::default()
            };
            case.policy.overlays.push(Overlay {
                event_type_id: id, requirements: Vec::new(), rules,
            });
        }
    };
}
