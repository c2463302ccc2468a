//! Decides what to answer to a request: pure, so that everything but the passing of time can be tested without a network.

use std::{num::NonZeroUsize, time::Duration};

use crate::{
    directive::{Directive, FailKind, Kind},
    keys::{self, Behaviour, Purpose, Verdict},
    record::Recorded,
    refusal::{Complaint, Reason, Refusal},
    revoked::Revoked,
    script,
    sse::{self, Frame},
    wire::{Door, Endpoint, Headers, Site, Turn, Wire},
};

const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";
const PAGE: &str = "text/html; charset=utf-8";
/// Below a base URL: a second home of everything, where every key is accepted. Redirects lead there.
const REDIRECTED: &str = "/redirected";
const NONSENSE: &str = "<!doctype html><html><head><title>Welcome</title></head><body><h1>It works!</h1>\
    <p>Please <a href=\"/login\">sign in</a> to the hotel's network.</p></body></html>";

/// An answer, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: Headers,
    pub frames: Vec<Frame>,
    pub pace: Pace,
}

/// When the parts of an answer are sent, and in which pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pace {
    /// Before the response headers; none for an answer that never comes.
    pub headers: Option<Duration>,
    /// Between the headers and the body.
    pub first: Duration,
    /// Before each word.
    pub delay: Duration,
    /// How many bytes a piece of the body has; none for one piece a frame.
    pub size: Option<NonZeroUsize>,
}

impl Pace {
    fn at_once() -> Self {
        Self {
            headers: Some(Duration::ZERO),
            ..Self::default()
        }
    }
}

/// The answer to a request, the `id`-th of this simulator.
pub(crate) fn answer(request: &Recorded, id: u64, revoked: &Revoked) -> Answer {
    let Some((site, base, rest)) = Site::find(&request.path) else {
        return plain(404, "text/plain", "The simulator has no such path.".to_owned());
    };
    let redirected = rest.strip_prefix(REDIRECTED);
    let wire = site.wire();
    let Some(endpoint) = wire.endpoint(&request.method, redirected.unwrap_or(rest)) else {
        let reason = Reason::NoSuchPath(format!("{} {}", request.method, request.path));
        return refusal(wire, &reason.into(), id, None);
    };
    let asked = Asked {
        wire,
        request,
        endpoint,
        id,
        revoked,
    };
    match asked.judge(site, redirected.is_some()) {
        Err(reason) => asked.refuse(&reason.into()),
        Ok((Verdict::Serve, behaviour)) => asked.serve(behaviour),
        Ok((Verdict::ServeAfter(time), behaviour)) => {
            let mut answer = asked.serve(behaviour);
            answer.pace.headers = Some(time);
            answer
        }
        Ok((Verdict::NeverAnswer, _)) => Answer {
            pace: Pace::default(),
            ..plain(200, JSON, String::new())
        },
        Ok((Verdict::Page, _)) => plain(200, PAGE, NONSENSE.to_owned()),
        Ok((Verdict::Redirect, _)) => {
            let mut answer = plain(302, PAGE, String::new());
            answer
                .headers
                .push(("location", format!("{base}{REDIRECTED}{rest}")));
            answer
        }
        Ok((Verdict::Refuse(refusal), _)) => asked.refuse(&refusal),
    }
}

/// A request whose endpoint is known.
struct Asked<'a> {
    wire: &'static dyn Wire,
    request: &'a Recorded,
    endpoint: Endpoint,
    id: u64,
    revoked: &'a Revoked,
}

