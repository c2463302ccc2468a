//! The wasm entry: gives life to the page that the server rendered, and nothing else.

// A page is one type, nested as deep as its HTML.
#![recursion_limit = "512"]

/// Takes over the rendered page.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(marshmallow_app::App);
}
