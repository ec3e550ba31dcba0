//! `interlock-calcom-sim`: the stand-in on its own, with the demo world.
//! The control surface also answers on a second port, which stays open during `down`.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use interlock_calcom_sim::{Clock, Sim, SimConfig, demo_accounts};

/// A strict stand-in for Cal.com API v2.
#[derive(Debug, Parser)]
#[command(name = "interlock-calcom-sim")]
struct Arguments {
    /// Port of the API and of the control surface; 0 takes a free one.
    #[arg(long, default_value_t = 9100)]
    port: u16,
    /// Second port for the control surface alone, open even while the API is down.
    #[arg(long)]
    control_port: Option<u16>,
    /// Folder for the data.
    #[arg(long, default_value = ".interlock/calcom")]
    data: PathBuf,
    /// Address that receives the deliveries of all demo accounts.
    #[arg(long)]
    webhook_url: Option<String>,
    /// Secret that signs these deliveries.
    #[arg(long)]
    webhook_secret: Option<String>,
}

#[expect(clippy::disallowed_methods, reason = "the binary is the edge where time comes in")]
fn system_clock() -> Clock {
    Arc::new(jiff::Timestamp::now)
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let mut config = SimConfig::demo(listen, arguments.data, system_clock());
    config.webhook_url = arguments.webhook_url;
    if let Some(secret) = arguments.webhook_secret {
        config.webhook_secret = secret;
    }
    let sim = Sim::start(config).await?;
    for account in demo_accounts() {
        println!("account {} key {}", account.key, account.api_key);
    }
    println!("ready {}", sim.url);
    match arguments.control_port {
        Some(port) => {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            let listener = tokio::net::TcpListener::bind(address).await?;
            println!("control http://{}/__sim", listener.local_addr()?);
            let app = axum::Router::new().nest("/__sim", sim.control_router());
            let stop = async {
                let _ = tokio::signal::ctrl_c().await;
            };
            axum::serve(listener, app).with_graceful_shutdown(stop).await?;
        }
        None => tokio::signal::ctrl_c().await?,
    }
    sim.shutdown();
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
