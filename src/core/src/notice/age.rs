//! How old a key may become before its owner is told, by their own choice. It refuses to know when a key was stored.

use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 86_400_000;

/// An age of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyAge {
    /// Age does not matter.
    Never,
    /// 30 days.
    Month,
    /// 90 days.
    #[default]
    Quarter,
    /// 180 days.
    HalfYear,
    /// 365 days.
    Year,
}

impl KeyAge {
    /// All ages, in the order in which people choose.
    pub const ALL: [KeyAge; 5] = [
        KeyAge::Month,
        KeyAge::Quarter,
        KeyAge::HalfYear,
        KeyAge::Year,
        KeyAge::Never,
    ];

    /// The word stored in the database.
    pub fn slug(self) -> &'static str {
        match self {
            KeyAge::Never => "never",
            KeyAge::Month => "month",
            KeyAge::Quarter => "quarter",
            KeyAge::HalfYear => "half_year",
            KeyAge::Year => "year",
        }
    }

    /// The age of a stored or sent word.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|age| age.slug() == slug)
    }

    /// How many days it is; none where age does not matter.
    pub fn days(self) -> Option<u32> {
        match self {
            KeyAge::Never => None,
            KeyAge::Month => Some(30),
            KeyAge::Quarter => Some(90),
            KeyAge::HalfYear => Some(180),
            KeyAge::Year => Some(365),
        }
    }

    /// How many milliseconds it is; none where age does not matter.
    pub fn millis(self) -> Option<i64> {
        self.days().map(|days| i64::from(days) * DAY_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_age_is_found_by_its_word_which_is_the_serialised_one() {
        for age in KeyAge::ALL {
            assert_eq!(KeyAge::from_slug(age.slug()), Some(age));
            assert_eq!(serde_json::to_value(age).unwrap(), age.slug());
        }
        assert_eq!(KeyAge::from_slug("90"), None);
    }
}
