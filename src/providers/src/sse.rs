//! Server-sent events out of bytes, split anywhere (WHATWG HTML, section 9.2.6 "Interpreting an event
//! stream"). Knows nothing of what the events mean. One liberty beside the standard: an event whose blank
//! line is missing at the end of the stream still counts, since its JSON tells whether it is whole.

/// Longest line, and longest data of one event, in bytes.
const LIMIT: usize = 1024 * 1024;

/// Most that is kept of text outside of any event, in bytes.
const STRAY: usize = 4 * 1024;

/// What a stream holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// An event.
    Message {
        /// Its `event:` field; empty when it has none.
        event: String,
        /// Its `data:` lines, joined by line feeds.
        data: String,
    },
    /// A comment line, used as keep-alive.
    Comment,
}

/// A line or an event is longer than any provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

/// The parser: bytes in, pieces out.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    line: Vec<u8>,
    /// The last byte was CR: a LF that follows belongs to it.
    after_cr: bool,
    /// The first line has been read, so a byte order mark can no longer come.
    begun: bool,
    event: String,
    data: Option<String>,
    stray: String,
}

impl Parser {
    /// Takes the next bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<Vec<Piece>, TooLong> {
        let mut out = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            if std::mem::take(&mut self.after_cr) && rest[0] == b'\n' {
                rest = &rest[1..];
                continue;
            }
            let Some(end) = rest.iter().position(|b| matches!(b, b'\n' | b'\r')) else {
                self.hold(rest)?;
                break;
            };
            self.hold(&rest[..end])?;
            self.after_cr = rest[end] == b'\r';
            rest = &rest[end + 1..];
            out.extend(self.end_line()?);
        }
        Ok(out)
    }

    /// The stream has ended: what was still open counts, if it is anything.
    pub(crate) fn finish(&mut self) -> Result<Vec<Piece>, TooLong> {
        let last = self.end_line()?;
        Ok(last.into_iter().chain(self.dispatch()).collect())
    }

    /// The lines that belong to no event, as far as they were kept: some servers put an error there bare.
    pub(crate) fn stray(&self) -> &str {
        &self.stray
    }

    fn hold(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        if self.line.len() + bytes.len() > LIMIT {
            return Err(TooLong);
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn end_line(&mut self) -> Result<Option<Piece>, TooLong> {
        let line = std::mem::take(&mut self.line);
        let mut line = line.as_slice();
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        if line.is_empty() {
            return Ok(self.dispatch());
        }
        let line = String::from_utf8_lossy(line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" => return Ok(Some(Piece::Comment)),
            "event" => value.clone_into(&mut self.event),
            "data" => self.add_data(value)?,
            "id" | "retry" => {}
            _ if self.stray.len() + line.len() <= STRAY => {
                self.stray.push_str(&line);
                self.stray.push('\n');
            }
            _ => {}
        }
        Ok(None)
    }

    fn add_data(&mut self, value: &str) -> Result<(), TooLong> {
        match &mut self.data {
            None => self.data = Some(value.to_owned()),
            Some(data) if data.len() + value.len() > LIMIT => return Err(TooLong),
            Some(data) => {
                data.push('\n');
                data.push_str(value);
            }
        }
        Ok(())
    }

    fn dispatch(&mut self) -> Option<Piece> {
        let event = std::mem::take(&mut self.event);
        let data = self.data.take()?;
        Some(Piece::Message { event, data })
    }
}

#[cfg(test)]
mod tests;
