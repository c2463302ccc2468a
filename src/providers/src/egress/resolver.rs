//! Resolves names and hands on public addresses only, so that the connection itself cannot go elsewhere.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::is_public;

/// A resolver that knows no private address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PublicOnly;

/// A name led to private addresses only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name leads to a private address")]
pub(crate) struct AddressRefused;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // Every name under "localhost" is this machine, whatever a resolver says (RFC 6761, section 6.3).
            if is_localhost(name.as_str()) {
                return Err(AddressRefused.into());
            }
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Addrs = Box::new(keep_public(found)?.into_iter());
            Ok(public)
        })
    }
}

fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

fn keep_public(found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, AddressRefused> {
    let was_empty = found.is_empty();
    let public: Vec<_> = found
        .into_iter()
        .filter(|address| is_public(address.ip()))
        .collect();
    if public.is_empty() && !was_empty {
        return Err(AddressRefused);
    }
    Ok(public)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixed_answer_is_reduced_to_its_public_part() {
        let at = |text: &str| -> SocketAddr { text.parse().unwrap() };
        let mixed = vec![at("127.0.0.1:0"), at("8.8.8.8:0"), at("[::1]:0")];
        assert_eq!(keep_public(mixed), Ok(vec![at("8.8.8.8:0")]));
        assert_eq!(keep_public(vec![at("10.0.0.1:0")]), Err(AddressRefused));
        assert_eq!(keep_public(vec![]), Ok(vec![]));
    }

    #[tokio::test]
    async fn what_leads_to_this_machine_is_refused_when_it_is_resolved() {
        for name in ["localhost", "LOCALHOST.", "db.localhost", "127.0.0.1", "::1"] {
            let outcome = PublicOnly.resolve(name.parse().unwrap()).await;
            let error = outcome.map(|_| ()).unwrap_err();
            assert!(error.is::<AddressRefused>(), "{name}: {error}");
        }
    }
}
