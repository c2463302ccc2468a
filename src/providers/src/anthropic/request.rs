//! Our chat request as a Messages call (<https://platform.claude.com/docs/en/api/messages>).

use serde_json::{Value, json};

use super::{HEADERS, KEY_HEADER};
use crate::{
    ChatRequest,
    call::{BadBase, Call, join},
};

/// The call that streams an answer.
pub(crate) fn chat(base: &str, request: &ChatRequest) -> Result<Call, BadBase> {
    let messages: Vec<Value> = request
        .alternating_turns()
        .into_iter()
        .map(|turn| json!({"role": turn.author.slug(), "content": turn.text}))
        .collect();
    let mut body = json!({
        "model": request.model,
        "messages": messages,
        "max_tokens": request.max_output,
        "stream": true,
    });
    if let Some(text) = request.instructions() {
        body["system"] = text.into();
    }
    Ok(Call {
        url: join(base, &["messages"])?,
        key_header: KEY_HEADER,
        headers: HEADERS,
        body: Some(body),
    })
}

#[cfg(test)]
mod tests {
    use marshmallow_core::Author;

    use super::*;
    use crate::{Turn, call::KeyHeader};

    #[test]
    fn the_instructions_stand_beside_the_messages() {
        let mut request = ChatRequest {
            model: "claude-test".into(),
            system: Some("Be brief.".into()),
            turns: vec![Turn {
                author: Author::User,
                text: "Hi".into(),
            }],
            max_output: 64,
        };
        let call = chat("https://h.example/v1", &request).unwrap();
        assert_eq!(call.url.as_str(), "https://h.example/v1/messages");
        assert_eq!(call.key_header, KeyHeader::Named("x-api-key"));
        assert_eq!(call.headers, [("anthropic-version", "2023-06-01")]);
        let mut body = json!({"model": "claude-test", "system": "Be brief.", "max_tokens": 64,
            "stream": true, "messages": [{"role": "user", "content": "Hi"}]});
        assert_eq!(call.body.as_ref(), Some(&body));

        request.system = None;
        body.as_object_mut().unwrap().remove("system");
        assert_eq!(chat("https://h.example/v1", &request).unwrap().body, Some(body));
    }
}
