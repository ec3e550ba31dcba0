//! The ports of one activity.

mod budget;
mod plain;
mod post;
pub(crate) use post::post;
pub(crate) mod queue;
mod scheduler;
pub(crate) use scheduler::ship;
mod store;
pub(crate) use store::{replica, written};

use std::sync::Arc;

use interlock_app::App;
use interlock_calcom::CalcomScheduler;
use interlock_testkit::FakePasswords;

use crate::context::Ctx;
use crate::{defects, fixture};

/// The app as one activity sees it.
pub(crate) fn app(ctx: &Arc<Ctx>) -> App {
    let plain = Arc::new(plain::Instance::new(ctx));
    let store = Arc::new(store::SimStore::new(ctx));
    let calcom = Arc::new(CalcomScheduler::over(scheduler::SimCalls::new(ctx)));
    let calcom = defects::calendar::wrapped(ctx, calcom);
    App {
        scheduler: budget::counted(ctx, calcom, (store.clone(), plain.as_ref())),
        tally: store.clone(),
        store,
        clock: plain.clone(),
        ids: plain,
        queue: Arc::new(queue::SimQueue::new(ctx)),
        deliveries: defects::calendar::trusting(ctx, plain::deliveries()),
        passwords: Arc::new(FakePasswords::default()),
        settings: Arc::new(fixture::settings(defects::timing(ctx.hub.defect))),
        issuer: None,
        hints: ctx.hub.hints.clone(),
    }
}
