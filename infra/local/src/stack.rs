//! Puts the parts together and takes them down in order.
//! The front answers only after every other part does.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;

use crate::build::{self, Executables};
use crate::calcom_file::CalcomFile;
use crate::cli::Options;
use crate::clock::ProductClock;
use crate::counters::Counters;
use crate::data_folder::DataFolder;
use crate::environment::{self, Addresses, TEMPLATE_PARAMETERS};
use crate::gateway::{
    Developer, Front, RouteTable, developer_router, docs_router, front_router,
};
use crate::jobs::Jobs;
use crate::mail::{self, Mailbox};
use crate::net::{self, Served};
use crate::pump::Pump;
use crate::queue::{self, QueueService, QueueSettings, QueueStore};
use crate::runtime::{self, FunctionSpec, Manager, ProcessLauncher, Settings};
use crate::secrets::{self, Secrets};
use crate::stand_in::CalcomSide;
use crate::table::{self, RunningTable};
use crate::tasks::Guarded;
use crate::template::{Function, Template};
use crate::{LocalError, demo, schedule, wall};

/// Most instances of one function at once.
const MAXIMUM_INSTANCES: u64 = 4;
/// How often idle instances are looked at.
const REAP_EVERY: Duration = Duration::from_secs(5);

/// A running stack.
pub struct Stack {
    /// Address of the front.
    pub url: String,
    /// Where a real Cal.com must send its webhooks; the stand-in knows by itself.
    pub webhook_url: Option<String>,
    manager: Manager,
    _parts: Parts,
    _data: DataFolder,
}

/// What must live as long as the stack; dropped in this order.
struct Parts {
    _front: Served,
    _tasks: Vec<Guarded>,
    _runtime: Served,
    _endpoints: Endpoints,
}

/// The AWS side.
struct Endpoints {
    table: RunningTable,
    queue: Served,
    secrets: Served,
    mail: Served,
    queues: QueueService,
    mailbox: Mailbox,
    counters: Arc<Counters>,
}

impl Stack {
    /// Builds what is needed and starts every part.
    pub async fn start(options: &Options) -> Result<Self, LocalError> {
        let root = workspace();
        let template = Template::read(&root.join("infra/api.yaml"), &TEMPLATE_PARAMETERS)?;
        let calcom = options.calcom.as_deref().map(CalcomFile::read).transpose()?;
        let data = DataFolder::open(&options.data, options.fresh)?;
        let listener = net::bind(options.port).await?;
        let address = listener.local_addr().map_err(|error| LocalError::part("front", error))?;
        let front = format!("http://{address}");
        let executables = build_all(&root, &template).await?;

        let clock = Arc::new(ProductClock::open(&data.file("clock-offset"))?);
        let webhook_url = calcom.as_ref().map(CalcomFile::webhook_url);
        let calcom = Arc::new(match calcom {
            Some(file) => CalcomSide::Real(Box::new(file)),
            None => {
                CalcomSide::stand_in(data.file("calcom"), &front, Arc::clone(&clock)).await?
            }
        });
        let endpoints = Endpoints::start(&root, &data, &template, &calcom).await?;
        let addresses = endpoints.addresses(front.clone());
        if let Some(seed) = executables.get(demo::SEED) {
            let variables = environment::of_seed(&addresses, &calcom, clock.file());
            demo::plant(&data, seed, variables).await?;
        }

        let launcher = launcher(&template, &addresses, &calcom, &clock, &data, executables)?;
        let manager =
            Manager::new(template.functions.iter().map(spec), launcher, Settings::default());
        let runtime = net::serve(runtime::router(manager.clone())).await?;
        manager.set_base_url(&runtime.url());
        let pumps = pumps(&template, &endpoints.queues, &manager);
        let jobs = Jobs::new(&template, manager.clone(), &pumps);
        let mut tasks: Vec<Guarded> = pumps.iter().map(Pump::start).collect();
        if !options.no_schedules {
            tasks.extend(schedule::start(&template.functions, &jobs)?);
        }
        tasks.push(reaper(manager.clone()));
        let developer = Developer {
            clock,
            jobs,
            mailbox: endpoints.mailbox.clone(),
            counters: Arc::clone(&endpoints.counters),
            calcom: Arc::clone(&calcom),
            manager: manager.clone(),
        };
        let router = front_door(&template, &manager, &calcom, developer);
        let served = net::serve_on(listener, router)?;
        let parts =
            Parts { _front: served, _tasks: tasks, _runtime: runtime, _endpoints: endpoints };
        Ok(Self { url: front, webhook_url, manager, _parts: parts, _data: data })
    }

