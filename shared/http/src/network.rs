//! Addresses of the network as limits count them.

use std::net::IpAddr;

/// A whole address of IPv4, the first 64 bits of one of IPv6: who has one has all of them.
pub(crate) fn counted(text: &str) -> Option<String> {
    match text.parse().ok()? {
        IpAddr::V4(address) => Some(address.to_string()),
        IpAddr::V6(address) => Some(address.to_ipv4_mapped().map_or_else(
            || {
                let [first, second, third, fourth, ..] = address.segments();
                format!("{first:x}:{second:x}:{third:x}:{fourth:x}::/64")
            },
            |address| address.to_string(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_a_network_of_ipv6_is_counted_once() {
        for (text, expected) in [
            ("192.0.2.7", Some("192.0.2.7")),
            ("::ffff:192.0.2.7", Some("192.0.2.7")),
            ("2001:db8:1:2:3:4:5:6", Some("2001:db8:1:2::/64")),
            ("2001:db8:1:2::9", Some("2001:db8:1:2::/64")),
            ("2001:db8:1:3::9", Some("2001:db8:1:3::/64")),
            ("192.0.2.7, 6.6.6.6", None),
            ("", None),
        ] {
            assert_eq!(counted(text).as_deref(), expected, "{text}");
        }
    }
}
