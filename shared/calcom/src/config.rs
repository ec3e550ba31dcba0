//! Where Cal.com is and how long to wait for it.
//!
//! A configuration that was made is usable: the address is parsed before the first call.

use std::time::Duration;

use reqwest::Url;

/// How long to wait; the defaults are the product's own, below a function's 15 s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection stands, name look-up and TLS included.
    pub connect: Duration,
    /// For a read as a whole, its second attempt included.
    pub read: Duration,
    /// For a create, move or cancel as a whole.
    pub write: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(1),
            read: Duration::from_secs(3),
            write: Duration::from_secs(8),
        }
    }
}

/// How to reach Cal.com.
#[derive(Debug, Clone)]
pub struct CalcomConfig {
    /// Address without `/v2` and without a slash at its end.
    pub(crate) base: String,
    /// Certificates in PEM; if given, only they are trusted.
    pub(crate) ca_pem: Option<Vec<u8>>,
    /// Patience.
    pub(crate) timeouts: Timeouts,
}

/// Why a configuration is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The address is no `http` or `https` address, or carries a query, a fragment or a login.
    #[error("the address of cal.com is not a plain `http` or `https` address")]
    Address,
    /// The pinned certificates cannot be read.
    #[error("the pinned certificates of cal.com cannot be read")]
    Certificates,
}

impl CalcomConfig {
    /// From the address of the API, for instance `https://calcom-api.internal`.
    pub fn new(base: &str) -> Result<Self, ConfigError> {
        let url = Url::parse(base.trim()).map_err(|_| ConfigError::Address)?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !plain {
            return Err(ConfigError::Address);
        }
        let base = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { base, ca_pem: None, timeouts: Timeouts::default() })
    }

    /// Trusts these certificates and no others.
    pub fn trusting_only(mut self, ca_pem: impl Into<Vec<u8>>) -> Result<Self, ConfigError> {
        let ca_pem = ca_pem.into();
        match reqwest::Certificate::from_pem_bundle(&ca_pem) {
            Ok(certificates) if !certificates.is_empty() => {
                self.ca_pem = Some(ca_pem);
                Ok(self)
            }
            Ok(_) | Err(_) => Err(ConfigError::Certificates),
        }
    }

    /// Waits this long instead of the defaults.
    #[must_use]
    pub fn waiting(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_at_the_end_makes_no_difference() {
        let with = CalcomConfig::new("http://127.0.0.1:5555/").unwrap();
        let without = CalcomConfig::new("http://127.0.0.1:5555").unwrap();
        assert_eq!(with.base, without.base);
        assert_eq!(CalcomConfig::new("https://a.test/cal/").unwrap().base, "https://a.test/cal");
    }

    #[test]
    fn an_address_that_is_not_plain_http_is_refused() {
        for base in [
            "",
            "calcom",
            "ftp://a.test",
            "file:///etc",
            "https://u:p@a.test",
            "https://a.test?x=1",
        ] {
            assert_eq!(CalcomConfig::new(base).unwrap_err(), ConfigError::Address, "{base}");
        }
    }

    #[test]
    fn certificates_that_are_none_are_refused() {
        let config = CalcomConfig::new("https://a.test").unwrap();
        for pem in ["", "not a certificate"] {
            assert_eq!(
                config.clone().trusting_only(pem).unwrap_err(),
                ConfigError::Certificates,
                "{pem}"
            );
        }
    }

    #[test]
    fn the_defaults_are_the_products_own() {
        let timeouts = Timeouts::default();
        assert_eq!(timeouts.connect.as_secs(), 1);
        assert_eq!(timeouts.read.as_secs(), 3);
        assert_eq!(timeouts.write.as_secs(), 8);
    }
}
