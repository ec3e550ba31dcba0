//! Many members who may use every machine, each with a session, written before the stack starts.
//!
//! Written to the table itself, because sixty-four logins would cost more than the race.

use std::path::Path;
use std::sync::Arc;

use aws_config::{BehaviorVersion, Region};
use interlock_app::model::{
    Account, Checkout, EmailClaim, OpenReservations, Session, Standing, Training,
};
use interlock_app::ports::store::{Document, Store, Transaction};
use interlock_auth::SessionToken;
use interlock_local::counters::Counters;
use interlock_local::data_folder::DataFolder;
use interlock_local::table::{self, RunningTable, TABLE};
use interlock_local::template::Template;
use interlock_policy::{AccountStatus, CheckoutScope, Role, UserId};
use interlock_store::DynamoStore;
use jiff::Timestamp;
use tempfile::TempDir;

use crate::stack::{Person, Stack};

const MADE_AT: &str = "2026-01-01T00:00:00Z";
const FAR_AHEAD: &str = "2099-01-01T00:00:00Z";

/// A stack with a crowd of members beside the people of the demo.
pub(crate) async fn stack_with(count: usize) -> (Stack, Vec<Person>) {
    let data = TempDir::new().unwrap();
    let folder = DataFolder::open(&data.path().join("stack"), false).unwrap();
    let table = open(&folder.file("table.db"), |_| {}).await;
    let store = store(&table);
    let mut people = Vec::with_capacity(count);
    for number in 0..count {
        people.push(plant(&store, number).await);
    }
    drop((table, folder));
    (patient(data, "0").await, people)
}

/// A stack whose Cal.com takes as many calls as come; what is tried here is not the budget.
pub(crate) async fn patient(data: TempDir, port: &str) -> Stack {
    Stack::on_with(data, port, &["--calcom-calls-per-minute", "1000000"])
}

/// The embedded table of a file, made by the template's properties as `change` leaves them.
pub(crate) async fn open(file: &Path, change: impl FnOnce(&mut serde_json::Value)) -> RunningTable {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data.yaml");
    let mut properties = Template::resource_properties(&template, "Table").unwrap();
    change(&mut properties);
    table::start(file, &properties, Arc::new(Counters::default())).await.unwrap()
}

/// The port over an embedded table.
pub(crate) fn store(table: &RunningTable) -> DynamoStore {
    DynamoStore::new(client(table), TABLE)
}

/// An SDK client of an embedded table.
pub(crate) fn client(table: &RunningTable) -> aws_sdk_dynamodb::Client {
    let credentials =
        aws_sdk_dynamodb::config::Credentials::new("test", "local", None, None, "test");
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(interlock_aws::Transport::new(interlock_aws::Http::default()))
        .region(Region::new("eu-central-1"))
        .endpoint_url(table.url())
        .credentials_provider(credentials)
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

async fn plant(store: &DynamoStore, number: usize) -> Person {
    let id: UserId = format!("usr_crowd{number:03}").parse().unwrap();
    let email = format!("crowd{number:03}@demo.test");
    let account = Account {
        id: id.clone(),
        email: email.clone(),
        name: format!("Crowd {number}"),
        roles: vec![Role::Member],
        status: AccountStatus::Active,
        suspension: None,
        time_zone: "Europe/Berlin".parse().unwrap(),
        scope: None,
        membership: interlock_app::model::Membership::default(),
        identity: None,
        session_epoch: 0,
        created_at: at(MADE_AT),
    };
    let token: SessionToken = format!("{id}.{number:064x}").parse().unwrap();
    let session = Session {
        user_id: id.clone(),
        hash: token.hash(),
        epoch: 0,
        // Never unused for too long, however long a run takes.
        created_at: at(FAR_AHEAD),
        expires_at: at(FAR_AHEAD),
        device: None,
        factor_at: None,
    };
    write(store, &account).await;
    write(store, &EmailClaim { email, user_id: id.clone() }).await;
    write(store, &standing(&id)).await;
    write(store, &OpenReservations::empty(id.clone())).await;
    write(store, &session).await;
    Person { cookie: format!("__Host-session={}", token.expose()), id: id.to_string() }
}

fn standing(id: &UserId) -> Standing {
    let mut standing = Standing::empty(id.clone());
    for module in ["mod_shop_basics", "mod_laser_safety"] {
        standing.trainings.push(Training {
            module_id: module.parse().unwrap(),
            module_version: 1,
            completed_at: at(MADE_AT),
            percent: 100,
            watched_seconds: 240,
            alternative: None,
        });
    }
    let laser = CheckoutScope::Machine("mch_laser".parse().unwrap());
    let saws = CheckoutScope::Category("woodworking".to_owned());
    for (name, scope) in [("laser", laser), ("saws", saws)] {
        standing.checkouts.push(Checkout {
            id: format!("chk_{name}_{}", id.as_str().trim_start_matches("usr_")).parse().unwrap(),
            scope,
            level: 1,
            approved_by: "usr_root".parse().unwrap(),
            first_approved_by: None,
            granted_at: at(MADE_AT),
            expires_at: None,
            notes: None,
        });
    }
    standing
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn write<T: Document>(store: &DynamoStore, document: &T) {
    store.commit(&Transaction::new().create(document).unwrap()).await.unwrap();
}
