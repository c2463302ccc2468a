//! A moment by the calendar, in UTC. Pure arithmetic; no clock, no time zone, no locale.

use crate::Millis;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A moment by the Gregorian calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// The year.
    pub year: i64,
    /// The month, from 1 to 12.
    pub month: usize,
    /// The day of the month, from 1 on.
    pub day: i64,
    /// The hour, from 0 to 23.
    pub hour: i64,
    /// The minute.
    pub minute: i64,
    /// The second.
    pub second: i64,
}

impl Calendar {
    /// Days into year, month and day
    /// (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
    pub fn of(at: Millis) -> Self {
        let days = at.0.div_euclid(DAY) + 719_468;
        let of_day = at.0.rem_euclid(DAY);
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: usize::try_from(month).unwrap_or(1),
            day: of_year - (153 * shifted_month + 2) / 5 + 1,
            hour: of_day / HOUR,
            minute: of_day % HOUR / MINUTE,
            second: of_day % MINUTE / 1_000,
        }
    }

    /// Reads `2026-11-23T14:05`, as forms send it (HTML, section 2.3.5.5), with seconds or without, and with a `T` or a
    /// space: a moment in UTC of the years 1970 to 9999. None if it is anything else.
    pub fn read_local(text: &str) -> Option<Millis> {
        let (date, time) = text.trim().split_once(['T', ' '])?;
        let [year, month, day] = numbers(date.split('-'), [4, 2, 2])?;
        let [hour, minute, second] = match time.len() {
            5 => numbers(time.split(':').chain(std::iter::once("00")), [2, 2, 2]),
            _ => numbers(time.split(':'), [2, 2, 2]),
        }?;
        if year < 1970 || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        // Years that begin in March, so that a leap day is the last one
        // (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`).
        let shifted_year = if month > 2 { year } else { year - 1 };
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = 365 * shifted_year + shifted_year / 4 - shifted_year / 100 + shifted_year / 400 + of_year;
        let at = Millis((days - 719_468) * DAY + hour * HOUR + minute * MINUTE + second * 1_000);
        // A day that its month does not have, or a month that no year has, comes out as another one.
        let read = Self::of(at);
        (i64::try_from(read.month) == Ok(month) && read.day == day).then_some(at)
    }

    /// `2026-11-23`, as it stands in names of files.
    pub fn date(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `2026-11-23T14:05`, as forms send it; what [`read_local`](Self::read_local) reads.
    pub fn local(self) -> String {
        format!("{}T{:02}:{:02}", self.date(), self.hour, self.minute)
    }

    /// `2026-11-23T14:05:09Z`, for machines (RFC 3339, section 5.6).
    pub fn iso(self) -> String {
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            self.year, self.month, self.day, self.hour, self.minute, self.second
        )
    }
}

/// As many numbers as there are lengths, each of digits alone and of its length.
fn numbers<'t, const N: usize>(
    mut texts: impl Iterator<Item = &'t str>,
    lengths: [usize; N],
) -> Option<[i64; N]> {
    let mut found = [0; N];
    for (number, length) in found.iter_mut().zip(lengths) {
        let text = texts.next()?;
        let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        *number = is_number.then(|| text.parse().ok()).flatten()?;
    }
    texts.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_it_is_written() {
        for text in [
            "1970-01-01T00:00",
            "2000-02-29T23:59",
            "2024-12-31T12:30",
            "2026-03-01T00:00",
            "2100-02-28T08:05",
            "9999-12-31T23:59",
        ] {
            let at = Calendar::read_local(text).unwrap();
            assert_eq!(Calendar::of(at).iso(), format!("{text}:00Z"));
            assert_eq!(Calendar::of(at).local(), text);
        }
        for text in [" 2027-01-15 08:00 ", "2027-01-15T08:00:00"] {
            assert_eq!(Calendar::read_local(text), Some(Millis(1_800_000_000_000)));
        }
        let seconds = Calendar::read_local("2027-01-15T08:00:59");
        assert_eq!(seconds, Some(Millis(1_800_000_059_000)));
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "2027-01-15",
            "2027-1-15T08:00",
            "2027-02-29T08:00",
            "2027-13-01T08:00",
            "2027-00-10T08:00",
            "2027-04-31T08:00",
            "2027-01-00T08:00",
            "2027-01-15T24:00",
            "2027-01-15T08:60",
            "2027-01-15T08:00:60",
            "2027-01-15T08:00:00Z",
            "2027-01-15T08:00:00.5",
            "2027-01-15T8:0",
            "-027-01-15T08:00",
            "1969-12-31T23:59",
            "2027-01-15T+8:00",
        ] {
            assert_eq!(Calendar::read_local(text), None, "{text}");
        }
    }
}
