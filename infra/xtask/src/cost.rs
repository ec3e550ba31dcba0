//! What a deployment costs a month, by the formulas of docs/COST.md.
//!
//! List prices of us-east-1 in US dollars without tax, as they were known to us in November 2026;
//! a bill decides, not this.

use clap::{Args, ValueEnum};

/// Hours of a month.
const HOURS: f64 = 730.0;
/// Hours of a month in which `small` is awake: 07:30 to 20:00 from Monday to Friday.
const AWAKE: f64 = 12.5 * 5.0 * 365.25 / 7.0 / 12.0;
/// What a virtual processor and a GiB of Fargate cost an hour.
const FARGATE: (f64, f64) = (0.040_48, 0.004_445);
/// What is left of that where the task may be moved at short notice; the market decides, and this
/// is what it was for years.
const SPOT: f64 = 0.3;
/// What an interface endpoint costs an hour in one zone.
const ENDPOINT: f64 = 0.01;
/// Interface endpoints of `infra/network-calcom.yaml`.
const ENDPOINTS: f64 = 6.0;
/// Secrets of all stacks; the database's own and a copy in the region of the distribution count.
const SECRETS: u32 = 10;
/// What all alarms watch, and figures of our own; ten of each are free. A figure costs by the hour
/// in which it is written: some are only where somebody asks for something. A test counts them.
const WATCHED: u32 = 59;
const FIGURES: u32 = 30;
const FIGURES_BY_USE: u32 = 5;
/// Share of runs that is traced, by the rule of `infra/api.yaml`. A test compares them.
const TRACED: f64 = 0.05;
/// Schedules of `infra/api.yaml`: how they begin, how many there are, and how often one runs a
/// month. A test counts them.
const SCHEDULES: [(&str, u32, f64); 5] = [
    ("rate(1 minute)", 4, 60.0 * HOURS),
    ("rate(5 minutes)", 5, 12.0 * HOURS),
    ("rate(1 hour)", 1, HOURS),
    ("rate(1 day)", 2, HOURS / 24.0),
    ("cron(30 ", 2, HOURS / 24.0),
];

/// How Cal.com is run, as in `infra/network-calcom.yaml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// One task in one zone, asleep by night
    Small,
    /// Two tasks of each kind in two zones
    Standard,
}

/// Whether there is a way out, as there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Egress {
    /// Endpoints and no way out
    Sealed,
    /// One way out
    Nat,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Reservations a month
    #[arg(long)]
    bookings: u32,
    /// How Cal.com is run
    #[arg(long, value_enum, default_value = "small")]
    profile: Profile,
    /// Whether there is a way out
    #[arg(long, value_enum, default_value = "nat")]
    egress: Egress,
    /// Count the web ACL in
    #[arg(long)]
    firewall: bool,
    /// Seconds between two reports of a video that is watched
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=60))]
    flush: u16,
    /// Mails of ours a reservation leads to; none are sent on AWS so far
    #[arg(long, default_value_t = 0)]
    mails: u16,
}

/// What something costs a month.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Item(&'static str, f64);

/// Every part and the sum, as lines.
pub(crate) fn bill(options: &Options) -> String {
    let parts = [
        ("by reservations", by_use(options)),
        ("fixed, Interlock", fixed(options)),
        ("fixed, Cal.com", calcom(options)),
    ];
    let mut lines = Vec::new();
    for (title, items) in &parts {
        lines.push(format!("{title:<28} {:>9.2}", sum(items)));
        lines.extend(items.iter().map(|Item(name, usd)| format!("  {name:<26} {usd:>9.2}")));
    }
    let total: f64 = parts.iter().map(|(_, items)| sum(items)).sum();
    lines.push(format!("{:<28} {total:>9.2} USD a month", "all"));
    lines.join("\n") + "\n"
}

fn sum(items: &[Item]) -> f64 {
    items.iter().map(|Item(_, usd)| usd).sum()
}

/// What is above a free part, in millions.
fn millions(count: f64, free: f64) -> f64 {
    (count - free).max(0.0) / 1e6
}

