//! Our chat request as a Gemini call
//! (<https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent>).

use marshmallow_core::Author;
use serde_json::{Value, json};

use super::KEY_HEADER;
use crate::{
    ChatRequest,
    call::{BadBase, Call, join},
};

/// The call that streams an answer.
pub(crate) fn chat(base: &str, request: &ChatRequest) -> Result<Call, BadBase> {
    let contents: Vec<Value> = request
        .alternating_turns()
        .into_iter()
        .map(|turn| {
            let role = match turn.author {
                Author::User => "user",
                Author::Assistant => "model",
            };
            json!({"role": role, "parts": [{"text": turn.text}]})
        })
        .collect();
    let mut body = json!({
        "contents": contents,
        "generationConfig": {"maxOutputTokens": request.max_output},
    });
    if let Some(text) = request.instructions() {
        body["systemInstruction"] = json!({"parts": [{"text": text}]});
    }
    let method = format!("{}:streamGenerateContent", request.model);
    let mut url = join(base, &["models", &method])?;
    url.set_query(Some("alt=sse"));
    Ok(Call {
        url,
        key_header: KEY_HEADER,
        headers: &[],
        body: Some(body),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Turn, call::KeyHeader};

    #[test]
    fn the_model_stands_in_the_path_and_the_key_in_no_address() {
        let request = ChatRequest {
            model: "gemini-test".into(),
            system: Some("Be brief.".into()),
            turns: vec![
                Turn {
                    author: Author::User,
                    text: "Hi".into(),
                },
                Turn {
                    author: Author::Assistant,
                    text: "Hello".into(),
                },
            ],
            max_output: 64,
        };
        let call = chat("https://h.example/v1beta", &request).unwrap();
        assert_eq!(
            call.url.as_str(),
            "https://h.example/v1beta/models/gemini-test:streamGenerateContent?alt=sse"
        );
        assert_eq!(call.key_header, KeyHeader::Named("x-goog-api-key"));
        assert_eq!(
            call.body,
            Some(json!({
                "contents": [
                    {"role": "user", "parts": [{"text": "Hi"}]},
                    {"role": "model", "parts": [{"text": "Hello"}]},
                ],
                "systemInstruction": {"parts": [{"text": "Be brief."}]},
                "generationConfig": {"maxOutputTokens": 64},
            }))
        );
    }
}
