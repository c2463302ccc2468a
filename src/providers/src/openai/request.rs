//! Our chat request as a chat-completions call
//! (<https://platform.openai.com/docs/api-reference/chat/create>).

use marshmallow_core::Provider;
use serde_json::{Value, json};

use super::quirks::quirks;
use crate::{
    ChatRequest,
    call::{BadBase, Call, KeyHeader, join},
};

/// The call that streams an answer.
pub(crate) fn chat(provider: Provider, base: &str, request: &ChatRequest) -> Result<Call, BadBase> {
    let quirks = quirks(provider);
    let system = request
        .instructions()
        .map(|text| json!({"role": "system", "content": text}));
    let turns = request
        .alternating_turns()
        .into_iter()
        .map(|turn| json!({"role": turn.author.slug(), "content": turn.text}));
    let messages: Vec<Value> = system.into_iter().chain(turns).collect();
    let (usage, include) = quirks.usage_field;
    Ok(Call {
        url: join(base, &["chat", "completions"])?,
        key_header: KeyHeader::Bearer,
        headers: &[],
        body: Some(json!({
            "model": request.model,
            "messages": messages,
            "stream": true,
            (quirks.limit_field): request.max_output,
            (usage): {(include): true},
        })),
    })
}

#[cfg(test)]
mod tests {
    use marshmallow_core::Author;

    use super::*;
    use crate::Turn;

    fn request() -> ChatRequest {
        ChatRequest {
            model: "gpt-test".into(),
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
        }
    }

    #[test]
    fn each_speaker_gets_its_own_field_names() {
        let messages = json!([
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello"},
        ]);
        let cases = [
            (
                Provider::OpenAi,
                json!({"model": "gpt-test", "messages": messages, "stream": true,
                    "max_completion_tokens": 64, "stream_options": {"include_usage": true}}),
            ),
            (
                Provider::OpenRouter,
                json!({"model": "gpt-test", "messages": messages, "stream": true,
                    "max_tokens": 64, "usage": {"include": true}}),
            ),
            (
                Provider::Custom,
                json!({"model": "gpt-test", "messages": messages, "stream": true,
                    "max_tokens": 64, "stream_options": {"include_usage": true}}),
            ),
        ];
        for (provider, body) in cases {
            let call = chat(provider, "https://h.example/v1", &request()).unwrap();
            assert_eq!(call.url.as_str(), "https://h.example/v1/chat/completions");
            assert_eq!(call.key_header, KeyHeader::Bearer);
            assert_eq!(call.body, Some(body), "{provider}");
        }
    }
}