/// Reports of videos for a reservation: one in ten comes with a video of 20 minutes.
fn reports(options: &Options) -> f64 {
    120.0 / f64::from(options.flush)
}

/// Runs of functions, without those of schedules.
fn runs_by_use(options: &Options) -> f64 {
    f64::from(options.bookings) * (40.0 + reports(options) + 2.0 * 2.2 + 4.0)
}

/// What traces of a share of these runs and of those of schedules cost.
fn traces(runs: f64, share: f64) -> f64 {
    let scheduled: f64 = SCHEDULES.iter().map(|(_, count, each)| f64::from(*count) * each).sum();
    millions((runs + scheduled) * share, 100e3) * 5.0
}

fn by_use(options: &Options) -> Vec<Item> {
    let bookings = f64::from(options.bookings);
    let progress = reports(options);
    let calls = bookings * (40.0 + progress);
    let runs = runs_by_use(options);
    // Six calls wait for Cal.com 350 ms, the others take 15, with a quarter of a GiB.
    let work = bookings * (6.0 * 0.35 + (34.0 + progress) * 0.015) * 0.25;
    let units = bookings * ((26.0 + 2.0 * progress) * 0.625 + (90.0 + progress) * 0.125) / 1e6;
    let kept = bookings * 10e3 / 1e9;
    let logs = runs * 1.2e3 / 1e9;
    let firewall = if options.firewall { 1.3 * calls * 0.60 / 1e6 } else { 0.0 };
    vec![
        Item("HTTP API", calls / 1e6),
        Item("functions, runs", millions(runs, 1e6) * 0.20),
        Item("functions, time", (work - 400e3).max(0.0) * 0.000_016_666_7),
        Item("table, units", units),
        Item("table, a month's growth", kept * 0.45),
        Item("logs", (logs - 5.0).max(0.0) * 0.50),
        Item("traces", traces(runs, TRACED)),
        Item("distribution", millions(1.3 * calls, 10e6)),
        // Each reservation in an hour of its own is the most that it can cost.
        Item("figures of our own", f64::from(FIGURES_BY_USE) * 0.30 * (bookings / HOURS).min(1.0)),
        Item("web ACL, requests", firewall),
        Item("queues", millions(6.6 * bookings + 657e3, 1e6) * 0.40),
        Item("mails", bookings * f64::from(options.mails) * 0.0001),
    ]
}

fn fixed(options: &Options) -> Vec<Item> {
    vec![
        Item("secrets", f64::from(SECRETS) * 0.40),
        Item("alarms", f64::from(WATCHED - 10) * 0.10),
        Item("figures of our own", f64::from(FIGURES - FIGURES_BY_USE - 10) * 0.30),
        Item("private zone", 0.50),
        // Three rules and two groups of AWS's own count as rules of the list.
        Item("web ACL", if options.firewall { 5.0 + 3.0 } else { 0.0 }),
    ]
}

