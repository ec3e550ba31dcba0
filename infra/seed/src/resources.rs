//! The machines and the host of the demo.

use std::collections::BTreeMap;
use std::error::Error;

use interlock_app::model::{CalUsernameClaim, Guide, PolicyShelf, Resource};
use interlock_app::ports::Store;
use interlock_policy::{
    ApprovalRule, CheckoutRequirement, ClockRange, DurationRule, Notice, OpeningHours, Policy,
    PolicyVersion, Requirement, Rules, TrainingRequirement, Weekday,
};
use jiff::civil::time;

use crate::MADE_AT;
use crate::accounts::Account;
use crate::write::absent;

struct Plan {
    key: &'static str,
    id: &'static str,
    name: &'static str,
    category: &'static str,
    /// What is good to know, what to bring, where it is.
    guide: [&'static str; 3],
    zone: &'static str,
    active: bool,
    modules: &'static [&'static str],
    checkout: Option<CheckoutRequirement>,
}

const BOTH: &[&str] = &["mod_shop_basics", "mod_laser_safety"];
const BASICS: &[&str] = &["mod_shop_basics"];
const BERLIN: &str = "Europe/Berlin";

const PLANS: [Plan; 5] = [
    Plan {
        key: "laser",
        id: "mch_laser",
        name: "Laser cutter",
        category: "lasers",
        guide: [
            "Switch on the extraction before the beam, and stay beside it while it cuts.",
            "Safety glasses\nYour own material; no PVC",
            "Workshop, ground floor",
        ],
        zone: BERLIN,
        active: true,
        modules: BOTH,
        checkout: Some(CheckoutRequirement::MACHINE),
    },
    Plan {
        key: "printer",
        id: "mch_printer",
        name: "3D printer",
        category: "printers",
        guide: [
            "One spool for each print; a print that runs longer than the time is stopped.",
            "",
            "Workshop, first floor",
        ],
        zone: BERLIN,
        active: true,
        modules: BASICS,
        checkout: None,
    },
    Plan {
        key: "bandsaw",
        id: "mch_bandsaw",
        name: "Band saw",
        category: "woodworking",
        guide: ["No gloves, no loose sleeves.", "Ear protection", "Workshop, yard"],
        zone: BERLIN,
        active: true,
        modules: BASICS,
        checkout: Some(CheckoutRequirement::CATEGORY),
    },
    Plan {
        key: "lathe",
        id: "mch_lathe",
        name: "Lathe",
        category: "metalwork",
        guide: ["Long hair is tied back.", "Safety glasses", "Workshop, ground floor"],
        zone: BERLIN,
        active: false,
        modules: BOTH,
        checkout: Some(CheckoutRequirement::MACHINE),
    },
    Plan {
        key: "coach",
        id: "hst_coach",
        name: "Cora, coach",
        category: "coaching",
        guide: [
            "We begin with what you did last time.",
            "Your questions",
            "Meeting room, or the link you agreed on",
        ],
        zone: "America/Sao_Paulo",
        active: true,
        modules: &[],
        checkout: None,
    },
];

/// Writes every resource; one without an account stays unmapped and takes no reservations.
/// `approval` names those whose reservations wait for a yes, separated by commas.
pub(crate) async fn plant(
    store: &dyn Store,
    accounts: &[Account],
    approval: &str,
) -> Result<(), Box<dyn Error>> {
    for plan in &PLANS {
        let account = accounts.iter().find(|account| account.key == plan.key);
        let wants_a_yes = approval.split(',').any(|id| id == plan.id);
        let resource = resource(plan, account, wants_a_yes)?;
        if let Some(cal_account) = &resource.cal_account {
            let claim = CalUsernameClaim {
                username: cal_account.username.clone(),
                cal_account_id: cal_account.id.clone(),
            };
            absent(store, &claim).await?;
        }
        absent(store, &resource).await?;
    }
    Ok(())
}

fn resource(
    plan: &Plan,
    account: Option<&Account>,
    wants_a_yes: bool,
) -> Result<Resource, Box<dyn Error>> {
    let host = plan.id == "hst_coach";
    let [description, bring, place] = plan.guide.map(str::to_owned);
    Ok(Resource {
        id: plan.id.parse()?,
        name: plan.name.to_owned(),
        category: plan.category.to_owned(),
        guide: Guide { description, bring, place },
        active: plan.active && account.is_some(),
        user_id: if host { Some("usr_cora".parse()?) } else { None },
        cal_account: account.map(Account::cal_account).transpose()?,
        closed: None,
        event_types: account.map(Account::entries).unwrap_or_default(),
        policy: Policy {
            version: PolicyVersion(1),
            time_zone: plan.zone.parse()?,
            requirements: requirements(plan)?,
            rules: rules(host, wants_a_yes),
            overlays: Vec::new(),
        },
        shelf: PolicyShelf::default(),
        four_eyes: false,
        outages: Vec::new(),
        created_at: MADE_AT.parse()?,
        updated_at: MADE_AT.parse()?,
    })
}

fn requirements(plan: &Plan) -> Result<Vec<Requirement>, Box<dyn Error>> {
    let mut requirements = Vec::new();
    for module in plan.modules {
        requirements.push(Requirement::Training(TrainingRequirement {
            module_id: module.parse()?,
            minimum_percent: 90,
            watched_seconds: None,
            valid_for_days: None,
        }));
    }
    requirements.extend(plan.checkout.clone().map(Requirement::Checkout));
    Ok(requirements)
}

fn rules(host: bool, wants_a_yes: bool) -> Rules {
    Rules {
        opening_hours: (!host).then(machine_hours).into(),
        horizon_days: Some(60).into(),
        notice: Notice::of(60, 60, 60),
        duration: DurationRule::default(),
        grid_minutes: Some(30),
        open_cap: Some(8).into(),
        needs_approval: wants_a_yes.then(ApprovalRule::default).into(),
        ..Rules::default()
    }
}

/// 09:00 to 21:00 from Monday to Friday, 10:00 to 18:00 on Saturday.
fn machine_hours() -> OpeningHours {
    use Weekday::{Friday, Monday, Saturday, Thursday, Tuesday, Wednesday};
    let week = ClockRange { opens: time(9, 0, 0, 0), closes: time(21, 0, 0, 0) };
    let saturday = ClockRange { opens: time(10, 0, 0, 0), closes: time(18, 0, 0, 0) };
    let mut hours = BTreeMap::new();
    for day in [Monday, Tuesday, Wednesday, Thursday, Friday] {
        hours.insert(day, vec![week]);
    }
    hours.insert(Saturday, vec![saturday]);
    OpeningHours(hours)
}
