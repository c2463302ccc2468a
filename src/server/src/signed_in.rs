//! Who asks: the session cookie becomes a signed-in person in the request, and pages that need one lead
//! everyone else to the sign-in page. It refuses to trust any header for the network address but those that
//! the configured number of proxies added.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use http::{HeaderMap, Method, StatusCode, header};
use marshmallow_app::api::door::IsHttps;
use marshmallow_service::{Caller, Service};

/// What the middleware needs.
#[derive(Clone)]
pub struct Doorman {
    /// The use cases.
    pub service: Arc<Service>,
    /// Decides the cookie's name.
    pub is_https: IsHttps,
    /// The number of trusted proxies in front.
    pub proxies: usize,
}

/// Pages that everyone may see.
const OPEN_PAGES: [&str; 2] = ["/sign-in", "/register"];

/// Puts `SignedIn` and `Caller` into the request.
pub async fn recognise(State(doorman): State<Doorman>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0);
    let caller = Caller {
        address: address(peer, request.headers(), doorman.proxies),
        user_agent: text(request.headers(), header::USER_AGENT),
    };
    request.extensions_mut().insert(caller);

    let jar = CookieJar::from_headers(request.headers());
    let token = jar
        .get(doorman.is_https.cookie_name())
        .map(|cookie| cookie.value().to_owned());
    let signed_in = match token {
        None => None,
        Some(token) => match doorman.service.accounts.authenticate(&token).await {
            Ok(found) => found,
            Err(error) => return unavailable(error),
        },
    };
    let path = request.uri().path();
    let is_page = matches!(*request.method(), Method::GET | Method::HEAD) && !path.starts_with("/api/");
    let is_open = OPEN_PAGES.contains(&path);
    match (is_page, is_open, signed_in) {
        (true, false, None) => Redirect::to("/sign-in").into_response(),
        (true, true, Some(_)) => Redirect::to("/").into_response(),
        (_, _, signed_in) => {
            if let Some(signed_in) = signed_in {
                request.extensions_mut().insert(signed_in);
            }
            next.run(request).await
        }
    }
}

/// The network address: the peer's, or behind `proxies` proxies the entry that the outermost one added.
fn address(peer: Option<SocketAddr>, headers: &HeaderMap, proxies: usize) -> String {
    let peer = peer.map(|peer| peer.ip().to_string()).unwrap_or_default();
    if proxies == 0 {
        return peer;
    }
    // A proxy may add a header of its own instead of lengthening the one that it found (RFC 9110, 5.3).
    let lines = headers
        .get_all("x-forwarded-for")
        .into_iter()
        .filter_map(|line| line.to_str().ok());
    let entries: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    entries
        .iter()
        .rev()
        .nth(proxies - 1)
        .map_or(peer, |entry| (*entry).to_owned())
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

fn unavailable(error: marshmallow_service::ServiceError) -> Response {
    let public = error.into_public();
    let status = StatusCode::from_u16(public.http_status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    (status, format!("{public}\n")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_trusted_proxies_added_counts() {
        let peer = Some("192.0.2.1:5000".parse().unwrap());
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            "6.6.6.6, 203.0.113.9, 198.51.100.7".parse().unwrap(),
        );
        assert_eq!(address(peer, &headers, 0), "192.0.2.1");
        assert_eq!(address(peer, &headers, 1), "198.51.100.7");
        assert_eq!(address(peer, &headers, 2), "203.0.113.9");
        assert_eq!(address(peer, &HeaderMap::new(), 1), "192.0.2.1");
        headers.append("x-forwarded-for", "192.0.2.77".parse().unwrap());
        assert_eq!(address(peer, &headers, 1), "192.0.2.77");
    }
}
