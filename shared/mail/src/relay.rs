//! The address of a relay, as a deployer writes it.

use lettre::transport::smtp::{SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use reqwest::Url;

/// The relay cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// It is no address of a relay.
    #[error("the address of the relay is not usable")]
    Url,
    /// User and password have places of their own, which no log shows.
    #[error("the address of the relay holds a user or a password")]
    Login,
    /// It would send passwords and people's mail in the clear.
    #[error("the address of the relay asks for no TLS")]
    Plain,
    /// There is nobody to trust.
    #[error("the roots that the relay is trusted by are not usable")]
    Roots(#[source] lettre::transport::smtp::Error),
}

/// How what is said is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cover {
    /// TLS before anything is said.
    FromTheStart,
    /// TLS before anything is told of who sends and what; a relay that offers none gets nothing.
    BeforeTheMail,
    /// None, to this machine itself.
    None,
}

/// Where a relay is and how it is spoken to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) cover: Cover,
    /// The name that the relay is greeted with, where it wants a certain one.
    pub(crate) greeting: Option<String>,
}

impl Address {
    pub(crate) fn read(text: &str) -> Result<Self, SmtpError> {
        let url = Url::parse(text).map_err(|_| SmtpError::Url)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(SmtpError::Login);
        }
        // An address of version 6 is bare where it is connected to.
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SmtpError::Url)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let cover = cover(&url, &host)?;
        let usual = match cover {
            Cover::FromTheStart => SUBMISSIONS_PORT,
            Cover::BeforeTheMail => SUBMISSION_PORT,
            Cover::None => SMTP_PORT,
        };
        let greeting = Some(url.path().trim_matches('/')).filter(|name| !name.is_empty());
        let greeting = greeting.map(str::to_owned);
        Ok(Self { host, port: url.port().unwrap_or(usual), cover, greeting })
    }
}

/// Errors: it is no relay's, or the letters would be read on their way.
fn cover(url: &Url, host: &str) -> Result<Cover, SmtpError> {
    let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value);
    match (url.scheme(), tls.as_deref()) {
        ("smtps", None) => Ok(Cover::FromTheStart),
        ("smtp", Some("required")) => Ok(Cover::BeforeTheMail),
        ("smtp", None) if matches!(host, "127.0.0.1" | "localhost" | "::1") => Ok(Cover::None),
        // Whoever stands between would only have to leave the offer of TLS out.
        ("smtp", None | Some("opportunistic")) => Err(SmtpError::Plain),
        _ => Err(SmtpError::Url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(host: &str, port: u16, cover: Cover) -> Address {
        Address { host: host.to_owned(), port, cover, greeting: None }
    }

    #[test]
    fn an_address_tells_host_port_and_cover() {
        for (text, expected) in [
            ("smtps://mail.example", address("mail.example", 465, Cover::FromTheStart)),
            ("smtps://mail.example:9", address("mail.example", 9, Cover::FromTheStart)),
            (
                "smtp://mail.example?tls=required",
                address("mail.example", 587, Cover::BeforeTheMail),
            ),
            ("smtp://localhost", address("localhost", 25, Cover::None)),
            ("smtp://127.0.0.1:9", address("127.0.0.1", 9, Cover::None)),
            ("smtp://[::1]:9", address("::1", 9, Cover::None)),
        ] {
            assert_eq!(Address::read(text).unwrap(), expected, "{text}");
        }
        let greeted = Address::read("smtps://mail.example/here.example").unwrap();
        assert_eq!(greeted.greeting.as_deref(), Some("here.example"));
    }

    #[test]
    fn nothing_goes_to_a_relay_in_the_clear() {
        for text in [
            "smtp://mail.example:25",
            "smtp://mail.example?tls=opportunistic",
            "smtp://mail.example?x=tls=required",
            "smtp://mail.example/tls=required",
            "smtp://127.0.0.1.mail.example:25",
            "smtp://localhost:x@mail.example",
        ] {
            let refused = Address::read(text);
            assert!(matches!(refused, Err(SmtpError::Plain | SmtpError::Login)), "{refused:?}");
        }
    }

    #[test]
    fn what_is_no_address_of_a_relay_is_refused() {
        for text in
            ["", "mail.example", "https://mail.example", "smtps://", "smtps://mail.example?tls=no"]
        {
            assert!(matches!(Address::read(text), Err(SmtpError::Url)), "{text}");
        }
    }
}
