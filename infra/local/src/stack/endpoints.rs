//! The AWS side of the stack: table, queue, secrets and mail, each on a port of its own.
//! Functions know their addresses and nothing else of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ground::Ground;
use crate::counters::Counters;
use crate::environment::{self, Addresses};
use crate::mail::{self, Mailbox};
use crate::net::{self, Served};
use crate::queue::{self, QueueFault, QueueService, QueueSettings, QueueStore};
use crate::rights::{Rights, Service};
use crate::secrets::{self, Secrets};
use crate::table::{self, RunningTable};
use crate::template::Template;
use crate::{LocalError, wall};

/// Folder in which it is noted what each function did, for `cargo xtask test` to compare.
const RECORD: &str = "INTERLOCK_RECORD_ACTIONS";

pub(super) struct Endpoints {
    table: RunningTable,
    queue: Served,
    secrets: Served,
    pub(super) mark: Option<String>,
    mail: Served,
    pub(super) queues: QueueService,
    pub(super) mailbox: Mailbox,
    pub(super) counters: Arc<Counters>,
}

impl Endpoints {
    pub(super) async fn start(ground: &Ground) -> Result<Self, LocalError> {
        let data = &ground.data;
        let counters = Arc::new(Counters::default());
        let template = ground.root.join("infra/data.yaml");
        let properties = Template::resource_properties(&template, "Table")?;
        let file = data.file("table.db");
        let rights = Rights::of(&ground.template, environment::own(RECORD).map(PathBuf::from));
        let guarded = |door| rights.guard(Service::DynamoDb, door);
        let counted = Arc::clone(&counters);
        let table = table::start_behind(&file, &properties, counted, guarded).await?;
        let queues = QueueService::new(open_queues(&data.file("queue.db"), &ground.template)?);
        let queue = queue::router(queues.clone(), Arc::clone(&counters));
        let queue = net::serve(rights.guard(Service::Queue, queue)).await?;
        let secrets = Secrets::open(
            &data.file("secrets.json"),
            &ground.calcom.credentials(),
            ground.calcom.webhook_secret(),
        )?;
        let mark = secrets.mark();
        let secrets = rights.guard(Service::Secrets, secrets::router(secrets));
        let secrets = net::serve(secrets).await?;
        let mailbox = Mailbox::open(&data.file("mail.db"))?;
        let mail = net::serve(rights.guard(Service::Mail, mail::router(mailbox.clone()))).await?;
        Ok(Self { table, queue, secrets, mark, mail, queues, mailbox, counters })
    }

    pub(super) fn addresses(&self, front: String) -> Addresses {
        Addresses {
            front,
            table: self.table.url(),
            queue: self.queue.url(),
            secrets: self.secrets.url(),
            mail: self.mail.url(),
        }
    }
}

fn open_queues(path: &Path, template: &Template) -> Result<QueueStore, LocalError> {
    let fail = |error: QueueFault| LocalError::part("queue", error);
    let mut store = QueueStore::open(path).map_err(fail)?;
    for resource in &template.queues {
        let settings = QueueSettings {
            visibility_seconds: resource.visibility_seconds,
            retention_seconds: resource.retention_seconds,
            delay_seconds: resource.delay_seconds,
            redrive: resource.redrive.clone(),
            ..QueueSettings::default()
        };
        store.put_queue(&resource.name, &settings, wall::now_milliseconds()).map_err(fail)?;
    }
    Ok(store)
}
