//! What stands in for the browser while the server renders: nothing happens, nothing is known.

use marshmallow_core::Millis;
use web_sys::{HtmlFormElement, HtmlInputElement};

/// No browser, no clock: the beginning of time. Only effects ask, and they do not run here.
pub fn now() -> Millis {
    Millis(0)
}

/// Never calls `then`.
pub fn after(_millis: u32, _then: impl FnOnce() + 'static) {}

/// Copies nothing.
pub async fn copy_text(_text: &str) -> bool {
    false
}

/// Sets nothing: the server sets cookies in its own answers.
pub fn set_cookie(_name: &str, _value: &str) {}

/// Nothing is known.
pub fn root_attribute(_name: &str) -> Option<String> {
    None
}

/// Sets nothing.
pub fn set_root_attribute(_name: &str, _value: &str) {}

/// Nothing is known.
pub fn origin() -> String {
    String::new()
}

/// Goes nowhere.
pub fn go_to(_path: &str) {}

/// No file is chosen.
pub async fn read_file(_input: &HtmlInputElement) -> Option<String> {
    None
}

/// No file is chosen.
pub fn file_bytes(_input: &HtmlInputElement) -> Option<usize> {
    None
}

/// Sends nothing.
pub async fn send_for_file(_form: &HtmlFormElement) -> Result<String, Option<String>> {
    Err(None)
}
