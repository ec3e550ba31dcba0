//! The workshop of the clients, in memory and carried over to the embedded table.

#[path = "../conformance/support/embedded.rs"]
#[allow(dead_code, reason = "each test binary uses its own part")]
mod embedded;

use std::sync::Arc;

use interlock_app::model::{Account, EmailClaim, Module, Resource, Standing};
use interlock_app::ports::Store;
use interlock_app::ports::store::{Document, Record, Transaction};
use interlock_policy::{Rules, UserId};
use interlock_testkit::World;

pub(crate) use embedded::Embedded;

/// The table as the adapter gives it.
pub(crate) type Table = Arc<dyn Store>;

/// A laser whose rules ask for nothing but the ledger, and people who may use it.
pub(crate) async fn workshop(names: &[&str]) -> (World, Vec<UserId>) {
    let world = World::unlisted().await;
    let mut users = Vec::new();
    for name in names {
        users.push(world.eligible(name).await);
    }
    for record in world.store.of_kind(Resource::KIND) {
        let mut resource = record.decode::<Resource>().unwrap().value;
        resource.policy.rules = Rules::default();
        world.put(&resource).await;
    }
    (world, users)
}

/// Writes every record of the workshop into another table.
pub(crate) async fn carried(world: &World, store: &dyn Store) {
    let mut transaction = Transaction::new();
    for record in world.store.dump() {
        transaction = match record.kind.as_str() {
            Account::KIND => put::<Account>(transaction, &record),
            EmailClaim::KIND => put::<EmailClaim>(transaction, &record),
            Module::KIND => put::<Module>(transaction, &record),
            Resource::KIND => put::<Resource>(transaction, &record),
            Standing::KIND => put::<Standing>(transaction, &record),
            other => panic!("the workshop has a {other}"),
        };
    }
    store.commit(&transaction).await.unwrap();
}

fn put<T: Document>(transaction: Transaction, record: &Record) -> Transaction {
    transaction.put(&record.decode::<T>().unwrap().value).unwrap()
}
