//! Puts conversations into groups by the day on which something last happened in them.
//! It refuses to ask a clock: the server knows no local day, so there is one group until the browser tells.

use marshmallow_core::{ConversationSummary, Millis};

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// The present moment and the distance of local time from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalNow {
    /// The present moment.
    pub now: Millis,
    /// Minutes by which local time is ahead of UTC.
    pub ahead_minutes: i64,
}

impl LocalNow {
    fn day_of(self, at: Millis) -> i64 {
        at.plus(self.ahead_minutes * 60_000).0.div_euclid(DAY)
    }

    /// The heading under which a moment stands.
    fn heading(self, at: Millis) -> &'static str {
        match self.day_of(self.now) - self.day_of(at) {
            ..=0 => "Today",
            1 => "Yesterday",
            2..=7 => "Previous 7 days",
            _ => "Older",
        }
    }
}

/// What stands in the list, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A heading.
    Heading(&'static str),
    /// A conversation.
    Line(ConversationSummary),
}

impl Entry {
    /// What tells this entry from every other one of the list.
    pub fn key(&self) -> String {
        match self {
            Entry::Heading(words) => (*words).to_owned(),
            Entry::Line(line) => line.id.to_string(),
        }
    }
}

/// The list with its headings. `lines` are newest first.
pub fn entries(lines: &[ConversationSummary], now: Option<LocalNow>) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(lines.len() + 4);
    let mut current = None;
    for line in lines {
        let heading = now.map_or("Recent", |now| now.heading(line.updated_at));
        if current != Some(heading) {
            entries.push(Entry::Heading(heading));
            current = Some(heading);
        }
        entries.push(Entry::Line(line.clone()));
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23 00:30 UTC.
    const NOW: Millis = Millis(1_795_393_800_000);

    fn line(hours_ago: i64) -> ConversationSummary {
        ConversationSummary {
            id: format!("01900000-0000-7000-8000-{:012}", hours_ago.unsigned_abs())
                .parse()
                .unwrap(),
            title: format!("{hours_ago}"),
            updated_at: NOW.plus(-hours_ago * 3_600_000),
        }
    }

    fn outline(hours_ago: &[i64], now: Option<LocalNow>) -> Vec<String> {
        let lines: Vec<ConversationSummary> = hours_ago.iter().map(|&hours| line(hours)).collect();
        entries(&lines, now)
            .into_iter()
            .map(|entry| match entry {
                Entry::Heading(words) => words.to_owned(),
                Entry::Line(line) => line.title,
            })
            .collect()
    }

    #[test]
    fn days_are_local_days() {
        let in_utc = Some(LocalNow {
            now: NOW,
            ahead_minutes: 0,
        });
        assert_eq!(outline(&[0, 1], in_utc), ["Today", "0", "Yesterday", "1"]);
        let in_oslo = Some(LocalNow {
            now: NOW,
            ahead_minutes: 60,
        });
        assert_eq!(
            outline(&[0, 1, 2], in_oslo),
            ["Today", "0", "1", "Yesterday", "2"]
        );
    }

    #[test]
    fn each_heading_stands_once_above_its_lines() {
        let now = Some(LocalNow {
            now: NOW,
            ahead_minutes: 0,
        });
        assert_eq!(
            outline(&[0, 30, 24 * 7, 24 * 9, 24 * 90], now),
            [
                "Today",
                "0",
                "Previous 7 days",
                "30",
                "168",
                "Older",
                "216",
                "2160"
            ]
        );
    }

    #[test]
    fn a_clock_that_lags_puts_nothing_into_the_future() {
        let now = Some(LocalNow {
            now: NOW,
            ahead_minutes: 0,
        });
        assert_eq!(outline(&[-48], now), ["Today", "-48"]);
    }

    #[test]
    fn without_a_clock_there_is_one_group() {
        assert_eq!(outline(&[0, 24 * 90], None), ["Recent", "0", "2160"]);
        assert_eq!(outline(&[], None), Vec::<String>::new());
    }
}
