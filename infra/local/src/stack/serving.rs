//! The moving side of the stack: instances, pumps, schedules and the front.
//! Ends with its last instance; what it was told to do is in the endpoints' files.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

use super::endpoints::Endpoints;
use super::ground::Ground;
use crate::cli::Options;
use crate::environment::{self, Addresses};
use crate::gateway::{Developer, Front, RouteTable, developer_router, docs_router, front_router};
use crate::jobs::Jobs;
use crate::net::{self, Served};
use crate::pump::Pump;
use crate::queue::QueueService;
use crate::runtime::{self, FunctionSpec, Manager, ProcessLauncher, Settings};
use crate::tasks::Guarded;
use crate::template::{Function, Template};
use crate::{LocalError, schedule, web};

/// Most instances of one function at once.
const MAXIMUM_INSTANCES: u64 = 4;
/// How often idle instances are looked at.
const REAP_EVERY: Duration = Duration::from_secs(5);

pub(super) struct Serving {
    manager: Manager,
    _front: Served,
    _tasks: Vec<Guarded>,
    _runtime: Served,
}

impl Serving {
    pub(super) async fn start(
        options: &Options,
        ground: &Ground,
        endpoints: &Endpoints,
        (listener, addresses): (TcpListener, &Addresses),
    ) -> Result<Self, LocalError> {
        let template = &ground.template;
        let specs = template.functions.iter().map(spec);
        let manager = Manager::new(specs, launcher(ground, addresses)?, Settings::default());
        let runtime = net::serve(runtime::router(manager.clone())).await?;
        manager.set_base_url(&runtime.url());
        let pumps = pumps(template, &endpoints.queues, &manager);
        let jobs = Jobs::new(template, manager.clone(), &pumps);
        let mut tasks: Vec<Guarded> = pumps.iter().map(Pump::start).collect();
        if !options.no_schedules {
            tasks.extend(schedule::start(&template.functions, &jobs)?);
        }
        tasks.push(reaper(manager.clone()));
        let developer = Developer {
            clock: Arc::clone(&ground.clock),
            jobs,
            mailbox: endpoints.mailbox.clone(),
            counters: Arc::clone(&endpoints.counters),
            calcom: Arc::clone(&ground.calcom),
            manager: manager.clone(),
            secrets: addresses.secrets.clone(),
        };
        let front = net::serve_on(listener, door(ground, endpoints, developer))?;
        Ok(Self { manager, _front: front, _tasks: tasks, _runtime: runtime })
    }

    pub(super) async fn shut_down(self) {
        self.manager.shut_down().await;
    }
}

fn door(ground: &Ground, endpoints: &Endpoints, developer: Developer) -> Router {
    let routes = Arc::new(RouteTable::new(&ground.template));
    let (manager, mark) = (developer.manager.clone(), endpoints.mark.clone());
    let own = developer_router(developer).merge(docs_router());
    let own = match ground.calcom.control() {
        Some(control) => own.nest_service("/__sim", control),
        None => own,
    };
    let front = front_router(Front { routes, manager, mark });
    own.fallback_service(match ground.web.clone() {
        Some(app) => web::wrap(app, front),
        None => front,
    })
}

fn spec(function: &Function) -> FunctionSpec {
    let most = function.reserved_instances.unwrap_or(MAXIMUM_INSTANCES).min(MAXIMUM_INSTANCES);
    FunctionSpec {
        name: function.name.clone(),
        timeout: Duration::from_secs(function.timeout_seconds),
        maximum_instances: usize::try_from(most).unwrap_or(1).max(1),
    }
}

fn launcher(ground: &Ground, addresses: &Addresses) -> Result<ProcessLauncher, LocalError> {
    let mut launcher = ProcessLauncher {
        executables: ground.executables.clone(),
        logs: ground.data.logs(),
        ..ProcessLauncher::default()
    };
    for function in &ground.template.functions {
        let variables = environment::of_function(
            function,
            &ground.template,
            addresses,
            &ground.calcom,
            ground.clock.file(),
        )?;
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
