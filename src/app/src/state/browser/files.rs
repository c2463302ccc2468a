//! Files in the real browser: a chosen one is read, and one that a form is answered with is saved.

use js_sys::Array;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, FormData, Headers, HtmlAnchorElement, HtmlFormElement, HtmlInputElement, RequestInit, Response,
    Url, UrlSearchParams,
};

/// How long a saved file's address stays valid, in milliseconds: browsers begin to save at once.
const SAVED_WITHIN: u32 = 60_000;

/// The text of the chosen file; none where no file is chosen, or where it is gone.
pub async fn read_file(input: &HtmlInputElement) -> Option<String> {
    let file = input.files()?.get(0)?;
    JsFuture::from(file.text()).await.ok()?.as_string()
}

/// How many bytes the chosen file has; none where no file is chosen.
pub fn file_bytes(input: &HtmlInputElement) -> Option<usize> {
    // Sizes of files are whole numbers far below 2⁵³.
    Some(input.files()?.get(0)?.size() as usize)
}

/// Sends a form to where it points, and saves the file that comes back under the name that comes with it, which is
/// given. Where something else comes back, that text; none where nothing came back at all.
pub async fn send_for_file(form: &HtmlFormElement) -> Result<String, Option<String>> {
    let response = send(form).await.map_err(|_| None)?;
    if !response.ok() {
        return Err(text_of(&response).await);
    }
    let header = response.headers().get("content-disposition").ok().flatten();
    let name = header
        .as_deref()
        .and_then(|header| header.split('"').nth(1))
        .unwrap_or("marshmallow-keys.mmkeys")
        .to_owned();
    let text = text_of(&response).await.ok_or(None)?;
    save(&name, &text).map_err(|_| None)?;
    Ok(name)
}

async fn send(form: &HtmlFormElement) -> Result<Response, JsValue> {
    let fields: JsValue = FormData::new_with_form(form)?.into();
    let headers = Headers::new()?;
    headers.set("accept", "application/json")?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&UrlSearchParams::new_with_str_sequence_sequence(&fields)?.into());
    let response = JsFuture::from(window().fetch_with_str_and_init(&form.action(), &init)).await?;
    response.dyn_into()
}

async fn text_of(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

fn save(name: &str, text: &str) -> Result<(), JsValue> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into()))?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    super::after(SAVED_WITHIN, move || {
        // Fails only for what is no address.
        let _ = Url::revoke_object_url(&address);
    });
    Ok(())
}
