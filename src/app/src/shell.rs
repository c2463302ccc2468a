//! The HTML document around the application, and its Content-Security-Policy.
//! It refuses third-party hosts, inline styles and any script without this response's nonce.

use std::collections::HashMap;

use http::{HeaderValue, header, request::Parts};
use leptos::{WasmSplitManifest, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;
use serde::Deserialize;

use crate::App;

/// The files of the built site. Addresses begin with a slash; what is in them never changes.
#[derive(Debug, Clone, Deserialize)]
pub struct SiteFiles {
    /// The address of the folder that holds the application.
    pub folder: String,
    /// The name of the module that loads it.
    pub js: String,
    /// The name of what every page needs of it.
    pub wasm: String,
    /// The name of the module that loads its parts.
    pub link: String,
    /// The stems of each part's wasm files.
    pub parts: HashMap<String, Vec<String>>,
    /// The address of the style sheet.
    pub css: String,
}

impl SiteFiles {
    /// For the context of a page: lets the parts on it be downloaded while its HTML is still being read.
    #[must_use]
    pub fn preloads(&self) -> WasmSplitManifest {
        let (folder, parts, link) = (self.folder.clone(), self.parts.clone(), self.link.clone());
        WasmSplitManifest(ArcStoredValue::new((folder, parts, link)))
    }
}

/// The whole document.
pub fn shell(files: SiteFiles) -> impl IntoView {
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    if let Some(response) = use_context::<ResponseOptions>()
        && let Ok(policy) = HeaderValue::try_from(content_security_policy(&nonce))
    {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    let (js, wasm) = (
        format!("{}/{}", files.folder, files.js),
        format!("{}/{}", files.folder, files.wasm),
    );
    // Where the application cannot start, a person must learn it: the page would look alive and be dead.
    let start = format!(
        "import start, {{ hydrate }} from '{js}';\
         start({{ module_or_path: '{wasm}' }}).then(() => hydrate()).catch((error) => {{\
         console.error(error); document.documentElement.dataset.failed = 'true'; }});",
    );
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="stylesheet" href=files.css/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="modulepreload" href=js/>
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
                <MetaTags/>
                <script type="module" nonce=nonce>{start}</script>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The theme of the `theme` cookie; the system's choice where there is none.
fn theme() -> &'static str {
    let cookies = use_context::<Parts>()
        .and_then(|parts| {
            parts
                .headers
                .get(header::COOKIE)?
                .to_str()
                .ok()
                .map(str::to_owned)
        })
        .unwrap_or_default();
    let chosen = cookies
        .split(';')
        .filter_map(|pair| pair.trim().strip_prefix("theme="))
        .next();
    match chosen {
        Some("light") => "light",
        Some("dark") => "dark",
        _ => "system",
    }
}

fn content_security_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    )
}
