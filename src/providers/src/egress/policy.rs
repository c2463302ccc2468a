//! What the administrator allows beyond the public internet, and the decision for one address of a call.

use std::{collections::HashSet, net::IpAddr};

use url::{Host, Url};

use super::address::is_public;

/// Hosts that may be reached although they are private: a server in the same room, a test's simulator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EgressPolicy {
    allowed: HashSet<(String, u16)>,
}

/// How a call may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// The administrator named this host and port: whatever it resolves to.
    Named,
    /// To public addresses only.
    PublicOnly,
    /// Not at all.
    Refused,
}

impl EgressPolicy {
    /// A policy of exact `host:port` entries, `[address]:port` for IPv6. An entry without a port, or that
    /// is no host, allows nothing and is logged.
    pub fn new(allowed: impl IntoIterator<Item = String>) -> Self {
        let mut policy = Self::default();
        for entry in allowed {
            match read_entry(&entry) {
                Some(pair) => {
                    policy.allowed.insert(pair);
                }
                None => tracing::warn!(%entry, "an allowed host needs the form host:port; entry ignored"),
            }
        }
        policy
    }

    /// Decides over an address. Literal addresses are judged here in whatever spelling they came, since no
    /// resolver sees them; names are judged by `PublicOnly` when they are resolved.
    pub(crate) fn route(&self, url: &Url) -> Route {
        if !matches!(url.scheme(), "https" | "http") {
            return Route::Refused;
        }
        if pair(url).is_some_and(|pair| self.allowed.contains(&pair)) {
            return Route::Named;
        }
        let literal = match url.host() {
            Some(Host::Domain(_)) => return Route::PublicOnly,
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            None => return Route::Refused,
        };
        if is_public(literal) {
            Route::PublicOnly
        } else {
            Route::Refused
        }
    }
}

fn read_entry(entry: &str) -> Option<(String, u16)> {
    let entry = entry.trim();
    let (_, port) = entry.rsplit_once(':')?;
    port.parse::<u16>().ok()?;
    let url = Url::parse(&format!("http://{entry}/")).ok()?;
    (url.path() == "/" && url.username().is_empty()).then(|| pair(&url))?
}

/// Host and port in the one spelling that the URL standard gives them, without the dot that may end a name.
fn pair(url: &Url) -> Option<(String, u16)> {
    let host = url.host_str()?.trim_end_matches('.');
    Some((host.to_owned(), url.port_or_known_default()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(policy: &EgressPolicy, url: &str) -> Route {
        policy.route(&Url::parse(url).unwrap())
    }

    #[test]
    fn private_literals_are_refused_in_every_spelling() {
        let policy = EgressPolicy::default();
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "017700000001",
            "0",
            "0.0.0.0",
            "169.254.169.254",
            "0xa9fea9fe",
            "2852039166",
            "10.0.0.1",
            "192.168.1.1",
            "172.16.0.1",
            "100.64.0.1",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:a9fe:a9fe]",
            "[fd00:ec2::254]",
            "[fe80::1]",
            "[64:ff9b::7f00:1]",
            "１２７.0.0.1",
        ] {
            assert_eq!(
                route(&policy, &format!("http://{host}/v1")),
                Route::Refused,
                "{host}"
            );
            assert_eq!(
                route(&policy, &format!("https://{host}:8443/v1")),
                Route::Refused,
                "{host}"
            );
        }
    }

    #[test]
    fn public_literals_and_names_go_out_guarded() {
        let policy = EgressPolicy::default();
        for url in [
            "https://8.8.8.8/v1",
            "https://[2606:4700:4700::1111]/v1",
            "https://api.openai.com/v1",
            "http://localhost:11434/v1",
        ] {
            assert_eq!(route(&policy, url), Route::PublicOnly, "{url}");
        }
        assert_eq!(route(&policy, "file:///etc/passwd"), Route::Refused);
        assert_eq!(route(&policy, "ftp://example.org/"), Route::Refused);
    }

    #[test]
    fn an_entry_allows_one_host_at_one_port() {
        let policy = EgressPolicy::new(
            ["127.0.0.1:8080", " Ollama.lan:11434 ", "[::1]:9000", "web.lan:80"].map(String::from),
        );
        for url in [
            "http://127.0.0.1:8080/v1",
            "http://0x7f.1:8080/v1",
            "http://ollama.lan:11434/v1",
            "http://ollama.lan.:11434/v1",
            "http://[::1]:9000/v1",
            "http://web.lan/v1",
        ] {
            assert_eq!(route(&policy, url), Route::Named, "{url}");
        }
        for url in [
            "http://127.0.0.1/v1",
            "http://127.0.0.1:8081/v1",
            "http://[::1]:9001/v1",
        ] {
            assert_eq!(route(&policy, url), Route::Refused, "{url}");
        }
        // Another port of a named host is an ordinary name again, judged by what it resolves to.
        assert_eq!(route(&policy, "http://ollama.lan:22/v1"), Route::PublicOnly);
        assert_eq!(route(&policy, "https://web.lan/v1"), Route::PublicOnly);
    }

    #[test]
    fn entries_that_are_no_host_and_port_allow_nothing() {
        let odd = [
            "localhost",
            "",
            ":80",
            "http://localhost:80",
            "a:b",
            "me@host:80",
            "host:80/x",
            "h:99999",
        ];
        assert_eq!(EgressPolicy::new(odd.map(String::from)), EgressPolicy::default());
    }
}