fn calcom(options: &Options) -> Vec<Item> {
    let small = options.profile == Profile::Small;
    let task = |cpu: f64, gib: f64| cpu * FARGATE.0 + gib * FARGATE.1;
    let zones = if small { 1.0 } else { 2.0 };
    let tasks = if small {
        task(1.0, 4.0) * SPOT * AWAKE
    } else {
        2.0 * (task(1.0, 2.0) + task(0.5, 2.0)) * HOURS
    };
    // db.t4g.micro by its waking hours and 20 GiB; db.t4g.small in two zones and 50.
    let database = if small { 0.016 * AWAKE + 20.0 * 0.115 } else { 0.065 * HOURS + 50.0 * 0.23 };
    let out = match (options.egress, options.profile) {
        (Egress::Sealed, _) => ENDPOINTS * zones * ENDPOINT * HOURS,
        // An instance of t4g.nano, 8 GiB and an address.
        (Egress::Nat, Profile::Small) => 0.0042 * HOURS + 8.0 * 0.08 + 0.005 * HOURS,
        (Egress::Nat, Profile::Standard) => 0.045 * HOURS + 0.005 * HOURS,
    };
    vec![
        Item("tasks", tasks),
        Item("balancer", 0.0225 * HOURS + 0.5),
        Item("database", database),
        Item("cache", 0.0128 * zones * HOURS),
        Item("endpoints, or the way out", out),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::tree::Tree;

    fn options(bookings: u32) -> Options {
        Options {
            bookings,
            profile: Profile::Small,
            egress: Egress::Nat,
            firewall: false,
            flush: 5,
            mails: 0,
        }
    }

    fn total(options: &Options) -> f64 {
        sum(&by_use(options)) + sum(&fixed(options)) + sum(&calcom(options))
    }

    fn item(items: &[Item], name: &str) -> f64 {
        items.iter().find(|Item(own, _)| *own == name).unwrap().1
    }

    #[test]
    fn small_costs_less_than_sixty_with_a_hundred_reservations() {
        assert!((50.0..60.0).contains(&total(&options(100))), "{}", total(&options(100)));
    }

    /// Every template of a stack, as text.
    fn templates() -> Vec<String> {
        let tree = Tree::here();
        let all = tree.files("infra").into_iter();
        let stacks = all.filter(|path| path.ends_with("yaml") && path.matches('/').count() == 1);
        stacks.map(|path| tree.read(&path).unwrap()).collect()
    }

    fn counted(templates: &[String], word: &str) -> usize {
        let lines = templates.iter().flat_map(|text| text.lines());
        lines.filter(|line| line.trim() == word || line.trim_start().starts_with(word)).count()
    }

    /// Names of figures that functions write.
    fn figures() -> BTreeSet<String> {
        let tree = Tree::here();
        let sources = tree.files("shared").into_iter().filter(|path| path.ends_with("rs"));
        let texts: Vec<String> = sources.map(|path| tree.read(&path).unwrap()).collect();
        let events = texts.iter().flat_map(|text| text.split(r#"target: "metric""#).skip(1));
        let fields = events.filter_map(|event| event.split('"').next()).flat_map(|fields| {
            let pairs = fields.split(',').filter_map(|field| field.split_once('='));
            pairs.map(|(name, _)| name.trim().to_owned())
        });
        fields.filter(|name| name.starts_with(|letter: char| letter.is_ascii_uppercase())).collect()
    }

    #[test]
    fn what_is_counted_is_what_the_templates_and_the_code_have() {
        let templates = templates();
        let secrets = counted(&templates, "Type: AWS::SecretsManager::Secret")
            + counted(&templates, "ReplicaRegions:")
            + counted(&templates, "ManageMasterUserPassword: true");
        let alarms = counted(&templates, "Type: AWS::CloudWatch::Alarm");
        // One that sums watches each of its parts, and every other one what it names.
        let sums = counted(&templates, "Metrics:");
        let parts = templates.iter().map(|text| text.matches("MetricStat:").count());
        let watched = alarms - sums + parts.sum::<usize>();
        let figures = figures();
        let found = [secrets, watched, figures.len()].map(|count| u32::try_from(count).unwrap());
        assert_eq!(found, [SECRETS, WATCHED, FIGURES], "{figures:?}");
        let page = Tree::here().read("docs/LOGGING.md").unwrap();
        for figure in figures {
            assert!(page.contains(&format!("`{figure}`")), "{figure}");
        }
    }

    #[test]
    fn traces_are_those_of_the_rule_and_of_all_schedules() {
        let templates = templates();
        assert_eq!(counted(&templates, &format!("FixedRate: {TRACED}")), 1);
        let mut all = 0;
        for (start, count, _) in SCHEDULES {
            let found = counted(&templates, &format!("ScheduleExpression: {start}"));
            assert_eq!(u32::try_from(found).unwrap(), count, "{start}");
            all += found;
        }
        // The two of the network stack, which start and stop Cal.com, run no function.
        assert_eq!(counted(&templates, "ScheduleExpression:"), all + 2);
    }

    /// Rows of the tables of docs/COST.md, as the formulas have them.
    fn rows() -> Vec<String> {
        let set_up = |profile, egress, firewall, bookings| {
            total(&Options { profile, egress, firewall, ..options(bookings) })
        };
        let (small, standard) = (Profile::Small, Profile::Standard);
        let (nat, sealed) = (Egress::Nat, Egress::Sealed);
        let mut rows = Vec::new();
        for (title, profile, egress, firewall) in [
            ("`small`, `nat`", small, nat, false),
            ("`small`, `sealed`", small, sealed, false),
            ("`standard`, `nat`, firewall", standard, nat, true),
            ("`standard`, `sealed`, firewall", standard, sealed, true),
        ] {
            let [few, many] = [100, 10_000].map(|count| set_up(profile, egress, firewall, count));
            rows.push(format!("| {title} | {few:.0} | {many:.0} |"));
        }
        for name in ["tasks", "balancer", "database", "cache", "endpoints, or the way out"] {
            let cost =
                |profile, egress| item(&calcom(&Options { profile, egress, ..options(1) }), name);
            let pair = |egress| [cost(small, egress), cost(standard, egress)];
            let kinds = if name.starts_with("endpoints") { vec![nat, sealed] } else { vec![nat] };
            rows.extend(kinds.into_iter().map(pair).map(|[one, two]| format!("{one:.2} {two:.2}")));
        }
        rows
    }

    #[test]
    fn the_page_has_what_the_formulas_give() {
        let page = Tree::here().read("docs/COST.md").unwrap();
        let fixed = sum(&fixed(&options(100)));
        assert!(
            page.contains(&format!("beside {fixed:.2} for secrets, figures and alarms")),
            "{fixed:.2}"
        );
        let [few, many] = [100, 10_000].map(|count| traces(runs_by_use(&options(count)), 1.0));
        assert!(
            page.contains(&format!("{few:.2} with 100 reservations and {many:.2} with 10,000")),
            "{few:.2} {many:.2}"
        );
        for row in rows() {
            let words: Vec<&str> = row.split(' ').collect();
            let found = match words.as_slice() {
                [one, two] => page.lines().any(|line| {
                    let mut cells = line.split('|').skip(2).map(str::trim);
                    [one, two]
                        .iter()
                        .all(|figure| cells.next().is_some_and(|cell| cell.ends_with(**figure)))
                }),
                _ => page.contains(&row),
            };
            assert!(found, "{row}");
        }
    }

    #[test]
    fn a_hundred_reservations_cost_cents() {
        assert!(sum(&by_use(&options(100))) < 0.30);
    }

    #[test]
    fn the_parts_by_use_are_those_of_the_page_at_a_million() {
        let items = by_use(&Options { firewall: true, ..options(1_000_000) });
        for (name, usd) in [
            ("HTTP API", 64.0),
            ("functions, runs", 14.28),
            ("table, units", 60.5),
            ("distribution", 73.2),
            ("traces", 17.65),
            ("web ACL, requests", 49.92),
            ("queues", 2.5),
        ] {
            let found = item(&items, name);
            assert!((found - usd).abs() < 0.01, "{name}: {found}");
        }
    }

    #[test]
    fn what_is_free_is_never_below_nothing() {
        let items = by_use(&options(0));
        assert!(items.iter().all(|Item(_, usd)| usd.abs() < f64::EPSILON), "{items:?}");
    }

    #[test]
    fn fewer_reports_of_a_video_cost_less() {
        let many = sum(&by_use(&options(1_000_000)));
        assert!(sum(&by_use(&Options { flush: 15, ..options(1_000_000) })) < many);
    }

    #[test]
    fn a_way_out_is_cheaper_than_endpoints_in_either_profile() {
        for profile in [Profile::Small, Profile::Standard] {
            let of = |egress| sum(&calcom(&Options { profile, egress, ..options(1) }));
            assert!(of(Egress::Nat) < of(Egress::Sealed), "{profile:?}");
        }
    }

    #[test]
    fn the_bill_names_the_sum() {
        assert!(bill(&options(100)).ends_with("USD a month\n"));
    }
}
