//! The real browser. It refuses to be called while rendering: effects and event handlers only, as the server
//! cannot know what it says.

use std::time::Duration;

use leptos::prelude::{document, set_timeout, window};
use marshmallow_core::Millis;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlDocument;

/// The browser's clock.
pub fn now() -> Millis {
    // Whole milliseconds since 1970 fit an i64 for the next 290 million years.
    Millis(js_sys::Date::now() as i64)
}

/// Calls `then` after `millis` milliseconds.
pub fn after(millis: u32, then: impl FnOnce() + 'static) {
    set_timeout(then, Duration::from_millis(u64::from(millis)));
}

/// Copies `text`; false where the browser does not allow it, as on pages without TLS.
pub async fn copy_text(text: &str) -> bool {
    let navigator = window().navigator();
    let is_there =
        js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| !found.is_undefined());
    is_there
        && JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok()
}

/// Sets a cookie of this site for a year. Never for secrets: scripts can read it.
pub fn set_cookie(name: &str, value: &str) {
    if let Ok(document) = document().dyn_into::<HtmlDocument>() {
        // A browser that refuses cookies keeps the choice until the page is left.
        let _ = document.set_cookie(&format!("{name}={value}; path=/; max-age=31536000; samesite=lax"));
    }
}

/// An attribute of the `<html>` element.
pub fn root_attribute(name: &str) -> Option<String> {
    document()
        .document_element()
        .and_then(|root| root.get_attribute(name))
}

/// Sets an attribute of the `<html>` element.
pub fn set_root_attribute(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        // Fails only for names that are no attribute names.
        let _ = root.set_attribute(name, value);
    }
}

/// Scheme, host and port of this page, `https://chat.example.org`.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Loads another page of this site, leaving nothing of this one in memory.
pub fn go_to(path: &str) {
    // Fails only for what is no address.
    let _ = window().location().set_href(path);
}
