//! All routes: server functions, pages, static files, and what machines ask. It decides nothing itself.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{HeaderValue, Request, Response, header},
    middleware::{from_fn, from_fn_with_state},
    routing::{any, get, post},
};
use leptos::prelude::provide_context;
use marshmallow_app::{
    api::{EXPORT_KEYS_PATH, door::IsHttps},
    shell,
};
use marshmallow_service::Service;
use tower::ServiceBuilder;
use tower_http::{
    limit::RequestBodyLimitLayer,
    request_id::{PropagateRequestIdLayer, SetRequestIdLayer},
    services::{ServeDir, ServeFile},
    set_header::SetResponseHeaderLayer,
    trace::TraceLayer,
};
use tracing::Span;

use crate::{
    download,
    files::Site,
    functions,
    guard::{self, BODY_LIMIT, Strict},
    health,
    renderer::Renderer,
    request_id::{self, REQUEST_ID},
    signed_in::{self, Doorman},
};

/// Hashed files never change (RFC 8246).
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
/// A proxy must not give a compressed file to a browser that did not ask for one.
const IN_SEVERAL_FORMS: HeaderValue = HeaderValue::from_static("accept-encoding");

/// The whole application as one service.
pub fn router(
    service: Arc<Service>,
    site: &Site,
    is_https: IsHttps,
    proxies: usize,
    renderer: Renderer,
) -> Router {
    let context = {
        let service = service.clone();
        move || {
            provide_context(service.clone());
            provide_context(is_https);
        }
    };
    let functions = {
        let context = context.clone();
        move |request: Request<Body>| functions::call(context.clone(), request)
    };
    let files = site.files.clone();
    let context = move || {
        context();
        provide_context(files.preloads());
    };
    let files = site.files.clone();
    let pages = leptos_axum::render_app_async_with_context(context, move || shell(files.clone()));
    let pages = move |request: Request<Body>| {
        let (renderer, pages) = (renderer.clone(), pages.clone());
        async move { renderer.render(move || pages(request)).await }
    };

    let doorman = Doorman {
        service: service.clone(),
        is_https,
        proxies,
    };
    let people = Router::new()
        .route("/api/{*function}", any(functions))
        .route("/download/activity.csv", get(download::csv))
        .route("/download/activity.json", get(download::json))
        .route(EXPORT_KEYS_PATH, post(download::keys))
        .with_state(service.clone())
        .fallback(get(pages))
        .layer(from_fn_with_state(doorman, signed_in::recognise));

    let hashed = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::overriding(header::VARY, IN_SEVERAL_FORMS))
        .layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            when_found(FOREVER),
        ))
        .service(
            ServeDir::new(site.folder.join("pkg"))
                .precompressed_br()
                .precompressed_gzip(),
        );
    let mut router = Router::new()
        .merge(health::routes(service))
        .nest_service("/pkg", hashed);
    for name in ["favicon.svg", "robots.txt", "manifest.webmanifest"] {
        let file = ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::overriding(header::VARY, IN_SEVERAL_FORMS))
            .layer(SetResponseHeaderLayer::overriding(
                header::CACHE_CONTROL,
                when_found(A_DAY),
            ))
            .service(
                ServeFile::new(site.folder.join(name))
                    .precompressed_br()
                    .precompressed_gzip(),
            );
        router = router.route_service(&format!("/{name}"), file);
    }
    router
        .merge(people)
        .layer(from_fn(guard::same_origin))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(from_fn_with_state(Strict(is_https.0), guard::strict_headers))
        .layer(
            // The path only: a query can hold the word of an invitation.
            TraceLayer::new_for_http()
                .make_span_with(|request: &Request<Body>| {
                    let id = request_id::of(request);
                    tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
                })
                .on_response(|response: &Response<Body>, took: Duration, _: &Span| {
                    tracing::info!(status = response.status().as_u16(), took_ms = took.as_millis(), "answered");
                }),
        )
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, request_id::Make))
        .layer(from_fn(request_id::names_only))
}

/// Says how long to keep a file, but not how long to remember that there is none: the next release may have it.
fn when_found<B>(kept: HeaderValue) -> impl Fn(&Response<B>) -> Option<HeaderValue> + Clone {
    move |response| {
        let is_missing = response.status().is_client_error() || response.status().is_server_error();
        (!is_missing).then(|| kept.clone())
    }
}
