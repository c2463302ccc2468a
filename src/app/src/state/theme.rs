//! The choice between light, dark and the system's theme. It lives in a cookie, so that the server renders the
//! right one at once; this file refuses to know colours.

use super::browser;

/// Which theme is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The cookie and, with `data-` before it, the attribute of `<html>`.
const NAME: &str = "theme";
const ATTRIBUTE: &str = "data-theme";

impl Theme {
    /// All themes, in the order in which they are offered.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// The word in the cookie and the attribute.
    pub const fn slug(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme of a cookie; what is unknown is the system's.
    pub fn from_slug(slug: &str) -> Self {
        Theme::ALL
            .into_iter()
            .find(|theme| theme.slug() == slug)
            .unwrap_or_default()
    }

    /// The word that people read.
    pub const fn title(self) -> &'static str {
        match self {
            Theme::System => "Like my system",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        }
    }

    /// The theme that the page shows; only a browser knows.
    pub fn shown() -> Self {
        browser::root_attribute(ATTRIBUTE).map_or(Theme::System, |slug| Theme::from_slug(&slug))
    }

    /// Shows the theme now and on every later page.
    pub fn apply(self) {
        browser::set_root_attribute(ATTRIBUTE, self.slug());
        browser::set_cookie(NAME, self.slug());
    }
}

#[cfg(test)]
mod tests {
    use super::Theme;

    #[test]
    fn a_cookie_leads_back_to_its_theme_and_nonsense_to_the_systems() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_slug(theme.slug()), theme);
        }
        assert_eq!(Theme::from_slug("sepia"), Theme::System);
    }
}
