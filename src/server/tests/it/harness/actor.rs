//! A person with a browser: sends what our own pages would send, keeps the session's cookie, and remembers every
//! byte that came back.

use std::{
    convert::Infallible,
    sync::{Arc, LazyLock, Mutex, Once},
};

use futures::stream;
use marshmallow_core::{ConversationView, Provider};
use reqwest::{Body, Method, redirect::Policy};
use url::form_urlencoded::Serializer;

use super::{answer::Answer, place::Place, server::Server, stream::Stream};

/// The password of everyone.
pub const PASSWORD: &str = "seven wooden boats drift";
/// A model that the simulated OpenAI serves.
pub const MODEL: &str = "openai/gpt-4o-mini";

/// A key that the simulated provider accepts, and that no other call gives for another `word`.
pub fn own_key(provider: Provider, word: &str) -> String {
    let prefix = match provider {
        Provider::OpenAi => "sk-proj-",
        Provider::Anthropic => "sk-ant-api03-",
        Provider::Google => "AQ.",
        Provider::OpenRouter => "sk-or-v1-",
        Provider::Custom => "my-",
    };
    format!("{prefix}simvalid-{word}-0123456789abcdef")
}

/// A person, or nobody in particular.
#[derive(Clone)]
pub struct Actor {
    url: String,
    /// `name=token`.
    cookie: Option<String>,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Actor {
    pub(super) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            cookie: None,
            heard: Arc::default(),
        }
    }

    /// The same person and browser, at a server that was started anew.
    pub fn at(&self, server: &Server) -> Self {
        Self {
            url: server.url.clone(),
            ..self.clone()
        }
    }

    /// Makes an account. The first one is the administrator's.
    pub async fn register(&self, name: &str) -> Self {
        let email = format!("{name}@example.org");
        let fields = [("email", email.as_str()), ("name", name), ("password", PASSWORD)];
        self.entered(&self.post("accounts/register", &fields).await)
    }

    /// Signs in.
    pub async fn sign_in(&self, name: &str) -> Self {
        self.entered(&self.try_sign_in(&format!("{name}@example.org"), PASSWORD).await)
    }

    pub async fn try_sign_in(&self, email: &str, password: &str) -> Answer {
        self.post("accounts/sign_in", &[("email", email), ("password", password)])
            .await
    }

    fn entered(&self, answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{}", answer.text());
        self.with_cookie_of(answer)
    }

    /// The same browser with the cookie that an answer gave it.
    pub fn with_cookie_of(&self, answer: &Answer) -> Self {
        let cookie = answer.header("set-cookie").split(';').next().unwrap();
        assert!(cookie.contains('='), "no cookie came");
        self.with_cookie(cookie)
    }

    /// The same browser with this cookie, `name=token`.
    pub fn with_cookie(&self, cookie: &str) -> Self {
        Self {
            cookie: Some(cookie.to_owned()),
            ..self.clone()
        }
    }

    /// The session's token.
    pub fn token(&self) -> String {
        self.cookie
            .as_ref()
            .unwrap()
            .split_once('=')
            .unwrap()
            .1
            .to_owned()
    }

    /// One of the person's conversations.
    pub async fn conversation(&self, id: &str) -> ConversationView {
        serde_json::from_value(self.get("chat/conversation", &[("id", id)]).await.value()).unwrap()
    }

    /// Stores a key at a simulated provider and gives its id. A custom endpoint is named `mine`.
    pub async fn add_key(&self, place: &Place, provider: Provider, key: &str) -> String {
        let base_url = place.provider_url(provider);
        let mut fields = vec![("provider", provider.slug()), ("key", key)];
        if provider == Provider::Custom {
            fields.extend([("base_url", base_url.as_str()), ("endpoint", "mine")]);
        }
        let added = self.post("keys/add", &fields).await.value();
        added["id"].as_str().unwrap().to_owned()
    }

    /// Asks a question in a new conversation and reads the stream of its answer.
    pub async fn ask(&self, model: &str, text: &str) -> Stream {
        self.stream("chat/send", &[("model", model), ("text", text)])
            .await
    }

    /// Calls a server function and reads the frames that it streams.
    pub async fn stream(&self, function: &str, fields: &[(&str, &str)]) -> Stream {
        let body = Some(form(fields));
        let response = self
            .raw(Method::POST, &format!("/api/{function}"), &FROM_OUR_PAGE, body)
            .await;
        Stream::new(response, self.heard.clone())
    }

    /// Calls a server function that changes something.
    pub async fn post(&self, function: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(
            Method::POST,
            &format!("/api/{function}"),
            &FROM_OUR_PAGE,
            Some(form(fields)),
        )
        .await
    }

    /// Calls a server function that only reads.
    pub async fn get(&self, function: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(
            Method::GET,
            &format!("/api/{function}?{}", form(fields)),
            &FROM_OUR_PAGE,
            None,
        )
        .await
    }

    /// Opens a page as a browser's address line does.
    pub async fn page(&self, path: &str) -> Answer {
        let headers = [("accept", "text/html"), ("sec-fetch-site", "none")];
        self.send(Method::GET, path, &headers, None).await
    }

    /// Sends exactly this.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Answer {
        let answer = Answer::read(self.raw(method, path, headers, body).await).await;
        let mut heard = self.heard.lock().unwrap();
        for (name, value) in &answer.headers {
            heard.extend_from_slice(name.as_str().as_bytes());
            heard.extend_from_slice(value.as_bytes());
        }
        heard.extend_from_slice(&answer.body);
        answer
    }

    async fn raw(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> reqwest::Response {
        let mut request = http().request(method, format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        if let Some(body) = body {
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(body);
        }
        request.send().await.unwrap()
    }

    /// Posts a form that begins with `start` and goes on with `length` letters, in chunks, without saying so before.
    pub async fn post_in_chunks(&self, function: &str, start: &str, length: usize) -> Answer {
        let pieces = [start.as_bytes().to_vec()]
            .into_iter()
            .chain((0..length / 1024).map(|_| vec![b'x'; 1024]));
        let body = Body::wrap_stream(stream::iter(pieces.map(Ok::<_, Infallible>)));
        let mut request = http().post(format!("{}/api/{function}", self.url)).body(body);
        request = request.header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in FROM_OUR_PAGE
            .into_iter()
            .chain(self.cookie.iter().map(|cookie| ("cookie", cookie.as_str())))
        {
            request = request.header(name, value);
        }
        Answer::read(request.send().await.unwrap()).await
    }

    /// Every header and body that came back to this person so far.
    pub fn heard(&self) -> Vec<u8> {
        self.heard.lock().unwrap().clone()
    }
}

/// What the application in the browser sends along.
const FROM_OUR_PAGE: [(&str, &str); 2] = [("sec-fetch-site", "same-origin"), ("accept", "application/json")];

fn form(fields: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A client that follows no redirect and knows no certificate: all of this is on the loopback interface.
#[expect(
    clippy::disallowed_methods,
    reason = "this stands in for browsers, which follow no policy of ours"
)]
pub(super) fn http() -> &'static reqwest::Client {
    static CRYPTO: Once = Once::new();
    CRYPTO.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .tls_certs_only([])
            // Each test has its own runtime, and a kept connection dies with the runtime that opened it.
            .pool_max_idle_per_host(0)
            .build()
            .unwrap()
    });
    &CLIENT
}
