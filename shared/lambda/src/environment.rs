//! How the value of a variable is read, with a word on everything that is wrong.

use interlock_app::{CallLimit, ExternalPolicy, FactorPolicy, Front};

use crate::config::Oidc;

/// Calls a minute when nothing is said: what is left of Cal.com's 120 for a person who looks.
const CALLS: u32 = 100;

/// Reads one variable after the other, and goes on after a fault.
pub(crate) struct Reader<F> {
    lookup: F,
    faults: Vec<String>,
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    pub(crate) fn new(lookup: F) -> Self {
        Self { lookup, faults: Vec::new() }
    }

    /// Everything that was wrong so far.
    pub(crate) fn faults(self) -> Vec<String> {
        self.faults
    }

    /// An empty variable counts as none, because templates write it for "not set".
    pub(crate) fn optional(&self, name: &str) -> Option<String> {
        (self.lookup)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    pub(crate) fn required(&mut self, name: &str) -> String {
        self.optional(name).unwrap_or_else(|| {
            self.faults.push(format!("`{name}` is missing"));
            String::new()
        })
    }

    pub(crate) fn address(&mut self, name: &str) -> Option<String> {
        let value = self.optional(name)?;
        if !is_address(&value) {
            self.faults.push(format!("`{name}` is no `http` or `https` address"));
        }
        Some(value)
    }

    pub(crate) fn origin(&mut self, name: &str) -> String {
        let value = self.required(name);
        let origin = value.trim_end_matches('/');
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        if !value.is_empty() && (!is_address(origin) || host.contains('/')) {
            self.faults.push(format!("`{name}` is no origin"));
        }
        origin.to_owned()
    }

    pub(crate) fn calls(&mut self, name: &str) -> u32 {
        let Some(value) = self.optional(name) else { return CALLS };
        let calls = value.parse().ok().filter(|calls| *calls >= CallLimit::LEAST);
        calls.unwrap_or_else(|| {
            self.faults.push(format!("`{name}` is no number of {} or more", CallLimit::LEAST));
            CALLS
        })
    }

    pub(crate) fn factor(&mut self, name: &str) -> u32 {
        let Some(value) = self.optional(name) else { return 1 };
        let factor = value.parse().ok().filter(|factor| (1..=1_000_000).contains(factor));
        factor.unwrap_or_else(|| {
            self.faults.push(format!("`{name}` is no number of 1 to 1000000"));
            1
        })
    }

    /// Issuer, audience and address of keys: all three or none. Keys come over TLS, or from this
    /// very machine.
    pub(crate) fn oidc(&mut self, names: [&str; 3]) -> Option<Oidc> {
        let told = names.map(|name| self.optional(name));
        if told.iter().all(Option::is_none) {
            return None;
        }
        let [Some(issuer), Some(audience), Some(keys_url)] = told else {
            let [issuer, audience, keys_url] = names;
            self.faults.push(format!("`{issuer}`, `{audience}` and `{keys_url}` need each other"));
            return None;
        };
        let near = ["http://127.0.0.1:", "http://localhost:"];
        let tls = keys_url.starts_with("https://") && is_address(&keys_url);
        let near = near.iter().any(|near| keys_url.starts_with(near));
        // Before an `@` would stand a name, and behind it a host that was not looked at.
        if !(tls || near) || keys_url.contains('@') {
            self.faults.push(format!("`{}` is no `https` address", names[2]));
        }
        Some(Oidc { issuer, audience, keys_url })
    }

    pub(crate) fn second_factor(&mut self, name: &str) -> FactorPolicy {
        match self.optional(name).as_deref() {
            None | Some("staff") => FactorPolicy::Staff,
            Some("nobody") => FactorPolicy::Nobody,
            Some(_) => {
                self.faults.push(format!("`{name}` is none of `staff`, `nobody`"));
                FactorPolicy::Staff
            }
        }
    }

    pub(crate) fn front(&mut self, name: &str) -> Front {
        match self.optional(name).as_deref() {
            None | Some("cloudfront") => Front::Cloudfront,
            Some("gateway") => Front::Gateway,
            Some(_) => {
                self.faults.push(format!("`{name}` is none of `cloudfront`, `gateway`"));
                Front::Cloudfront
            }
        }
    }

    pub(crate) fn policy(&mut self, name: &str, default: ExternalPolicy) -> ExternalPolicy {
        match self.optional(name).as_deref() {
            None => default,
            Some("accept") => ExternalPolicy::Accept,
            Some("flag") => ExternalPolicy::Flag,
            Some("cancel") => ExternalPolicy::Cancel,
            Some("observe") => ExternalPolicy::Observe,
            Some(_) => {
                let words = "`accept`, `flag`, `cancel`, `observe`";
                self.faults.push(format!("`{name}` is none of {words}"));
                default
            }
        }
    }
}

fn is_address(value: &str) -> bool {
    let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/'))
}
