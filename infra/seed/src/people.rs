//! The people of the demo.

use std::error::Error;
use std::sync::Arc;

use interlock_app::model::{
    Account, Checkout, CheckoutRecord, Credential, EmailClaim, OpenReservations, Standing, Training,
};
use interlock_app::ports::{Ids, Passwords, Store};
use interlock_auth::Argon2Passwords;
use interlock_policy::{AccountStatus, CheckoutScope, Role, UserId};
use jiff::Timestamp;

use crate::write::absent;
use crate::{MADE_AT, PASSWORD};

struct Person {
    key: &'static str,
    name: &'static str,
    role: Role,
    proven: Proven,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Proven {
    Nothing,
    Laser,
    Everything,
}

const PEOPLE: [Person; 5] = [
    Person { key: "ada", name: "Ada", role: Role::Member, proven: Proven::Nothing },
    Person { key: "max", name: "Max", role: Role::Member, proven: Proven::Laser },
    Person { key: "mia", name: "Mia", role: Role::Manager, proven: Proven::Everything },
    Person { key: "root", name: "Root", role: Role::Admin, proven: Proven::Everything },
    Person { key: "cora", name: "Cora", role: Role::Host, proven: Proven::Nothing },
];

struct OsIds;

impl Ids for OsIds {
    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        // A seed without salts would still be a demo; failing here would not help anybody.
        let _ = getrandom::fill(&mut bytes);
        bytes
    }
}

/// Writes every person with a password and what each has proven.
pub(crate) async fn plant(store: &dyn Store) -> Result<(), Box<dyn Error>> {
    let passwords = Argon2Passwords::new(Arc::new(OsIds));
    for person in PEOPLE {
        let id: UserId = format!("usr_{}", person.key).parse()?;
        let email = format!("{}@demo.test", person.key);
        let password_hash = passwords.hash(PASSWORD).await?;
        absent(store, &account(&person, &id, &email)?).await?;
        absent(store, &Credential { user_id: id.clone(), password_hash }).await?;
        absent(store, &EmailClaim { email, user_id: id.clone() }).await?;
        let standing = standing(&person, &id)?;
        absent(store, &standing).await?;
        for checkout in standing.checkouts {
            absent(store, &record(&id, checkout)).await?;
        }
        absent(store, &OpenReservations::empty(id)).await?;
    }
    Ok(())
}

fn account(person: &Person, id: &UserId, email: &str) -> Result<Account, Box<dyn Error>> {
    let zone = if person.key == "cora" { "America/Sao_Paulo" } else { "Europe/Berlin" };
    Ok(Account {
        id: id.clone(),
        email: email.to_owned(),
        name: person.name.to_owned(),
        roles: vec![person.role],
        status: AccountStatus::Active,
        suspension: None,
        time_zone: zone.parse()?,
        scope: None,
        membership: interlock_app::model::Membership::default(),
        identity: None,
        session_epoch: 0,
        created_at: MADE_AT.parse()?,
    })
}

/// What managers list of an approval.
fn record(user_id: &UserId, checkout: Checkout) -> CheckoutRecord {
    let category = match &checkout.scope {
        CheckoutScope::Machine(id) if id.as_str() == "mch_laser" => "lasers".to_owned(),
        CheckoutScope::Machine(_) => "metalwork".to_owned(),
        CheckoutScope::Category(name) => name.clone(),
    };
    CheckoutRecord { user_id: user_id.clone(), category, checkout, ended: None }
}

fn standing(person: &Person, id: &UserId) -> Result<Standing, Box<dyn Error>> {
    let at: Timestamp = MADE_AT.parse()?;
    let mut standing = Standing::empty(id.clone());
    if person.proven == Proven::Nothing {
        return Ok(standing);
    }
    for module in ["mod_shop_basics", "mod_laser_safety"] {
        standing.trainings.push(Training {
            module_id: module.parse()?,
            module_version: 1,
            completed_at: at,
            percent: 100,
            watched_seconds: 240,
            alternative: None,
        });
    }
    let mut scopes = vec![CheckoutScope::Machine("mch_laser".parse()?)];
    if person.proven == Proven::Everything {
        scopes.push(CheckoutScope::Machine("mch_lathe".parse()?));
        scopes.push(CheckoutScope::Category("woodworking".to_owned()));
    }
    for (index, scope) in scopes.into_iter().enumerate() {
        standing.checkouts.push(Checkout {
            id: format!("chk_demo_{}_{index}", person.key).parse()?,
            scope,
            level: 1,
            approved_by: "usr_root".parse()?,
            first_approved_by: None,
            granted_at: at,
            expires_at: None,
            notes: Some("demo".to_owned()),
        });
    }
    Ok(standing)
}
