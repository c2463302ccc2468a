//! The sites that the simulator stands in for, and what each of their wire formats must be able to do.
//! The formats live in modules of their own; nothing here knows a body.

use serde_json::Value;

use crate::{
    anthropic::Anthropic,
    chat::Chat,
    compatible::Compatible,
    google::Google,
    keys::Behaviour,
    openai::OpenAi,
    openrouter::OpenRouter,
    record::Recorded,
    refusal::{Reason, Refusal},
    script::Script,
    sse::Frame,
};

/// A provider, found by the first part of the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Site {
    OpenAi,
    Anthropic,
    Google,
    OpenRouter,
    /// An OpenAI-compatible server that demands a key.
    Custom,
    /// An OpenAI-compatible server that demands none.
    Open,
}

impl Site {
    /// Every site with the path of its base URL.
    pub const ALL: [(Self, &str); 6] = [
        (Self::OpenAi, "/openai/v1"),
        (Self::Anthropic, "/anthropic/v1"),
        (Self::Google, "/google/v1beta"),
        (Self::OpenRouter, "/openrouter/api/v1"),
        (Self::Custom, "/custom/v1"),
        (Self::Open, "/open/v1"),
    ];

    /// The site of a path, the path of its base URL, and the rest.
    pub fn find(path: &str) -> Option<(Self, &'static str, &str)> {
        Self::ALL.into_iter().find_map(|(site, base)| {
            let rest = path.strip_prefix(base)?;
            (rest.is_empty() || rest.starts_with('/')).then_some((site, base, rest))
        })
    }

    /// The wire format of the site.
    pub fn wire(self) -> &'static dyn Wire {
        match self {
            Self::OpenAi => &OpenAi,
            Self::Anthropic => &Anthropic,
            Self::Google => &Google,
            Self::OpenRouter => &OpenRouter,
            Self::Custom | Self::Open => &Compatible,
        }
    }
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Models,
    Model(String),
    /// What the provider knows about the key.
    Key,
    Chat(Door),
}

/// How the path of a chat request says what the body of others says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Door {
    pub model: Option<String>,
    pub stream: Option<bool>,
}

/// One answer to be written.
pub(crate) struct Turn<'a> {
    pub chat: &'a Chat,
    pub script: &'a Script,
    /// The number of the exchange, for the ids in the answer.
    pub id: u64,
    /// Whether an error inside the stream is a proper event, where the provider sends it bare.
    pub framed_error: bool,
}

/// Headers to be sent.
pub(crate) type Headers = Vec<(&'static str, String)>;

/// A provider's way of saying things.
pub(crate) trait Wire: Sync {
    /// The key, from where the provider reads it.
    fn key<'r>(&self, request: &'r Recorded) -> Result<&'r str, Reason>;

    /// What a method and the path below the base URL ask for.
    fn endpoint(&self, method: &str, path: &str) -> Option<Endpoint> {
        match (method, path) {
            ("GET", "/models") => Some(Endpoint::Models),
            ("GET", _) => path
                .strip_prefix("/models/")
                .map(|id| Endpoint::Model(id.to_owned())),
            ("POST", "/chat/completions") => Some(Endpoint::Chat(Door::default())),
            _ => None,
        }
    }

    /// Whether an endpoint answers without a key.
    fn is_public(&self, _endpoint: &Endpoint) -> bool {
        false
    }

    /// The model list.
    fn models(&self, request: &Recorded) -> Result<Value, Reason>;

    /// One entry of the model list.
    fn model(&self, id: &str) -> Result<Value, Reason>;

    /// What the provider tells about a key, where it tells anything.
    fn describe_key(&self, _key: &str, _behaviour: Behaviour) -> Option<Value> {
        None
    }

    /// Checks a chat request as the provider would, and reads it.
    fn read(&self, request: &Recorded, door: &Door) -> Result<Chat, Reason>;

    /// The answer as a stream.
    fn stream(&self, turn: &Turn<'_>) -> Vec<Frame>;

    /// The answer as one JSON object.
    fn whole(&self, turn: &Turn<'_>) -> Value;

    /// The status and body of a refusal.
    fn refuse(&self, refusal: &Refusal, id: u64) -> (u16, Value);

    /// The headers that come with every answer.
    fn headers(&self, id: u64, endpoint: Option<&Endpoint>) -> Headers;

    /// Whether streams end their lines with CR LF.
    fn uses_crlf(&self) -> bool {
        false
    }
}