    /// Ends the functions, then every part.
    pub async fn shut_down(self) {
        self.manager.shut_down().await;
    }
}

/// Root of the workspace this runner was built from.
#[must_use]
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

async fn build_all(root: &Path, template: &Template) -> Result<Executables, LocalError> {
    let mut names: Vec<&str> =
        template.functions.iter().map(|function| function.name.as_str()).collect();
    names.push(demo::SEED);
    build::binaries(root, &names).await
}

fn front_door(
    template: &Template,
    manager: &Manager,
    calcom: &CalcomSide,
    developer: Developer,
) -> Router {
    let front =
        Front { routes: Arc::new(RouteTable::new(template)), manager: manager.clone() };
    let own = developer_router(developer).merge(docs_router());
    let own = match calcom.control() {
        Some(control) => own.nest_service("/__sim", control),
        None => own,
    };
    own.fallback_service(front_router(front))
}

fn spec(function: &Function) -> FunctionSpec {
    let most = function.reserved_instances.unwrap_or(MAXIMUM_INSTANCES).min(MAXIMUM_INSTANCES);
    FunctionSpec {
        name: function.name.clone(),
        timeout: Duration::from_secs(function.timeout_seconds),
        maximum_instances: usize::try_from(most).unwrap_or(1).max(1),
    }
}

fn launcher(
    template: &Template,
    addresses: &Addresses,
    calcom: &CalcomSide,
    clock: &ProductClock,
    data: &DataFolder,
    executables: Executables,
) -> Result<ProcessLauncher, LocalError> {
    let mut launcher =
        ProcessLauncher { executables, logs: data.logs(), ..ProcessLauncher::default() };
    for function in &template.functions {
        let variables =
            environment::of_function(function, template, addresses, calcom, clock.file())?;
        launcher.environments.insert(function.name.clone(), variables);
    }
    Ok(launcher)
}

fn pumps(template: &Template, queues: &QueueService, manager: &Manager) -> Vec<Pump> {
    let mut pumps = Vec::new();
    for function in &template.functions {
        for event in &function.queue_events {
            let invoker = Arc::new(manager.clone());
            pumps.push(Pump::new(&function.name, event.clone(), queues.clone(), invoker));
        }
    }
    pumps
}

fn reaper(manager: Manager) -> Guarded {
    Guarded::spawn(async move {
        loop {
            tokio::time::sleep(REAP_EVERY).await;
            manager.reap();
        }
    })
}

impl Endpoints {
    async fn start(
        root: &Path,
        data: &DataFolder,
        template: &Template,
        calcom: &CalcomSide,
    ) -> Result<Self, LocalError> {
        let counters = Arc::new(Counters::default());
        let properties = Template::resource_properties(&root.join("infra/data.yaml"), "Table")?;
        let table =
            table::start(&data.file("table.db"), &properties, Arc::clone(&counters)).await?;
        let queues = QueueService::new(open_queues(&data.file("queue.db"), template)?);
        let queue =
            net::serve(queue::router(queues.clone(), Arc::clone(&counters))).await?;
        let secrets = Secrets::open(
            &data.file("secrets.json"),
            &calcom.credentials(),
            calcom.webhook_secret(),
        )?;
        let secrets = net::serve(secrets::router(secrets)).await?;
        let mailbox = Mailbox::open(&data.file("mail.db"))?;
        let mail = net::serve(mail::router(mailbox.clone())).await?;
        Ok(Self { table, queue, secrets, mail, queues, mailbox, counters })
    }

    fn addresses(&self, front: String) -> Addresses {
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
    let fail = |error: queue::QueueFault| LocalError::part("queue", error);
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
