//! Plays frames onto a connection: pauses, pieces, silence and cuts. Knows no provider and no meaning of the bytes.

use std::{collections::VecDeque, io, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use futures::stream;
use tokio::{sync::watch, time};

use crate::{
    answer::Pace,
    record::{Exchange, Outcome},
    sse::Frame,
};

/// The body that plays these frames. It ends early, by a cut, when `stop` is told or its sender is gone.
pub(crate) fn body(frames: Vec<Frame>, pace: &Pace, exchange: Exchange, stop: watch::Receiver<()>) -> Body {
    let playback = Playback {
        frames: frames.into(),
        pieces: VecDeque::new(),
        first: Some(pace.first),
        delay: pace.delay,
        size: pace.size.map(usize::from),
        cut: false,
        exchange,
    };
    let state = Some((playback, stop));
    Body::from_stream(stream::unfold(state, |state| async {
        let (mut playback, mut stop) = state?;
        let next = tokio::select! {
            biased;
            next = playback.next() => next,
            _ = stop.changed() => Some(Err(aborted())),
        };
        match next {
            Some(Ok(piece)) => Some((Ok(piece), Some((playback, stop)))),
            Some(Err(error)) => {
                playback.exchange.end(Outcome::CutBySimulator);
                Some((Err(error), None))
            }
            None => {
                playback.exchange.end(Outcome::Completed);
                None
            }
        }
    }))
}

struct Playback {
    frames: VecDeque<Frame>,
    /// What is left of the frame under way.
    pieces: VecDeque<Bytes>,
    first: Option<Duration>,
    delay: Duration,
    size: Option<usize>,
    cut: bool,
    exchange: Exchange,
}

impl Playback {
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        if let Some(first) = self.first.take() {
            time::sleep(first).await;
        }
        loop {
            if let Some(piece) = self.pieces.pop_front() {
                return Some(Ok(piece));
            }
            if self.cut {
                // The server writes out what it has when it must wait, and drops it when it meets an error.
                tokio::task::yield_now().await;
                return Some(Err(aborted()));
            }
            match self.frames.pop_front()? {
                Frame::Now(text) => self.cut_up(text.into()),
                Frame::Word(text) => {
                    time::sleep(self.delay).await;
                    self.cut_up(text.into());
                }
                Frame::Stall => std::future::pending().await,
                Frame::Cut(bytes) => {
                    time::sleep(self.delay).await;
                    self.cut_up(bytes.into());
                    self.cut = true;
                }
            }
        }
    }

    fn cut_up(&mut self, mut bytes: Bytes) {
        let size = self.size.unwrap_or(bytes.len());
        while !bytes.is_empty() {
            self.pieces.push_back(bytes.split_to(size.min(bytes.len())));
        }
    }
}

fn aborted() -> io::Error {
    io::Error::from(io::ErrorKind::ConnectionAborted)
}
