//! Whoever makes letters and carries them, for the one function that sends.

use std::sync::Arc;
use std::time::SystemTime;

use interlock_app::Post;
use interlock_app::ports::Mailer;
use interlock_mail::{Catalogue, LogTexter, Sender, SesConfig, SesMailer};
use lambda_runtime::Error;

use crate::compose::Told;
use crate::relay::Relay;
use crate::secrets::Secrets;

/// Name that letters come from when nothing is said.
const NAME: &str = "Interlock";

/// From what the environment says. Errors: no address to come from.
pub(crate) fn of(told: &Told, secrets: &Arc<Secrets>) -> Result<Post, Error> {
    let config = &told.config;
    let from = config.mail.from.clone().ok_or("the address that letters come from is missing")?;
    let name = config.mail.name.clone().unwrap_or_else(|| NAME.to_owned());
    let sender = Sender { name, address: from };
    let composer = Arc::new(Catalogue::new(&config.app_origin, &sender)?);
    let mailer: Arc<dyn Mailer> = match &config.mail.smtp_secret {
        Some(secret) => {
            let line = (Arc::clone(secrets), told.http.clone());
            Arc::new(Relay::new(line, secret.clone(), sender))
        }
        None => Arc::new(ses(told, sender)?),
    };
    Ok(Post { composer, mailer, texter: Arc::new(LogTexter) })
}

fn ses(Told { config, aws, http }: &Told, sender: Sender) -> Result<SesMailer, Error> {
    let region = aws.region().ok_or("the region is not known")?.to_owned();
    let usual = || format!("https://email.{region}.amazonaws.com");
    let endpoint = config.mail.ses_url.clone().unwrap_or_else(usual);
    let endpoint = endpoint.trim_end_matches('/').to_owned();
    let configuration_set = config.mail.configuration_set.clone();
    let credentials = aws.credentials().ok_or("there are no credentials")?;
    let config = SesConfig { endpoint, region, configuration_set };
    let http = http.clone();
    let line = Arc::new(move || http.client().map_err(Into::into));
    Ok(SesMailer::new(config, sender, credentials, wall_clock, line))
}

#[expect(clippy::disallowed_methods, reason = "requests are signed in wall time")]
fn wall_clock() -> SystemTime {
    SystemTime::now()
}
