//! The wasm entry: gives life to the page that the server rendered, and says when it lives and when it has died.
//! Nothing else.

// A page is one type, nested as deep as its HTML.
#![recursion_limit = "512"]

use leptos::{mount::hydrate_from_async, prelude::document};

/// Takes over the rendered page, once its part of the application is there. `<html>` tells how it went: `data-alive`
/// when every button answers, `data-failed` from the first panic on.
#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn hydrate() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        // What has panicked cannot draw any more. The bar that says so is there already, hidden.
        mark("data-failed");
    }));
    if let Some(body) = document().body() {
        hydrate_from_async(body, marshmallow_app::App).await.forget();
        mark("data-alive");
    }
}

fn mark(attribute: &str) {
    if let Some(page) = document().document_element() {
        drop(page.set_attribute(attribute, "true"));
    }
}
