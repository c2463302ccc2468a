//! A client pointed at a local server, keys, questions, and a server of scripted bytes.

use std::time::Duration;

use marshmallow_core::{ApiKey, Author, Provider};
use marshmallow_providers::{ChatRequest, Client, Deadlines, EgressPolicy, Event, EventStream, Target, Turn};
use marshmallow_simulator::Simulator;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Long enough for a busy machine: a test that waits for one of these fails anyway.
pub const PATIENT: Deadlines = Deadlines {
    connect: Duration::from_secs(30),
    first_byte: Duration::from_secs(30),
    silence: Duration::from_secs(30),
    probe: Duration::from_secs(30),
};

pub fn key(text: &str) -> ApiKey {
    ApiKey::parse(text.to_owned()).unwrap()
}

/// A client that may reach the host and port of `url`.
pub fn client_for(url: &str, deadlines: Deadlines) -> Client {
    let host = url
        .trim_start_matches("http://")
        .split('/')
        .next()
        .unwrap_or_default();
    Client::new(deadlines, EgressPolicy::new([host.to_owned()])).unwrap()
}

/// Where the simulator stands in for a provider.
pub fn target(simulator: &Simulator, provider: Provider) -> Target {
    let path = match provider {
        Provider::OpenAi => "/openai/v1",
        Provider::Anthropic => "/anthropic/v1",
        Provider::Google => "/google/v1beta",
        Provider::OpenRouter => "/openrouter/api/v1",
        Provider::Custom => "/custom/v1",
    };
    Target {
        provider,
        base_url: format!("{}{path}", simulator.url()),
    }
}

/// A model that the simulator serves.
pub fn model(provider: Provider) -> &'static str {
    match provider {
        Provider::OpenAi => "gpt-4o-mini",
        Provider::Anthropic => "claude-haiku-4-5",
        Provider::Google => "gemini-2.5-flash",
        Provider::OpenRouter => "openai/gpt-5-mini",
        Provider::Custom => "sim-small",
    }
}

pub fn question(provider: Provider, text: &str) -> ChatRequest {
    ChatRequest {
        model: model(provider).into(),
        system: Some("Be brief.".into()),
        turns: vec![Turn {
            author: Author::User,
            text: text.into(),
        }],
        max_output: 64,
    }
}

pub async fn collect(mut stream: EventStream) -> Vec<Event> {
    let mut events = Vec::new();
    while let Some(event) = stream.next().await {
        events.push(event);
    }
    events
}

pub fn text_of(events: &[Event]) -> String {
    let texts = events.iter().filter_map(|event| match event {
        Event::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

/// A server for one connection: takes a request, sends `bytes`, and hands the connection back.
pub async fn serve_once(bytes: &'static str) -> (String, tokio::task::JoinHandle<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        read_request(&mut socket).await;
        socket.write_all(bytes.as_bytes()).await.unwrap();
        socket.flush().await.unwrap();
        socket
    });
    (url, server)
}

/// Reads one request to the end of its body.
pub async fn read_request(socket: &mut TcpStream) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = socket.read(&mut buffer).await.unwrap();
        assert_ne!(count, 0, "the client left before its request was complete");
        request.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&request);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_lowercase().lines().find_map(|line| {
                line.strip_prefix("content-length: ")
                    .and_then(|n| n.trim().parse::<usize>().ok())
            });
            if body.len() >= length.unwrap_or(0) {
                return;
            }
        }
    }
}