impl Asked<'_> {
    /// What the key leads to.
    fn judge(&self, site: Site, redirected: bool) -> Result<(Verdict, Behaviour), Reason> {
        if site == Site::Open || self.wire.is_public(&self.endpoint) {
            return Ok((Verdict::Serve, Behaviour::Valid));
        }
        let key = self.wire.key(self.request)?;
        if redirected {
            return Ok((Verdict::Serve, Behaviour::Valid));
        }
        let behaviour = if self.revoked.holds(key) {
            Behaviour::Unknown
        } else {
            keys::behaviour(site, key)
        };
        let purpose = if matches!(self.endpoint, Endpoint::Chat(_)) {
            Purpose::Chat
        } else {
            Purpose::Probe
        };
        Ok((keys::verdict(site, behaviour, purpose, key), behaviour))
    }

    fn serve(&self, behaviour: Behaviour) -> Answer {
        let found = match &self.endpoint {
            Endpoint::Models => self.wire.models(self.request),
            Endpoint::Model(id) => self.wire.model(id),
            Endpoint::Key => {
                let key = self.wire.key(self.request).unwrap_or_default();
                let description = self.wire.describe_key(key, behaviour);
                description.ok_or_else(|| Reason::NoSuchPath(self.request.path.clone()))
            }
            Endpoint::Chat(door) => return self.chat(door).unwrap_or_else(|refusal| self.refuse(&refusal)),
        };
        match found {
            Ok(value) => self.with_headers(plain(200, JSON, value.to_string())),
            Err(reason) => self.refuse(&reason.into()),
        }
    }

    fn chat(&self, door: &Door) -> Result<Answer, Refusal> {
        let chat = self.wire.read(self.request, door)?;
        let directive = Directive::parse(&chat.last_user)
            .map_err(|error| Reason::from(Complaint::new(error.to_string())))?;
        let key = self.wire.key(self.request).ok();
        let pace = Pace {
            headers: Some(directive.headers),
            first: directive.first,
            delay: directive.delay,
            size: directive.size,
        };
        if let Some(refusal) = Refusal::directed(&directive, key, &chat.model) {
            return Ok(Answer {
                pace,
                ..self.refuse(&refusal)
            });
        }
        let script = script::script(&directive, &chat.texts, &chat.last_user);
        let framed_error = directive.kind == Some(Kind::Framed);
        let turn = Turn {
            chat: &chat,
            script: &script,
            id: self.id,
            framed_error,
        };
        if !chat.stream {
            let fail = directive.fail.map(|fail| fail.kind);
            if fail == Some(FailKind::Error) {
                return Err(Reason::Internal.into());
            }
            let frames = whole(&self.wire.whole(&turn).to_string(), fail);
            return Ok(self.with_headers(Answer {
                frames,
                pace,
                ..plain(200, JSON, String::new())
            }));
        }
        let mut frames = self.wire.stream(&turn);
        if directive.crlf || self.wire.uses_crlf() {
            frames.iter_mut().for_each(end_lines_with_crlf);
        }
        let answer = Answer {
            frames,
            pace,
            ..plain(200, EVENTS, String::new())
        };
        Ok(self.with_headers(answer))
    }

    fn refuse(&self, refused: &Refusal) -> Answer {
        refusal(self.wire, refused, self.id, Some(&self.endpoint))
    }

    fn with_headers(&self, mut answer: Answer) -> Answer {
        answer
            .headers
            .extend(self.wire.headers(self.id, Some(&self.endpoint)));
        answer
    }
}

/// An answer that is not streamed, with what goes wrong with it.
fn whole(body: &str, fail: Option<FailKind>) -> Vec<Frame> {
    match fail {
        None | Some(FailKind::Error) => vec![Frame::Now(body.to_owned())],
        Some(FailKind::Stall) => vec![Frame::Stall],
        Some(FailKind::Cut) => vec![Frame::Cut(body.as_bytes()[..body.len() / 2].to_vec())],
        Some(FailKind::Malformed) => vec![Frame::Now(sse::broken(body))],
    }
}

fn refusal(wire: &dyn Wire, refused: &Refusal, id: u64, endpoint: Option<&Endpoint>) -> Answer {
    let (status, body) = wire.refuse(refused, id);
    let mut answer = plain(status, JSON, body.to_string());
    answer.headers.extend(wire.headers(id, endpoint));
    if let Some(seconds) = refused.retry_after {
        answer.headers.push(("retry-after", seconds.to_string()));
    }
    answer
}

fn plain(status: u16, content_type: &str, body: String) -> Answer {
    let headers = vec![("content-type", content_type.to_owned())];
    Answer {
        status,
        headers,
        frames: vec![Frame::Now(body)],
        pace: Pace::at_once(),
    }
}

fn end_lines_with_crlf(frame: &mut Frame) {
    match frame {
        Frame::Now(text) | Frame::Word(text) => *text = text.replace('\n', "\r\n"),
        // It is cut before its line ends.
        Frame::Cut(_) | Frame::Stall => {}
    }
}
