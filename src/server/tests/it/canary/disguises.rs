//! The forms in which a text can lie around.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

/// A text in the alphabet that most programs use.
pub fn base64_of(text: &str) -> String {
    STANDARD_NO_PAD.encode(text)
}

/// The secret as it is and in every disguise, each with its name.
pub fn disguises(secret: &str) -> Vec<(String, Vec<u8>)> {
    let each_byte = |form: fn(u8) -> String| secret.bytes().map(form).collect::<String>();
    let mut disguises = vec![
        ("plain".to_owned(), secret.to_owned()),
        ("lower case".to_owned(), secret.to_lowercase()),
        ("upper case".to_owned(), secret.to_uppercase()),
        ("hex".to_owned(), each_byte(|byte| format!("{byte:02x}"))),
        ("upper hex".to_owned(), each_byte(|byte| format!("{byte:02X}"))),
        ("percent".to_owned(), each_byte(|byte| format!("%{byte:02x}"))),
        (
            "upper percent".to_owned(),
            each_byte(|byte| format!("%{byte:02X}")),
        ),
        ("numbers".to_owned(), each_byte(|byte| format!("{byte}, "))),
        ("backwards".to_owned(), secret.chars().rev().collect()),
    ];
    for (offset, hidden) in [0, 2, 3].into_iter().enumerate() {
        // What stands before and after decides over the letters at both ends.
        let whole = [vec![0; offset], secret.as_bytes().to_vec()].concat();
        let inner = |encoded: String| encoded[hidden..encoded.len() - 2].to_owned();
        disguises.push((
            format!("base64 at {offset}"),
            inner(STANDARD_NO_PAD.encode(&whole)),
        ));
        disguises.push((
            format!("base64url at {offset}"),
            inner(URL_SAFE_NO_PAD.encode(&whole)),
        ));
    }
    let mut disguises: Vec<_> = disguises
        .into_iter()
        .map(|(name, text)| (name, text.into_bytes()))
        .collect();
    let wide = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    disguises.push(("utf-16".to_owned(), wide));
    disguises
}
