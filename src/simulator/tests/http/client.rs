//! A client that hides nothing: it sees the pieces of a body, and whether the body was ended or broken off.

use marshmallow_simulator::Simulator;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// An answer as it arrived.
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub pieces: Vec<Vec<u8>>,
    /// False where the connection broke before the end of the body.
    pub ended: bool,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.pieces.concat()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.bytes()).unwrap()
    }

    /// The texts of a stream of OpenAI's chunks, joined.
    pub fn said(&self) -> String {
        let text = self.text();
        let events = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix("data: ")?).ok());
        events
            .filter_map(|event| Some(event["choices"][0]["delta"]["content"].as_str()?.to_owned()))
            .collect()
    }
}

/// A request that was sent, and whose answer has not been read.
pub struct Pending(BufReader<TcpStream>);

pub async fn send(simulator: &Simulator, method: &str, path: &str, headers: &str, body: &Value) -> Pending {
    let host = simulator.url().replace("http://", "");
    let mut connection = TcpStream::connect(&host).await.unwrap();
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let length = body.len();
    let head =
        format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n{headers}content-length: {length}\r\n\r\n");
    connection
        .write_all(format!("{head}{body}").as_bytes())
        .await
        .unwrap();
    Pending(BufReader::new(connection))
}

/// Asks the open server, which wants no key.
pub async fn chat(simulator: &Simulator, message: &str) -> Pending {
    let body =
        json!({"model": "sim-small", "stream": true, "messages": [{"role": "user", "content": message}]});
    send(simulator, "POST", "/open/v1/chat/completions", "", &body).await
}

impl Pending {
    pub async fn reply(mut self) -> Reply {
        let (status, headers) = self.head().await;
        let mut reply = Reply {
            status,
            headers,
            pieces: Vec::new(),
            ended: false,
        };
        while let Some(piece) = self.piece().await {
            if piece.is_empty() {
                reply.ended = true;
                break;
            }
            reply.pieces.push(piece);
        }
        reply
    }

    pub async fn head(&mut self) -> (u16, Vec<(String, String)>) {
        let status = self.line().await.unwrap();
        let status = status.split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let line = self.line().await.unwrap();
            let Some((name, value)) = line.split_once(": ") else {
                break;
            };
            headers.push((name.to_owned(), value.to_owned()));
        }
        (status, headers)
    }

    /// The next piece of the body: empty at its proper end, none where the connection broke.
    pub async fn piece(&mut self) -> Option<Vec<u8>> {
        let size = usize::from_str_radix(&self.line().await?, 16).unwrap();
        let mut piece = vec![0; size + 2];
        self.0.read_exact(&mut piece).await.ok()?;
        piece.truncate(size);
        Some(piece)
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.0.read_line(&mut line).await.unwrap_or_default();
        (read > 0).then(|| line.trim_end().to_owned())
    }
}
