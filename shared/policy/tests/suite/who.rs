//! Values by group and level: the strictest that concerns a person counts.

use interlock_policy::{
    ApprovalRule, ByWho, Decision, GroupValue, Level, LevelValue, Notice, Rules, Varied, Who,
};

use crate::support::*;

fn varied<T: Clone>(base: T, groups: &[(&str, T)], levels: &[(u8, T)]) -> ByWho<T> {
    let group = |(group, value): &(&str, T)| GroupValue {
        group: (*group).to_owned(),
        value: value.clone(),
    };
    let level = |(from, value): &(u8, T)| LevelValue { from: Level(*from), value: value.clone() };
    ByWho::Varied(Varied {
        base,
        groups: groups.iter().map(group).collect(),
        levels: levels.iter().map(level).collect(),
    })
}

fn concerning(value: &ByWho<u32>, groups: &[&str], level: u8) -> Vec<u32> {
    let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
    value.concerning(Who { groups: &groups, level: Level(level) }).copied().collect()
}

#[test]
fn what_concerns_a_person_is_its_groups_and_one_level() {
    let plain = ByWho::Plain(7);
    assert_eq!(concerning(&plain, &["staff"], 9), [7]);
    let groups = varied(10, &[("staff", 90), ("school", 5)], &[]);
    assert_eq!(concerning(&groups, &[], 0), [10]);
    assert_eq!(concerning(&groups, &["staff"], 3), [90], "a group stands in place of the base");
    assert_eq!(concerning(&groups, &["school", "staff"], 0), [90, 5]);
    let levels = varied(10, &[], &[(2, 20), (4, 40)]);
    let reached: Vec<_> = (0..6).map(|level| concerning(&levels, &[], level)[0]).collect();
    assert_eq!(reached, [10, 10, 20, 20, 40, 40]);
    let both = varied(10, &[("staff", 90)], &[(2, 20)]);
    assert_eq!(concerning(&both, &["staff"], 0), [90, 10]);
    assert_eq!(concerning(&both, &["staff"], 2), [90, 20]);
}

#[test]
fn a_higher_level_sees_further_ahead() {
    let horizon_days = varied(Some(1), &[], &[(1, Some(7)), (2, None)]);
    let mut world = World::bare("Europe/Berlin", Rules { horizon_days, ..Rules::default() });
    for (level, ahead) in [(0, 1), (1, 7), (2, 365)] {
        world.member.checkouts[0].level = Level(level);
        let start = world.now.checked_add(minutes(ahead * 24 * 60)).unwrap();
        assert!(world.create(&start.to_string(), 60).permits(), "level {level}");
        let verdict = world.create(&start.checked_add(minutes(30)).unwrap().to_string(), 60);
        assert_eq!(verdict.permits(), level == 2, "level {level}");
    }
}

#[test]
fn of_two_groups_the_stricter_notice_counts() {
    let create_minutes = varied(60, &[("crew", 0), ("school", 600)], &[]);
    let notice = Notice { create_minutes, ..Notice::default() };
    let mut world = World::bare("Europe/Berlin", Rules { notice, ..Rules::default() });
    for (groups, earliest) in
        [(&[][..], 60), (&["crew"], 0), (&["school"], 600), (&["crew", "school"], 600)]
    {
        world.member.groups = groups.iter().map(|group| (*group).to_owned()).collect();
        let start =
            |after: i64| world.now.checked_add(minutes(earliest + after)).unwrap().to_string();
        assert!(world.create(&start(0), 60).permits(), "{groups:?}");
        assert!(!world.create(&start(-1), 60).permits(), "{groups:?}");
    }
}

#[test]
fn only_who_stands_low_needs_a_yes() {
    let ask = Some(ApprovalRule { hold_hours: 12 });
    let needs_approval = varied(ask, &[], &[(2, None)]);
    let mut world = World::bare("Europe/Berlin", Rules { needs_approval, ..Rules::default() });
    let verdict = world.create("2026-03-02T11:00:00Z", 60);
    assert_eq!((verdict.decision, verdict.hold_hours()), (Decision::NeedsApproval, Some(12)));
    world.member.checkouts[0].level = Level(2);
    assert_eq!(world.create("2026-03-02T11:00:00Z", 60).decision, Decision::Permit);
}

#[test]
fn a_lapsed_checkout_lends_no_level() {
    let open_cap = varied(Some(0), &[], &[(1, Some(1))]);
    let mut world = World::bare("Europe/Berlin", Rules { open_cap, ..Rules::default() });
    for (expires_at, permits) in [("2026-03-02T12:00:00Z", true), ("2026-03-02T11:59:59Z", false)] {
        world.member.checkouts[0].expires_at = Some(at(expires_at));
        assert_eq!(world.create("2026-03-02T11:00:00Z", 60).permits(), permits, "{expires_at}");
    }
}
