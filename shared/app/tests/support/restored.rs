//! The table as it once was, beside a Cal.com that has moved on.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::sync::Arc;

use interlock_app::ports::store::Record;
use interlock_app::{App, Hints};
use interlock_testkit::{MemoryStore, World};

/// A world over what the table once held, in a table of its own; Cal.com, the clock and the queue
/// are as they are now.
pub(crate) fn restored(world: &World, records: &[Record]) -> World {
    let store = Arc::new(MemoryStore::default());
    for record in records {
        store.plant(record.clone());
    }
    World {
        store: store.clone(),
        scheduler: world.scheduler.clone(),
        clock: world.clock.clone(),
        queue: world.queue.clone(),
        passwords: world.passwords.clone(),
        ids: world.ids.clone(),
        app: App { store, hints: Hints::default(), ..world.app.clone() },
    }
}
