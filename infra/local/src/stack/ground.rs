//! What everything else stands on: template, data folder, binaries, clock and the Cal.com side.
//! Nothing here serves requests of the product.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::build::{self, Executables};
use crate::calcom_file::CalcomFile;
use crate::cli::Options;
use crate::clock::ProductClock;
use crate::data_folder::DataFolder;
use crate::environment::{self, Addresses, TEMPLATE_PARAMETERS};
use crate::stand_in::CalcomSide;
use crate::template::Template;
use crate::web::{self, WebApp};
use crate::{LocalError, demo};

pub(super) struct Ground {
    pub(super) root: PathBuf,
    pub(super) template: Template,
    pub(super) data: DataFolder,
    pub(super) executables: Executables,
    pub(super) clock: Arc<ProductClock>,
    pub(super) calcom: Arc<CalcomSide>,
    /// Address of the front, without a trailing slash.
    pub(super) front: String,
    pub(super) webhook_url: Option<String>,
    /// The web app, unless it is left out or cannot be had.
    pub(super) web: Option<WebApp>,
    approval: Vec<String>,
}

impl Ground {
    pub(super) async fn lay(options: &Options, listener: &TcpListener) -> Result<Self, LocalError> {
        let root = workspace();
        let mut template = Template::read(&root.join("infra/api.yaml"), &TEMPLATE_PARAMETERS)?;
        // The people of the demo log in with the password alone.
        let asked = if options.second_factor { "staff" } else { "nobody" };
        template.parameter_defaults.insert("SecondFactor".to_owned(), asked.into());
        let file = options.calcom.as_deref().map(CalcomFile::read).transpose()?;
        let data = DataFolder::open(&options.data, options.fresh)?;
        let address = listener.local_addr().map_err(|error| LocalError::part("front", error))?;
        let front = format!("http://{address}");
        let executables = build_all(&root, &template).await?;
        let web = if options.no_web { None } else { web::prepare(&root).await? };
        let clock = Arc::new(ProductClock::open(&data.file("clock-offset"))?);
        let webhook_url = file.as_ref().map(CalcomFile::webhook_url);
        let calcom = if let Some(file) = file {
            CalcomSide::Real(Box::new(file))
        } else {
            let calls = options.calcom_calls_per_minute;
            let clock = Arc::clone(&clock);
            CalcomSide::stand_in(data.file("calcom"), &front, clock, calls).await?
        };
        let calcom = Arc::new(calcom);
        let approval = options.approval.clone();
        Ok(Self {
            root,
            template,
            data,
            executables,
            clock,
            calcom,
            front,
            webhook_url,
            web,
            approval,
        })
    }

    /// Fills a new table with the demo data.
    pub(super) async fn seed(&self, addresses: &Addresses) -> Result<(), LocalError> {
        let Some(seed) = self.executables.get(demo::SEED) else { return Ok(()) };
        let mut variables = environment::of_seed(addresses, &self.calcom, self.clock.file());
        variables.push(("INTERLOCK_SEED_APPROVAL".to_owned(), self.approval.join(",")));
        demo::plant(&self.data, seed, variables).await
    }
}

/// Root of the workspace this runner was built from.
fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

async fn build_all(root: &Path, template: &Template) -> Result<Executables, LocalError> {
    let mut names: Vec<&str> =
        template.functions.iter().map(|function| function.name.as_str()).collect();
    names.push(demo::SEED);
    build::binaries(root, &names).await
}
