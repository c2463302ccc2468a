//! The log, with a last net under it: whatever looks like a provider's key is taken out of every line before it
//! is written, whoever wrote it. It refuses to choose what is logged.

use std::io::{self, Write};

use marshmallow_core::mask_keys;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// How lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

/// Begins to log to standard error, as `filter` says.
pub fn begin(filter: EnvFilter, format: Format) {
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(Masked(io::stderr))
        .with_ansi(false);
    match format {
        Format::Text => lines.init(),
        Format::Json => lines.json().flatten_event(true).with_span_list(false).init(),
    }
}

/// A writer, or what makes writers, whose lines lose their keys. Each line arrives in one piece.
struct Masked<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Masked<W> {
    type Writer = Masked<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Masked(self.0.make_writer())
    }
}

impl<W: Write> Write for Masked<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        self.0.write_all(mask_keys(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_loses_its_keys_and_nothing_else() {
        let mut log = Masked(Vec::new());
        log.write_all("sent sk-proj-simvalid-0123456789-x3Fa 🦔 to desk-1\n".as_bytes())
            .unwrap();
        assert_eq!(
            String::from_utf8(log.0).unwrap(),
            "sent [redacted] 🦔 to desk-1\n"
        );
    }
}
